//! Guards the services of tower, axum and tonic: a request passes if its bearer token does.
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use jot::{Alg, KeySet, Policy, Signer, SigningKey, Verifier};
//! use jot_tower::{Claims, Guard};
//!
//! #[derive(serde::Deserialize)]
//! struct User {
//!     sub: String,
//! }
//!
//! async fn hello(Claims(user): Claims<User>) -> String {
//!     format!("hello, {}\n", user.sub)
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
//! # let keys = KeySet::new([signer.key().verifying_key()?]);
//! let verifier = Verifier::builder(Policy::new([Alg::ES256]).audience("api")).keys(keys).build()?;
//! let guard = Guard::builder(verifier).realm("hello").build()?;
//! let app: Router = Router::new().route("/", get(hello)).with_state(guard);
//! # Ok(()) }
//! ```
//!
//! The engine decides ([`jot::Verifier`]); this crate finds the token in
//! `Authorization: Bearer …`, and answers a request that is refused as RFC 6750 §3 and RFC 9728
//! §5.1 say. A verification takes some microseconds and waits for nothing, so it runs where
//! the request does. Keys behind a URL are fetched by `jot-fetch`, beside the requests; a request
//! whose token has a key that is not known yet waits for a fetch without blocking a thread
//! (`GuardBuilder::keys`).
//!
//! | what | for |
//! |---|---|
//! | [`Guard::layer`] | every route of a service of tower, whatever framework is above it |
//! | [`Claims`] | one handler of axum: typed claims |
//! | [`Guard::interceptor`] | a service of tonic |
//! | [`Guard::verify`], [`Guard::claims`] | anything else |
//!
//! A refusal is told by `tracing`, at the level of debug, with the engine's code and what it
//! says about the token (`jot::Rejection::detail`); a fault of the server's own, such as keys
//! that are not there yet, at the level of warnings. Tokens are never told.

#[cfg(feature = "axum")]
mod axum;
mod build;
mod fault;
#[cfg(feature = "fetch")]
mod fetch;
mod guard;
mod layer;
mod refusal;
mod retry;
mod token;
#[cfg(feature = "tonic")]
mod tonic;
mod verify;

#[cfg(feature = "axum")]
pub use crate::axum::Claims;
#[cfg(feature = "tonic")]
pub use crate::tonic::GuardInterceptor;
pub use build::GuardBuilder;
pub use fault::GuardFault;
pub use guard::Guard;
pub use layer::{GuardLayer, GuardService, ResponseFuture};
pub use refusal::{Reason, Refusal};
pub use token::Token;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// And those of this page.
#[cfg(all(doctest, feature = "fetch"))]
#[doc = include_str!("../../../docs/tower.md")]
struct Page;
