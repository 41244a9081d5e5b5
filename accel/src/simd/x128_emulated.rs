//! Registers of 128 bits in plain Rust: what `x128.rs` offers, under the same names.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices are taken modulo the number of words, and shifts modulo their width"
)]

/// A register of four words, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(16))]
pub(crate) struct X([u32; 4]);

/// Types of a quarter of a register.
pub(crate) trait Word: Copy {
    fn to_word(self) -> u32;
}

impl Word for u32 {
    fn to_word(self) -> u32 {
        self
    }
}

impl Word for [u8; 4] {
    fn to_word(self) -> u32 {
        u32::from_le_bytes(self)
    }
}

fn bytes(value: X) -> [u8; 16] {
    std::array::from_fn(|i| value.0[i / 4].to_le_bytes()[i % 4])
}

fn of_bytes(byte: impl Fn(usize) -> u8) -> X {
    X(std::array::from_fn(|i| u32::from_le_bytes(std::array::from_fn(|at| byte(4 * i + at)))))
}

pub(crate) fn load<T: Word>(words: &[T; 4]) -> X {
    X(words.map(Word::to_word))
}

pub(crate) const fn store(words: &mut [u32; 4], value: X) {
    *words = value.0;
}

/// The register of these words, the highest first.
pub(crate) const fn set32(d: i32, c: i32, b: i32, a: i32) -> X {
    X([a.cast_unsigned(), b.cast_unsigned(), c.cast_unsigned(), d.cast_unsigned()])
}

pub(crate) const fn set64(high: i64, low: i64) -> X {
    X([low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32])
}

pub(crate) fn add32(a: X, b: X) -> X {
    X(std::array::from_fn(|i| a.0[i].wrapping_add(b.0[i])))
}

/// Returns sixteen bytes of 32, `low` first, from byte `BYTES` on.
pub(crate) fn align8<const BYTES: i32>(high: X, low: X) -> X {
    let (high, low) = (bytes(high), bytes(low));
    of_bytes(|i| {
        let from = i + BYTES as usize;
        let behind = high.get(from.wrapping_sub(16)).copied();
        low.get(from).copied().or(behind).unwrap_or(0)
    })
}

/// Takes the halves of words of `b` where the constant's bit is set.
pub(crate) fn blend16<const MASK: i32>(a: X, b: X) -> X {
    let (a, b) = (bytes(a), bytes(b));
    of_bytes(|i| if MASK >> (i / 2) & 1 == 1 { b[i] } else { a[i] })
}

/// Takes words by two bits of the constant each.
pub(crate) fn shuffle32<const INDICES: i32>(a: X) -> X {
    X(std::array::from_fn(|i| a.0[(INDICES >> (2 * i) & 3) as usize]))
}

/// Takes bytes by index; a set highest bit means 0.
pub(crate) fn shuffle8(a: X, indices: X) -> X {
    let (a, indices) = (bytes(a), bytes(indices));
    of_bytes(|i| if indices[i] >> 7 == 1 { 0 } else { a[usize::from(indices[i] % 16)] })
}

/// σ0 of each word after the first of `a`, `b`'s first behind them, added to `a`.
pub(crate) fn sha256_schedule1(a: X, b: X) -> X {
    let next = [a.0[1], a.0[2], a.0[3], b.0[0]];
    let lower0 = |word: u32| word.rotate_right(7) ^ word.rotate_right(18) ^ word >> 3;
    X(std::array::from_fn(|i| a.0[i].wrapping_add(lower0(next[i]))))
}

/// Adds σ1 of the words two places before: the upper two of `b`, then the new ones.
pub(crate) fn sha256_schedule2(a: X, b: X) -> X {
    let lower1 = |word: u32| word.rotate_right(17) ^ word.rotate_right(19) ^ word >> 10;
    let first = a.0[0].wrapping_add(lower1(b.0[2]));
    let second = a.0[1].wrapping_add(lower1(b.0[3]));
    X([first, second, a.0[2].wrapping_add(lower1(first)), a.0[3].wrapping_add(lower1(second))])
}

/// Does two rounds of SHA-256 on c, d, g, h and a, b, e, f (highest word first), with the
/// lower two words of the schedule; returns the new a, b, e and f.
pub(crate) fn sha256_two_rounds(cdgh: X, abef: X, words: X) -> X {
    let ([h, g, d, c], [f, e, b, a]) = (cdgh.0, abef.0);
    let mut places = [a, b, c, d, e, f, g, h];
    for word in [words.0[0], words.0[1]] {
        let [a, b, c, d, e, f, g, h] = places;
        let upper0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let upper1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let (choice, majority) = (e & f ^ !e & g, a & b ^ a & c ^ b & c);
        let first = [upper1, choice, word].into_iter().fold(h, u32::wrapping_add);
        let second = upper0.wrapping_add(majority);
        places = [first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g];
    }
    let [a, b, _, _, e, f, _, _] = places;
    X([f, e, b, a])
}
