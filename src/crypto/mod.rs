//! Signature backends, behind one small seam.
//!
//! [`PublicPart`] is what a key is made of, in the numbers of its standard;
//! [`Check`] is one key made ready for one algorithm, in the form that its
//! backend verifies fastest with. Everything above knows only these two. A
//! further backend adds its own variant inside `Check` and nothing else.
//! [`KeyPair`] is the like for signing.

mod aws_lc;
mod sign;
#[cfg(test)]
mod tests;

use crate::alg::{Alg, KeyType};
use crate::error::Code;

pub(crate) use sign::{KeyPair, PrivatePart, RsaNumbers};

/// The public numbers of a key, or an HMAC secret, before any parsing by a
/// backend.
#[derive(Clone, Copy)]
pub(crate) enum PublicPart<'k> {
    /// An HMAC secret.
    Secret(&'k [u8]),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa { modulus: &'k [u8], exponent: &'k [u8] },
    /// The point as SEC 1 writes it uncompressed: 4, x, y.
    Ec { curve: KeyType, point: &'k [u8] },
    /// The 32 bytes of RFC 8032.
    Ed25519(&'k [u8]),
    /// The public key of FIPS 204.
    MlDsa { parameters: KeyType, key: &'k [u8] },
}

/// Returns the length in bits of a big-endian number.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        Some(zeros) => {
            let lead = number.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
            number.len().saturating_sub(zeros).saturating_mul(8).saturating_sub(lead)
        }
        None => 0,
    }
}

/// Returns the SHA-256 digest of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    aws_lc::sha256(bytes)
}

/// A key made ready to verify one algorithm.
#[derive(Debug)]
pub(crate) struct Check {
    alg: Alg,
    backend: aws_lc::Backend,
}

impl Check {
    /// Parses `key` for `alg`.
    ///
    /// RSA keys below 2048 bits are taken as far as the backend verifies them;
    /// keeping them out is the key floor's duty.
    ///
    /// # Errors
    /// [`Code::KeyAlgMismatch`] when the key is not of the algorithm's type,
    /// [`Code::KeyInvalid`] when its numbers are no key.
    pub(crate) fn new(alg: Alg, key: PublicPart<'_>) -> Result<Self, Code> {
        Ok(Self { alg, backend: aws_lc::Backend::new(alg, key)? })
    }

    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    /// Tells whether `signature` is the algorithm's signature of `message`.
    /// MACs are compared in constant time.
    #[must_use]
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        self.backend.holds(message, signature)
    }
}
