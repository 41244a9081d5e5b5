//! What a signature must open to: EMSA-PKCS1-v1_5, and EMSA-PSS in [`pss`].
//!
//! Both take the whole encoded message, as many bytes as the modulus, and
//! compare every bit of it with what the message's digest demands. Nothing in
//! it is parsed: PKCS #1 v1.5 has exactly one encoding for each digest, and PSS
//! one for each digest and salt.

use aws_lc_rs::digest::{self, Context};

use super::{LANES, pss};
use crate::alg::{Alg, Hash};
use crate::crypto::ifma::Ifma;
use crate::crypto::ifma::sha2::Digest;

/// The encoded message of the largest modulus.
pub(super) const LARGEST: usize = 512;

/// Returns the bytes of a digest.
pub(super) const fn output_bytes(hash: Hash) -> usize {
    match hash {
        Hash::Sha256 => 32,
        Hash::Sha384 => 48,
        Hash::Sha512 => 64,
    }
}

/// How messages are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// RFC 8017 §9.2.
    Pkcs1(Hash),
    /// RFC 8017 §9.1 with MGF1 over the same hash and a salt as long as the
    /// hash (RFC 7518 §3.5).
    Pss(Hash),
}

impl Scheme {
    /// Returns the scheme of an algorithm, `None` for those without RSA.
    pub(super) const fn of(alg: Alg) -> Option<Self> {
        Some(match alg {
            Alg::RS256 => Self::Pkcs1(Hash::Sha256),
            Alg::RS384 => Self::Pkcs1(Hash::Sha384),
            Alg::RS512 => Self::Pkcs1(Hash::Sha512),
            Alg::PS256 => Self::Pss(Hash::Sha256),
            Alg::PS384 => Self::Pss(Hash::Sha384),
            Alg::PS512 => Self::Pss(Hash::Sha512),
            _ => return None,
        })
    }

    pub(super) const fn hash(self) -> Hash {
        let (Self::Pkcs1(hash) | Self::Pss(hash)) = self;
        hash
    }

    /// Tells whether `encoded`, which has as many bytes as the modulus, is an
    /// encoding of `message`.
    pub(super) fn is_encoded(self, message: &[u8], encoded: &[u8]) -> bool {
        let of_message = digest_of(self.hash(), &[message]);
        match self {
            Self::Pkcs1(hash) => is_pkcs1(hash, of_message.as_ref(), encoded),
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
                    let digest = of_message.get(..output_bytes(hash));
                    *answer = digest.is_some_and(|digest| is_pkcs1(hash, digest, encoded));
                }
            }
            Self::Pss(hash) => answers = pss::are_encoded(ifma, hash, of_messages, encoded),
        }
        answers
    }
}

/// Returns the digest of the parts, one behind the other.
pub(super) fn digest_of(hash: Hash, parts: &[&[u8]]) -> digest::Digest {
    let algorithm = match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    };
    let mut context = Context::new(algorithm);
    for part in parts {
        context.update(part);
    }
    context.finish()
}

/// The DigestInfo up to the digest, with the NULL of RFC 8017 §9.2 note 1.
const fn digest_info(hash: Hash) -> [u8; 19] {
    let (last_of_oid, length) = match hash {
        Hash::Sha256 => (1, 32),
        Hash::Sha384 => (2, 48),
        Hash::Sha512 => (3, 64),
    };
    [
        // SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }
        0x30,
        17_u8.saturating_add(length),
        0x30,
        13,
        0x06,
        9,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        last_of_oid,
        0x05,
        0,
        0x04,
        length,
    ]
}

/// Compares with 0, 1, 255 …, 0, DigestInfo, digest.
fn is_pkcs1(hash: Hash, digest: &[u8], encoded: &[u8]) -> bool {
    let padding = encoded
        .strip_suffix(digest)
        .and_then(|rest| rest.strip_suffix(&digest_info(hash)))
        .and_then(|rest| rest.strip_suffix(&[0]))
        .and_then(|rest| rest.strip_prefix(&[0, 1]));
    // RFC 8017 §9.2 step 4 wants at least eight bytes.
    padding.is_some_and(|padding| padding.len() >= 8 && padding.iter().all(|byte| *byte == 255))
}
