//! Registers of 512 bits in plain Rust: what `x512.rs` offers, under the same names.
//!
//! With `--cfg software_lanes` these take the place of the real ones. The code over lanes
//! then runs unchanged on every processor, and in interpreters. Each function is the
//! meaning of one instruction, in the words of Intel's manual; tests compare the two.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices are taken modulo the number of words, and shifts modulo their width"
)]

/// A register, its lowest word first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct V([u64; 8]);

/// Types that fill a register: 64 bytes of numbers.
pub(crate) trait Words: Copy {
    fn to_register(&self) -> V;
    fn of_register(value: V) -> Self;
}

impl Words for [u64; 8] {
    fn to_register(&self) -> V {
        V(*self)
    }

    fn of_register(value: V) -> Self {
        value.0
    }
}

impl Words for [u32; 16] {
    fn to_register(&self) -> V {
        words(|i| u64::from(self[2 * i]) | u64::from(self[2 * i + 1]) << 32)
    }

    fn of_register(value: V) -> Self {
        std::array::from_fn(|i| (value.0[i / 2] >> (32 * (i % 2))) as u32)
    }
}

impl Words for [u8; 64] {
    fn to_register(&self) -> V {
        words(|i| (0..8).fold(0, |word, byte| word | u64::from(self[8 * i + byte]) << (8 * byte)))
    }

    fn of_register(value: V) -> Self {
        std::array::from_fn(|i| (value.0[i / 8] >> (8 * (i % 8))) as u8)
    }
}

/// The register of these words.
fn words(word: impl Fn(usize) -> u64) -> V {
    V(std::array::from_fn(word))
}

fn words32(word: impl Fn(usize) -> u32) -> V {
    std::array::from_fn::<u32, 16, _>(word).to_register()
}

fn bytes(byte: impl Fn(usize) -> u8) -> V {
    std::array::from_fn::<u8, 64, _>(byte).to_register()
}

/// The mask of the words for which `holds`.
fn mask(holds: impl Fn(usize) -> bool) -> u8 {
    (0..8).fold(0, |mask, i| mask | u8::from(holds(i)) << i)
}

pub(crate) fn load(words: &impl Words) -> V {
    words.to_register()
}

/// Loads fewer bytes than a register has, followed by zeros.
pub(crate) fn load_part(part: &[u8]) -> V {
    debug_assert!(part.len() < 64);
    bytes(|i| part.get(i).copied().unwrap_or(0))
}

pub(crate) fn store<W: Words>(words: &mut W, value: V) {
    *words = W::of_register(value);
}

/// Does nothing: there is nothing to be seen of it.
pub(crate) const fn prefetch<T>(_: &T) {}

pub(crate) fn zero() -> V {
    words(|_| 0)
}

pub(crate) fn broadcast8(number: i8) -> V {
    bytes(|_| number.cast_unsigned())
}

pub(crate) fn broadcast32(number: i32) -> V {
    words32(|_| number.cast_unsigned())
}

pub(crate) fn broadcast64(number: i64) -> V {
    words(|_| number.cast_unsigned())
}

pub(crate) fn masked_broadcast64(other: V, mask: u8, number: i64) -> V {
    blend64(mask, other, broadcast64(number))
}

pub(crate) fn add32(a: V, b: V) -> V {
    let [a, b] = [a, b].map(<[u32; 16]>::of_register);
    words32(|i| a[i].wrapping_add(b[i]))
}

pub(crate) fn masked_add32(other: V, mask: u16, a: V, b: V) -> V {
    let [other, sum] = [other, add32(a, b)].map(<[u32; 16]>::of_register);
    words32(|i| if mask >> i & 1 == 1 { sum[i] } else { other[i] })
}

pub(crate) fn add64(a: V, b: V) -> V {
    words(|i| a.0[i].wrapping_add(b.0[i]))
}

pub(crate) fn masked_add64(other: V, mask: u8, a: V, b: V) -> V {
    blend64(mask, other, add64(a, b))
}

pub(crate) fn sub64(a: V, b: V) -> V {
    words(|i| a.0[i].wrapping_sub(b.0[i]))
}

pub(crate) fn masked_sub64(other: V, mask: u8, a: V, b: V) -> V {
    blend64(mask, other, sub64(a, b))
}

/// The product of the low 52 bits of two words, below 2^104.
fn product52(a: u64, b: u64) -> u128 {
    let low = (1 << 52) - 1;
    u128::from(a & low) * u128::from(b & low)
}

pub(crate) fn madd52_low(sum: V, a: V, b: V) -> V {
    words(|i| sum.0[i].wrapping_add(product52(a.0[i], b.0[i]) as u64 & ((1 << 52) - 1)))
}

pub(crate) fn madd52_high(sum: V, a: V, b: V) -> V {
    words(|i| sum.0[i].wrapping_add((product52(a.0[i], b.0[i]) >> 52) as u64))
}

pub(crate) fn and(a: V, b: V) -> V {
    words(|i| a.0[i] & b.0[i])
}

pub(crate) fn or(a: V, b: V) -> V {
    words(|i| a.0[i] | b.0[i])
}

