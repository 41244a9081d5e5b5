//! Points in coordinates that need no division for an addition.

use super::affine::Affine;
use super::number::{Arithmetic, Number, d};

/// The point (X/Z, Y/Z), with T = XY/Z; Z is never 0.
#[derive(Clone, Copy)]
pub(super) struct Extended<F = Number> {
    pub(super) x: F,
    pub(super) y: F,
    pub(super) z: F,
    pub(super) t: F,
}

impl<F: Arithmetic> Extended<F> {
    /// Returns the neutral point.
    pub(super) fn neutral() -> Self {
        Self { x: F::ZERO, y: F::ONE, z: F::ONE, t: F::ZERO }
    }

    /// Adds any point of the curve (Hisil and others, "Twisted Edwards curves
    /// revisited", §3.1).
    #[inline(always)]
    pub(super) fn plus(&self, other: &Niels<F>) -> Self {
        let a = self.y.minus(&self.x).times(&other.difference);
        let b = self.y.plus(&self.x).times(&other.sum);
        let c = self.t.times(&other.product);
        let d = self.z.plus(&self.z);
        let (e, f, g, h) = (b.minus(&a), d.minus(&c), d.plus(&c), b.plus(&a));
        Self { x: e.times(&f), y: g.times(&h), z: f.times(&g), t: e.times(&h) }
    }
}

impl Extended {
    pub(super) fn new(point: &Affine) -> Self {
        Self { x: point.x, y: point.y, z: Number::ONE, t: point.x.times(&point.y) }
    }

    /// Doubles the point (the same, §3.3).
    pub(super) fn doubled(&self) -> Self {
        let (a, b) = (self.x.squared(), self.y.squared());
        let e = self.x.plus(&self.y).squared().minus(&a).minus(&b);
        let (g, h) = (b.minus(&a), a.plus(&b).negated());
        let f = g.minus(&self.z.squared().doubled());
        Self { x: e.times(&f), y: g.times(&h), z: f.times(&g), t: e.times(&h) }
    }

    /// Returns the coordinates; `inverse` is 1/Z.
    pub(super) fn affine(&self, inverse: &Number) -> Affine {
        Affine { x: self.x.times(inverse), y: self.y.times(inverse) }
    }
}

/// A point in the form that an addition needs: y + x, y - x and 2dxy.
#[derive(Clone, Copy)]
pub(super) struct Niels<F = Number> {
    pub(super) sum: F,
    pub(super) difference: F,
    pub(super) product: F,
}

impl<F: Arithmetic> Niels<F> {
    /// Returns the opposite point if it is wanted, or the point itself.
    #[inline(always)]
    pub(super) fn turned(self, is_turned: bool) -> Self {
        let Self { sum, difference, product } = self;
        if is_turned {
            Self { sum: difference, difference: sum, product: F::ZERO.minus(&product) }
        } else {
            self
        }
    }
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

/// What the numbers of stored points are multiplied by: 1/R. The Montgomery form of a
/// number times 1/R has the limbs of the number itself, and these the lanes read.
pub(crate) struct Scale {
    pub(super) scale: Number,
    /// 1/scale
    pub(super) inverse: Number,
    /// 2d/scale
    pub(super) twice_d: Number,
    /// 1/8
    pub(super) eighth: Number,
}

impl Scale {
    pub(crate) fn new() -> Self {
        // R is 2^256.
        let scale = Number::from_montgomery([1, 0, 0, 0]);
        let inverse = Number::power_of_two(256);
        Self {
            scale,
            inverse,
            twice_d: d().doubled().times(&inverse),
            eighth: Number::power_of_two(256 - 3).times(&scale),
        }
    }

    /// Makes the stored form of a point from its coordinates, both times the scale.
    pub(super) fn stored(&self, x: &Number, y: &Number) -> Niels {
        Niels { sum: y.plus(x), difference: y.minus(x), product: self.twice_d.times(x).times(y) }
    }

    /// Prepares what `Stored::is_sum` adds.
    pub(super) fn summand(&self, point: &Niels) -> Summand {
        let (sum, difference) = (point.sum.times(&self.inverse), point.difference.times(&self.inverse));
        let xy4 = sum.plus(&difference).times(&sum.minus(&difference));
        Summand { half_xy: xy4.times(&self.eighth).times(&self.inverse), sum, difference }
    }

    /// Tells whether a stored point is the sum of two others.
    ///
    /// With the k = d·x·y·x'·y' of both, the law (x + x' in the numerators, 1 + k and
    /// 1 - k below) says that of the sum y + x, less k times y - x, is the product of
    /// their y + x, and the same with y - x.
    pub(super) fn is_sum(&self, sum: &Niels, one: &Niels, other: &Summand) -> bool {
        let k = one.product.times(&other.half_xy);
        let (x2, y2) = (sum.sum.minus(&sum.difference), sum.sum.plus(&sum.difference));
        sum.sum.minus(&sum.difference.times(&k)) == one.sum.times(&other.sum)
            && sum.difference.minus(&sum.sum.times(&k)) == one.difference.times(&other.difference)
            && self.twice_d.times(&x2).times(&y2) == sum.product.doubled().doubled()
    }
}

/// A point that is added to others: y + x, y - x and xy/2, the last divided by the scale.
pub(super) struct Summand {
    pub(super) sum: Number,
    pub(super) difference: Number,
    pub(super) half_xy: Number,
}
