//! Points, and their incomplete addition.

use super::curves::Curve;
use crate::field::{Residue, from_big_endian};

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
        let (x, y) = bytes.strip_prefix(&[4])?.split_at_checked(N.checked_mul(8)?)?;
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
}

fn coefficient_a<C: Curve<N>, const N: usize>() -> Residue<C::Base, N> {
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

    /// Doubles the point. No point has order 2, because the order of the curve is odd.
    pub(super) fn doubled(&self) -> Self {
        let y2 = self.y.squared();
        let s = self.x.times(&y2).doubled().doubled();
        let x2 = self.x.squared();
        let z4 = self.z.squared().squared();
        let m = x2.doubled().plus(&x2).plus(&coefficient_a::<C, N>().times(&z4));
        let x = m.squared().minus(&s.doubled());
        let y4 = y2.squared().doubled().doubled().doubled();
        let y = m.times(&s.minus(&x)).minus(&y4);
        Self { x, y, z: self.y.times(&self.z).doubled() }
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
