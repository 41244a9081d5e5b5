//! Keys: parsed once, bound to their algorithms when parsed (RFC 7517).
//!
//! A key knows what it may be used with from the moment it exists. A token's
//! header can only choose among that and never widen it, so a public key is
//! never taken for an HMAC secret (RFC 8725 §3.1).

mod der;
mod jwk;
mod numbers;
mod options;
mod page;
mod pem;
#[cfg(test)]
mod samples;
mod secret;
mod set;
mod signing;
#[cfg(test)]
mod vectors;
mod verifying;

pub use options::KeyOptions;
pub use set::{KeySet, SkippedKey};
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
