//! SHA-256 and SHA-512 (FIPS 180-4) of many messages at once, one in each lane;
//! SHA-256 also of one message.
//!
//! A register holds the same word of sixteen (SHA-256) or eight (SHA-512)
//! messages. The lanes go through the rounds in step; a lane whose message has
//! ended keeps its state while the others go on. So messages that lie together
//! had better be of about the same length.
//!
//! Rounds are data-independent: nothing here takes another time for other
//! bytes of the same length, which HMAC relies on.

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
