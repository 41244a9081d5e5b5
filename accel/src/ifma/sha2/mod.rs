//! SHA-256 and SHA-512 (FIPS 180-4) of many messages at once, one in each lane, and
//! SHA-256 of single messages.
//!
//! A register holds the same word of sixteen (SHA-256) or eight (SHA-512) messages. All
//! lanes do the same rounds; a lane whose message has ended keeps its state while the
//! others continue. So the messages of a round should have about the same length.
//!
//! The rounds are data-independent: for messages of the same length the time does not
//! depend on their bytes. HMAC relies on this.

mod compression;
mod each;
mod padded;
mod sha256;
mod sha512;
mod sha_ni;
#[cfg(test)]
mod tests;

pub(super) use each::{Hasher, Word, digests, headed_sha512};
pub(super) use padded::Digest;
pub(super) use sha256::SHA256_INITIAL;
pub(super) use sha512::{SHA384_INITIAL, SHA512_INITIAL};
