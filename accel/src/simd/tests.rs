//! The emulated instructions against those of the processor: all triples of words at the
//! ends of their ranges, all masks, and a million random registers for each.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices are taken modulo the number of words, and numbers are small"
)]

use super::{Ifma, ShaNi, x128, x128_emulated, x512, x512_emulated};
use crate::missing::missing;

/// Random registers for each instruction.
const RANDOM: usize = 1_000_000;

/// Words at the ends of the ranges that instructions know: of 8, 32, 52 and 64 bits, with
/// signs and without.
const ENDS: [u64; 18] = [
    0,
    1,
    2,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    1 << 51,
    (1 << 52) - 1,
    1 << 52,
    (1 << 52) + 1,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX - 1,
    u64::MAX,
    0x8080_8080_8080_8080,
    0x7f7f_7f7f_7f7f_7f7f,
    0x0f1f_0e0d_8000_7fff,
];

/// What an instruction is given.
struct Input {
    words: [[u64; 8]; 3],
    mask: u64,
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn words(&mut self) -> [[u64; 8]; 3] {
        [(); 3].map(|()| [(); 8].map(|()| self.next()))
    }
}

/// All triples of ends, eight in a register, in each lane; then all masks of sixteen
/// lanes; then random ones.
fn each_input(check: &mut dyn FnMut(&Input)) {
    let mut random = Random(1);
    let end = |at: usize| ENDS[at % ENDS.len()];
    let triples = ENDS.len().pow(3);
    for first in 0..triples {
        let triple = |at: usize| [at, at / ENDS.len(), at / ENDS.len().pow(2)].map(end);
        // Neighbours lie far apart, so that lanes differ.
        let lanes: [[u64; 3]; 8] = std::array::from_fn(|lane| triple((first + lane * 1_231) % triples));
        let words = std::array::from_fn(|operand| lanes.map(|triple| triple[operand]));
        check(&Input { words, mask: random.next() });
    }
    for mask in (0..=u64::from(u16::MAX)).chain([u64::MAX, 1 << 63, u64::MAX >> 1]) {
        check(&Input { words: random.words(), mask });
    }
    for _ in 0..RANDOM {
        check(&Input { words: random.words(), mask: random.next() });
    }
}

/// Asserts that a call returns the same register with both kinds.
macro_rules! same {
    ($a:ident, $b:ident, $c:ident, $mask:ident; $($call:expr),* $(,)?) => {$(
        each_input(&mut |input| {
            #[allow(unused_variables, reason = "not every call takes all operands")]
            let ([$a, $b, $c], $mask) = (input.words, input.mask);
            let found = {
                use x512_emulated::*;
                #[allow(unused_variables, reason = "the like")]
                let [$a, $b, $c] = [load(&$a), load(&$b), load(&$c)];
                let mut words = [0_u64; 8];
                store(&mut words, $call);
                words
            };
            let wanted = {
                use x512::*;
                #[allow(unused_variables, reason = "the like")]
                let [$a, $b, $c] = [load(&$a), load(&$b), load(&$c)];
                let mut words = [0_u64; 8];
                store(&mut words, $call);
                words
            };
            assert_eq!(found, wanted, "{} of {:x?}, {:x}", stringify!($call), input.words, input.mask);
        });
    )*};
}