/// Looks every bit up in a table, by the bits of `a`, `b` and `c` in that place.
pub(crate) fn logic64<const TABLE: i32>(a: V, b: V, c: V) -> V {
    words(|i| {
        (0..8).filter(|row| TABLE >> row & 1 == 1).fold(0, |found, row| {
            let term = |word: u64, bit: u32| if row >> bit & 1 == 1 { word } else { !word };
            found | term(a.0[i], 2) & term(b.0[i], 1) & term(c.0[i], 0)
        })
    })
}

pub(crate) fn logic32<const TABLE: i32>(a: V, b: V, c: V) -> V {
    logic64::<TABLE>(a, b, c)
}

pub(crate) fn shift_left64<const BITS: u32>(a: V) -> V {
    words(|i| a.0[i].checked_shl(BITS).unwrap_or(0))
}

pub(crate) fn shift_right32<const BITS: u32>(a: V) -> V {
    let a = <[u32; 16]>::of_register(a);
    words32(|i| a[i].checked_shr(BITS).unwrap_or(0))
}

pub(crate) fn shift_right64<const BITS: u32>(a: V) -> V {
    words(|i| a.0[i].checked_shr(BITS).unwrap_or(0))
}

pub(crate) fn shift_right_signed64<const BITS: u32>(a: V) -> V {
    words(|i| (a.0[i].cast_signed() >> BITS.min(63)).cast_unsigned())
}

pub(crate) fn rotate_right32<const BITS: i32>(a: V) -> V {
    let a = <[u32; 16]>::of_register(a);
    words32(|i| a[i].rotate_right(BITS.cast_unsigned() % 32))
}

pub(crate) fn rotate_right64<const BITS: i32>(a: V) -> V {
    words(|i| a.0[i].rotate_right(BITS.cast_unsigned() % 64))
}

pub(crate) fn equal64(a: V, b: V) -> u8 {
    mask(|i| a.0[i] == b.0[i])
}

pub(crate) fn greater64(a: V, b: V) -> u8 {
    mask(|i| a.0[i] > b.0[i])
}

/// The highest bit of each word.
pub(crate) fn signs64(a: V) -> u8 {
    mask(|i| a.0[i] >> 63 == 1)
}

/// Takes the bytes of `b` where the mask is set.
pub(crate) fn blend8(mask: u64, a: V, b: V) -> V {
    let [a, b] = [a, b].map(<[u8; 64]>::of_register);
    bytes(|i| if mask >> i & 1 == 1 { b[i] } else { a[i] })
}

/// Takes the words of `b` where the mask is set.
pub(crate) fn blend64(mask: u8, a: V, b: V) -> V {
    words(|i| if mask >> i & 1 == 1 { b.0[i] } else { a.0[i] })
}

/// Returns eight words of sixteen, `low` first, from word `WORDS` on.
pub(crate) fn align64<const WORDS: i32>(high: V, low: V) -> V {
    words(|i| {
        let from = i + (WORDS & 7) as usize;
        if from < 8 { low.0[from] } else { high.0[from - 8] }
    })
}

/// Takes words of `a` by the low bits of an index, or of `b` where the next bit is set.
pub(crate) fn permute_two32(a: V, indices: V, b: V) -> V {
    let [a, indices, b] = [a, indices, b].map(<[u32; 16]>::of_register);
    words32(|i| if indices[i] >> 4 & 1 == 1 { b } else { a }[(indices[i] % 16) as usize])
}

pub(crate) fn permute_two64(a: V, indices: V, b: V) -> V {
    words(|i| if indices.0[i] >> 3 & 1 == 1 { b } else { a }.0[(indices.0[i] % 8) as usize])
}

/// Chooses among the four words of each half; two bits of the constant are an index.
pub(crate) fn permute64<const INDICES: i32>(a: V) -> V {
    words(|i| a.0[i / 4 * 4 + (INDICES >> (2 * (i % 4)) & 3) as usize])
}

/// Chooses two quarters of `a` and two of `b`, each by two bits of the constant.
pub(crate) fn shuffle_quarters<const INDICES: i32>(a: V, b: V) -> V {
    words(|i| {
        let quarter = (INDICES >> (2 * (i / 2)) & 3) as usize;
        if i < 4 { a } else { b }.0[2 * quarter + i % 2]
    })
}

/// Chooses among the sixteen bytes of each quarter; a set highest bit of an index means 0.
pub(crate) fn shuffle8(a: V, indices: V) -> V {
    let [a, indices] = [a, indices].map(<[u8; 64]>::of_register);
    bytes(|i| if indices[i] >> 7 == 1 { 0 } else { a[i / 16 * 16 + usize::from(indices[i] % 16)] })
}

/// Returns the first words of each quarter of `a` and `b` in turn.
pub(crate) fn unpack_low64(a: V, b: V) -> V {
    words(|i| if i % 2 == 0 { a } else { b }.0[i / 2 * 2])
}

/// Returns the second words of each quarter.
pub(crate) fn unpack_high64(a: V, b: V) -> V {
    words(|i| if i % 2 == 0 { a } else { b }.0[i / 2 * 2 + 1])
}
