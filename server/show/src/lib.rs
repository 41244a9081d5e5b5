//! How `jotctl` and `jotd` show things: dates in words, the parts of a token, verdicts with
//! what would cure them; the pages of `jotd`, and the debugger, which both have. What is
//! accepted is decided by the engine alone.
//!
//! | module | its one job |
//! |---|---|
//! | [`date`], [`layout`], [`text`] | dates in words, JSON laid out, text made harmless for a terminal |
//! | [`decoded`] | the parts of a token, unverified |
//! | [`look`] | what every page has: its headers, stylesheet and icon |
//! | [`login`], [`account`] | pages of `jotd` |
//! | [`debugger`] | the page that explains a token, and makes one |
//!
//! Pages are functions of their data: they know no clock, no store and no network.

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing that is wrong")
)]

pub mod account;
pub mod date;
pub mod debugger;
pub mod decoded;
pub mod layout;
pub mod login;
pub mod look;
pub mod text;
