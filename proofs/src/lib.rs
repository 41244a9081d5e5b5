//! Proofs about the accelerated code, run on the code itself.
//!
//! Each family of proofs is a program of its own (`src/bin/`). It includes the sources of
//! `accel` as they are, by their paths, beside a `crate::simd::x512` that is [`x512`] of
//! this crate: registers whose words are not numbers but [`lanes`], each a polynomial over
//! the integers with bounds. What the code computes is then known for all numbers at
//! once, and [`claims`] compares it with what it should be.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what cannot be proved stops the proof; bounds are 128 bits wide and checked at 64"
)]

pub mod claims;
pub mod lanes;
pub mod polynomial;
pub mod words;
pub mod x512;