/// The same for calls that return a mask.
macro_rules! same_mask {
    ($a:ident, $b:ident; $($call:expr),* $(,)?) => {$(
        each_input(&mut |input| {
            let [$a, $b, _] = input.words;
            // Equal words are rare among random ones.
            let $b: [u64; 8] = std::array::from_fn(|i| if input.mask >> i & 1 == 1 { $a[i] } else { $b[i] });
            let found = {
                use x512_emulated::*;
                #[allow(unused_variables, reason = "not every call takes both operands")]
                let [$a, $b] = [load(&$a), load(&$b)];
                $call
            };
            let wanted = {
                use x512::*;
                #[allow(unused_variables, reason = "the like")]
                let [$a, $b] = [load(&$a), load(&$b)];
                $call
            };
            assert_eq!(found, wanted, "{} of {:x?}, {:x?}", stringify!($call), $a, $b);
        });
    )*};
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn numbers() {
    same!(a, b, c, mask;
        zero(),
        broadcast8(mask as i8),
        broadcast32(mask as i32),
        broadcast64(mask as i64),
        masked_broadcast64(a, mask as u8, (mask >> 8) as i64),
        add32(a, b),
        add64(a, b),
        sub64(a, b),
        masked_add32(a, mask as u16, b, c),
        masked_add64(a, mask as u8, b, c),
        masked_sub64(a, mask as u8, b, c),
        madd52_low(a, b, c),
        madd52_high(a, b, c),
    );
    same_mask!(a, b;
        equal64(a, b),
        greater64(a, b),
        greater64(b, a),
        signs64(a),
    );
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn bits() {
    same!(a, b, c, mask;
        and(a, b),
        or(a, b),
        logic32::<0x96>(a, b, c),
        logic32::<0xca>(a, b, c),
        logic32::<0xe8>(a, b, c),
        logic64::<0x96>(a, b, c),
        logic64::<0xca>(a, b, c),
        logic64::<0xe8>(a, b, c),
        logic64::<0x1b>(a, b, c),
        shift_left64::<0>(a),
        shift_left64::<12>(a),
        shift_left64::<16>(a),
        shift_left64::<24>(a),
        shift_left64::<36>(a),
        shift_left64::<44>(a),
        shift_left64::<64>(a),
        shift_right32::<3>(a),
        shift_right32::<10>(a),
        shift_right32::<32>(a),
        shift_right64::<0>(a),
        shift_right64::<6>(a),
        shift_right64::<7>(a),
        shift_right64::<16>(a),
        shift_right64::<28>(a),
        shift_right64::<40>(a),
        shift_right64::<47>(a),
        shift_right64::<52>(a),
        shift_right64::<63>(a),
        shift_right64::<64>(a),
        shift_right_signed64::<48>(a),
        shift_right_signed64::<52>(a),
        shift_right_signed64::<64>(a),
    );
}

/// With the numbers of bits of SHA-256 (FIPS 180-4 §4.1.2) and SHA-512 (§4.1.3).
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn rotations() {
    same!(a, b, c, mask;
        rotate_right32::<2>(a),
        rotate_right32::<6>(a),
        rotate_right32::<7>(a),
        rotate_right32::<11>(a),
        rotate_right32::<13>(a),
        rotate_right32::<17>(a),
        rotate_right32::<18>(a),
        rotate_right32::<19>(a),
        rotate_right32::<22>(a),
        rotate_right32::<25>(a),
        rotate_right64::<1>(a),
        rotate_right64::<8>(a),
        rotate_right64::<14>(a),
        rotate_right64::<18>(a),
        rotate_right64::<19>(a),
        rotate_right64::<28>(a),
        rotate_right64::<34>(a),
        rotate_right64::<39>(a),
        rotate_right64::<41>(a),
        rotate_right64::<61>(a),
    );
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn moves() {
    same!(a, b, c, mask;
        blend8(mask, a, b),
        blend64(mask as u8, a, b),
        align64::<0>(a, b),
        align64::<3>(a, b),
        align64::<7>(a, b),
        permute_two32(a, b, c),
        permute_two64(a, b, c),
        permute64::<0x4e>(a),
        permute64::<0xb1>(a),
        shuffle_quarters::<0x44>(a, b),
        shuffle_quarters::<0x4e>(a, b),
        shuffle_quarters::<0x88>(a, b),
        shuffle_quarters::<0xdd>(a, b),
        shuffle_quarters::<0xee>(a, b),
        shuffle8(a, b),
        unpack_low64(a, b),
        unpack_high64(a, b),
    );
}

/// Of every length, and every other type that fills a register.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn memory() {
    let bytes: [u8; 64] = std::array::from_fn(|i| (i as u8).wrapping_mul(41).wrapping_add(3));
    let short: [u32; 16] = std::array::from_fn(|i| (i as u32).wrapping_mul(0x9e37_79b9));
    let both = |emulated: x512_emulated::V, real: x512::V| {
        let (mut found, mut wanted) = ([0_u64; 8], [0_u64; 8]);
        x512_emulated::store(&mut found, emulated);
        x512::store(&mut wanted, real);
        assert_eq!(found, wanted);
        let (mut found, mut wanted) = ([0_u32; 16], [0_u32; 16]);
        x512_emulated::store(&mut found, emulated);
        x512::store(&mut wanted, real);
        assert_eq!(found, wanted);
        let (mut found, mut wanted) = ([0_u8; 64], [0_u8; 64]);
        x512_emulated::store(&mut found, emulated);
        x512::store(&mut wanted, real);
        assert_eq!(found, wanted);
    };
    both(x512_emulated::load(&bytes), x512::load(&bytes));
    both(x512_emulated::load(&short), x512::load(&short));
    for length in 0..64 {
        // Miri sees a byte too many at either end of a part, wherever that lies.
        let step = if cfg!(miri) { 31 } else { 1 };
        for first in (0..64 - length).step_by(step) {
            let part = &bytes[first..first + length];
            both(x512_emulated::load_part(part), x512::load_part(part));
        }
    }
    x512_emulated::prefetch(&bytes);
    x512::prefetch(&bytes);
}

#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn wide_registers_are_emulated_exactly() {
    let Some(Ifma { .. }) = Ifma::detect() else {
        return missing("avx512");
    };
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { numbers() };
    // SAFETY: as above.
    unsafe { bits() };
    // SAFETY: as above.
    unsafe { rotations() };
    // SAFETY: as above.
    unsafe { moves() };
}

/// Miri runs it with the real registers (`scripts/sanitizers.sh`).
#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn wide_registers_are_loaded_from_their_words_and_stored_to_them() {
    let Some(Ifma { .. }) = Ifma::detect() else {
        return missing("avx512");
    };
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { memory() };
}

