//! The portable operations on small curves, in every case.

use super::affine::Affine;
use super::constants::D;
use super::extended::{Extended, Niels, Scale};
use super::number::Number;
use crate::field::Residue;
use crate::toy::Edwards;
use crate::value::{Arithmetic, Value, compute_with, name_constant};

fn number(number: u32) -> Number {
    Residue::of(Value::small(number))
}

/// Every pair of points, doubles among them.
pub(super) fn additions_are_complete() {
    each_curve(|curve| {
        for one in &curve.points {
            let start = Extended::new(&affine(*one));
            check(curve.p, &start.doubled(), curve.sum(*one, *one));
            for other in &curve.points {
                let sum = start.plus(&Niels::new(&affine(*other)));
                let wanted = curve.sum(*one, *other);
                check(curve.p, &sum, wanted);
                check(curve.p, &sum.doubled(), curve.sum(wanted, wanted));
                check(curve.p, &sum.plus(&Niels::new(&affine(*one))), curve.sum(wanted, *one));
            }
        }
    });
}

/// The test of rows accepts the sum of two points, and no other three numbers.
pub(super) fn rows_are_recognized() {
    each_curve(|curve| {
        let p = curve.p;
        let inverse_of = |n: u32| (1..p).find(|other| n * other % p == 1).expect("it is not 0");
        for factor in [1, 2] {
            let inverse = inverse_of(factor);
            let scale = Scale {
                scale: number(factor),
                inverse: number(inverse),
                twice_d: number(2 * curve.d * inverse),
                eighth: number(inverse_of(8)),
            };
            let stored = |(x, y): (u32, u32)| scale.stored(&number(x * factor), &number(y * factor));
            let numbers = |row: &Niels| [&row.sum, &row.difference, &row.product].map(|n| n.0.number());
            for one in &curve.points {
                for other in &curve.points {
                    let wanted = numbers(&stored(curve.sum(*one, *other)));
                    let (one, other) = (stored(*one), scale.summand(&stored(*other)));
                    for triple in 0..p * p * p {
                        let row = [triple / (p * p), triple / p % p, triple % p];
                        let [sum, difference, product] = row.map(number);
                        let found = scale.is_sum(&Niels { sum, difference, product }, &one, &other);
                        assert_eq!(found, row == wanted);
                    }
                }
            }
        }
    });
}

fn each_curve(check: impl Fn(&Edwards)) {
    let p = 13;
    compute_with(Arithmetic::Modulo(p));
    for curve in Edwards::all(p) {
        name_constant(&D, Value::small(curve.d));
        check(&curve);
    }
    compute_with(Arithmetic::Expressions);
}

fn affine((x, y): (u32, u32)) -> Affine {
    Affine { x: number(x), y: number(y) }
}

fn check(p: u32, sum: &Extended, (x, y): (u32, u32)) {
    let [a, b, z, t] = [&sum.x, &sum.y, &sum.z, &sum.t].map(|number| number.0.number());
    assert!(z != 0, "no Z is 0");
    assert!([a, b, t] == [x * z % p, y * z % p, x * y % p * z % p]);
}
