//! What the benches share: tokens to verify and engines to verify them with.
//!
//! Every engine is given the very same tokens and checks the very same things:
//! the signature, `exp`, `nbf`, `iss` and `aud`, with the clock read for each
//! token. It then hands over `sub` and `scope`. Only `bare` does less: it is
//! the primitive alone, over a signing input and a signature that were cut out
//! and decoded beforehand, and so the bound that no engine can pass while it
//! uses that primitive.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a bench stops at the first thing that is not as it should be"
)]

pub mod clock;
mod engine;
mod issuer;
pub mod own_key;
pub mod page;
mod peers;
mod workload;

pub use engine::Engine;
pub use issuer::Issuer;
pub use workload::{PAYLOAD_BYTES, TOKENS, TOKENS_BYTES, Token, Workload};

use jot::Alg;

/// The algorithms that are measured.
pub const ALGORITHMS: [Alg; 14] = [
    Alg::HS256,
    Alg::HS384,
    Alg::HS512,
    Alg::RS256,
    Alg::RS512,
    Alg::PS256,
    Alg::ES256,
    Alg::ES384,
    Alg::ES512,
    Alg::ES256K,
    Alg::EdDSA,
    Alg::MlDsa44,
    Alg::MlDsa65,
    Alg::MlDsa87,
];

/// The issuer that every engine demands.
pub const ISSUER: &str = "https://login.example.com";

/// The audience that every engine demands.
pub const AUDIENCE: &str = "https://api.example.com";

/// The `kid` of every token.
pub const KID: &str = "2026-01-Xk3v9bQ";