/// Asserts that a call returns the same register of 128 bits with both kinds.
macro_rules! same_narrow {
    ($a:ident, $b:ident, $c:ident; $($call:expr),* $(,)?) => {$(
        each_input(&mut |input| {
            let [$a, $b, $c]: [[u32; 4]; 3] = input.words.map(|words| {
                std::array::from_fn(|i| (words[i / 2] >> (32 * (i % 2))) as u32)
            });
            let found = {
                use x128_emulated::*;
                #[allow(unused_variables, reason = "not every call takes all operands")]
                let [$a, $b, $c] = [load(&$a), load(&$b), load(&$c)];
                let mut words = [0; 4];
                store(&mut words, $call);
                words
            };
            let wanted = {
                use x128::*;
                #[allow(unused_variables, reason = "the like")]
                let [$a, $b, $c] = [load(&$a), load(&$b), load(&$c)];
                let mut words = [0; 4];
                store(&mut words, $call);
                words
            };
            assert_eq!(found, wanted, "{} of {:x?}", stringify!($call), [$a, $b, $c]);
        });
    )*};
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn narrow() {
    same_narrow!(a, b, c;
        add32(a, b),
        align8::<4>(a, b),
        align8::<8>(a, b),
        blend16::<0xf0>(a, b),
        shuffle32::<0x0e>(a),
        shuffle32::<0x1b>(a),
        shuffle32::<0xb1>(a),
        shuffle8(a, b),
        sha256_schedule1(a, b),
        sha256_schedule2(a, b),
        sha256_two_rounds(a, b, c),
        set32(0, 1, -2, i32::MIN),
        set64(0x0c0d_0e0f_0809_0a0b, -0x0405_0607_0001_0203),
    );
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn narrow_memory() {
    let bytes = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 255]];
    let (mut found, mut wanted) = ([0; 4], [0; 4]);
    x128_emulated::store(&mut found, x128_emulated::load::<[u8; 4]>(&bytes));
    x128::store(&mut wanted, x128::load::<[u8; 4]>(&bytes));
    assert_eq!(found, wanted);
}

#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn narrow_registers_are_emulated_exactly() {
    let Some(ShaNi { .. }) = ShaNi::detect() else {
        return missing("sha-ni");
    };
    // SAFETY: a `ShaNi` exists only where the processor has the features.
    unsafe { narrow() };
}

/// Miri runs it with the real registers (`scripts/sanitizers.sh`).
#[test]
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn narrow_registers_are_loaded_from_their_words_and_stored_to_them() {
    let Some(ShaNi { .. }) = ShaNi::detect() else {
        return missing("sha-ni");
    };
    // SAFETY: a `ShaNi` exists only where the processor has the features.
    unsafe { narrow_memory() };
}
