//! The real program, from outside: its endpoints, its commands, its faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod admin;
#[path = "../../../cli/tests/browser/mod.rs"]
mod browser;
mod commands;
mod database;
mod endpoints;
mod faults;
mod forward;
mod guard;
mod input;
mod keys;
mod kills;
mod kit;
mod life;
mod login;
mod looks;
#[path = "../../../accel/tests/missing/mod.rs"]
mod missing;
mod pages;
mod postgresql;
mod refresh;
mod spa;
