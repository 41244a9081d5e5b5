//! Algorithms and raw keys.

/// A hash function of SHA-2 (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// Returns the length of a digest in bytes.
    #[must_use]
    pub const fn output_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A scheme of signatures, or HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA (FIPS 186-5) on P-256 with SHA-256. A signature is r and s, 32
    /// bytes each, big-endian.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384. A signature is r and s, 48 bytes each.
    EcdsaP384Sha384,
    /// ECDSA on P-521 with SHA-512. A signature is r and s, 66 bytes each.
    EcdsaP521Sha512,
    /// ECDSA on secp256k1 (SEC 2) with SHA-256. A signature is r and s, 32 bytes each;
    /// an s that is more than half of the order is accepted too.
    EcdsaSecp256k1Sha256,
    /// Ed25519 (RFC 8032), without the cofactor.
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 8017).
    RsaPkcs1(Hash),
    /// RSASSA-PSS (RFC 8017) with MGF1 over the same hash and a salt as long as
    /// the hash.
    RsaPss(Hash),
    /// HMAC (RFC 2104) of its full length.
    Hmac(Hash),
}

/// A public key, or an HMAC secret, in the numbers of its standard.
///
/// It has no `Debug`, because it may be a secret.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RawKey<'k> {
    /// An HMAC secret.
    Secret(&'k [u8]),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa {
        /// n
        modulus: &'k [u8],
        /// e
        exponent: &'k [u8],
    },
    /// An uncompressed point of SEC 1 §2.3.3: 4, x, y.
    Sec1(&'k [u8]),
    /// The 32 bytes of RFC 8032 §5.1.2.
    Ed25519(&'k [u8]),
}
