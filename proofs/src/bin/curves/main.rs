//! Proofs about the lanes of P-256 and Ed25519, over abstract registers.
//!
//! The modules of `accel` that these proofs are about are included by their paths and know
//! nothing of it. What they stand on stands here under the same names: registers
//! ([`simd`]), and beside them the proofs.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof"
)]

mod documented;
mod field;
mod ifma;
mod known;
mod number;
mod simd;

use std::process::ExitCode;

fn main() -> ExitCode {
    jot_proofs::claims::prove(&ifma::claims())
}
