//! Fetches the keys and the revocations that JWT issuers publish, and keeps verifiers
//! supplied with them.
//!
//! The rules are those of [`jot::jwks::Keeper`] and [`jot::lists::ListKeeper`]; this crate brings what it does not have:
//! a thread, a clock, and HTTP over TLS. No verification ever waits for a fetch unless the
//! caller says so ([`RemoteKeys::retry`]).
//!
//! For programs on tokio, the feature `tokio` adds the same with tasks, which block no
//! thread.
//!
//! TLS is rustls over aws-lc, the library that verifies the signatures, too. HTTP is ureq.
//! Redirects are left to the keeper, which follows them within their origin only.

#[cfg(feature = "tokio")]
mod asynchronous;
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
mod retry;
mod revocations;
mod seed;
mod shared;
mod threads;

#[cfg(feature = "tokio")]
pub use asynchronous::{AsyncFetcher, AsyncKeys};
pub use error::Error;
pub use fetcher::{Fetcher, FetcherBuilder};
pub use remote::RemoteKeys;
pub use revocations::RemoteRevocations;

/// The README's example is a test, and is that of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
