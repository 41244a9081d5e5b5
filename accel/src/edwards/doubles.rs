//! Points that are doubled again and again, with a single inversion.
//!
//! Only the rows of tables come of them, and every row is checked as it is stored.

use super::affine::Affine;
use super::extended::Extended;
use crate::field::invert_each;

impl Affine {
    /// Returns x and y.
    pub(crate) fn coordinates(&self) -> [[u64; 4]; 2] {
        [self.x.number(), self.y.number()]
    }
}

/// Returns `count` points, each of which is the one before it, and the first `point`, doubled
/// `doublings` times. `None` if a Z has no inverse, which cannot happen.
pub(crate) fn doubles(point: &Affine, doublings: usize, count: usize) -> Option<Vec<Affine>> {
    let mut last = Extended::new(point);
    let points = std::iter::repeat_with(|| {
        for _ in 0..doublings {
            last = last.doubled();
        }
        last
    });
    let points: Vec<_> = points.take(count).collect();
    let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
    let mut room = inverses.clone();
    let is_done = invert_each(&mut inverses, &mut room);
    is_done.then(|| points.iter().zip(&inverses).map(|(point, inverse)| point.affine(inverse)).collect())
}
