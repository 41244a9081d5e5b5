//! Keys: parsed once, bound to their algorithms when parsed (RFC 7517).
//!
//! A key knows what it may be used with from the moment it exists. A token's
//! header can only choose among that and never widen it, so a public key is
//! never taken for an HMAC secret (RFC 8725 §3.1).

mod der;
mod instead;
mod jwk;
mod numbers;
mod options;
mod pem;
mod pem_map;
#[cfg(test)]
mod samples;
mod secret;
mod set;
mod signing;
mod skipped;
#[cfg(test)]
mod vectors;
mod verifying;

pub use options::KeyOptions;
pub use set::KeySet;
pub use signing::SigningKey;
#[cfg(feature = "capi")]
pub(crate) use skipped::Reasons;
pub use skipped::{KeySetError, SkippedKey};
pub use verifying::VerifyingKey;
