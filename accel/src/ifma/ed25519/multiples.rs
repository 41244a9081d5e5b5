//! The first multiples of eight points, a point in each lane.

use super::field::Field;
use super::point::{Addend, Point};
use super::verify::inverse;
use crate::ifma::radix52;
use crate::simd::moves::transposed;
use crate::simd::x512::{store, zero};

/// The number of multiples: one for each digit in base 16, without 0 and signs.
const MULTIPLES: usize = 8;

/// The multiples 1·A to 8·A of each lane's point: y + x and y - x in one row, and 2dxy in
/// the second half of another, as in a row of a table.
pub(super) struct Multiples([[[[u64; 8]; 2]; MULTIPLES]; 8]);

/// The rows of the neutral point.
const IDENTITY: [[u64; 8]; 2] = [[1, 0, 0, 0, 1, 0, 0, 0], [0; 8]];

/// Multiples that are not affine yet, and the products of their Z up to each.
struct Raw {
    points: [Point; MULTIPLES - 1],
    before: [Field; MULTIPLES - 1],
    /// The product of all.
    all: Field,
}

impl Multiples {
    /// Computes the multiples of points with coordinates below p. Returns `None` if a number
    /// has no inverse, which cannot happen, and the lanes in which the inverse was right.
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
    pub(super) fn new(x: &Field, y: &Field) -> Option<(Self, u8)> {
        let mut multiples = Self([[[[0; 8]; 2]; MULTIPLES]; 8]);
        multiples.keep(0, &Addend::affine(x, y));
        let raw = Raw::new(x, y);
        let mut inverse = inverse(&raw.all)?;
        let proved = radix52::equal(&raw.all.times(&inverse).canonical().0, &[1, 0, 0, 0, 0]);
        for (place, (point, before)) in raw.points.iter().zip(&raw.before).enumerate().rev() {
            let own = inverse.times(before);
            inverse = inverse.times(&point.z);
            let (x, y) = (point.x.times(&own).canonical(), point.y.times(&own).canonical());
            multiples.keep(place.wrapping_add(1), &Addend::affine(&x, &y));
        }
        Some((multiples, proved))
    }

    /// Writes the rows of each lane.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn keep(&mut self, place: usize, addend: &Addend) {
        let Addend { sum, difference, product, .. } = addend;
        let ([a, b, c, d], [e, f, g, h]) = (radix52::join(&sum.0), radix52::join(&difference.0));
        let [i, j, k, l] = radix52::join(&product.0);
        let (first, last) =
            (transposed([a, b, c, d, e, f, g, h]), transposed([zero(), zero(), zero(), zero(), i, j, k, l]));
        for (lane, rows) in self.0.iter_mut().zip(first.into_iter().zip(last)) {
            if let Some([first, last]) = lane.get_mut(place) {
                store(first, rows.0);
                store(last, rows.1);
            }
        }
    }

    /// Returns the rows of a lane and of a digit's absolute value, which is at most 8.
    #[inline(always)]
    pub(super) fn rows(&self, lane: usize, digit: usize) -> Option<&[[u64; 8]; 2]> {
        match digit.checked_sub(1) {
            None => Some(&IDENTITY),
            Some(place) => self.0.get(lane)?.get(place),
        }
    }
}

impl Raw {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn new(x: &Field, y: &Field) -> Self {
        let (first, addend) = (Point::affine(*x, *y), Addend::affine(x, y));
        let one = Field::splat(&[1, 0, 0, 0, 0]);
        let (mut points, mut before, mut all) = ([first; MULTIPLES - 1], [one; MULTIPLES - 1], one);
        let mut last = first;
        for (point, before) in points.iter_mut().zip(&mut before) {
            last = last.plus(&addend);
            (*point, *before) = (last, all);
            all = all.times(&last.z);
        }
        Self { points, before, all }
    }
}
