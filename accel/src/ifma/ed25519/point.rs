//! Points of Ed25519 in lanes, added completely.
//!
//! X, Y, Z and T of a [`Point`] are products, or coordinates below p; so they are below
//! 1.01 p. The numbers in the comments are the bounds in multiples of p.

use super::field::Field;
use crate::ifma::radix52;

/// 2d of the curve.
const TWICE_D: [u64; 5] = radix52::split_number([
    0xebd6_9b94_26b2_f159,
    0x00e0_149a_8283_b156,
    0x198e_80f2_eef3_d130,
    0x2406_d9dc_56df_fce7,
]);

/// Eight points (X/Z, Y/Z).
#[derive(Clone, Copy)]
pub(super) struct Projective {
    x: Field,
    y: Field,
    z: Field,
}

/// The factors of eight points: X = EF, Y = GH, Z = FG and T = EH.
pub(super) struct Factors {
    e: Field,
    f: Field,
    g: Field,
    h: Field,
}

/// Eight points (X/Z, Y/Z) with T = XY/Z.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) x: Field,
    pub(super) y: Field,
    pub(super) z: Field,
    pub(super) t: Field,
}

/// Eight points to be added: y + x, y - x and 2dxy, each below 3.01 p.
pub(super) struct Addend {
    pub(super) sum: Field,
    pub(super) difference: Field,
    pub(super) product: Field,
    /// The lanes that add the opposite point.
    pub(super) negative: u8,
}

impl Point {
    /// Returns the neutral point, (0, 1).
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn identity() -> Self {
        let (zero, one) = (Field::splat(&[0; 5]), Field::splat(&[1, 0, 0, 0, 0]));
        Self { x: zero, y: one, z: one, t: zero }
    }

    /// Returns points by their coordinates, which are below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn affine(x: Field, y: Field) -> Self {
        Self { x, y, z: Field::splat(&[1, 0, 0, 0, 0]), t: x.times(&y) }
    }

    /// Leaves T away.
    #[inline]
    pub(super) fn projective(&self) -> Projective {
        Projective { x: self.x, y: self.y, z: self.z }
    }

    /// Adds any points of the curve. The opposite point has x, and with it xy, negated:
    /// y + x and y - x are exchanged.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn plus(&self, other: &Addend) -> Self {
        let Addend { sum, difference, product, negative } = other;
        let sum_there = Field::choose(*negative, difference, sum);
        let difference_there = Field::choose(*negative, sum, difference);
        let a = self.y.minus(&self.x).times(&difference_there); // 3.01, then 1.01
        let b = self.y.plus(&self.x).times(&sum_there); // 2.02, then 1.01
        let c = self.t.times(product); // 1.01
        let d = self.z.plus(&self.z); // 2.02
        let (less, more) = (d.minus(&c), d.plus(&c)); // 4.02, 3.03
        let f = Field::choose(*negative, &more, &less);
        let g = Field::choose(*negative, &less, &more);
        Factors { e: b.minus(&a), f, g, h: b.plus(&a) }.point() // 3.01 and 2.02
    }

    /// Adds other points of the same form.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn plus_point(&self, other: &Self) -> Self {
        let a = self.y.minus(&self.x).times(&other.y.minus(&other.x));
        let b = self.y.plus(&self.x).times(&other.y.plus(&other.x));
        let c = self.t.times(&Field::splat(&TWICE_D)).times(&other.t);
        let zz = self.z.times(&other.z);
        let d = zz.plus(&zz);
        Factors { e: b.minus(&a), f: d.minus(&c), g: d.plus(&c), h: b.plus(&a) }.point()
    }

    /// Adds up all lanes, to the same point in each.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn across(&self) -> Self {
        let mut point = *self;
        for distance in [4, 2, 1] {
            let exchanged = |field: &Field| Field(radix52::exchange(&field.0, distance));
            let other = Self {
                x: exchanged(&point.x),
                y: exchanged(&point.y),
                z: exchanged(&point.z),
                t: exchanged(&point.t),
            };
            point = point.plus_point(&other);
        }
        point
    }
}

impl Projective {
    /// Doubles any points of the curve: the addition of a point to itself, with less work
    /// by the curve's equation.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn doubled(&self) -> Factors {
        let (xx, yy, zz) = (self.x.squared(), self.y.squared(), self.z.squared()); // 1.01
        let e = self.x.plus(&self.x).times(&self.y); // 1.01
        let f = zz.plus(&zz).plus(&xx).minus(&yy); // 5.03
        Factors { e, f, g: yy.minus(&xx), h: yy.plus(&xx) } // 3.01, 2.02
    }
}

impl Factors {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn point(&self) -> Point {
        let Self { e, f, g, h } = self;
        Point { x: e.times(f), y: g.times(h), z: f.times(g), t: e.times(h) }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn projective(&self) -> Projective {
        let Self { e, f, g, h } = self;
        Projective { x: e.times(f), y: g.times(h), z: f.times(g) }
    }
}

impl Addend {
    /// Returns points by their coordinates, which are below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn affine(x: &Field, y: &Field) -> Self {
        let product = x.times(y).times(&Field::splat(&TWICE_D));
        Self { sum: y.plus(x), difference: y.minus_canonical(x), product, negative: 0 }
    }
}
