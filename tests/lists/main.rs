//! Signed lists at a URL: when they are fetched, which of them count, and for how long.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod keeping;
mod kit;
mod laws;
mod refusing;
#[cfg(feature = "status-list")]
mod status;
