//! Proofs about the portable field, over abstract words.
//!
//! `residue.rs`, `folded.rs` and `limbs.rs` of `accel` are included by their paths and know nothing of it.
//! In the place of their `words.rs` stand the words of [`jot_proofs::words`]; constants are those
//! that the compiler computes with the real ones.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof"
)]

mod field;
mod weierstrass;

use std::process::ExitCode;

fn main() -> ExitCode {
    jot_proofs::claims::prove(&[field::claims(), weierstrass::CLAIMS.to_vec()].concat())
}
