//! Points in coordinates that need no division for an addition.

use super::affine::Affine;
use super::number::{Number, d};

/// The point (X/Z, Y/Z), with T = XY/Z; Z is never 0.
#[derive(Clone, Copy)]
pub(super) struct Extended {
    pub(super) x: Number,
    pub(super) y: Number,
    pub(super) z: Number,
    t: Number,
}

impl Extended {
    pub(super) fn new(point: &Affine) -> Self {
        Self { x: point.x, y: point.y, z: Number::ONE, t: point.x.times(&point.y) }
    }

    /// Adds any point of the curve (Hisil and others, "Twisted Edwards curves
    /// revisited", §3.1).
    pub(super) fn plus(&self, other: &Niels) -> Self {
        let a = self.y.minus(&self.x).times(&other.difference);
        let b = self.y.plus(&self.x).times(&other.sum);
        let c = self.t.times(&other.product);
        let d = self.z.doubled();
        let (e, f, g, h) = (b.minus(&a), d.minus(&c), d.plus(&c), b.plus(&a));
        Self { x: e.times(&f), y: g.times(&h), z: f.times(&g), t: e.times(&h) }
    }
}

/// A point in the form that an addition needs: y + x, y - x and 2dxy.
pub(super) struct Niels {
    pub(super) sum: Number,
    pub(super) difference: Number,
    pub(super) product: Number,
}

impl Niels {
    pub(super) fn new(point: &Affine) -> Self {
        Self {
            sum: point.y.plus(&point.x),
            difference: point.y.minus(&point.x),
            product: d().doubled().times(&point.x).times(&point.y),
        }
    }
}
