//! The encodings to which a signature must open: EMSA-PKCS1-v1_5 ([`pkcs1`]), or
//! EMSA-PSS ([`pss`]).
//!
//! Both take the whole encoded message, as many bytes as the modulus, and compare every bit
//! with the encoding of the message's digest. Nothing is parsed: PKCS #1 v1.5 has exactly
//! one encoding for each digest, and PSS one for each digest and salt.

use super::digest::digest_of;
use super::multi_buffer::LANES;
use super::{pkcs1, pss};
use crate::algorithm::{Algorithm, Hash};
use crate::ifma::sha2::Digest;
use crate::simd::Ifma;

/// The encoding of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// RFC 8017 §9.2.
    Pkcs1(Hash),
    /// RFC 8017 §9.1 with MGF1 over the same hash and a salt as long as the
    /// hash.
    Pss(Hash),
}

impl Scheme {
    /// Returns the scheme of an algorithm; `None` if it does not use RSA.
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

    /// Checks several encodings, at most [`LANES`], of the messages with these digests.
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
