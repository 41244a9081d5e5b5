//! What a signature must open to: EMSA-PKCS1-v1_5 ([`pkcs1`]), or EMSA-PSS
//! ([`pss`]).
//!
//! Both take the whole encoded message, as many bytes as the modulus, and
//! compare every bit of it with what the message's digest demands. Nothing in
//! it is parsed: PKCS #1 v1.5 has exactly one encoding for each digest, and PSS
//! one for each digest and salt.

use super::digest::digest_of;
use super::multi_buffer::LANES;
use super::{pkcs1, pss};
use crate::algorithm::{Algorithm, Hash};
use crate::ifma::sha2::Digest;
use crate::simd::Ifma;

/// How messages are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// RFC 8017 §9.2.
    Pkcs1(Hash),
    /// RFC 8017 §9.1 with MGF1 over the same hash and a salt as long as the
    /// hash.
    Pss(Hash),
}

impl Scheme {
    /// Returns the scheme of an algorithm, `None` for those without RSA.
    pub(super) const fn of(algorithm: Algorithm) -> Option<Self> {
        Some(match algorithm {
            Algorithm::RsaPkcs1(hash) => Self::Pkcs1(hash),
            Algorithm::RsaPss(hash) => Self::Pss(hash),
            _ => return None,
        })
    }

    pub(super) const fn hash(self) -> Hash {
        let (Self::Pkcs1(hash) | Self::Pss(hash)) = self;
        hash
    }

    /// Returns `true` if `encoded`, which has as many bytes as the modulus, is an
    /// encoding of `message`.
    pub(super) fn is_encoded(self, message: &[u8], encoded: &[u8]) -> bool {
        let of_message = digest_of(self.hash(), &[message]);
        match self {
            Self::Pkcs1(hash) => pkcs1::is_encoded(hash, of_message.as_ref(), encoded),
            Self::Pss(hash) => pss::is_encoded(hash, of_message.as_ref(), encoded),
        }
    }

    /// Tells the same of several, not more than [`LANES`], whose messages have
    /// the digests beside them.
    pub(super) fn are_encoded(self, ifma: Ifma, of_messages: &[Digest], encoded: &[&[u8]]) -> [bool; LANES] {
        let mut answers = [false; LANES];
        match self {
            Self::Pkcs1(hash) => {
                for ((answer, of_message), encoded) in answers.iter_mut().zip(of_messages).zip(encoded) {
                    let digest = of_message.get(..hash.output_bytes());
                    *answer = digest.is_some_and(|digest| pkcs1::is_encoded(hash, digest, encoded));
                }
            }
            Self::Pss(hash) => answers = pss::are_encoded(ifma, hash, of_messages, encoded),
        }
        answers
    }
}
