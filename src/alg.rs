//! One row per JWS algorithm (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864,
//! RFC 9964). `none` has no row.

use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Error};

/// The hash function of an algorithm that signs a digest.
///
/// ```
/// assert_eq!(jot::Alg::ES256.hash(), Some(jot::Hash::Sha256));
/// assert_eq!(jot::Hash::Sha256.output_bytes(), 32);
/// ```
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
    /// Returns the length of the hash output in bytes.
    #[must_use]
    pub const fn output_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A key type, including its curve or parameter set.
///
/// ```
/// use jot::{Alg, KeyType};
///
/// assert_eq!(Alg::ES256.key_type(), KeyType::P256);
/// assert_eq!((KeyType::P256.kty(), KeyType::P256.crv()), ("EC", Some("P-256")));
/// assert_eq!(KeyType::Rsa.algorithms().iter().count(), 6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// `oct`: an HMAC secret.
    Oct,
    /// `RSA`
    Rsa,
    /// `EC` with `crv` P-256
    P256,
    /// `EC` with `crv` P-384
    P384,
    /// `EC` with `crv` P-521
    P521,
    /// `EC` with `crv` secp256k1
    Secp256k1,
    /// `OKP` with `crv` Ed25519
    Ed25519,
    /// `AKP` with `alg` ML-DSA-44
    MlDsa44,
    /// `AKP` with `alg` ML-DSA-65
    MlDsa65,
    /// `AKP` with `alg` ML-DSA-87
    MlDsa87,
}

impl KeyType {
    /// Returns the `kty` of a JWK of this type.
    #[must_use]
    pub const fn kty(self) -> &'static str {
        match self {
            Self::Oct => "oct",
            Self::Rsa => "RSA",
            Self::P256 | Self::P384 | Self::P521 | Self::Secp256k1 => "EC",
            Self::Ed25519 => "OKP",
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => "AKP",
        }
    }

    /// Returns the `crv` of a JWK of this type, if it has one.
    #[must_use]
    pub const fn crv(self) -> Option<&'static str> {
        match self {
            Self::P256 => Some("P-256"),
            Self::P384 => Some("P-384"),
            Self::P521 => Some("P-521"),
            Self::Secp256k1 => Some("secp256k1"),
            Self::Ed25519 => Some("Ed25519"),
            _ => None,
        }
    }

    /// Returns `true` for the key types of ECDSA.
    pub(crate) const fn is_ec(self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521 | Self::Secp256k1)
    }

    /// Returns `true` for the key types of ML-DSA.
    pub(crate) const fn is_ml_dsa(self) -> bool {
        matches!(self, Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87)
    }

    /// Returns the algorithms that a key of this type may be used with.
    #[must_use]
    pub fn algorithms(self) -> AlgSet {
        Alg::ALL.iter().copied().filter(|alg| alg.key_type() == self).collect()
    }
}

