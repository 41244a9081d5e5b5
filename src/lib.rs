//! A strict, fast JWT verification engine (RFC 7519, RFC 7515, RFC 8725).
#![cfg_attr(test, allow(clippy::float_cmp, reason = "tests compare exact values"))]

mod alg;
mod base64url;
mod crypto;
mod error;
mod json;
mod key;
mod limits;
mod signer;
mod time;

pub use alg::{Alg, AlgSet, Hash, KeyType};
pub use error::{Code, Error, Name, Rejection, Stage};
pub use json::{Array, Number, Object, Value};
pub use key::{KeyOptions, KeySet, SigningKey, SkippedKey, VerifyingKey};
pub use limits::{Limits, MAX_CANDIDATES, MAX_DEPTH};
pub use signer::{PayloadForm, SignHeader, Signer};
pub use time::{NumericDate, UnixSeconds};
