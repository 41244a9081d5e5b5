//! Points of a curve in lanes, added incompletely.
//!
//! A [`Point`] holds X < 1.01 p, Y < 4.4 p and Z < 2.25 p in each lane; the additions
//! rely on these bounds and keep them. The numbers in their comments are bounds in
//! multiples of p, from the rule a·b/R < 1 + A·B/16 of [`Field`].

use super::field::{Field, InLanes};
use crate::ifma::radix52;

/// Eight points (X/Z², Y/Z³), or infinity in lanes where Z is 0 modulo p.
#[derive(Clone, Copy)]
pub(super) struct Point<C, const N: usize> {
    pub(super) x: Field<C, N>,
    pub(super) y: Field<C, N>,
    pub(super) z: Field<C, N>,
}

impl<C: InLanes<N>, const N: usize> Point<C, N> {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn bounded(self) -> Self {
        Self { x: self.x.bounded(101), y: self.y.bounded(440), z: self.z.bounded(225) }
    }

    /// Returns finite points with coordinates below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn affine(x: Field<C, N>, y: Field<C, N>) -> Self {
        Self { x, y, z: Field::splat(&C::ONE) }
    }

    /// Adds finite points with coordinates below p, negated in the lanes of
    /// `negative`.
    ///
    /// If the two are equal or opposite, or Z is 0, the Z of the result, Z·H, is 0
    /// modulo p; otherwise it is not, and the sum is right.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn plus(&self, x: &Field<C, N>, y: &Field<C, N>, negative: u8) -> Self {
        let z2 = self.z.squared(); // 1.32
        let u = x.times(&z2); // 1.09
        let z3 = self.z.times(&z2); // 1.19
        let s = y.times(&z3); // 1.08
        let h = u.minus(&self.x, &C::P2); // 0.99 to 3.09
        let r = self.y.opposite_with(&s, negative, &C::P6); // 0.52 to 7.08
        let h2 = h.squared(); // 1.60
        let z = self.z.times(&h); // 1.44
        let h3 = h2.times(&h); // 1.31
        let v = self.x.times(&h2); // 1.11
        // h3 + 2v: 3.53
        let x = r.squared().minus_and_twice(&h3, &v); // 1.01
        let w = v.minus(&x, &C::P2); // 0.99 to 3.11
        let a = r.times(&w); // 2.38
        let b = self.y.times(&h3); // 1.37
        let y = a.minus(&b, &C::P2); // 0.63 to 4.38
        Self { x, y, z }.bounded()
    }

    /// Adds other points of the same form. As with [`plus`](Self::plus), the Z of the
    /// result, Z·Z'·H, is 0 modulo p exactly if the sum is not right.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn plus_point(&self, other: &Self) -> Self {
        let z2 = self.z.squared(); // 1.32
        let other_z2 = other.z.squared(); // 1.32
        let u = self.x.times(&other_z2); // 1.09
        let other_u = other.x.times(&z2); // 1.09
        let z3 = z2.times(&self.z); // 1.19
        let other_z3 = other_z2.times(&other.z); // 1.19
        let s = self.y.times(&other_z3); // 1.33
        let other_s = other.y.times(&z3); // 1.33
        let h = other_u.minus(&u, &C::P2); // 0.91 to 3.09
        let r = other_s.minus(&s, &C::P2); // 0.67 to 3.33
        let h2 = h.squared(); // 1.60
        let h3 = h2.times(&h); // 1.31
        let v = u.times(&h2); // 1.11
        let z = self.z.times(&other.z).times(&h); // 1.32, then 1.26
        let x = r.squared().minus_and_twice(&h3, &v); // 1.01
        let w = v.minus(&x, &C::P2); // 0.99 to 3.11
        let a = r.times(&w); // 1.65
        let b = s.times(&h3); // 1.11
        let y = a.minus(&b, &C::P2); // 0.89 to 3.65
        Self { x, y, z }.bounded()
    }

    /// Doubles the points. No point has order 2, because the order of the curve is odd; so
    /// the Z of the result, 2·Y·Z, is 0 modulo p exactly if Z is.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn doubled(&self) -> Self {
        let twice_y = self.y.plus(&self.y); // 8.80
        let two_y2 = self.y.times(&twice_y); // 3.42
        let four_y2 = two_y2.plus(&two_y2); // 6.84
        let v = self.x.times(&four_y2); // 1.44
        let m = self.slope();
        let zero = Field::splat(&[0; N]);
        // 2v: 2.88
        let x = m.squared().minus_and_twice(&zero, &v); // 1.01
        let w = v.minus(&x, &C::P2); // 0.99 to 3.44
        let eight_y4 = four_y2.times(&two_y2); // 2.47
        let y = m.times(&w).minus_and_twice(&eight_y4, &zero); // 1.01
        let z = twice_y.times(&self.z); // 2.24
        Self { x, y, z }.bounded()
    }

    /// Returns 3·X² + a·Z⁴, the numerator of the tangent's slope.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn slope(&self) -> Field<C, N> {
        if C::A == 0 {
            let x2 = self.x.squared(); // 1.07
            return x2.plus(&x2.plus(&x2)); // 2.14, then 3.20
        }
        let z2 = self.z.squared(); // 1.32
        let less = self.x.minus(&z2, &C::P2); // 0.68 to 3.01
        let product = less.times(&self.x.plus(&z2)); // 2.33, then 1.44
        product.plus(&product.plus(&product)) // 2.88, then 4.32
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self {
            x: Field::choose(mask, &yes.x, &no.x),
            y: Field::choose(mask, &yes.y, &no.y),
            z: Field::choose(mask, &yes.z, &no.z),
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn exchanged(&self, distance: u8) -> Self {
        Self {
            x: Field::of(radix52::exchange(&self.x.0, distance)),
            y: Field::of(radix52::exchange(&self.y.0, distance)),
            z: Field::of(radix52::exchange(&self.z.0, distance)),
        }
    }
}

/// A sum of points in each lane.
#[derive(Clone, Copy)]
pub(super) struct Sum<C, const N: usize> {
    point: Point<C, N>,
    /// The lanes that have had a point; the others are empty sums.
    begun: u8,
}

impl<C: InLanes<N>, const N: usize> Sum<C, N> {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn new() -> Self {
        let one = Field::splat(&C::ONE);
        Self { point: Point { x: one, y: one, z: one }, begun: 0 }
    }

    /// Adds points to the lanes of `present`, negated in those of `negative`.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn add(&mut self, x: &Field<C, N>, y: &Field<C, N>, negative: u8, present: u8) {
        let sum = if self.begun == 0 { self.point } else { self.point.plus(x, y, negative) };
        if self.begun & present == u8::MAX {
            self.point = sum;
            return;
        }
        let opposite = Field::splat(&[0; N]).minus(y, &C::P);
        let first = Point::affine(*x, Field::choose(negative, &opposite, y));
        let added = Point::choose(self.begun, &sum, &first);
        self.point = Point::choose(present, &added, &self.point).bounded();
        self.begun |= present;
    }

    /// Doubles the sums.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn double(&mut self) {
        self.point = self.point.doubled();
    }

    /// Returns the points, and the lanes that have one.
    pub(super) fn points(&self) -> (Point<C, N>, u8) {
        (self.point, self.begun)
    }

    /// Adds up all lanes, to the same point in each; returns `None` if a lane is empty.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn across(&self) -> Option<Point<C, N>> {
        if self.begun != u8::MAX {
            return None;
        }
        let mut point = self.point;
        for distance in [4, 2, 1] {
            point = point.plus_point(&point.exchanged(distance));
        }
        Some(point)
    }
}
