//! Signatures that were made to go wrong, put to the accelerated code with
//! nothing behind it, beside aws-lc. What a campaign of random cases never meets
//! is here: chosen sums, chosen points, every encoding, prime moduli.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing amiss"
)]

#[path = "../../examples/differential/campaign.rs"]
#[expect(dead_code, reason = "the campaign has a test of its own")]
mod campaign;
#[path = "../../examples/differential/ecdsa.rs"]
mod ecdsa;
#[path = "../../examples/differential/eddsa.rs"]
mod eddsa;
#[path = "../../accel/tests/missing/mod.rs"]
mod missing;
#[path = "../../examples/differential/random.rs"]
mod random;

mod encode;
mod judge;
mod of_ecdsa;
mod of_eddsa;
mod of_hmac;
mod of_rsa;
