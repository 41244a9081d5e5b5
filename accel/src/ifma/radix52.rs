//! Numbers in limbs of 52 bits: eight of them in as many registers as limbs, one number in
//! each lane.
//!
//! The fields of P-256, secp256k1 and Ed25519 fit into five limbs, that of P-384 into eight, and
//! that of P-521 into eleven; each of them reduces a product of twice as many columns.

use crate::simd::moves::{exchanged, splat};
use crate::simd::x512::{
    V, add64, and, blend64, equal64, madd52_high, madd52_low, or, shift_left64, shift_right_signed64,
    shift_right64, sub64, zero,
};

/// Bits of a limb.
pub(super) const LIMB_BITS: usize = 52;

/// The largest limb: the multiplier reads only these bits of a lane.
pub(super) const LIMB: u64 = (1 << LIMB_BITS) - 1;

/// The columns of a product of two numbers of `N` limbs, the lower half and the upper one.
pub(super) type Columns<const N: usize> = [[V; N]; 2];

/// Shifts by a number of bits that is a constant where it stands: limbs of 52 and words of 64
/// bits begin at multiples of four, and so do the bits that are cut off; the last limb of P-521
/// has one bit.
macro_rules! shifts {
    ($($name:ident: $shift:ident;)*) => {$(
        #[inline]
        #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
        pub(super) fn $name(word: V, bits: usize) -> V {
            match bits {
                0 => word,
                1 => $shift::<1>(word),
                4 => $shift::<4>(word),
                8 => $shift::<8>(word),
                12 => $shift::<12>(word),
                16 => $shift::<16>(word),
                20 => $shift::<20>(word),
                24 => $shift::<24>(word),
                28 => $shift::<28>(word),
                32 => $shift::<32>(word),
                36 => $shift::<36>(word),
                40 => $shift::<40>(word),
                44 => $shift::<44>(word),
                48 => $shift::<48>(word),
                52 => $shift::<52>(word),
                56 => $shift::<56>(word),
                60 => $shift::<60>(word),
                _ => zero(),
            }
        }
    )*};
}

shifts! {
    shifted_left: shift_left64;
    shifted_right: shift_right64;
}

/// Splits numbers below 2^(52 N) in words of 64 bits into limbs of 52.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn split<const W: usize, const N: usize>(word: [V; W]) -> [V; N] {
    let mask = splat(LIMB);
    let mut limbs = [zero(); N];
    for (i, limb) in limbs.iter_mut().enumerate() {
        let (at, bit) = (LIMB_BITS * i / 64, LIMB_BITS * i % 64);
        let mut bits = shifted_right(word[at], bit);
        if bit > 64 - LIMB_BITS && at + 1 < W {
            bits = or(bits, shifted_left(word[at + 1], 64 - bit));
        }
        *limb = if i + 1 < N { and(bits, mask) } else { bits };
    }
    limbs
}

/// Splits one number, for constants.
pub(super) const fn split_number<const W: usize, const N: usize>(word: [u64; W]) -> [u64; N] {
    let mut limbs = [0; N];
    let mut i = 0;
    while i < N {
        let (at, bit) = (LIMB_BITS * i / 64, LIMB_BITS * i % 64);
        let mut limb = word[at] >> bit;
        if bit > 64 - LIMB_BITS && at + 1 < W {
            limb |= word[at + 1] << (64 - bit);
        }
        limbs[i] = limb & LIMB;
        i += 1;
    }
    limbs
}

/// Joins limbs, each below 2^52, of numbers below 2^(64 W) to words of 64 bits.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn join<const W: usize, const N: usize>(limb: &[V; N]) -> [V; W] {
    let mut words = [zero(); W];
    for (i, word) in words.iter_mut().enumerate() {
        let (at, bit) = (64 * i / LIMB_BITS, 64 * i % LIMB_BITS);
        *word = shifted_right(limb[at], bit);
        let mut have = LIMB_BITS - bit;
        for next in &limb[at + 1..N.min(at + 3)] {
            if have < 64 {
                *word = or(*word, shifted_left(*next, have));
                have += LIMB_BITS;
            }
        }
    }
    words
}

