//! Eight 64-bit lanes, to and from memory.
//!
//! This is where the vector code touches memory: whatever else it does, it
//! does to values.

use std::arch::x86_64::*;

/// The low 52 bits: what the multiplier reads of a lane.
pub(super) const LIMB: u64 = (1 << 52) - 1;

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn splat(number: u64) -> __m512i {
    _mm512_set1_epi64(number.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a load takes a pointer")]
pub(super) fn load(lanes: &[u64; 8]) -> __m512i {
    // SAFETY: the reference is good for 64 bytes, at any alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(lanes).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a store takes a pointer")]
pub(super) fn store(lanes: __m512i) -> [u64; 8] {
    let mut array = [0_u64; 8];
    // SAFETY: the reference is good for 64 bytes, at any alignment.
    unsafe { _mm512_storeu_si512(std::ptr::from_mut(&mut array).cast(), lanes) };
    array
}

/// Asks for a line of the cache ahead of its use.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn prefetch<T>(place: &T) {
    _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
}

/// Makes of eight rows their eight columns.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn transpose(rows: [&[u64; 8]; 8]) -> [__m512i; 8] {
    let row = [
        load(rows[0]),
        load(rows[1]),
        load(rows[2]),
        load(rows[3]),
        load(rows[4]),
        load(rows[5]),
        load(rows[6]),
        load(rows[7]),
    ];
    // Pairs of rows, their even and their odd columns side by side.
    let even = [
        _mm512_unpacklo_epi64(row[0], row[1]),
        _mm512_unpacklo_epi64(row[2], row[3]),
        _mm512_unpacklo_epi64(row[4], row[5]),
        _mm512_unpacklo_epi64(row[6], row[7]),
    ];
    let odd = [
        _mm512_unpackhi_epi64(row[0], row[1]),
        _mm512_unpackhi_epi64(row[2], row[3]),
        _mm512_unpackhi_epi64(row[4], row[5]),
        _mm512_unpackhi_epi64(row[6], row[7]),
    ];
    let even = quarters(even);
    let odd = quarters(odd);
    [even[0], odd[0], even[1], odd[1], even[2], odd[2], even[3], odd[3]]
}

/// Makes of four rows of four quarters (128 bits each) their columns.
#[inline]
#[target_feature(enable = "avx512f")]
fn quarters(row: [__m512i; 4]) -> [__m512i; 4] {
    let low = [_mm512_shuffle_i64x2::<0x44>(row[0], row[1]), _mm512_shuffle_i64x2::<0x44>(row[2], row[3])];
    let high = [_mm512_shuffle_i64x2::<0xee>(row[0], row[1]), _mm512_shuffle_i64x2::<0xee>(row[2], row[3])];
    [
        _mm512_shuffle_i64x2::<0x88>(low[0], low[1]),
        _mm512_shuffle_i64x2::<0xdd>(low[0], low[1]),
        _mm512_shuffle_i64x2::<0x88>(high[0], high[1]),
        _mm512_shuffle_i64x2::<0xdd>(high[0], high[1]),
    ]
}

/// Splits numbers in four limbs of 64 bits into five of 52.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn split(limb: [__m512i; 4]) -> [__m512i; 5] {
    let mask = splat(LIMB);
    let [a, b, c, d] = limb;
    [
        _mm512_and_si512(a, mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<52>(a), _mm512_slli_epi64::<12>(b)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<40>(b), _mm512_slli_epi64::<24>(c)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<28>(c), _mm512_slli_epi64::<36>(d)), mask),
        _mm512_srli_epi64::<16>(d),
    ]
}

/// The same of one number, for constants.
pub(super) const fn split_number(limb: [u64; 4]) -> [u64; 5] {
    let [a, b, c, d] = limb;
    [a & LIMB, (a >> 52 | b << 12) & LIMB, (b >> 40 | c << 24) & LIMB, (c >> 28 | d << 36) & LIMB, d >> 16]
}

/// Joins five limbs of 52 bits, each below 2^52 and the last below 2^48, to
/// four of 64.
pub(super) const fn join_number(limb: [u64; 5]) -> [u64; 4] {
    let [a, b, c, d, e] = limb;
    [a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16]
}

/// Moves what is above 52 bits of each limb up to the next, signs included:
/// the lower four then are below 2^52, and the last is what remains.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn carried(limb: [__m512i; 5]) -> [__m512i; 5] {
    let mask = splat(LIMB);
    let [a, b, c, d, e] = limb;
    let b = _mm512_add_epi64(b, _mm512_srai_epi64::<52>(a));
    let c = _mm512_add_epi64(c, _mm512_srai_epi64::<52>(b));
    let d = _mm512_add_epi64(d, _mm512_srai_epi64::<52>(c));
    let e = _mm512_add_epi64(e, _mm512_srai_epi64::<52>(d));
    [
        _mm512_and_si512(a, mask),
        _mm512_and_si512(b, mask),
        _mm512_and_si512(c, mask),
        _mm512_and_si512(d, mask),
        e,
    ]
}

