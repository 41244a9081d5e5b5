//! The additions on small curves, in every case.

use super::with_a::{Field, Point};
use crate::toy::{self, Weierstrass};
use crate::value::{Arithmetic, Value, compute_with};

fn field<const A: i8>(numbers: [u32; 8]) -> Field<A> {
    Field::of(numbers.map(Value::small))
}

fn points<const A: i8>(triples: &[[u32; 3]; 8]) -> Point<A> {
    let [x, y, z] = [0, 1, 2].map(|i| field(triples.map(|triple| triple[i])));
    Point { x, y, z }
}

fn lane<const A: i8>(point: &Point<A>, lane: usize) -> [u32; 3] {
    [point.x.0[lane], point.y.0[lane], point.z.0[lane]].map(Value::number)
}

/// Eight cases at a time, the last one again and again at the end.
fn by_eight<T: Copy>(cases: impl Iterator<Item = T>, mut check: impl FnMut([T; 8])) {
    let mut cases = cases.peekable();
    while let Some(first) = cases.peek().copied() {
        let mut last = first;
        check(std::array::from_fn(|_| {
            last = cases.next().unwrap_or(last);
            last
        }));
    }
}

/// If Z is not 0, it is the sum; it is 0 in the cases that are named, and only there.
fn check(curve: &Weierstrass, sum: [u32; 3], one: toy::Point, other: toy::Point) {
    let is_left_out = one.is_none() || other.is_none() || one == other || one == curve.opposite(other);
    assert_eq!(sum[2] == 0, is_left_out, "{one:?} + {other:?} modulo {}", curve.p);
    if sum[2] != 0 {
        assert!(curve.is(sum, curve.sum(one, other)), "{one:?} + {other:?} modulo {}", curve.p);
    }
}

/// Every state that a sum can be in, and every point that can be added to it. So every
/// sequence of points, of any length, is covered.
pub(super) fn mixed_additions_are_right_or_zero<const A: i8>() {
    for p in [13, 31] {
        compute_with(Arithmetic::Modulo(p));
        for curve in Weierstrass::all(p, A.into()).step_by(if p == 31 { 5 } else { 1 }) {
            let states = curve.triples();
            for added in curve.finite() {
                for negative in [0, 0b0101_0101, u8::MAX] {
                    by_eight(states.iter().copied(), |cases| {
                        let sum = points::<A>(&cases.map(|(triple, _)| triple));
                        let sum = sum.plus(&field([added.0; 8]), &field([added.1; 8]), negative);
                        for (i, (_, point)) in cases.into_iter().enumerate() {
                            let is_negative = negative >> i & 1 == 1;
                            let added = Some(added);
                            let added = if is_negative { curve.opposite(added) } else { added };
                            check(&curve, lane(&sum, i), point, added);
                        }
                    });
                }
            }
        }
    }
    compute_with(Arithmetic::Expressions);
}

/// Every state; Z of a double is also 0 for points of order 2, which the curves have none of.
pub(super) fn doubles_are_right_or_zero<const A: i8>() {
    for p in [13, 31] {
        compute_with(Arithmetic::Modulo(p));
        for curve in Weierstrass::all(p, A.into()) {
            by_eight(curve.triples().into_iter(), |cases| {
                let double = points::<A>(&cases.map(|(triple, _)| triple)).doubled();
                for (i, (_, point)) in cases.into_iter().enumerate() {
                    let double = lane(&double, i);
                    let wanted = curve.sum(point, point);
                    assert_eq!(double[2] == 0, wanted.is_none());
                    assert!(double[2] == 0 || curve.is(double, wanted));
                }
            });
        }
    }
    compute_with(Arithmetic::Expressions);
}

/// Every pair of states.
pub(super) fn full_additions_are_right_or_zero<const A: i8>() {
    for (p, step) in [(7, 1), (13, 4)] {
        compute_with(Arithmetic::Modulo(p));
        for curve in Weierstrass::all(p, A.into()).step_by(step) {
            let states = curve.triples();
            for (other, other_point) in &states {
                by_eight(states.iter().copied(), |cases| {
                    let sum = points::<A>(&cases.map(|(triple, _)| triple)).plus_point(&points(&[*other; 8]));
                    for (i, (_, point)) in cases.into_iter().enumerate() {
                        check(&curve, lane(&sum, i), point, *other_point);
                    }
                });
            }
        }
    }
    compute_with(Arithmetic::Expressions);
}
