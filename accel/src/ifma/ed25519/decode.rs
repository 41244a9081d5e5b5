//! Eight points from their encodings, negated.

use super::field::Field;
use crate::ifma::radix52;
use crate::simd::moves::splat;
use crate::simd::x512::{V, and, equal64, load, shift_right64};

/// A square root of -1.
const ROOT: [u64; 5] = radix52::split_number([
    0xc4ee_1b27_4a0e_a0b0,
    0x2f43_1806_ad2f_e478,
    0x2b4d_0099_3dfb_d7a7,
    0x2b83_2480_4fc1_df0b,
]);
/// d of the curve.
const D: [u64; 5] = radix52::split_number([
    0x75eb_4dca_1359_78a3,
    0x0070_0a4d_4141_d8ab,
    0x8cc7_4079_7779_e898,
    0x5203_6cee_2b6f_fe73,
]);

/// Decodes points by RFC 8032 §5.1.3, which rejects a y that is not below p, and a sign for
/// an x that is 0. `limbs` has the four limbs of each lane's encoding, little-endian.
/// Returns the coordinates of the opposite points, below p, and the lanes with a point.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn opposite_points(limbs: &[[u64; 8]; 4]) -> (Field, Field, u8) {
    let [a, b, c, top] = limbs.each_ref().map(|limb| load(limb));
    let y = Field(radix52::split([a, b, c, and(top, splat(u64::MAX >> 1))]));
    let in_range = same(&y.canonical(), &y);
    let sign = shift_right64::<63>(top);
    // x² = u/v, and v is not 0 as d is no square. The root is u·v³·(u·v⁷)^((p - 5)/8), or
    // that times a root of -1.
    let one = Field::splat(&[1, 0, 0, 0, 0]);
    let y2 = y.squared(); // 1.01
    let u = y2.minus(&one).times(&one).canonical();
    let v = y2.times(&Field::splat(&D)).plus(&one); // 2.01
    let v2 = v.squared();
    let uv3 = u.times(&v2.times(&v));
    let x = uv3.times(&power(&uv3.times(&v2.squared())));
    let vx2 = v.times(&x.squared());
    let is_root = same(&vx2.canonical(), &u);
    let is_turned = vx2.canonical().plus(&u).is_zero();
    let x = Field::choose(is_turned, &x.times(&Field::splat(&ROOT)), &x).canonical();
    let is_zero = x.is_zero();
    let is_odd = equal64(and(x.0[0], splat(1)), splat(1));
    let wants_odd = equal64(sign, splat(1));
    // The opposite point has the other x, except for 0.
    let is_opposite = is_odd ^ wants_odd | is_zero;
    let other = Field::splat(&[0; 5]).minus_canonical(&x);
    let found = in_range & (is_root | is_turned) & !(is_zero & wants_odd);
    (Field::choose(is_opposite, &x, &other), y, found)
}

/// Returns the lanes in which all limbs are the same.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
fn same(a: &Field, b: &Field) -> u8 {
    a.0.iter().zip(&b.0).fold(u8::MAX, |mask, (a, b): (&V, &V)| mask & equal64(*a, *b))
}

/// Raises to (p - 5)/8 = 2^252 - 3.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn power(z: &Field) -> Field {
    let ones_2 = after(z, 1).times(z); // 2^2 - 1
    let ones_4 = after(&ones_2, 2).times(&ones_2);
    let ones_5 = after(&ones_4, 1).times(z);
    let ones_10 = after(&ones_5, 5).times(&ones_5);
    let ones_20 = after(&ones_10, 10).times(&ones_10);
    let ones_40 = after(&ones_20, 20).times(&ones_20);
    let ones_50 = after(&ones_40, 10).times(&ones_10);
    let ones_100 = after(&ones_50, 50).times(&ones_50);
    let ones_200 = after(&ones_100, 100).times(&ones_100);
    let ones_250 = after(&ones_200, 50).times(&ones_50);
    after(&ones_250, 2).times(z)
}

/// Squares so many times.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn after(number: &Field, squarings: usize) -> Field {
    let mut number = *number;
    for _ in 0..squarings {
        number = number.squared();
    }
    number
}
