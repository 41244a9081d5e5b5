//! The edge cases of Ed25519 (C2SP/CCTV): which aws-lc takes.
//!
//! Their messages are raw strings, which no token can sign. `jot-accel` tests its own
//! code with the same cases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[path = "../accel/tests/vectors/cctv/mod.rs"]
mod cctv;
mod common;

use jot::{Alg, KeyOptions, VerifyingKey};

use cctv::cases;
use common::base64url;

#[test]
fn ed25519_edge_cases_hold_unless_flagged() {
    for case in cases() {
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url(&case.key));
        let key = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default()).unwrap();
        for alg in [Alg::EdDSA, Alg::Ed25519] {
            let holds = key.verify_signature(alg, &case.message, &case.signature);
            assert_eq!(holds, case.holds, "number {} with {alg}: {:?}", case.number, case.flags);
        }
    }
}
