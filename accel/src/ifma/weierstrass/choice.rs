//! The rows that eight lanes add next, and the last comparison.

use super::curves::Lanes;
use super::field::Field;
use super::point::{Point, Sum};
use crate::ifma::radix52;
use crate::simd::moves::transpose;
use crate::simd::x512::{V, load, prefetch, zero};
use crate::weierstrass::{Row, Table};

/// The words of a register.
pub(super) const WORDS: usize = 8;

/// The rows of a table that eight digits select.
pub(super) struct Choice<'t, const W: usize> {
    rows: [&'t Row<W>; 8],
    negative: u8,
    present: u8,
}

/// Returns the row of a window and a digit, for a digit of 0 that of 1. Beyond the last window,
/// where all digits are 0, it is a row of that one.
#[inline(always)]
pub(super) fn row_of<const W: usize>(table: &Table<W>, window: usize, digit: i16) -> Option<&Row<W>> {
    table.row(window.min(Table::<W>::WINDOWS - 1), usize::from(digit.unsigned_abs().max(1)))
}

/// Returns where a row's words begin that are moved together. Those of the last move end with the
/// row; some of them may have been moved before.
pub(super) fn moves<const W: usize>() -> impl Iterator<Item = usize> {
    (0..2 * W).step_by(WORDS).map(|first| first.min(2 * W - WORDS))
}

impl<'t, const W: usize> Choice<'t, W> {
    /// Takes each lane's row and digit. Where the digit is 0 the lane is not `present`, and
    /// its row does not matter.
    #[inline(always)]
    pub(super) fn new(lanes: impl Fn(usize) -> Option<(&'t Row<W>, i16)>) -> Option<Self> {
        const { assert!(2 * W >= WORDS) }
        let mut choice = Self { rows: [&Row { coordinates: [[0; W]; 2] }; 8], negative: 0, present: 0 };
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
            for line in row.coordinates.as_flattened().chunks(WORDS) {
                prefetch(&line[0]);
            }
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn add_to<C: Lanes<W, N>, const N: usize>(&self, sum: &mut Sum<C, N>) {
        let [x, y] = words(&self.rows);
        let (x, y) = (Field::of(radix52::split(x)), Field::of(radix52::split(y)));
        sum.add(&x, &y, self.negative, self.present);
    }
}

/// Returns the words of both coordinates of rows, of each word all lanes.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn words<const W: usize>(rows: &[&Row<W>; 8]) -> [[V; W]; 2] {
    let mut words = [[zero(); W]; 2];
    for first in moves::<W>() {
        let mut parts = [&[0; WORDS]; 8];
        for (part, row) in parts.iter_mut().zip(rows) {
            if let Some(words) = row.coordinates.as_flattened()[first..].first_chunk() {
                *part = words;
            }
        }
        words.as_flattened_mut()[first..first + WORDS].copy_from_slice(&transpose(parts));
    }
    words
}

/// Returns the lanes in which the point's x is r: Z is not 0 and X = r·Z².
///
/// r is less than the order, which is less than p. So x modulo the order is r. The case
/// x = r + n is left to the caller.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn holds<C: Lanes<W, N>, const W: usize, const N: usize>(
    point: &Point<C, N>,
    r: &[&[u64; W]; 8],
) -> u8 {
    let mut words = [zero(); W];
    for (i, words) in words.iter_mut().enumerate() {
        *words = load(&r.map(|r| r[i]));
    }
    let r = Field::of(radix52::split(words)); // 1
    let r = r.times(&Field::splat(&C::R_SQUARED)); // 1.07
    let rz2 = r.times(&point.z.squared()); // 1.13, then 1.08
    let difference = point.x.minus(&rz2, &C::P2); // 0.92 to 3.01
    difference.is_zero() & !point.z.is_zero()
}
