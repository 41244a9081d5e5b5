//! The sums of rows.

use super::choice::{Choice, row_of};
use super::curves::Lanes;
use super::point::Sum;
use super::ready::Ready;
use crate::field::halves;
use crate::weierstrass::{Row, Table};

/// Returns the digit of a signature's scalar, of u1 or u2 by its `half`, in a window.
#[inline(always)]
pub(super) fn digit<const W: usize>(ready: &Ready<W>, half: usize, window: usize) -> i16 {
    ready.digits.get(half).and_then(|digits| digits.as_flattened().get(window)).copied().unwrap_or(0)
}

/// Adds the rows of a table with all windows: each lane's, for its signature's digits.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn add_windows<'t, C: Lanes<W, N>, const W: usize, const N: usize>(
    sum: &mut Sum<C, N>,
    ready: &[&Ready<W>; 8],
    half: usize,
    table: impl Fn(usize) -> Option<&'t Table<W>>,
) -> Option<()> {
    let choice = |window: usize| {
        Choice::new(|lane| {
            let digit = digit(ready.get(lane)?, half, window);
            Some((row_of(table(lane)?, window, digit)?, digit))
        })
    };
    // Rows are selected and prefetched one window ahead: the tables do not fit into
    // the first-level cache, and the additions hide the latency.
    let mut next = choice(0)?;
    for window in 1..Table::<W>::WINDOWS {
        let current = std::mem::replace(&mut next, choice(window)?);
        next.prefetch();
        current.add_to(sum);
    }
    next.add_to(sum);
    Some(())
}

/// Adds u2·Q from the rows of places that are `stride` digits in base 16 apart, in as many
/// passes: the sum of the highest digit of each place is doubled four times, and so on. `row`
/// returns the row of a lane, a place and a digit's absolute value, which is 1 to 8.
///
/// In each pass, the lanes take `places` places in turn, those that `place` returns.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
pub(super) fn add_places<'t, C: Lanes<W, N>, const W: usize, const N: usize>(
    sum: &mut Sum<C, N>,
    ready: &[&Ready<W>; 8],
    (stride, places): (usize, usize),
    place: impl Fn(usize, usize) -> usize,
    row: impl Fn(usize, usize, usize) -> Option<&'t Row<W>>,
) -> Option<()> {
    let choice = |pass: usize, turn: usize| {
        Choice::new(|lane| {
            let place = place(lane, turn);
            let at = place.wrapping_mul(stride).wrapping_add(pass);
            let digit = halves(digit(ready.get(lane)?, 1, at / 2))[at % 2];
            Some((row(lane, place, usize::from(digit.unsigned_abs().max(1)))?, digit))
        })
    };
    let mut next = choice(stride.wrapping_sub(1), 0)?;
    for pass in (0..stride).rev() {
        for turn in 0..places {
            // As above, the next rows are on their way during the addition.
            let (later, first) = match turn.wrapping_add(1) {
                end if end == places => (pass.saturating_sub(1), 0),
                turn => (pass, turn),
            };
            let current = std::mem::replace(&mut next, choice(later, first)?);
            next.prefetch();
            if turn == 0 && pass.wrapping_add(1) != stride {
                for _ in 0..4 {
                    sum.double();
                }
            }
            current.add_to(sum);
        }
    }
    Some(())
}
