//! The rows that eight lanes add next, and the last comparison.

use super::field::{Field, P2, R_SQUARED};
use super::point::{Point, Sum};
use crate::ifma::radix52;
use crate::simd::moves::transpose;
use crate::simd::x512::{load, prefetch};
use crate::weierstrass::{Row, Table};

/// The rows of a table that eight digits select.
pub(super) struct Choice<'t> {
    rows: [&'t [u64; 8]; 8],
    negative: u8,
    present: u8,
}

/// Returns the limbs of both coordinates.
#[inline(always)]
pub(super) fn row_limbs(row: &Row<4>) -> Option<&[u64; 8]> {
    row.coordinates.as_flattened().first_chunk()
}

/// Returns the row of a window and a digit, for a digit of 0 that of 1.
#[inline(always)]
pub(super) fn row_of(table: &Table<4>, window: usize, digit: i16) -> Option<&[u64; 8]> {
    row_limbs(table.row(window, usize::from(digit.unsigned_abs().max(1)))?)
}

impl<'t> Choice<'t> {
    /// Takes each lane's row and digit. Where the digit is 0 the lane is not `present`, and
    /// its row does not matter.
    #[inline(always)]
    pub(super) fn new(lanes: impl Fn(usize) -> Option<(&'t [u64; 8], i16)>) -> Option<Self> {
        let mut choice = Self { rows: [&[0; 8]; 8], negative: 0, present: 0 };
        for (lane, row) in choice.rows.iter_mut().enumerate() {
            let (chosen, digit) = lanes(lane)?;
            choice.negative |= u8::from(digit < 0) << lane;
            choice.present |= u8::from(digit != 0) << lane;
            *row = chosen;
        }
        Some(choice)
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn prefetch(&self) {
        for row in self.rows {
            prefetch(row);
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn add_to(&self, sum: &mut Sum) {
        let [a, b, c, d, e, f, g, h] = transpose(self.rows);
        let (x, y) = (Field(radix52::split([a, b, c, d])), Field(radix52::split([e, f, g, h])));
        sum.add(&x, &y, self.negative, self.present);
    }
}

/// Returns the lanes in which the point's x is r: Z is not 0 and X = r·Z².
///
/// r is less than the order, which is less than p. So x modulo the order is r. The case
/// x = r + n is left to the caller.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn holds(point: &Point, r: &[&[u64; 4]; 8]) -> u8 {
    let limbs = |i: usize| load(&r.map(|r| r[i]));
    let r = Field(radix52::split([limbs(0), limbs(1), limbs(2), limbs(3)])); // 1
    let r = r.times(&Field::splat(&R_SQUARED)); // 1.07
    let rz2 = r.times(&point.z.squared()); // 1.13, then 1.08
    let difference = point.x.minus(&rz2, &P2); // 0.92 to 3.01
    difference.is_zero() & !point.z.is_zero()
}
