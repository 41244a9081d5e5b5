//! The numbers of keys, before a backend parses them.

use crate::alg::KeyType;

/// The public numbers of a key, or an HMAC secret, before a backend parses them.
#[derive(Clone, Copy)]
pub(crate) enum PublicPart<'k> {
    /// An HMAC secret.
    Secret(&'k [u8]),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa { modulus: &'k [u8], exponent: &'k [u8] },
    /// The uncompressed point of SEC 1: 4, x, y.
    Ec { curve: KeyType, point: &'k [u8] },
    /// The 32 bytes of RFC 8032.
    Ed25519(&'k [u8]),
    /// The public key of FIPS 204.
    MlDsa { parameters: KeyType, key: &'k [u8] },
}

/// The numbers of an RSA private key, big-endian (RFC 7518 §6.3).
#[derive(Clone, Copy)]
pub(crate) struct RsaNumbers<'k> {
    pub(crate) n: &'k [u8],
    pub(crate) e: &'k [u8],
    pub(crate) d: &'k [u8],
    pub(crate) p: &'k [u8],
    pub(crate) q: &'k [u8],
    pub(crate) dp: &'k [u8],
    pub(crate) dq: &'k [u8],
    pub(crate) qi: &'k [u8],
}

/// A private key or an HMAC secret, before a backend parses it.
#[derive(Clone, Copy)]
pub(crate) enum PrivatePart<'k> {
    /// An HMAC secret.
    Secret(&'k [u8]),
    /// An RSA key with its numbers for the Chinese remainder theorem, which must agree.
    Rsa(RsaNumbers<'k>),
    /// An RSA key without its primes, which are recovered.
    RsaExponents { n: &'k [u8], e: &'k [u8], d: &'k [u8] },
    /// A scalar of the coordinate size, and its point as 4, x, y.
    Ec { scalar: &'k [u8], point: &'k [u8] },
    /// An `ECPrivateKey` of RFC 5915.
    Sec1(&'k [u8]),
    /// The 32 bytes of RFC 8032, and the public key if known.
    Ed25519 { seed: &'k [u8], public: &'k [u8] },
    /// The 32 bytes of FIPS 204 that the key is made from.
    MlDsa { seed: &'k [u8] },
    /// A `PrivateKeyInfo` of RFC 5208 or RFC 5958.
    Pkcs8(&'k [u8]),
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
