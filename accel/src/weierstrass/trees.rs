//! Sums of points that share their inversions.
//!
//! With the inverse of the difference of both x, an addition of affine points takes three
//! products, and with one inversion for many of them, the share in it takes three more
//! (Montgomery's trick), instead of the eleven products of a [`Jacobian`](super::point::Jacobian)
//! addition. So the points of each sum are added in
//! pairs, then what came of them, and so on, and all pairs of all sums share an inversion.
//!
//! Two points with the same x, which are equal or opposite, have no such inverse. Their sum is
//! given up, and 1 takes the place of the difference: what its neighbours get is right, and
//! costs them nothing.

use super::curves::Curve;
use super::point::Affine;
use crate::field::{Residue, invert_each};

/// Points, as many sums as there are.
pub(super) struct Trees<C: Curve<N>, const N: usize> {
    /// The points of each sum, one after the other.
    points: Vec<Affine<C, N>>,
    sums: Vec<Sum>,
    runs: Vec<Residue<C::Base, N>>,
    room: Vec<Residue<C::Base, N>>,
}

/// The place of a sum's points.
struct Sum {
    first: usize,
    count: usize,
    /// Two points of it had the same x.
    is_given_up: bool,
}

impl<C: Curve<N>, const N: usize> Trees<C, N> {
    /// Makes room for so many points.
    pub(super) fn new(points: usize) -> Self {
        let runs = points.div_ceil(2);
        Self {
            points: Vec::with_capacity(points),
            sums: Vec::new(),
            runs: Vec::with_capacity(runs),
            room: Vec::with_capacity(runs),
        }
    }

    /// Begins the next sum, which is that of the points to come; without one it has no result.
    pub(super) fn begin(&mut self) {
        self.sums.push(Sum { first: self.points.len(), count: 0, is_given_up: false });
    }

    /// Adds a point to the last sum.
    pub(super) fn add(&mut self, point: Affine<C, N>) {
        if let Some(sum) = self.sums.last_mut() {
            sum.count = sum.count.saturating_add(1);
            self.points.push(point);
        }
    }

    /// Returns each sum in turn; `None` if it was given up, or if it has no points.
    pub(super) fn results(mut self) -> impl Iterator<Item = Option<Affine<C, N>>> {
        while self.sums.iter().any(|sum| sum.count > 1) {
            if !self.add_pairs() {
                self.sums.iter_mut().for_each(|sum| sum.is_given_up = true);
                break;
            }
        }
        let Self { points, sums, .. } = self;
        sums.into_iter().map(move |sum| {
            if sum.is_given_up || sum.count == 0 { None } else { points.get(sum.first).copied() }
        })
    }

    /// Replaces every pair of points by its sum; returns `false` if there is no inverse, which
    /// cannot happen.
    fn add_pairs(&mut self) -> bool {
        let Self { points, sums, runs, room } = self;
        runs.clear();
        for sum in &mut *sums {
            for [one, other] in sum.points(points).as_chunks::<2>().0 {
                let run = one.chord(other).run;
                sum.is_given_up |= run.is_zero();
                runs.push(if run.is_zero() { Residue::ONE } else { run });
            }
        }
        room.clear();
        room.extend_from_slice(runs);
        if !invert_each(runs, room) {
            return false;
        }
        let mut inverses = runs.iter();
        for sum in sums {
            let points = sum.points(points);
            sum.count = points.len().div_ceil(2);
            for place in 0..sum.count {
                let first = place.wrapping_mul(2);
                let (one, other) = (points.get(first).copied(), points.get(first.wrapping_add(1)).copied());
                let added = match (one, other) {
                    (Some(one), Some(other)) => {
                        let Some(inverse) = inverses.next() else { return false };
                        Some(one.plus_along(&other, &one.chord(&other).rise.times(inverse)))
                    }
                    // The last of an odd number.
                    _ => one,
                };
                if let (Some(place), Some(added)) = (points.get_mut(place), added) {
                    *place = added;
                }
            }
        }
        true
    }
}

impl Sum {
    fn points<'p, P>(&self, points: &'p mut [P]) -> &'p mut [P] {
        points.get_mut(self.first..).and_then(|points| points.get_mut(..self.count)).unwrap_or_default()
    }
}
