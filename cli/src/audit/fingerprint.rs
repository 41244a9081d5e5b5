//! Keyed fingerprints, which show that rows have equal values and reveal nothing else.

use std::hash::BuildHasher as _;
use std::path::Path;

use aws_lc_rs::hmac;
use foldhash::quality::FixedState;
use zeroize::Zeroizing;

use super::shared_tokens::hex;
use crate::failure::Failure;
use crate::key_file::KeyFile;

/// The shortest key.
const LEAST_BYTES: usize = 16;

/// The key of the fingerprints: the first 128 bits of HMAC-SHA-256.
pub(super) struct FingerprintKey {
    key: hmac::Key,
    bytes: Zeroizing<Vec<u8>>,
    short: FixedState,
}

impl FingerprintKey {
    /// Reads the key, every byte of the file, or draws a new one.
    pub(super) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            let mut bytes = Zeroizing::new(vec![0; 32]);
            getrandom::fill(&mut bytes)
                .map_err(|_| Failure::new("the system's random number generator failed"))?;
            return Ok(Self::of(&bytes));
        };
        let file = KeyFile::read(path)?;
        if file.content().len() < LEAST_BYTES {
            return Err(file.blame("a fingerprint key has at least 16 bytes"));
        }
        Ok(Self::of(file.content()))
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        // Neither a token nor a column's value begins with a zero byte.
        let tag = hmac::sign(&key, b"\0short");
        let seed = tag.as_ref().first_chunk().copied().map_or(0, u64::from_be_bytes);
        Self { key, bytes: Zeroizing::new(bytes.to_vec()), short: FixedState::with_seed(seed) }
    }

    /// Returns the key itself, for the state of an interrupted run.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn of_bytes(&self, bytes: &[u8]) -> u128 {
        let tag = hmac::sign(&self.key, bytes);
        tag.as_ref().first_chunk().copied().map_or(0, u128::from_be_bytes)
    }

    /// Returns a number that tells texts apart within this run and is never written
    /// out; it is much cheaper than a fingerprint.
    pub(super) fn short_id(&self, bytes: &[u8]) -> u64 {
        self.short.hash_one(bytes)
    }

    /// Returns the fingerprint of a column's value, which differs from that of any
    /// token.
    pub(super) fn of_value(&self, column: &str, value: &str) -> String {
        hex(self.of_bytes(format!("{column}\u{0}{value}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_is_the_first_half_of_hmac_sha256() {
        // RFC 4231, test case 1
        let key = FingerprintKey::of(&[0x0b; 20]);
        assert_eq!(hex(key.of_bytes(b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b");
        assert_ne!(key.of_value("subject", "a"), key.of_value("jti", "a"));
    }
}
