//! A strict, fast JWT verification engine (RFC 7519, RFC 7515, RFC 8725).
//!
//! A token flows one way: bytes, a well-formed JWS, a signature that holds, a Claims
//! Set, a verdict. Types prove the steps: code has no name for the claims of an
//! unverified token.
//!
//! ```
//! use jot::{Alg, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
//!
//! # fn main() -> Result<(), jot::Error> {
//! // The issuer signs with a private key …
//! let key = SigningKey::generate(Alg::ES256)?.with_kid("2026-01");
//! let jwks = KeySet::new([key.verifying_key()?]).to_jwks()?;
//! let claims = r#"{"iss":"https://issuer","aud":"api","sub":"alice","exp":1798761600}"#;
//! let token = Signer::new(key).sign_claims(claims)?;
//!
//! // … and the server verifies with the public ones.
//! let keys = KeySet::from_jwks(&jwks, &KeyOptions::default())?;
//! let policy = Policy::new([Alg::ES256]).audience("api");
//! let verifier = Verifier::builder(policy).issuer("https://issuer", keys).build()?;
//!
//! let mut scratch = Scratch::new(); // one per thread, used again and again
//! let accepted = verifier.verify(&token, UnixSeconds(1_798_000_000), &mut scratch);
//! assert_eq!(accepted.unwrap().claims().subject(), Some("alice"));
//!
//! let refused = verifier.verify(&token, UnixSeconds(1_798_761_600), &mut scratch);
//! assert_eq!(refused.unwrap_err().code(), jot::Code::Expired);
//! # Ok(()) }
//! ```
//!
//! # Nothing hidden
//! There are no threads except those you ask a [`Batch`](batch::Batch) to use, no I/O,
//! and no clock except the `now` that you pass to each call. The only process-wide data
//! are the fixed tables of accelerated code and the result of its self-test. No
//! function panics or prints. After its first uses a [`Scratch`] is large enough, and
//! verifying allocates nothing.
//!
//! # Features
//! - `rayon` (on by default): a [`Batch`](batch::Batch) works on several threads.
//!   Without it, it works in the calling thread.
//! - `serde`: [`Claims::deserialize`] into a type of the caller's, and
//!   [`Signer::sign_serialize`] of one.
//! - `regex`: conditions on claims may be regular expressions (`Condition::regex`).
//! - `status-list`: the status of tokens in Token Status Lists (`StatusList`).

#![deny(unsafe_code)]

pub mod backend {
    //! The choice of the code that verifies signatures: aws-lc, or accelerated code
    //! before it.
    //!
    //! By default aws-lc verifies everything.
    //! [`VerifierBuilder::backend`](crate::VerifierBuilder::backend) chooses other code;
    //! [`Statistics::backend`](crate::Statistics::backend) reports its state.

    pub use crate::crypto::{Backend, BackendNews, BackendReport, BackendWarning, distrusted};
}

#[cfg(feature = "capi")]
#[doc(hidden)]
pub mod capi {
    //! What `jot-fetch` adds its functions for C with. It may change at any time.

    pub use crate::ffi::{
        Failure, Growable, Health, KeeperOptions, KeySet, ListHealth, ListOptions, Revocations, Slice, Text,
        Verifier, algorithms, answer, boundary, explained, given, known_code, misuse, read, row, snapshot,
        writable, write,
    };
}

mod alg;
mod authorization;
mod base64url;
pub mod batch;
mod cache;
mod claims;
mod crypto;
mod detail;
mod error;
#[cfg(feature = "capi")]
mod ffi;
mod header_cache;
pub mod json;
pub mod jwks;
mod jws;
mod key;
mod limits;
pub mod lists;
#[cfg(test)]
mod missing;
#[cfg(any(planted = "race", planted = "overread"))]
mod planted;
mod policy;
mod revocation;
mod scratch;
mod self_signed;
mod signer;
mod simd;
mod stats;
#[cfg(feature = "status-list")]
mod status;
mod stripes;
mod time;
mod verified;
mod verifier;

pub use alg::{Alg, AlgSet, Hash, KeyType};
pub use authorization::{RepeatedToken, authorization_token};
pub use cache::{CacheSize, KeyPlace};
pub use claims::Claims;
#[cfg(jot_probe)]
#[doc(hidden)]
pub use crypto::Probe;
pub use error::{Challenge, Code, Error, Rejection, Stage};
pub use jws::JoseHeader;
pub use key::{KeyOptions, KeySet, KeySetError, SigningKey, SkippedKey, Thumbprint, VerifyingKey};
pub use limits::{Limits, MAX_CANDIDATES, MAX_DEPTH};
pub use policy::{ClaimPath, Condition, Demand, Operand, Policy};
pub use revocation::Revocations;
pub use scratch::Scratch;
pub use self_signed::{SelfSigned, SelfSignedBuilder, SelfSignedVerifier};
pub use signer::{PayloadForm, SignHeader, Signer};
pub use stats::Statistics;
#[cfg(feature = "status-list")]
pub use status::{StatusFeed, StatusList, TokenStatus};
pub use time::{Dates, NumericDate, UnixSeconds};
pub use verified::{Payload, VerifiedJws};
pub use verifier::{Accepted, KeyFeed, KeySlot, KeySource, Verdict, Verified, Verifier, VerifierBuilder};

/// The examples of this page are tests; that of the README is `jot-fetch`'s.
#[cfg(doctest)]
#[doc = include_str!("../docs/accelerated.md")]
struct Accelerated;

/// And of this one.
#[cfg(doctest)]
#[doc = include_str!("../docs/revocation.md")]
struct Revoked;

/// And of this one.
#[cfg(doctest)]
#[doc = include_str!("../docs/self-signed.md")]
struct OwnKeys;
