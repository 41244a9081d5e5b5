//! What a keeper of remote keys does, rule by rule.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod discovery;
mod kit;
mod refreshing;
mod remembering;
