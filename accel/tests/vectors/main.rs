//! Published vectors, put to the code with nothing behind it: what aws-lc
//! refuses is never accepted, and what it accepts and the code does not is
//! listed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

mod cctv;
mod curves;
mod edges;
#[cfg(target_arch = "x86_64")]
mod hmac;
mod meeting;
#[path = "../missing/mod.rs"]
mod missing;
mod oracle;
#[cfg(target_arch = "x86_64")]
mod reused;
#[cfg(target_arch = "x86_64")]
mod rsa;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod second;

use jot_accel::{Algorithm, FastKey, Implementation, RawKey};

/// The code that there is for an algorithm on this processor.
fn implementations(algorithm: Algorithm) -> impl Iterator<Item = &'static Implementation> {
    Implementation::all().filter(move |one| one.verifies(algorithm) && one.is_supported())
}

/// A key that there is no code for is refused at once. None may lead to what does not pass its
/// check: whoever can choose a key could switch off the code for all.
fn ready(one: &Implementation, algorithm: Algorithm, key: RawKey<'_>) -> Option<FastKey> {
    Some(one.begin(algorithm, key)?.finish().expect("a key leads to no fault"))
}

/// Code that this processor lacks the instructions for is passed over by every
/// test here.
#[test]
fn every_implementation_runs_on_this_processor() {
    let absent = Implementation::all().filter(|one| !one.is_supported());
    absent.for_each(|_| missing::missing("avx512"));
    assert!(Implementation::all().any(Implementation::is_supported));
}
