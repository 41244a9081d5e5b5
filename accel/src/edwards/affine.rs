//! Points by their coordinates, and their decoding.

use super::number::{Number, d};
use crate::field::from_little_endian;

/// A square root of -1.
const ROOT: [u64; 4] =
    [0xc4ee_1b27_4a0e_a0b0, 0x2f43_1806_ad2f_e478, 0x2b4d_0099_3dfb_d7a7, 0x2b83_2480_4fc1_df0b];
/// (p - 5)/8
const EXPONENT: [u64; 4] =
    [0xffff_ffff_ffff_fffd, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x0fff_ffff_ffff_ffff];
/// The base point.
const BASE: [[u64; 4]; 2] = [
    [0xc956_2d60_8f25_d51a, 0x692c_c760_9525_a7b2, 0xc0a4_e231_fdd6_dc5c, 0x2169_36d3_cd6e_53fe],
    [0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666],
];

/// A point by its coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Affine {
    pub(super) x: Number,
    pub(super) y: Number,
}

impl Affine {
    pub(crate) fn base() -> Self {
        let [x, y] = BASE;
        Self { x: Number::reduced(&x), y: Number::reduced(&y) }
    }

    /// Decodes a point by RFC 8032 §5.1.3, which rejects a y that is not below p, and a
    /// sign for an x that is 0.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let [a, b, c, top] = from_little_endian::<4>(bytes)?;
        let is_odd = top >> 63;
        let y = Number::new(&[a, b, c, top & (u64::MAX >> 1)])?;
        // x² = u/v, and v is not 0 as d is no square. The root is
        // u·v³·(u·v⁷)^((p - 5)/8), or that times a root of -1.
        let y2 = y.squared();
        let u = y2.minus(&Number::ONE);
        let v = d().times(&y2).plus(&Number::ONE);
        let v3 = v.squared().times(&v);
        let x = u.times(&v3).times(&u.times(&v3.squared()).times(&v).power(&EXPONENT));
        let vx2 = v.times(&x.squared());
        let x = if vx2 == u {
            x
        } else if vx2 == u.negated() {
            x.times(&Number::reduced(&ROOT))
        } else {
            return None;
        };
        if x.is_zero() && is_odd == 1 {
            return None;
        }
        let [lowest, ..] = x.number();
        let point = Self { x: if lowest & 1 == is_odd { x } else { x.negated() }, y };
        point.is_on_curve().then_some(point)
    }

    pub(crate) fn negated(&self) -> Self {
        Self { x: self.x.negated(), y: self.y }
    }

    pub(super) fn is_on_curve(&self) -> bool {
        let (x2, y2) = (self.x.squared(), self.y.squared());
        y2.minus(&x2) == Number::ONE.plus(&d().times(&x2.times(&y2)))
    }
}