/// The product of two numbers in five limbs below 2^52 each, in ten columns.
///
/// A column sums at most five low and five high halves of products, each below
/// 2^52, so it is below 10·2^52 < 2^56. The products of a limb's low and high
/// halves go to sums of their own, which makes the chains shorter.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn columns(a: &[__m512i; 5], b: &[__m512i; 5]) -> [__m512i; 10] {
    let mut low = [_mm512_setzero_si512(); 10];
    let mut high = [_mm512_setzero_si512(); 10];
    for i in 0..5 {
        for j in 0..5 {
            low[i + j] = _mm512_madd52lo_epu64(low[i + j], a[i], b[j]);
            high[i + j + 1] = _mm512_madd52hi_epu64(high[i + j + 1], a[i], b[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        *low = _mm512_add_epi64(*low, high);
    }
    low
}

/// The columns of a square: what is off the diagonal is taken twice, so the
/// bound is the same.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn square_columns(a: &[__m512i; 5]) -> [__m512i; 10] {
    let mut low = [_mm512_setzero_si512(); 10];
    let mut high = [_mm512_setzero_si512(); 10];
    for i in 0..5 {
        for j in i + 1..5 {
            low[i + j] = _mm512_madd52lo_epu64(low[i + j], a[i], a[j]);
            high[i + j + 1] = _mm512_madd52hi_epu64(high[i + j + 1], a[i], a[j]);
        }
    }
    for (low, high) in low.iter_mut().zip(high) {
        let sum = _mm512_add_epi64(*low, high);
        *low = _mm512_add_epi64(sum, sum);
    }
    for i in 0..5 {
        low[2 * i] = _mm512_madd52lo_epu64(low[2 * i], a[i], a[i]);
        low[2 * i + 1] = _mm512_madd52hi_epu64(low[2 * i + 1], a[i], a[i]);
    }
    low
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add(a: &[__m512i; 5], b: &[__m512i; 5]) -> [__m512i; 5] {
    [
        _mm512_add_epi64(a[0], b[0]),
        _mm512_add_epi64(a[1], b[1]),
        _mm512_add_epi64(a[2], b[2]),
        _mm512_add_epi64(a[3], b[3]),
        _mm512_add_epi64(a[4], b[4]),
    ]
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn subtract(a: &[__m512i; 5], b: &[__m512i; 5]) -> [__m512i; 5] {
    [
        _mm512_sub_epi64(a[0], b[0]),
        _mm512_sub_epi64(a[1], b[1]),
        _mm512_sub_epi64(a[2], b[2]),
        _mm512_sub_epi64(a[3], b[3]),
        _mm512_sub_epi64(a[4], b[4]),
    ]
}

/// Takes `yes` in the lanes of the mask and `no` in the others.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn choose(mask: u8, yes: &[__m512i; 5], no: &[__m512i; 5]) -> [__m512i; 5] {
    [
        _mm512_mask_blend_epi64(mask, no[0], yes[0]),
        _mm512_mask_blend_epi64(mask, no[1], yes[1]),
        _mm512_mask_blend_epi64(mask, no[2], yes[2]),
        _mm512_mask_blend_epi64(mask, no[3], yes[3]),
        _mm512_mask_blend_epi64(mask, no[4], yes[4]),
    ]
}

/// Tells in which lanes all limbs are those of `number`.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn equal(a: &[__m512i; 5], number: &[u64; 5]) -> u8 {
    let mut mask = u8::MAX;
    for (limb, number) in a.iter().zip(number) {
        mask &= _mm512_cmpeq_epi64_mask(*limb, splat(*number));
    }
    mask
}

/// Exchanges the lanes whose numbers differ by 4, by 2, or by 1.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn exchange(a: &[__m512i; 5], distance: u8) -> [__m512i; 5] {
    let mut limbs = *a;
    for limb in &mut limbs {
        *limb = match distance {
            4 => _mm512_shuffle_i64x2::<0x4e>(*limb, *limb),
            2 => _mm512_permutex_epi64::<0x4e>(*limb),
            _ => _mm512_permutex_epi64::<0xb1>(*limb),
        };
    }
    limbs
}

/// Returns one lane's number.
pub(super) fn lane(limbs: &[[u64; 8]; 5], lane: usize) -> [u64; 5] {
    limbs.map(|limb| limb.get(lane).copied().unwrap_or(0))
}
