//! The portable operations on small curves, in every case.

use super::curves::{Curve, P256, Secp256k1};
use super::point::{Affine, Jacobian};
use super::trees::Trees;
use crate::field::Residue;
use crate::toy::{Point, Weierstrass};
use crate::value::{Arithmetic, Value, compute_with, name_constant};

fn number<M, const N: usize>(number: u32) -> Residue<M, N> {
    Residue::of(Value::small(number))
}

fn affine<C: Curve<N>, const N: usize>((x, y): (u32, u32)) -> Affine<C, N> {
    Affine { x: number(x), y: number(y) }
}

/// Every state that a sum can be in, and every point that can be added to it.
pub(super) fn additions_are_right_or_zero() {
    each_curve(additions::<P256, 4>, additions::<Secp256k1, 4>);
}

/// The tests of rows accept the sum and the double, and nothing else.
pub(super) fn rows_are_recognized() {
    each_curve(rows::<P256, 4>, rows::<Secp256k1, 4>);
}

fn each_curve(with_minus_3: impl Fn(&Weierstrass), with_0: impl Fn(&Weierstrass)) {
    for p in [13, 19] {
        compute_with(Arithmetic::Modulo(p));
        Weierstrass::all(p, -3).step_by(3).for_each(|curve| with_minus_3(&curve));
        Weierstrass::all(p, 0).step_by(3).for_each(|curve| with_0(&curve));
    }
    compute_with(Arithmetic::Expressions);
}

fn additions<C: Curve<N>, const N: usize>(curve: &Weierstrass) {
    for ([x, y, z], one) in curve.triples() {
        let state = Jacobian::<C, N> { x: number(x), y: number(y), z: number(z) };
        for added in curve.finite() {
            let sum = state.plus(&affine(added));
            let sum = [sum.x, sum.y, sum.z].map(|number| number.0.number());
            let other = Some(added);
            let is_left_out = one.is_none() || one == other || one == curve.opposite(other);
            assert_eq!(sum[2] == 0, is_left_out);
            assert!(sum[2] == 0 || curve.is(sum, curve.sum(one, other)));
        }
    }
}

/// Three points of each sum: its result is theirs, or none if two that are added have the same
/// x. Another sum is beside it, whose points are the same in another order, and one of a
/// single point and one of none.
pub(super) fn trees_are_right_or_given_up() {
    each_curve(trees::<P256, 4>, trees::<Secp256k1, 4>);
}

fn trees<C: Curve<N>, const N: usize>(curve: &Weierstrass) {
    let points: Vec<(u32, u32)> = curve.finite().collect();
    for one in &points {
        for other in &points {
            for last in &points {
                let sums: [&[&(u32, u32)]; 4] = [&[one, other, last], &[other, last, one], &[last], &[]];
                let mut trees = Trees::<C, N>::new(7);
                for sum in sums {
                    trees.begin();
                    sum.iter().for_each(|point| trees.add(affine(**point)));
                }
                for (sum, result) in sums.into_iter().zip(trees.results()) {
                    let result = result.map(|point| (point.x.0.number(), point.y.0.number()));
                    assert_eq!(result, wanted(curve, sum));
                }
            }
        }
    }
}

/// The sum, unless two points with the same x are added.
fn wanted(curve: &Weierstrass, points: &[&(u32, u32)]) -> Point {
    let mut points = points.iter().map(|point| **point);
    let first = points.next()?;
    points
        .try_fold(first, |sum, point| (sum.0 != point.0).then(|| curve.sum(Some(sum), Some(point))).flatten())
}

fn rows<C: Curve<N>, const N: usize>(curve: &Weierstrass) {
    name_constant(&C::B, Value::small(curve.b));
    let p = curve.p;
    for scale in [1, 2, p - 1] {
        let scaled = |(x, y): (u32, u32)| affine::<C, N>((x * scale, y * scale));
        let factor = number(scale);
        for one in curve.finite() {
            for other in curve.finite() {
                let wanted: Point = (one.0 != other.0).then(|| curve.sum(Some(one), Some(other))).flatten();
                for x in 0..p {
                    for y in 0..p {
                        let found = scaled((x, y)).is_sum_of(&scaled(one), &scaled(other), &factor);
                        assert_eq!(found, wanted == Some((x, y)));
                    }
                }
            }
            let wanted = curve.sum(Some(one), Some(one));
            for (x, y) in (0..p).flat_map(|x| (0..p).map(move |y| (x, y))) {
                assert_eq!(scaled((x, y)).is_double_of(&scaled(one), &factor), wanted == Some((x, y)));
                let is_point = curve.points.contains(&Some((x, y)));
                assert_eq!(affine::<C, N>((x, y)).is_on_curve(), is_point);
            }
        }
    }
}
