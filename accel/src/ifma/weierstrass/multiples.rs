//! The first multiples of eight points, a point in each lane.
//!
//! A key that is seen once pays for no [`Table`](crate::weierstrass::Table). Its few
//! multiples are computed in lanes instead, beside those of seven other keys, and are
//! doubled on the way: u2·Q is summed from the highest window on.

use super::choice::{WORDS, moves};
use super::curves::Lanes;
use super::field::{Field, InLanes};
use super::point::Point;
use crate::field::Residue;
use crate::ifma::radix52::{self, LIMB_BITS};
use crate::simd::moves::{stored, transposed};
use crate::simd::x512::{V, load, store, zero};
use crate::weierstrass::Row;

/// The number of multiples: one for each digit in base 16, without 0 and signs.
pub(super) const MULTIPLES: usize = 8;

/// The affine multiples 1·Q to 8·Q of each lane's point, as in the rows of a
/// [`Table`](crate::weierstrass::Table).
pub(super) struct Multiples<const W: usize>([[Row<W>; MULTIPLES]; 8]);

/// The coordinates of eight points: of each word, all lanes.
pub(super) type Points<const W: usize> = [[[u64; 8]; W]; 2];

/// Multiples that are not affine yet, and the products of their Z up to each.
pub(super) struct Raw<C, const N: usize> {
    points: [Point<C, N>; MULTIPLES - 1],
    before: [Field<C, N>; MULTIPLES - 1],
    x: Field<C, N>,
    y: Field<C, N>,
}

impl<const W: usize> Multiples<W> {
    pub(super) const NONE: Self = Self([[Row { coordinates: [[0; W]; 2] }; MULTIPLES]; 8]);

    /// Returns the row of a lane and of a digit's absolute value, which is 1 to 8.
    #[inline(always)]
    pub(super) fn row(&self, lane: usize, digit: usize) -> Option<&Row<W>> {
        self.0.get(lane)?.get(digit.wrapping_sub(1))
    }
}

impl<C: InLanes<N>, const N: usize> Raw<C, N> {
    /// Computes the multiples of points with coordinates below p. `all` takes on the
    /// product of their Z.
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn new(x: Field<C, N>, y: Field<C, N>, all: &mut Field<C, N>) -> Self {
        let first = Point::affine(x, y);
        let (mut points, mut before) = ([first; MULTIPLES - 1], [*all; MULTIPLES - 1]);
        let mut last = first;
        for (place, (point, before)) in points.iter_mut().zip(&mut before).enumerate() {
            // The incomplete addition cannot add equal points.
            last = if place == 0 { last.doubled() } else { last.plus(&x, &y, 0) };
            (*point, *before) = (last, *all);
            *all = all.times(&last.z);
        }
        Self { points, before, x, y }
    }

    /// Makes the multiples affine; `inverse` is that of the product of all Z up to these,
    /// and then of those before them.
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
    fn affine<const W: usize>(&self, inverse: &mut Field<C, N>, multiples: &mut Multiples<W>) {
        keep(&self.x, &self.y, 0, multiples);
        for (place, (point, before)) in self.points.iter().zip(&self.before).enumerate().rev() {
            let own = inverse.times(before);
            *inverse = inverse.times(&point.z);
            let square = own.squared();
            let (x, y) = (point.x.times(&square), point.y.times(&square.times(&own)));
            keep(&x.canonical(), &y.canonical(), place.wrapping_add(1), multiples);
        }
    }
}

/// Writes the row of each lane.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn keep<C: InLanes<N>, const W: usize, const N: usize>(
    x: &Field<C, N>,
    y: &Field<C, N>,
    place: usize,
    multiples: &mut Multiples<W>,
) {
    for (lane, row) in multiples.0.iter_mut().zip(rows(x, y)) {
        lane[place] = row;
    }
}

/// Returns the row of each lane.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
pub(super) fn rows<C: InLanes<N>, const W: usize, const N: usize>(
    x: &Field<C, N>,
    y: &Field<C, N>,
) -> [Row<W>; 8] {
    let mut rows = [Row { coordinates: [[0; W]; 2] }; 8];
    let words: [[V; W]; 2] = [radix52::join(&x.0), radix52::join(&y.0)];
    for first in moves::<W>() {
        let mut part = [zero(); WORDS];
        part.copy_from_slice(&words.as_flattened()[first..first + WORDS]);
        for (row, part) in rows.iter_mut().zip(transposed(part)) {
            if let Some(words) = row.coordinates.as_flattened_mut()[first..].first_chunk_mut::<WORDS>() {
                store(words, part);
            }
        }
    }
    rows
}

/// Computes the multiples of points, eight in each group, whose coordinates are in the
/// Montgomery form of the lanes. Returns the lanes in which they are right; it is none
/// if a point is of small order, which cannot happen on this curve.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn multiples<C: Lanes<W, N>, const W: usize, const N: usize>(
    groups: &[Points<W>],
    raw: &mut Vec<Raw<C, N>>,
    found: &mut [Multiples<W>],
) -> u8 {
    let one = Field::<C, N>::splat(&C::ONE);
    let mut all = one;
    raw.clear();
    for group in groups {
        let [x, y] = group
            .each_ref()
            .map(|number| Field::of(radix52::split(number.each_ref().map(|limb| load(limb)))));
        raw.push(Raw::new(x, y, &mut all));
    }
    let Some(mut inverse) = inverse(&all) else { return 0 };
    let proved = radix52::equal(&all.times(&inverse).canonical().0, &C::ONE);
    for (raw, found) in raw.iter().zip(found).rev() {
        raw.affine(&mut inverse, found);
    }
    proved
}

/// Inverts the number of each lane, with one inversion for all: that of their product,
/// which is multiplied in each lane by the other seven.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn inverse<C: Lanes<W, N>, const W: usize, const N: usize>(
    numbers: &Field<C, N>,
) -> Option<Field<C, N>> {
    let beside = Field::of(radix52::exchange(&numbers.0, 1));
    let pairs = numbers.times(&beside);
    let other_pairs = Field::of(radix52::exchange(&pairs.0, 2));
    let fours = pairs.times(&other_pairs);
    let other_fours = Field::of(radix52::exchange(&fours.0, 4));
    let all = fours.times(&other_fours).canonical().0.map(|limb| stored(limb));
    let all = Residue::<C::Base, W>::reduced(&radix52::join_number(radix52::lane(&all, 0)));
    // The inverse of a·R lacks two factors of R.
    let inverse = all.inverse()?.times(&Residue::power_of_two(2 * LIMB_BITS * N)).number();
    let inverse = Field::splat(&radix52::split_number(inverse));
    Some(inverse.times(&other_fours).times(&other_pairs).times(&beside))
}
