//! Points, and their incomplete addition.

use super::curves::Curve;
use crate::field::{Residue, from_big_endian, number_bytes};

/// A finite point.
pub(crate) struct Affine<C: Curve<N>, const N: usize> {
    pub(crate) x: Residue<C::Base, N>,
    pub(crate) y: Residue<C::Base, N>,
}

impl<C: Curve<N>, const N: usize> Clone for Affine<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Curve<N>, const N: usize> Copy for Affine<C, N> {}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    /// Makes a point from coordinates below the modulus, if it is on the curve.
    pub(crate) fn new(x: &[u64; N], y: &[u64; N]) -> Option<Self> {
        let point = Self { x: Residue::new(x)?, y: Residue::new(y)? };
        point.is_on_curve().then_some(point)
    }

    /// Reads an uncompressed point of SEC 1 §2.3.3.
    pub(crate) fn from_sec1(bytes: &[u8]) -> Option<Self> {
        let (x, y) = bytes.strip_prefix(&[4])?.split_at_checked(number_bytes(N))?;
        if y.len() != x.len() {
            return None;
        }
        Self::new(&from_big_endian(x)?, &from_big_endian(y)?)
    }

    pub(crate) fn generator() -> Self {
        let [x, y] = C::GENERATOR;
        Self { x: Residue::reduced(&x), y: Residue::reduced(&y) }
    }

    pub(super) fn is_on_curve(&self) -> bool {
        let square = self.x.squared().plus(&coefficient_a::<C, N>());
        self.y.squared() == square.times(&self.x).plus(&Residue::reduced(&C::B))
    }

    pub(super) fn negated(&self) -> Self {
        Self { x: self.x, y: self.y.negated() }
    }

    /// Returns the slope of the line through two points.
    pub(super) fn chord(&self, other: &Self) -> Slope<C, N> {
        Slope { rise: other.y.minus(&self.y), run: other.x.minus(&self.x) }
    }

    /// Returns the slope of the curve at this point.
    pub(super) fn tangent(&self) -> Slope<C, N> {
        let x2 = self.x.squared();
        Slope { rise: x2.doubled().plus(&x2).plus(&coefficient_a::<C, N>()), run: self.y.doubled() }
    }

    /// Adds a point, with the slope of the line through both: it meets the curve in a
    /// third point, whose opposite is the sum.
    pub(super) fn plus_along(&self, other: &Self, slope: &Residue<C::Base, N>) -> Self {
        let x = slope.squared().minus(&self.x).minus(&other.x);
        Self { x, y: slope.times(&self.x.minus(&x)).minus(&self.y) }
    }

    /// Tells whether this is the sum of two points with different x; the coordinates of
    /// all three are times `scale`, which is not 0.
    ///
    /// These are the equations of [`plus_along`](Self::plus_along), without the division
    /// in the slope.
    pub(super) fn is_sum_of(&self, one: &Self, other: &Self, scale: &Residue<C::Base, N>) -> bool {
        let Slope { rise, run } = one.chord(other);
        let xs = self.x.plus(&one.x).plus(&other.x);
        !run.is_zero()
            && xs.times(&run.squared()) == scale.times(&rise.squared())
            && self.y.plus(&one.y).times(&run) == rise.times(&one.x.minus(&self.x))
    }

    /// Tells whether this is twice the point `one`; the coordinates of both are times
    /// `scale`, which is not 0.
    pub(super) fn is_double_of(&self, one: &Self, scale: &Residue<C::Base, N>) -> bool {
        // The slope is that of the tangent at the point itself, times the scale.
        let x2 = one.x.squared();
        let rise = x2.doubled().plus(&x2).plus(&coefficient_a::<C, N>().times(&scale.squared()));
        let run = one.y.doubled();
        let xs = self.x.plus(&one.x.doubled());
        !run.is_zero()
            && xs.times(&run.squared()).times(scale) == rise.squared()
            && self.y.plus(&one.y).times(&run).times(scale) == rise.times(&one.x.minus(&self.x))
    }
}

/// The slope of a line, rise/run.
pub(super) struct Slope<C: Curve<N>, const N: usize> {
    pub(super) rise: Residue<C::Base, N>,
    pub(super) run: Residue<C::Base, N>,
}

pub(super) fn coefficient_a<C: Curve<N>, const N: usize>() -> Residue<C::Base, N> {
    let one = Residue::ONE;
    let minus_three = one.doubled().plus(&one).negated();
    if C::A == 0 { Residue::ZERO } else { minus_three }
}

/// The point (X/Z², Y/Z³), or infinity if Z is 0.
pub(super) struct Jacobian<C: Curve<N>, const N: usize> {
    pub(super) x: Residue<C::Base, N>,
    pub(super) y: Residue<C::Base, N>,
    pub(super) z: Residue<C::Base, N>,
}

impl<C: Curve<N>, const N: usize> Clone for Jacobian<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Curve<N>, const N: usize> Copy for Jacobian<C, N> {}

impl<C: Curve<N>, const N: usize> Jacobian<C, N> {
    pub(super) fn new(point: &Affine<C, N>) -> Self {
        Self { x: point.x, y: point.y, z: Residue::ONE }
    }

    /// Adds a finite point that is neither this one nor its opposite.
    ///
    /// If it were one of them, H would be 0, and if this point were infinity, Z would
    /// be 0. The Z of the result is Z·H, so it is 0 in exactly these cases.
    #[inline]
    pub(super) fn plus(&self, other: &Affine<C, N>) -> Self {
        let z2 = self.z.squared();
        let z3 = self.z.times(&z2);
        let h = other.x.times(&z2).minus(&self.x);
        let r = other.y.times(&z3).minus(&self.y);
        let h2 = h.squared();
        let h3 = h2.times(&h);
        let v = self.x.times(&h2);
        let x = r.squared().minus(&h3).minus(&v.doubled());
        let y = r.times(&v.minus(&x)).minus(&self.y.times(&h3));
        Self { x, y, z: self.z.times(&h) }
    }
}
