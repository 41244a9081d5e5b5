//! Proofs about the lanes of the curves, over abstract registers.
//!
//! The modules of `accel` that these proofs are about are included by their paths and know
//! nothing of it. What they stand on stands here under the same names: registers
//! ([`simd`]), and beside them the proofs.

#![allow(
    clippy::duplicate_mod,
    clippy::redundant_closure,
    reason = "sources of another crate, some of them over one field and over another"
)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof"
)]

#[path = "../../../../accel/src/algorithm.rs"]
#[allow(dead_code, unreachable_pub, reason = "what callers want")]
mod algorithm;
mod documented;
mod edwards;
mod field;
mod ifma;
#[path = "../../../../accel/src/job.rs"]
#[allow(dead_code, unreachable_pub, reason = "what callers want")]
mod job;
#[path = "../../../../accel/src/key.rs"]
#[allow(dead_code, unreachable_pub, reason = "what callers want")]
mod key;
mod known;
mod number;
mod rows;
mod simd;
mod weierstrass;

use std::process::ExitCode;

fn main() -> ExitCode {
    jot_proofs::claims::prove(&ifma::claims())
}

/// Each file has a test of its own, so that a failure names it.
#[cfg(test)]
mod tests {
    use jot_proofs::claims::holds_about;

    use super::ifma::claims;

    macro_rules! files {
        ($($name:ident: $file:literal;)*) => {
            $(
                #[test]
                fn $name() {
                    assert!(holds_about($file, &claims()));
                }
            )*

            #[test]
            fn no_claim_is_about_another_file() {
                let files = [$($file),*];
                assert!(claims().iter().all(|claim| files.contains(&claim.about)));
            }
        };
    }

    files! {
        moves_are_proved: "accel/src/simd/moves.rs";
        radix52_is_proved: "accel/src/ifma/radix52.rs";
        weierstrass_field_is_proved: "accel/src/ifma/weierstrass/field.rs";
        weierstrass_point_is_proved: "accel/src/ifma/weierstrass/point.rs";
        weierstrass_verify_is_proved: "accel/src/ifma/weierstrass/verify.rs";
        weierstrass_multiples_are_proved: "accel/src/ifma/weierstrass/multiples.rs";
        weierstrass_checks_are_proved: "accel/src/ifma/weierstrass/checks.rs";
        weierstrass_unprepared_is_proved: "accel/src/ifma/weierstrass/unprepared.rs";
        ed25519_field_is_proved: "accel/src/ifma/ed25519/field.rs";
        ed25519_point_is_proved: "accel/src/ifma/ed25519/point.rs";
        ed25519_verify_is_proved: "accel/src/ifma/ed25519/verify.rs";
        ed25519_multiples_are_proved: "accel/src/ifma/ed25519/multiples.rs";
        ed25519_decode_is_proved: "accel/src/ifma/ed25519/decode.rs";
        ed25519_checks_are_proved: "accel/src/ifma/ed25519/checks.rs";
        ed25519_unprepared_is_proved: "accel/src/ifma/ed25519/unprepared.rs";
    }
}
