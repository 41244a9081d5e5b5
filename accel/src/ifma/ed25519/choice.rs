//! The rows that eight lanes add next.

use super::field::Field;
use super::point::Addend;
use crate::ifma::radix52;
use crate::simd::moves::transpose;
use crate::simd::x512::prefetch;

/// The rows that eight digits select: y + x and y - x in one, and 2dxy in the second half of
/// the other.
pub(super) struct Choice<'t> {
    rows: [[&'t [u64; 8]; 8]; 2],
    negative: u8,
}

impl<'t> Choice<'t> {
    /// Takes each lane's rows and digit.
    #[inline(always)]
    pub(super) fn new(lanes: impl Fn(usize) -> Option<([&'t [u64; 8]; 2], i16)>) -> Option<Self> {
        let mut choice = Self { rows: [[&[0; 8]; 8]; 2], negative: 0 };
        let [first, last] = &mut choice.rows;
        for (lane, (first, last)) in first.iter_mut().zip(last).enumerate() {
            let (rows, digit) = lanes(lane)?;
            choice.negative |= u8::from(digit < 0) << lane;
            [*first, *last] = rows;
        }
        Some(choice)
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn prefetch(&self) {
        for row in self.rows.as_flattened() {
            prefetch(*row);
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn addend(&self) -> Addend {
        let [sum, difference, product] = numbers(&self.rows);
        Addend { sum, difference, product, negative: self.negative }
    }
}

/// Returns y + x, y - x and 2dxy of rows in two parts.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn numbers(rows: &[[&[u64; 8]; 8]; 2]) -> [Field; 3] {
    let [first, last] = *rows;
    let [a, b, c, d, e, f, g, h] = transpose(first);
    let [_, _, _, _, i, j, k, l] = transpose(last);
    [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(|words| Field(radix52::split(words)))
}