macro_rules! algorithms {
    ($($variant:ident = $index:literal, $name:literal, $key_type:ident, $hash:expr, $signature:expr, $what:literal;)*) => {
        /// A JWS signature or MAC algorithm.
        ///
        /// ```
        /// use jot::Alg;
        ///
        /// assert_eq!("ES256".parse::<Alg>()?, Alg::ES256);
        /// assert_eq!(Alg::MlDsa44.to_string(), "ML-DSA-44");
        /// assert!("none".parse::<Alg>().is_err());
        /// # Ok::<(), jot::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Alg {
            $(#[doc = $what] $variant = $index,)*
        }

        impl Alg {
            /// Every algorithm.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name as it stands in `alg`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name for C, ended by a NUL.
            #[cfg(feature = "capi")]
            pub(crate) const fn c_name(self) -> &'static str {
                match self { $(Self::$variant => concat!($name, "\0"),)* }
            }

            /// Returns the type of key that the algorithm takes.
            #[must_use]
            pub const fn key_type(self) -> KeyType {
                match self { $(Self::$variant => KeyType::$key_type,)* }
            }

            /// Returns the hash function, where the algorithm names one.
            #[must_use]
            pub const fn hash(self) -> Option<Hash> {
                match self { $(Self::$variant => $hash,)* }
            }

            /// Returns the length of a signature in bytes; `None` for RSA,
            /// where it is the length of the modulus.
            #[must_use]
            pub const fn signature_bytes(self) -> Option<usize> {
                match self { $(Self::$variant => $signature,)* }
            }

            /// Returns the algorithm with this `alg` name, compared exactly.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

//= rfc7519#section-8
//# only HMAC SHA-256 ("HS256") and "none" MUST be implemented by conforming JWT implementations.
//= rfc7519#section-8
//# It is RECOMMENDED that implementations also support RSASSA-PKCS1-v1_5 with the SHA-256 hash
//# algorithm ("RS256") and ECDSA
//= rfc9068#section-2.1
//# MUST include RS256 (as defined in [RFC7518]) among their supported signature algorithms.
algorithms! {
    HS256 = 0, "HS256", Oct, Some(Hash::Sha256), Some(32), "HMAC with SHA-256";
    HS384 = 1, "HS384", Oct, Some(Hash::Sha384), Some(48), "HMAC with SHA-384";
    HS512 = 2, "HS512", Oct, Some(Hash::Sha512), Some(64), "HMAC with SHA-512";
    RS256 = 3, "RS256", Rsa, Some(Hash::Sha256), None, "RSASSA-PKCS1-v1_5 with SHA-256";
    RS384 = 4, "RS384", Rsa, Some(Hash::Sha384), None, "RSASSA-PKCS1-v1_5 with SHA-384";
    RS512 = 5, "RS512", Rsa, Some(Hash::Sha512), None, "RSASSA-PKCS1-v1_5 with SHA-512";
    PS256 = 6, "PS256", Rsa, Some(Hash::Sha256), None, "RSASSA-PSS with SHA-256 and a salt of 32 bytes";
    PS384 = 7, "PS384", Rsa, Some(Hash::Sha384), None, "RSASSA-PSS with SHA-384 and a salt of 48 bytes";
    PS512 = 8, "PS512", Rsa, Some(Hash::Sha512), None, "RSASSA-PSS with SHA-512 and a salt of 64 bytes";
    ES256 = 9, "ES256", P256, Some(Hash::Sha256), Some(64), "ECDSA on P-256 with SHA-256";
    ES384 = 10, "ES384", P384, Some(Hash::Sha384), Some(96), "ECDSA on P-384 with SHA-384";
    ES512 = 11, "ES512", P521, Some(Hash::Sha512), Some(132), "ECDSA on P-521 with SHA-512";
    ES256K = 12, "ES256K", Secp256k1, Some(Hash::Sha256), Some(64), "ECDSA on secp256k1 with SHA-256";
    EdDSA = 13, "EdDSA", Ed25519, None, Some(64), "Ed25519 under its old, polymorphic name (RFC 8037)";
    Ed25519 = 14, "Ed25519", Ed25519, None, Some(64), "Ed25519 under its full name (RFC 9864)";
    MlDsa44 = 15, "ML-DSA-44", MlDsa44, None, Some(2420), "ML-DSA-44 (RFC 9964)";
    MlDsa65 = 16, "ML-DSA-65", MlDsa65, None, Some(3309), "ML-DSA-65 (RFC 9964)";
    MlDsa87 = 17, "ML-DSA-87", MlDsa87, None, Some(4627), "ML-DSA-87 (RFC 9964)";
}

impl Alg {
    /// Returns one algorithm for both of two names with the same meaning: `EdDSA` and
    /// `Ed25519` verify alike (RFC 9864 §2.2).
    pub(crate) const fn operation(self) -> Self {
        match self {
            Self::Ed25519 => Self::EdDSA,
            other => other,
        }
    }
}

impl fmt::Display for Alg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Alg {
    type Err = Error;

    /// Reads an `alg` name, compared exactly.
    ///
    /// # Errors
    /// [`Code::AlgUnknown`], or [`Code::AlgNone`] for `none` in any casing.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::from_name(name).ok_or(Error::new(refusal_of(name)))
    }
}

/// Returns the code for a name that is not an algorithm.
//= rfc7518#section-3.6
//# Implementations MUST NOT accept Unsecured JWSs by default.
pub(crate) fn refusal_of(name: &str) -> Code {
    if name.eq_ignore_ascii_case("none") { Code::AlgNone } else { Code::AlgUnknown }
}

/// A set of algorithms.
///
/// ```
/// use jot::{Alg, AlgSet};
///
/// let set = AlgSet::new().with(Alg::ES256).with(Alg::EdDSA);
/// assert!(set.contains(Alg::EdDSA) && !set.contains(Alg::HS256));
/// assert_eq!(set, [Alg::EdDSA, Alg::ES256].into_iter().collect());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct AlgSet(u32);

impl AlgSet {
    /// Returns the set without any member.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Returns the set with `alg` added.
    #[must_use]
    pub const fn with(self, alg: Alg) -> Self {
        Self(self.0 | 1_u32.wrapping_shl(alg as u32))
    }

    /// Returns `true` if `alg` is in the set.
    #[must_use]
    pub const fn contains(self, alg: Alg) -> bool {
        self.0 & Self::new().with(alg).0 != 0
    }

    /// Returns `true` if the set has no member.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the intersection of both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the members in the order of [`Alg::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Alg> {
        Alg::ALL.iter().copied().filter(move |alg| self.contains(*alg))
    }
}

impl FromIterator<Alg> for AlgSet {
    fn from_iter<I: IntoIterator<Item = Alg>>(algorithms: I) -> Self {
        algorithms.into_iter().fold(Self::new(), Self::with)
    }
}

/// ```
/// use jot::{Alg, AlgSet};
///
/// let mut set = AlgSet::from_iter([Alg::ES256]);
/// set.extend([Alg::EdDSA, Alg::Ed25519]);
/// assert_eq!(set.iter().count(), 3);
/// ```
impl Extend<Alg> for AlgSet {
    fn extend<I: IntoIterator<Item = Alg>>(&mut self, algorithms: I) {
        *self = algorithms.into_iter().fold(*self, Self::with);
    }
}

impl fmt::Debug for AlgSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_exactly() {
        for alg in Alg::ALL {
            assert_eq!(Alg::from_name(alg.name()), Some(*alg));
            assert!(alg.name().to_lowercase().parse::<Alg>().is_err());
        }
        assert_eq!("nOnE".parse::<Alg>().unwrap_err().code(), Code::AlgNone);
        assert_eq!("ESP256".parse::<Alg>().unwrap_err().code(), Code::AlgUnknown);
    }

    #[test]
    fn only_the_names_of_ed25519_are_one_operation() {
        let other = Alg::ALL.iter().copied().filter(|alg| alg.operation() != *alg);
        assert!(other.eq([Alg::Ed25519]));
        assert_eq!(Alg::Ed25519.operation(), Alg::EdDSA);
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: AlgSet = [Alg::HS256, Alg::MlDsa87].into_iter().collect();
        assert!(set.contains(Alg::MlDsa87) && !set.contains(Alg::RS256));
        assert_eq!(set.iter().count(), 2);
        assert_eq!(KeyType::Rsa.algorithms().iter().count(), 6);
    }
}
