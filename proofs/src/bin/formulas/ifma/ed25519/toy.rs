//! The additions on small curves, in every case.

use super::constants::TWICE_D;
use super::field::Field;
use super::point::{Addend, Point};
use crate::toy::Edwards;
use crate::value::{Arithmetic, Value, compute_with, name_constant};

fn field(number: u32) -> Field {
    Field([Value::small(number); 8])
}

/// X, Y, Z and T of a point for each Z; eight of them, the last one again at the end.
fn points(p: u32, (x, y): (u32, u32), first: u32) -> Point {
    let z = |lane: usize| (first + lane as u32).min(p - 1);
    let each = |number: u32| Field(std::array::from_fn(|lane| Value::small(number * z(lane))));
    Point { x: each(x), y: each(y), z: each(1), t: each(x * y % p) }
}

fn check(p: u32, sum: &Point, (x, y): (u32, u32)) {
    for lane in 0..8 {
        let [a, b, z, t] = [&sum.x, &sum.y, &sum.z, &sum.t].map(|field| field.0[lane].number());
        assert!(z != 0, "no Z is 0");
        assert!([a, b, t] == [x * z % p, y * z % p, x * y % p * z % p]);
    }
}

/// Every pair of points, equal, opposite and neutral ones and those of small order among
/// them, and every Z.
pub(super) fn additions_are_complete() {
    for p in [13, 29] {
        compute_with(Arithmetic::Modulo(p));
        for curve in Edwards::all(p).step_by(if p == 29 { 5 } else { 1 }) {
            let twice_d = 2 * curve.d % p;
            name_constant(&TWICE_D, Value::small(twice_d));
            for one in &curve.points {
                for (x, y) in &curve.points {
                    let wanted = curve.sum(*one, (*x, *y));
                    let less = curve.sum(*one, ((p - x) % p, *y));
                    for first in (1..p).step_by(8) {
                        let point = points(p, *one, first);
                        let double = point.projective().doubled();
                        check(p, &double.point(), curve.sum(*one, *one));
                        let addend = |negative| Addend {
                            sum: field(y + x),
                            difference: field(y + p - x),
                            product: field(twice_d * x % p * y),
                            negative,
                        };
                        check(p, &point.plus(&addend(0)), wanted);
                        check(p, &point.plus(&addend(u8::MAX)), less);
                        check(p, &point.plus_point(&points(p, (*x, *y), p - first)), wanted);
                    }
                }
            }
        }
    }
    compute_with(Arithmetic::Expressions);
}
