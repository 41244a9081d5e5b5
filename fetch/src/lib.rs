//! Fetches the keys and the revocations that JWT issuers publish, and keeps verifiers
//! supplied with them.
//!
//! The rules are those of [`jot::jwks::Keeper`] and [`jot::lists::ListKeeper`]; this crate brings what it does not have:
//! a thread, a clock, and HTTP over TLS. No verification ever waits for a fetch unless the
//! caller says so ([`RemoteKeys::retry`]).
//!
//! TLS is rustls over aws-lc, the library that verifies the signatures, too. HTTP is ureq.
//! Redirects are left to the keeper, which follows them within their origin only.

mod client;
mod error;
mod fetcher;
#[cfg(feature = "capi")]
mod ffi;
mod follow;
mod followed;
mod followed_list;
mod fork;
mod lock;
mod remote;
mod revocations;
mod threads;

pub use error::Error;
pub use fetcher::{Fetcher, FetcherBuilder};
pub use remote::RemoteKeys;
pub use revocations::RemoteRevocations;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
