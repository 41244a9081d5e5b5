//! Fetches the keys that JWT issuers publish, and keeps verifiers supplied with them.
//!
//! The rules are those of [`jot::jwks::Keeper`]; this crate brings what it does not have:
//! a thread, a clock, and HTTP over TLS. No verification ever waits for a fetch unless the
//! caller says so ([`RemoteKeys::fetched_for`]).
//!
//! TLS is rustls over aws-lc, the library that verifies the signatures, too. HTTP is ureq.
//! Redirects are left to the keeper, which follows them within their origin only.

mod client;
mod error;
mod fetcher;
mod remote;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use error::Error;
pub use fetcher::{Fetcher, FetcherBuilder};
pub use remote::RemoteKeys;

/// Locks a mutex. What another thread left half done when it panicked is no more than an
/// answer that was not handed on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
