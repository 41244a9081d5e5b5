//! The check of a table's rows in lanes, as they are stored and whatever computed them.
//!
//! Each row of a window is the sum of the first and the one before it, but the second, which is
//! twice the first. The first is the last row of the window before, doubled, or that of the point
//! itself. So by induction each row is the multiple that it should be, in each window, if all
//! hold. The equations are those of the portable `is_sum_of` and `is_double_of`, for eight rows
//! side by side, each with the one that follows it.
//!
//! Something may have gone wrong before, so a row's words may be any. All that comes after, here
//! and in verifications, relies on coordinates below p: a larger one could exceed the bounds of
//! the field, where its products are no products any more, and on P-521 it may have bits that the
//! multiplier does not read. Equations over such numbers would say nothing. So each coordinate is
//! compared with p before anything is computed of it, which the portable code has no need of: its
//! rows are residues, which are below p whatever the points are. Below p, each number has one
//! form, and so equal points have equal rows.

use super::choice::words;
use super::curves::Lanes;
use super::field::{Field, InLanes};
use super::point::Point;
use crate::ifma::radix52;
use crate::weierstrass::{DIGITS, Row};

/// The rows that are checked at once.
const LANES: usize = 8;

/// The rows of a window.
pub(super) type Window<const W: usize> = [Row<W>; DIGITS];

/// Eight points with coordinates below p.
struct Affine<C, const N: usize> {
    x: Field<C, N>,
    y: Field<C, N>,
}

impl<C: InLanes<N>, const N: usize> Affine<C, N> {
    /// Loads rows. Returns `None` unless all of their coordinates are below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    fn new<const W: usize>(rows: &[&Row<W>; LANES]) -> Option<Self> {
        let [x, y] = words(rows).map(|words| Field::of(radix52::split(words)));
        (x.is_below_p() & y.is_below_p() == u8::MAX).then_some(Self { x, y })
    }

    /// Returns the lanes in which this is the sum of two points with different x.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn are_sums_of(&self, one: &Self, other: &Self) -> u8 {
        let run = other.x.minus(&one.x, &C::P); // 2.00
        let rise = other.y.minus(&one.y, &C::P); // 2.00
        self.are_along(one, other, &rise, &run)
    }

    /// Returns the lanes in which this is twice a point whose y is not 0.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn are_doubles_of(&self, one: &Self) -> u8 {
        let run = one.y.plus(&one.y); // 2.00
        let rise = Point::affine(one.x, one.y).slope();
        self.are_along(one, one, &rise, &run)
    }

    /// Returns the lanes in which this is the opposite of the third point of the line through two
    /// others, with the slope rise/run: an addition's equations, without its division.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn are_along(&self, one: &Self, other: &Self, rise: &Field<C, N>, run: &Field<C, N>) -> u8 {
        let xs = self.x.plus(&one.x).plus(&other.x); // 2.00, then 3.00
        let ys = self.y.plus(&one.y); // 2.00
        let back = one.x.minus(&self.x, &C::P); // 2.00
        let in_x = same(&xs.times(&run.squared()), &rise.squared()); // 1.25, then 1.24, then 2.17
        let in_y = same(&ys.times(run), &rise.times(&back)); // 1.25, then 1.54
        !run.is_zero() & in_x & in_y
    }
}

/// Tells whether these windows follow `last`, the last row of a window that is right, or, without
/// one, `start`, the row of the point itself.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn windows_are_right<'t, C: Lanes<W, N>, const W: usize, const N: usize>(
    start: &Row<W>,
    mut last: Option<&'t Row<W>>,
    windows: &'t [Window<W>],
) -> bool {
    for window in windows {
        let [first, ..] = window;
        let begins_right = last.is_some() || first.coordinates == start.coordinates;
        if !begins_right || follow::<C, W, N>(last, window) != Some(u8::MAX) {
            return false;
        }
        last = window.last();
    }
    true
}

/// Returns the lanes in which all rows of a window are right that they check. `None` if a
/// coordinate is not below p.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn follow<C: Lanes<W, N>, const W: usize, const N: usize>(
    last: Option<&Row<W>>,
    window: &Window<W>,
) -> Option<u8> {
    let [first, second, ..] = window;
    // All lanes but one check the second row.
    let (mut halves, mut doubles) = ([first; LANES], [second; LANES]);
    if let Some(last) = last {
        (halves[0], doubles[0]) = (last, first);
    }
    let mut right = Affine::<C, N>::new(&doubles)?.are_doubles_of(&Affine::new(&halves)?);
    let first = Affine::<C, N>::new(&[first; LANES])?;
    for place in places() {
        let (ones, sums) = (neighbours(window, place)?, neighbours(window, place.wrapping_add(1))?);
        right &= Affine::<C, N>::new(&sums)?.are_sums_of(&Affine::new(&ones)?, &first);
    }
    Some(right)
}

/// The places of rows that eight lanes begin with: from the second row on, each has another after
/// it. The last eight end with the window; some of them were checked before.
fn places() -> impl Iterator<Item = usize> {
    (1..DIGITS - 1).step_by(LANES).map(|place| place.min(DIGITS - 1 - LANES))
}

/// Returns eight rows from this place on.
fn neighbours<const W: usize>(window: &Window<W>, place: usize) -> Option<[&Row<W>; LANES]> {
    let rows: &[Row<W>; LANES] = window.get(place..)?.first_chunk()?;
    Some(rows.each_ref())
}

/// Returns the lanes in which two numbers are the same modulo p, the second one below 3.9 p.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn same<C: InLanes<N>, const N: usize>(one: &Field<C, N>, other: &Field<C, N>) -> u8 {
    one.minus_and_twice(other, &Field::splat(&[0; N])).is_zero() // 1.01
}
