//! The check of a table's rows in lanes, as they are stored and whatever computed them.
//!
//! Each row of a window is the sum of the first and the one before it. The first is the last row
//! of the window before, doubled, or that of the point itself. So by induction each row is the
//! multiple that it should be, in each window, if all hold. The equations are those of the portable
//! `Scale::is_sum`, for eight rows side by side, each with the one that follows
//! it. The addition is complete, so that they have one solution, whatever the points are.
//!
//! Something may have gone wrong before, so a row's words may be any. All that comes after, here
//! and in verifications, relies on numbers below p. So each is compared with p before anything is
//! computed of it, which the portable code has no need of: its rows are residues, which are below
//! p whatever the points are. Below p, each number has one form, and so equal points have equal
//! rows.

use super::choice::numbers;
use super::field::Field;
use crate::edwards::{DIGITS, Row};
use crate::ifma::radix52::split_number;

/// d/2, with the d of the curve.
const HALF_D: [u64; 5] = split_number([
    0xbaf5_a6e5_09ac_bc48,
    0x0038_0526_a0a0_ec55,
    0xc663_a03c_bbbc_f44c,
    0x6901_b677_15b7_ff39,
]);

/// 1/8
const EIGHTH: [u64; 5] = split_number([
    0xffff_ffff_ffff_fff9,
    0xffff_ffff_ffff_ffff,
    0xffff_ffff_ffff_ffff,
    0x2fff_ffff_ffff_ffff,
]);

/// The rows that are checked at once.
const LANES: usize = 8;

/// The rows of a window.
pub(super) type Window = [Row; DIGITS];

/// Eight points as rows have them: y + x, y - x and 2dxy, each below p.
struct Stored {
    sum: Field,
    difference: Field,
    product: Field,
}

/// Eight points that are added to others: y + x, y - x and xy/2.
struct Summand {
    sum: Field,
    difference: Field,
    half_xy: Field,
}

impl Stored {
    /// Loads rows. Returns `None` unless all of their numbers are below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    fn new(rows: &[&Row; LANES]) -> Option<Self> {
        let [sum, difference, product] = numbers(&[rows.map(Row::first), rows.map(Row::last)]);
        let is_below = sum.is_below_p() & difference.is_below_p() & product.is_below_p();
        (is_below == u8::MAX).then_some(Self { sum, difference, product })
    }

    /// Prepares what [`are_sums`] adds.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn summand(&self) -> Summand {
        let twice_y = self.sum.plus(&self.difference); // 2.00
        let twice_x = self.sum.minus_canonical(&self.difference); // 2.00
        let half_xy = twice_y.times(&twice_x).times(&Field::splat(&EIGHTH)); // 1.01
        Summand { sum: self.sum, difference: self.difference, half_xy }
    }
}

/// Tells whether these windows follow `last`, the last row of a window that is right, or, without
/// one, `start`, the row of the point itself.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn windows_are_right<'t>(start: &Row, mut last: Option<&'t Row>, windows: &'t [Window]) -> bool {
    for window in windows {
        let [first, ..] = window;
        let begins_right = last.is_some() || first == start;
        if !begins_right || follow(last, window) != Some(u8::MAX) {
            return false;
        }
        last = window.last();
    }
    true
}

/// Returns the lanes in which all rows of a window are right that they check. `None` if a number
/// is not below p.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn follow(last: Option<&Row>, window: &Window) -> Option<u8> {
    let [first, ..] = window;
    let of_first = Stored::new(&[first; LANES])?;
    let mut right = u8::MAX;
    if let Some(last) = last {
        let last = Stored::new(&[last; LANES])?;
        right = are_sums(&of_first, &last, &last.summand());
    }
    let summand = of_first.summand();
    for place in places() {
        let (ones, sums) = (neighbours(window, place)?, neighbours(window, place.wrapping_add(1))?);
        right &= are_sums(&Stored::new(&sums)?, &Stored::new(&ones)?, &summand);
    }
    Some(right)
}

/// The places of rows that eight lanes begin with: each has another after it. The last eight end
/// with the window; some of them were checked before.
fn places() -> impl Iterator<Item = usize> {
    (0..DIGITS - 1).step_by(LANES).map(|place| place.min(DIGITS - 1 - LANES))
}

/// Returns eight rows from this place on.
fn neighbours(window: &Window, place: usize) -> Option<[&Row; LANES]> {
    let rows: &[Row; LANES] = window.get(place..)?.first_chunk()?;
    Some(rows.each_ref())
}

/// Returns the lanes in which a stored point is the sum of two others.
///
/// With the k = d·x·y·x'·y' of both, the law (x + x' in the numerators, 1 + k and 1 - k below)
/// says that y + x of the sum is the product of their y + x, and k times its y - x; and the same
/// with y - x.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn are_sums(sum: &Stored, one: &Stored, other: &Summand) -> u8 {
    let k = one.product.times(&other.half_xy); // 1.01
    let y_plus_x = one.sum.times(&other.sum).plus(&k.times(&sum.difference)); // 1.01, then 1.01, then 2.02
    let y_minus_x = one.difference.times(&other.difference).plus(&k.times(&sum.sum)); // 2.02
    let twice_y = sum.sum.plus(&sum.difference); // 2.00
    let twice_x = sum.sum.minus_canonical(&sum.difference); // 2.00
    let product = twice_x.times(&twice_y).times(&Field::splat(&HALF_D)); // 1.01
    same(&y_plus_x, &sum.sum) & same(&y_minus_x, &sum.difference) & same(&product, &sum.product)
}

/// Returns the lanes in which a number below 3p is another one modulo p, which is below p.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn same(one: &Field, other: &Field) -> u8 {
    one.minus_canonical(other).is_zero() // 3.02
}
