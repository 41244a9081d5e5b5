//! Proofs about RSA in lanes, over abstract registers.
//!
//! `multi_buffer.rs` and `single.rs` of `accel` are included by their paths and know nothing
//! of it. What they stand on stands here under the same names: registers ([`simd`]), numbers in
//! memory, and beside them the proofs.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof"
)]

mod ifma;
#[path = "../curves/simd.rs"]
#[allow(dead_code, reason = "what only curves want")]
mod simd;

use std::process::ExitCode;

fn main() -> ExitCode {
    jot_proofs::claims::prove(&ifma::rsa::claims())
}