/// Joins the limbs of one number.
pub(super) const fn join_number<const W: usize, const N: usize>(limb: [u64; N]) -> [u64; W] {
    let mut words = [0; W];
    let mut i = 0;
    while i < N {
        let (at, bit) = (LIMB_BITS * i / 64, LIMB_BITS * i % 64);
        words[at] |= limb[i] << bit;
        if bit > 64 - LIMB_BITS && at + 1 < W {
            words[at + 1] |= limb[i] >> (64 - bit);
        }
        i += 1;
    }
    words
}

/// Moves the bits above 52 of each limb to the next one, including signs: all but the last
/// are then below 2^52, and the last holds the rest.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn carried<const N: usize>(mut limb: [V; N]) -> [V; N] {
    let mask = splat(LIMB);
    for i in 1..N {
        limb[i] = add64(limb[i], shift_right_signed64::<52>(limb[i - 1]));
        limb[i - 1] = and(limb[i - 1], mask);
    }
    limb
}

/// Returns the product of two numbers of limbs below 2^52 each, in twice as many columns.
///
/// A column sums at most `N` low and `N` high halves of products, each below 2^52, so
/// it is below 2·N·2^52. Low and high halves are summed separately, which shortens the
/// chains of dependent instructions.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn columns<const N: usize>(a: &[V; N], b: &[V; N]) -> Columns<N> {
    let (mut columns, mut upper) = ([[zero(); N]; 2], [[zero(); N]; 2]);
    let (low, high) = (columns.as_flattened_mut(), upper.as_flattened_mut());
    for i in 0..N {
        for j in 0..N {
            low[i + j] = madd52_low(low[i + j], a[i], b[j]);
            high[i + j + 1] = madd52_high(high[i + j + 1], a[i], b[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        *low = add64(*low, *high);
    }
    columns
}

/// Returns the columns of a square. Products off the diagonal count twice, so the bound
/// is the same.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn square_columns<const N: usize>(a: &[V; N]) -> Columns<N> {
    let (mut columns, mut upper) = ([[zero(); N]; 2], [[zero(); N]; 2]);
    let (low, high) = (columns.as_flattened_mut(), upper.as_flattened_mut());
    for i in 0..N {
        for j in i + 1..N {
            low[i + j] = madd52_low(low[i + j], a[i], a[j]);
            high[i + j + 1] = madd52_high(high[i + j + 1], a[i], a[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        let sum = add64(*low, *high);
        *low = add64(sum, sum);
    }
    for i in 0..N {
        low[2 * i] = madd52_low(low[2 * i], a[i], a[i]);
        low[2 * i + 1] = madd52_high(low[2 * i + 1], a[i], a[i]);
    }
    columns
}

#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn add<const N: usize>(a: &[V; N], b: &[V; N]) -> [V; N] {
    let mut sum = *a;
    for (sum, b) in sum.iter_mut().zip(b) {
        *sum = add64(*sum, *b);
    }
    sum
}

#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn subtract<const N: usize>(a: &[V; N], b: &[V; N]) -> [V; N] {
    let mut difference = *a;
    for (difference, b) in difference.iter_mut().zip(b) {
        *difference = sub64(*difference, *b);
    }
    difference
}

/// Takes `yes` in the lanes of the mask and `no` in the others.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn choose<const N: usize>(mask: u8, yes: &[V; N], no: &[V; N]) -> [V; N] {
    let mut chosen = *no;
    for (no, yes) in chosen.iter_mut().zip(yes) {
        *no = blend64(mask, *no, *yes);
    }
    chosen
}

/// Tells in which lanes all limbs are those of `number`.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn equal<const N: usize>(a: &[V; N], number: &[u64; N]) -> u8 {
    let mut mask = u8::MAX;
    for (limb, number) in a.iter().zip(number) {
        mask &= equal64(*limb, splat(*number));
    }
    mask
}

/// Exchanges the lanes whose numbers differ by 4, by 2, or by 1.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn exchange<const N: usize>(a: &[V; N], distance: u8) -> [V; N] {
    let mut limbs = *a;
    for limb in &mut limbs {
        *limb = exchanged(*limb, distance);
    }
    limbs
}

/// Returns one lane's number.
pub(super) fn lane<const N: usize>(limbs: &[[u64; 8]; N], lane: usize) -> [u64; N] {
    limbs.map(|limb| limb.get(lane).copied().unwrap_or(0))
}
