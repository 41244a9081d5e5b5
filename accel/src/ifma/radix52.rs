//! Numbers of five limbs of 52 bits: eight of them in five registers, one in each
//! lane.
//!
//! The fields of P-256 and of Ed25519 fit into five limbs; each of them reduces a
//! product of ten columns to five limbs.

use crate::simd::moves::{exchanged, splat};
use crate::simd::x512::{
    V, add64, and, blend64, equal64, madd52_high, madd52_low, or, shift_left64, shift_right_signed64,
    shift_right64, sub64, zero,
};

/// Bits of a limb.
pub(super) const LIMB_BITS: usize = 52;

/// The largest limb: the multiplier reads only these bits of a lane.
pub(super) const LIMB: u64 = (1 << LIMB_BITS) - 1;

/// Splits numbers in four limbs of 64 bits into five of 52.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn split(limb: [V; 4]) -> [V; 5] {
    let mask = splat(LIMB);
    let [a, b, c, d] = limb;
    [
        and(a, mask),
        and(or(shift_right64::<52>(a), shift_left64::<12>(b)), mask),
        and(or(shift_right64::<40>(b), shift_left64::<24>(c)), mask),
        and(or(shift_right64::<28>(c), shift_left64::<36>(d)), mask),
        shift_right64::<16>(d),
    ]
}

/// Splits one number, for constants.
pub(super) const fn split_number(limb: [u64; 4]) -> [u64; 5] {
    let [a, b, c, d] = limb;
    [a & LIMB, (a >> 52 | b << 12) & LIMB, (b >> 40 | c << 24) & LIMB, (c >> 28 | d << 36) & LIMB, d >> 16]
}

/// Joins five limbs of 52 bits, each below 2^52 and the last below 2^48, to four of 64.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn join(limb: &[V; 5]) -> [V; 4] {
    let [a, b, c, d, e] = *limb;
    [
        or(a, shift_left64::<52>(b)),
        or(shift_right64::<12>(b), shift_left64::<40>(c)),
        or(shift_right64::<24>(c), shift_left64::<28>(d)),
        or(shift_right64::<36>(d), shift_left64::<16>(e)),
    ]
}

/// Joins five limbs of 52 bits, each below 2^52 and the last below 2^48, to
/// four of 64.
pub(super) const fn join_number(limb: [u64; 5]) -> [u64; 4] {
    let [a, b, c, d, e] = limb;
    [a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16]
}

/// Moves the bits above 52 of each limb to the next one, including signs: the lower
/// four are then below 2^52, and the last holds the rest.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn carried(limb: [V; 5]) -> [V; 5] {
    let mask = splat(LIMB);
    let [a, b, c, d, e] = limb;
    let b = add64(b, shift_right_signed64::<52>(a));
    let c = add64(c, shift_right_signed64::<52>(b));
    let d = add64(d, shift_right_signed64::<52>(c));
    let e = add64(e, shift_right_signed64::<52>(d));
    [and(a, mask), and(b, mask), and(c, mask), and(d, mask), e]
}

/// Returns the product of two numbers of five limbs below 2^52 each, in ten columns.
///
/// A column sums at most five low and five high halves of products, each below 2^52, so
/// it is below 10·2^52 < 2^56. Low and high halves are summed separately, which
/// shortens the chains of dependent instructions.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn columns(a: &[V; 5], b: &[V; 5]) -> [V; 10] {
    let mut low = [zero(); 10];
    let mut high = [zero(); 10];
    for i in 0..5 {
        for j in 0..5 {
            low[i + j] = madd52_low(low[i + j], a[i], b[j]);
            high[i + j + 1] = madd52_high(high[i + j + 1], a[i], b[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        *low = add64(*low, high);
    }
    low
}

/// Returns the columns of a square. Products off the diagonal count twice, so the bound
/// is the same.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn square_columns(a: &[V; 5]) -> [V; 10] {
    let mut low = [zero(); 10];
    let mut high = [zero(); 10];
    for i in 0..5 {
        for j in i + 1..5 {
            low[i + j] = madd52_low(low[i + j], a[i], a[j]);
            high[i + j + 1] = madd52_high(high[i + j + 1], a[i], a[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        let sum = add64(*low, high);
        *low = add64(sum, sum);
    }
    for i in 0..5 {
        low[2 * i] = madd52_low(low[2 * i], a[i], a[i]);
        low[2 * i + 1] = madd52_high(low[2 * i + 1], a[i], a[i]);
    }
    low
}

#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn add(a: &[V; 5], b: &[V; 5]) -> [V; 5] {
    [add64(a[0], b[0]), add64(a[1], b[1]), add64(a[2], b[2]), add64(a[3], b[3]), add64(a[4], b[4])]
}

#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn subtract(a: &[V; 5], b: &[V; 5]) -> [V; 5] {
    [sub64(a[0], b[0]), sub64(a[1], b[1]), sub64(a[2], b[2]), sub64(a[3], b[3]), sub64(a[4], b[4])]
}

/// Takes `yes` in the lanes of the mask and `no` in the others.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn choose(mask: u8, yes: &[V; 5], no: &[V; 5]) -> [V; 5] {
    [
        blend64(mask, no[0], yes[0]),
        blend64(mask, no[1], yes[1]),
        blend64(mask, no[2], yes[2]),
        blend64(mask, no[3], yes[3]),
        blend64(mask, no[4], yes[4]),
    ]
}

/// Tells in which lanes all limbs are those of `number`.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn equal(a: &[V; 5], number: &[u64; 5]) -> u8 {
    let mut mask = u8::MAX;
    for (limb, number) in a.iter().zip(number) {
        mask &= equal64(*limb, splat(*number));
    }
    mask
}

/// Exchanges the lanes whose numbers differ by 4, by 2, or by 1.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn exchange(a: &[V; 5], distance: u8) -> [V; 5] {
    let mut limbs = *a;
    for limb in &mut limbs {
        *limb = exchanged(*limb, distance);
    }
    limbs
}

/// Returns one lane's number.
pub(super) fn lane(limbs: &[[u64; 8]; 5], lane: usize) -> [u64; 5] {
    limbs.map(|limb| limb.get(lane).copied().unwrap_or(0))
}
