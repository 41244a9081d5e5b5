//! The bounds of points.

use jot_proofs::claims::Claim;

use super::field::Field;
use super::point::{Addend, Point};
use crate::documented::assert_documented;
use crate::ifma::ed25519::contracts::p;
use crate::known::{Known, given, known, numbers};

const ABOUT: &str = "accel/src/ifma/ed25519/point.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/ed25519/point.rs");

pub(in crate::ifma::ed25519) const CLAIMS: &[Claim] = &[
    Claim {
        says: "plus keeps X, Y, Z and T < 1.01 p, however often; every bound beside a line holds",
        about: ABOUT,
        proof: additions,
    },
    Claim {
        says: "across keeps the bounds, and its point depends on each lane",
        about: ABOUT,
        proof: across,
    },
];

/// Any numbers below this many hundredths of p, named by their place.
fn below(hundredths: u32) -> Field {
    let known = Known::new(0, (p() * hundredths - 1) / 100);
    Field(numbers(std::array::from_fn(|place| Known { from: [place as u64].into(), ..known.clone() })))
}

/// Any row of a table.
fn addend(negative: u8) -> Addend {
    Addend { sum: below(100), difference: below(100), product: below(100), negative }
}

/// Any point: each number of a sum is a product, and so any below 1.01 p.
fn point() -> Point {
    Point::identity().plus(&addend(0x0f))
}

fn assert_bounded(point: &Point, least: usize) {
    for place in 0..8 {
        for field in [&point.x, &point.y, &point.z] {
            let known = known(&field.0, place);
            assert!(known.high * 100 < p() * 101);
            assert!(known.from.len() >= least);
        }
    }
}

fn additions() {
    for negative in [0, 0x5a, 0xff] {
        let sum = point().plus(&addend(negative));
        assert_bounded(&sum, 1);
        assert_bounded(&sum.plus(&addend(!negative)), 1);
    }
    assert_documented(SOURCE, "ed25519/point.rs", &p(), &given());
}

fn across() {
    assert_bounded(&point().across(), 8);
}
