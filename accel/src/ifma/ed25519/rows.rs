//! The sums of rows.

use super::choice::Choice;
use super::point::Point;
use super::ready::{Ready, WINDOWS};
use crate::edwards::Table;
use crate::field::halves;

/// Returns the digit of a signature's scalar, of s or k by its `half`, in a window.
#[inline(always)]
pub(super) fn digit(ready: &Ready, half: usize, window: usize) -> i16 {
    ready.digits.get(half).and_then(|digits| digits.get(window)).copied().unwrap_or(0)
}

/// Adds the rows of a table with all windows: each lane's, for its signature's digits.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn add_windows<'t>(
    mut sum: Point,
    ready: &[&Ready; 8],
    half: usize,
    table: impl Fn(usize) -> Option<&'t Table>,
) -> Option<Point> {
    let choice = |window: usize| {
        Choice::new(|lane| {
            let digit = digit(ready.get(lane)?, half, window);
            let row = table(lane)?.row(window, usize::from(digit.unsigned_abs()))?;
            Some(([row.first(), row.last()], digit))
        })
    };
    let mut next = choice(0)?;
    for window in 1..WINDOWS {
        let current = std::mem::replace(&mut next, choice(window)?);
        next.prefetch();
        sum = sum.plus(&current.addend());
    }
    Some(sum.plus(&next.addend()))
}

/// Adds k·(-A) from the rows of places that are `stride` digits in base 16 apart, in as many
/// passes: the sum of the highest digit of each place is doubled four times, and so on. `rows`
/// returns both rows of a lane, a place and a digit's absolute value, which is at most 8.
///
/// In each pass, the lanes take `places` places in turn, those that `place` returns.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn add_places<'t>(
    mut sum: Point,
    ready: &[&Ready; 8],
    (stride, places): (usize, usize),
    place: impl Fn(usize, usize) -> usize,
    rows: impl Fn(usize, usize, usize) -> Option<[&'t [u64; 8]; 2]>,
) -> Option<Point> {
    let choice = |pass: usize, turn: usize| {
        Choice::new(|lane| {
            let place = place(lane, turn);
            let at = place.wrapping_mul(stride).wrapping_add(pass);
            let digit = halves(digit(ready.get(lane)?, 1, at / 2))[at % 2];
            Some((rows(lane, place, usize::from(digit.unsigned_abs()))?, digit))
        })
    };
    let mut next = choice(stride.wrapping_sub(1), 0)?;
    for pass in (0..stride).rev() {
        for turn in 0..places {
            let (later, first) = match turn.wrapping_add(1) {
                end if end == places => (pass.saturating_sub(1), 0),
                turn => (pass, turn),
            };
            let current = std::mem::replace(&mut next, choice(later, first)?);
            next.prefetch();
            if turn == 0 && pass.wrapping_add(1) != stride {
                let twice = sum.projective().doubled().projective();
                let eightfold = twice.doubled().projective().doubled().projective();
                sum = eightfold.doubled().point();
            }
            sum = sum.plus(&current.addend());
        }
    }
    Some(sum)
}
