//! Fetches the keys, the revocations and the status lists that JWT issuers publish, and keeps
//! verifiers supplied with them.
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
#[cfg(feature = "status-list")]
mod followed_lists;
mod fork;
mod judge;
mod lock;
mod progress;
mod remote;
mod remote_list;
mod retry;
mod seed;
mod shared;
#[cfg(feature = "status-list")]
mod status_lists;
#[cfg(feature = "status-list")]
mod status_places;
mod threads;

#[cfg(all(feature = "tokio", feature = "status-list"))]
pub use asynchronous::AsyncStatusList;
#[cfg(feature = "tokio")]
pub use asynchronous::{AsyncFetcher, AsyncKeys, AsyncList, AsyncRevocations};
pub use error::Error;
pub use fetcher::{Fetcher, FetcherBuilder};
pub use remote::RemoteKeys;
pub use remote_list::{RemoteList, RemoteRevocations};
#[cfg(feature = "status-list")]
pub use status_lists::{RemoteStatusList, RemoteStatusLists};
#[cfg(feature = "status-list")]
pub use status_places::StatusPlaces;

/// The README's example is a test, and is that of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
