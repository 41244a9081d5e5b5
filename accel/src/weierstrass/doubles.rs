//! Points that are doubled again and again, with a single inversion.
//!
//! Only the rows of tables come of them, and every row is checked as it is stored.

use super::curves::Curve;
use super::point::{Affine, Jacobian, coefficient_a};
use crate::field::invert_each;

impl<C: Curve<N>, const N: usize> Jacobian<C, N> {
    fn doubled(&self) -> Self {
        let y2 = self.y.squared();
        let v = self.x.times(&y2).doubled().doubled();
        let x2 = self.x.squared();
        let z4 = self.z.squared().squared();
        let m = x2.doubled().plus(&x2).plus(&coefficient_a::<C, N>().times(&z4));
        let x = m.squared().minus(&v.doubled());
        let eight_y4 = y2.doubled().squared().doubled();
        let y = m.times(&v.minus(&x)).minus(&eight_y4);
        Self { x, y, z: self.y.times(&self.z).doubled() }
    }
}

/// Returns `count` points, each of which is the one before it, and the first `point`, doubled
/// `doublings` times. `None` if one of them is infinity.
pub(crate) fn doubles<C: Curve<N>, const N: usize>(
    point: &Affine<C, N>,
    doublings: usize,
    count: usize,
) -> Option<Vec<Affine<C, N>>> {
    let mut last = Jacobian::new(point);
    let points = std::iter::repeat_with(|| {
        for _ in 0..doublings {
            last = last.doubled();
        }
        last
    });
    let points: Vec<_> = points.take(count).collect();
    let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
    let mut room = inverses.clone();
    if !invert_each(&mut inverses, &mut room) {
        return None;
    }
    let affine = points.iter().zip(&inverses).map(|(point, inverse)| {
        let square = inverse.squared();
        Affine { x: point.x.times(&square), y: point.y.times(&square).times(inverse) }
    });
    Some(affine.collect())
}
