//! Published vectors, put to the code with nothing behind it: what aws-lc
//! refuses is never accepted, and what it accepts and the code does not is
//! listed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test may stop at the first thing amiss"
)]

mod curves;
mod edges;
#[cfg(target_arch = "x86_64")]
mod hmac;
mod oracle;
#[cfg(target_arch = "x86_64")]
mod rsa;

use jot_accel::{Algorithm, FastKey, Implementation, RawKey};

/// The code that there is for an algorithm on this processor.
fn implementations(algorithm: Algorithm) -> impl Iterator<Item = &'static Implementation> {
    Implementation::all().filter(move |one| one.verifies(algorithm) && one.is_supported())
}

fn ready(one: &Implementation, algorithm: Algorithm, key: RawKey<'_>) -> Option<FastKey> {
    one.begin(algorithm, key)?.finish()
}
