//! Keys: parsed once, bound to their algorithms when parsed (RFC 7517).
//!
//! A key is bound to its algorithms when it is made. The header of a token can only
//! choose one of them and never add one, so a public key is never used as an HMAC
//! secret (RFC 8725 §3.1).

mod certificate;
mod der;
mod der_kind;
mod encoded;
mod instead;
mod jwk;
mod numbers;
mod options;
mod pair;
mod pem;
mod pem_map;
mod presented;
mod pss;
#[cfg(test)]
mod samples;
mod secret;
mod set;
mod signing;
mod skipped;
mod thumbprint;
mod thumbprints;
#[cfg(test)]
mod vectors;
mod verifying;

pub use options::KeyOptions;
pub(crate) use presented::PresentedKey;
pub use set::KeySet;
pub use signing::SigningKey;
#[cfg(feature = "capi")]
pub(crate) use skipped::Reasons;
pub use skipped::{KeySetError, SkippedKey};
pub use thumbprint::Thumbprint;
pub use verifying::VerifyingKey;
