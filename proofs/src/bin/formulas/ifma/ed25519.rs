//! Points of Ed25519 in lanes.

mod constants;
pub(crate) mod field;

#[path = "../../../../../accel/src/ifma/ed25519/checks.rs"]
mod checks;
mod choice;
#[path = "../../../../../accel/src/ifma/ed25519/point.rs"]
pub(crate) mod point;
mod toy;

use constants::TWICE_D;
use field::Field;
use jot_proofs::claims::Claim;
use point::{Addend, Point};

use crate::coq::{Function, Test};
use crate::edwards::{EIGHTH, HALF_D, Row};
use crate::ifma::radix52;
use crate::value::{Value, compared_in_lanes, name_constant};

/// Any other constant in the code stops the proof.
fn name_twice_d() {
    let d = Value::symbol("d");
    name_constant(&TWICE_D, d.plus(d));
}

fn same(name: &str) -> Field {
    Field([Value::symbol(name); 8])
}

fn own(name: &str) -> Field {
    Field(std::array::from_fn(|lane| Value::symbol(&format!("{name}_{lane}"))))
}

fn only(field: &Field, lane: usize) -> Field {
    Field([field.0[lane]; 8])
}

fn point(make: impl Fn(&str) -> Field, [x, y, z, t]: [&str; 4]) -> Point {
    Point { x: make(x), y: make(y), z: make(z), t: make(t) }
}

fn only_of(point: &Point, lane: usize) -> Point {
    Point {
        x: only(&point.x, lane),
        y: only(&point.y, lane),
        z: only(&point.z, lane),
        t: only(&point.t, lane),
    }
}

fn addend(make: impl Fn(&str) -> Field, negative: u8) -> Addend {
    Addend { sum: make("sum"), difference: make("difference"), product: make("product"), negative }
}

fn only_addend(addend: &Addend, lane: usize) -> Addend {
    Addend {
        sum: only(&addend.sum, lane),
        difference: only(&addend.difference, lane),
        product: only(&addend.product, lane),
        negative: if addend.negative >> lane & 1 == 1 { u8::MAX } else { 0 },
    }
}

fn lane(point: &Point, lane: usize) -> [Value; 4] {
    [point.x.0[lane], point.y.0[lane], point.z.0[lane], point.t.0[lane]]
}

const ONE: [&str; 4] = ["X", "Y", "Z", "T"];
const OTHER: [&str; 4] = ["X'", "Y'", "Z'", "T'"];

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        says: "Ed25519: additions compute the same in each lane, with its own sign, for all signs",
        about: "accel/src/ifma/ed25519/point.rs",
        proof: lanes_are_independent,
    },
    Claim {
        says: "Ed25519: adding up the lanes is a tree of additions with each lane once",
        about: "accel/src/ifma/ed25519/point.rs",
        proof: across_sums_every_lane_once,
    },
    Claim {
        says: "Ed25519: additions on curves over small fields are right, for all points",
        about: "accel/src/ifma/ed25519/point.rs",
        proof: toy::additions_are_complete,
    },
];

/// The additions, as they come out in a lane.
pub(crate) fn functions() -> Vec<Function> {
    name_twice_d();
    let [one, other] = [ONE, OTHER].map(|names| point(same, names));
    let mixed: &[&str] = &["X", "Y", "Z", "T", "sum", "difference", "product"];
    let full: &[&str] = &["d", "X", "Y", "Z", "T", "X'", "Y'", "Z'", "T'"];
    let addend = Addend::affine(&same("x"), &same("y"));
    assert_eq!(addend.negative, 0);
    let numbers = [&addend.sum, &addend.difference, &addend.product].map(|field| field.0[0]);
    let of_addend =
        Function { name: "ed_lanes_addend", arguments: &["d", "x", "y"], results: numbers.to_vec() };
    [
        ("ed_lanes_identity", &[][..], Point::identity()),
        ("ed_lanes_affine", &["x", "y"], Point::affine(same("x"), same("y"))),
        ("ed_lanes_doubled", &ONE[..3], one.projective().doubled().point()),
        ("ed_lanes_plus", mixed, one.plus(&self::addend(same, 0))),
        ("ed_lanes_minus", mixed, one.plus(&self::addend(same, u8::MAX))),
        ("ed_lanes_plus_point", full, one.plus_point(&other)),
    ]
    .map(|(name, arguments, sum)| {
        let results = lane(&sum, 0);
        assert!((1..8).all(|other| lane(&sum, other) == results));
        Function { name, arguments, results: results.to_vec() }
    })
    .into_iter()
    .chain([of_addend])
    .collect()
}

/// The test of rows, as it comes out in a lane: that of the tenth row from the ninth and the first.
pub(crate) fn tests() -> Vec<Test> {
    for (constant, name) in [(HALF_D, "half_d"), (EIGHTH, "eighth")] {
        name_constant(&radix52::split_number(constant), Value::symbol(name));
    }
    let window = std::array::from_fn(|place| Row([place as u64; 8]));
    let compared = compared_in_lanes(false, || checks::windows_are_right(&window[0], None, &[window]));
    let arguments: &[&str] =
        &["half_d", "eighth", "S", "D", "P", "sum", "difference", "product", "sum'", "difference'"];
    vec![Test { name: "ed_lanes_is_sum", arguments, comparisons: compared[1][0].to_vec() }]
}

/// Each lane computes the same function of its own operands and of its own sign.
fn lanes_are_independent() {
    name_twice_d();
    let [one, other] = [ONE, OTHER].map(|names| point(own, names));
    for negative in 0..=u8::MAX {
        let added = addend(own, negative);
        let sum = one.plus(&added);
        for i in 0..8 {
            let alone = only_of(&one, i).plus(&only_addend(&added, i));
            assert_eq!(lane(&sum, i), lane(&alone, 0), "lane {i}, signs {negative:#x}");
        }
    }
    let (sum, double) = (one.plus_point(&other), one.projective().doubled());
    let again = double.projective().doubled().point();
    let double = double.point();
    for i in 0..8 {
        let alone = only_of(&one, i).plus_point(&only_of(&other, i));
        assert_eq!(lane(&sum, i), lane(&alone, 0), "lane {i}");
        let alone = only_of(&one, i).projective().doubled().point();
        assert_eq!(lane(&double, i), lane(&alone, 0), "lane {i}");
        // T is left away between doublings, and nothing else.
        assert_eq!(lane(&again, i), lane(&alone.projective().doubled().point(), 0), "lane {i}");
    }
}

/// `Point::across` adds, in each lane, a tree of additions over all eight lanes, each
/// once.
fn across_sums_every_lane_once() {
    name_twice_d();
    let start = point(own, ONE);
    let result = start.across();
    for i in 0..8 {
        let mut leaves = Vec::new();
        assert_eq!(lane(&result, i), lane(&tree(&start, i, &[4, 2, 1], &mut leaves), 0));
        leaves.sort_unstable();
        assert_eq!(leaves, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}

/// The sum in lane `i` after these exchanges, the last one at the root.
fn tree(start: &Point, i: usize, distances: &[usize], leaves: &mut Vec<usize>) -> Point {
    let Some((distance, before)) = distances.split_last() else {
        leaves.push(i);
        return only_of(start, i);
    };
    let left = tree(start, i, before, leaves);
    left.plus_point(&tree(start, i ^ distance, before, leaves))
}
