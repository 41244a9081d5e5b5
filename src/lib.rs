//! A strict, fast JWT verification engine (RFC 7519, RFC 7515, RFC 8725).
#![cfg_attr(test, allow(clippy::float_cmp, reason = "tests compare exact values"))]

mod alg;
mod base64url;
mod claims;
mod crypto;
mod error;
mod json;
mod jws;
mod key;
mod limits;
mod policy;
mod scratch;
mod signer;
mod time;
mod verified;
mod verifier;

pub use alg::{Alg, AlgSet, Hash, KeyType};
pub use claims::Claims;
pub use error::{Code, Error, Name, Rejection, Stage};
pub use json::{Array, Number, Object, Value};
pub use jws::JoseHeader;
pub use key::{KeyOptions, KeySet, SigningKey, SkippedKey, VerifyingKey};
pub use limits::{Limits, MAX_CANDIDATES, MAX_DEPTH};
pub use policy::{ClaimPath, Expected, Policy};
pub use scratch::Scratch;
pub use signer::{PayloadForm, SignHeader, Signer};
pub use time::{NumericDate, UnixSeconds};
pub use verified::{Payload, VerifiedJws};
pub use verifier::{KeyPlace, Verdict, Verified, Verifier, VerifierBuilder};
