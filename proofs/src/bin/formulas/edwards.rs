//! Points of the portable curve of Ed25519: the code's own, over
//! [`Value`]s.

#[path = "../../../../accel/src/edwards/affine.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
pub(crate) mod affine;
mod constants;
#[path = "../../../../accel/src/edwards/extended.rs"]
pub(crate) mod extended;
#[path = "../../../../accel/src/edwards/number.rs"]
pub(crate) mod number;
mod toy;

use affine::Affine;
use constants::D;
pub(crate) use constants::{EIGHTH, HALF_D, TWICE_D};
use extended::{Extended, Niels, Scale, Summand};

use jot_proofs::claims::Claim;

use crate::coq::{Constant, Function, Test};
use crate::field::Residue;
use crate::value::{Value, compared, name_constant};

/// The rows of a window.
pub(crate) const DIGITS: usize = 128;

/// A row of a table, with its place for words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) [u64; 8]);

impl Row {
    pub(crate) fn first(&self) -> &[u64; 8] {
        &self.0
    }

    pub(crate) fn last(&self) -> &[u64; 8] {
        &self.0
    }
}

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        says: "additions on every curve over a small field are right, for all points",
        about: "accel/src/edwards/extended.rs",
        proof: toy::additions_are_complete,
    },
    Claim {
        says: "rows that are the sum of others are recognized, on every curve over a small field",
        about: "accel/src/edwards/extended.rs",
        proof: toy::rows_are_recognized,
    },
];

/// What `proofs/coq/Numbers.v` is about: the constants that the code names in its runs.
pub(crate) fn constants() -> Vec<Constant> {
    [("ed_d", D), ("ed_twice_d", TWICE_D), ("ed_half_d", HALF_D), ("ed_eighth", EIGHTH)]
        .map(|(name, limbs)| Constant { name: name.to_owned(), limbs: limbs.to_vec() })
        .into()
}

fn symbol(name: &str) -> number::Number {
    Residue::of(Value::symbol(name))
}

fn affine() -> Affine {
    Affine { x: symbol("x"), y: symbol("y") }
}

fn results(point: &Extended) -> Vec<Value> {
    vec![point.x.0, point.y.0, point.z.0, point.t.0]
}

fn niels([sum, difference, product]: [&str; 3]) -> Niels {
    Niels { sum: symbol(sum), difference: symbol(difference), product: symbol(product) }
}

fn numbers(niels: &Niels) -> Vec<Value> {
    vec![niels.sum.0, niels.difference.0, niels.product.0]
}

/// The numbers of the scale are arguments, and what they are is a function.
const SCALE: [&str; 4] = ["scale", "inverse", "twice_d", "eighth"];

fn scale() -> Scale {
    let [scale, inverse, twice_d, eighth] = SCALE.map(symbol);
    Scale { scale, inverse, twice_d, eighth }
}

pub(crate) fn functions() -> Vec<Function> {
    name_constant(&D, Value::symbol("d"));
    let one = Extended { x: symbol("X"), y: symbol("Y"), z: symbol("Z"), t: symbol("T") };
    let other = niels(["sum", "difference", "product"]);
    let mixed = &["X", "Y", "Z", "T", "sum", "difference", "product"];
    let negated = affine().negated();
    let coordinates = one.affine(&symbol("inverse"));
    assert_eq!(numbers(&other.turned(false)), numbers(&other));
    let new = Scale::new();
    let summand = scale().summand(&other);
    vec![
        Function {
            name: "ed_of_affine",
            arguments: &["x", "y"],
            results: results(&Extended::new(&affine())),
        },
        Function { name: "ed_niels", arguments: &["d", "x", "y"], results: numbers(&Niels::new(&affine())) },
        Function { name: "ed_neutral", arguments: &[], results: results(&Extended::neutral()) },
        Function {
            name: "ed_turned",
            arguments: &["sum", "difference", "product"],
            results: numbers(&other.turned(true)),
        },
        Function { name: "ed_plus", arguments: mixed, results: results(&one.plus(&other)) },
        Function { name: "ed_doubled", arguments: &["X", "Y", "Z"], results: results(&one.doubled()) },
        Function { name: "ed_negated", arguments: &["x", "y"], results: vec![negated.x.0, negated.y.0] },
        Function {
            name: "ed_affine",
            arguments: &["X", "Y", "inverse"],
            results: vec![coordinates.x.0, coordinates.y.0],
        },
        Function {
            name: "ed_scale",
            arguments: &["d", "inverse_of_R", "two_to_256", "two_to_253"],
            results: vec![new.scale.0, new.inverse.0, new.twice_d.0, new.eighth.0],
        },
        Function {
            name: "ed_stored",
            arguments: &["twice_d", "x", "y"],
            results: numbers(&scale().stored(&symbol("x"), &symbol("y"))),
        },
        Function {
            name: "ed_summand",
            arguments: &["inverse", "eighth", "sum", "difference"],
            results: vec![summand.sum.0, summand.difference.0, summand.half_xy.0],
        },
    ]
}

pub(crate) fn tests() -> Vec<Test> {
    name_constant(&D, Value::symbol("d"));
    let one = niels(["sum", "difference", "product"]);
    let other =
        Summand { sum: symbol("sum'"), difference: symbol("difference'"), half_xy: symbol("half_xy'") };
    let sum = niels(["S", "D", "P"]);
    vec![
        Test {
            name: "ed_is_on_curve",
            arguments: &["d", "x", "y"],
            comparisons: compared(|| affine().is_on_curve()),
        },
        Test {
            name: "ed_is_sum",
            arguments: &[
                "twice_d",
                "S",
                "D",
                "P",
                "sum",
                "difference",
                "product",
                "sum'",
                "difference'",
                "half_xy'",
            ],
            comparisons: compared(|| scale().is_sum(&sum, &one, &other)),
        },
    ]
}
