//! Moves of whole words between and within registers of 512 bits.

use super::x512::{V, broadcast64, load, permute64, shuffle_quarters, store, unpack_high64, unpack_low64};

/// Returns the eight words of a register.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(crate) fn stored(value: V) -> [u64; 8] {
    let mut words = [0; 8];
    store(&mut words, value);
    words
}

/// Returns a register with the same number in every word.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(crate) fn splat(number: u64) -> V {
    broadcast64(number.cast_signed())
}

/// Exchanges the words whose indices differ by 4, by 2, or by 1.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(crate) fn exchanged(value: V, distance: u8) -> V {
    match distance {
        4 => shuffle_quarters::<0x4e>(value, value),
        2 => permute64::<0x4e>(value),
        _ => permute64::<0xb1>(value),
    }
}

/// Loads and transposes eight rows.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(crate) fn transpose(rows: [&[u64; 8]; 8]) -> [V; 8] {
    transposed([
        load(rows[0]),
        load(rows[1]),
        load(rows[2]),
        load(rows[3]),
        load(rows[4]),
        load(rows[5]),
        load(rows[6]),
        load(rows[7]),
    ])
}

/// Transposes eight rows.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(crate) fn transposed(row: [V; 8]) -> [V; 8] {
    // Interleave the even and the odd columns of pairs of rows.
    let even = [
        unpack_low64(row[0], row[1]),
        unpack_low64(row[2], row[3]),
        unpack_low64(row[4], row[5]),
        unpack_low64(row[6], row[7]),
    ];
    let odd = [
        unpack_high64(row[0], row[1]),
        unpack_high64(row[2], row[3]),
        unpack_high64(row[4], row[5]),
        unpack_high64(row[6], row[7]),
    ];
    let even = quarters(even);
    let odd = quarters(odd);
    [even[0], odd[0], even[1], odd[1], even[2], odd[2], even[3], odd[3]]
}

/// Transposes four rows of four quarters (128 bits each).
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn quarters(row: [V; 4]) -> [V; 4] {
    let low = [shuffle_quarters::<0x44>(row[0], row[1]), shuffle_quarters::<0x44>(row[2], row[3])];
    let high = [shuffle_quarters::<0xee>(row[0], row[1]), shuffle_quarters::<0xee>(row[2], row[3])];
    [
        shuffle_quarters::<0x88>(low[0], low[1]),
        shuffle_quarters::<0xdd>(low[0], low[1]),
        shuffle_quarters::<0x88>(high[0], high[1]),
        shuffle_quarters::<0xdd>(high[0], high[1]),
    ]
}
