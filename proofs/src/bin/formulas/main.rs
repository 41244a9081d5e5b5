//! Proofs about the points: their additions run on symbols instead of numbers.
//!
//! The sources of `accel` are included by their paths; the fields below them stand here
//! under the same names and compute with [`value::Value`]s. What the code computes is
//! then a formula, and `formulas FOLDER` writes all of them as definitions for the proofs
//! in `proofs/coq`. Without a folder it proves what needs no algebra.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof"
)]

mod coq;
mod digits;
mod edwards;
mod field;
mod ifma;
mod toy;
mod value;
mod weierstrass;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use jot_proofs::claims::{Claim, prove};

const CLAIMS: &[Claim] = &[
    Claim {
        says: "digits are taken byte by byte, with a carry",
        about: "accel/src/field/digits.rs",
        proof: digits::digits_are_taken_step_by_step,
    },
    Claim {
        says: "two digits in base 16 stand for each in base 256",
        about: "accel/src/field/digits.rs",
        proof: digits::halves_are_the_digit,
    },
];

fn main() -> ExitCode {
    if let Some(folder) = env::args_os().nth(1) {
        write(Path::new(&folder));
        return ExitCode::SUCCESS;
    }
    prove(
        &[CLAIMS, weierstrass::CLAIMS, edwards::CLAIMS, ifma::weierstrass::CLAIMS, ifma::ed25519::CLAIMS]
            .concat(),
    )
}

/// Writes what the code computes, for the proofs in `proofs/coq`.
fn write(folder: &Path) {
    let mut functions = weierstrass::functions();
    functions.extend(edwards::functions());
    functions.extend(ifma::weierstrass::functions());
    functions.extend(ifma::ed25519::functions());
    let mut tests = weierstrass::tests();
    tests.extend(edwards::tests());
    tests.extend(ifma::weierstrass::tests());
    tests.extend(ifma::ed25519::tests());
    let code = coq::written(&functions, &tests);
    fs::write(folder.join("Code.v"), code).expect("the folder can be written");
    let constants = [edwards::constants(), weierstrass::constants()].concat();
    fs::write(folder.join("Constants.v"), coq::numbers(&constants)).expect("the folder can be written");
    fs::write(folder.join("Digits.v"), digits::written()).expect("the folder can be written");
}
