//! What a login service decides, without I/O and without a clock.
//!
//! `now` and randomness are arguments of every function that needs them, so each rule is
//! tested at any instant and with any dice. The shell (`jotd`) keeps what these types hold
//! in a database, and asks them what to do next.
//!
//! | module | its one job |
//! |---|---|
//! | [`account`] | who may log in, and what a login may be granted |
//! | [`client`] | programs with a secret of their own |
//! | [`password`] | stored hashes of passwords: our own, and those that people bring |
//! | [`guard`] | locks that grow with wrong passwords, and heal |
//! | [`refresh`] | refresh tokens: one successor for each, and an end when one is stolen |
//! | [`session`] | a login, from its beginning to its end |
//! | [`ring`] | which signing key is published and which one signs, at any instant |
//! | [`claims`] | the Claims Sets of access tokens, and of the list of revocations |
//! | [`master`] | the one key that everything else at rest is kept under |
//! | [`json`] | a JSON object, written member by member |
//! | [`random`] | where random bytes come from |
//!
//! ```
//! use jot::UnixSeconds;
//! use jot_login::guard::{Attempts, Ladder};
//!
//! let ladder = Ladder { free: 2, first_seconds: 4, longest_seconds: 60, heal_seconds: 600 };
//! let mut attempts = Attempts::default();
//! for second in 0..3 {
//!     attempts = attempts.begin(&ladder, UnixSeconds(second)).unwrap(); // and the password is wrong
//! }
//! assert_eq!(attempts.begin(&ladder, UnixSeconds(3)).unwrap_err().seconds, 3);
//! ```

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing that is wrong")
)]

pub mod account;
pub mod claims;
pub mod client;
pub mod guard;
pub mod json;
pub mod master;
pub mod password;
pub mod random;
pub mod refresh;
pub mod ring;
pub mod session;

#[cfg(test)]
mod dice;
