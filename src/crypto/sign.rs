//! Private keys prepared to sign with one algorithm.

use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::{KeyPairComponents, KeySize};
use aws_lc_rs::signature::{
    self as sig, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, PqdsaKeyPair,
    PqdsaSigningAlgorithm, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use zeroize::Zeroizing;

use super::aws_lc::mac_hash;
use super::part::{PrivatePart, RsaNumbers, bit_length};
use super::primes::Primes;
use super::weak_rsa::WeakRsa;
use crate::alg::{Alg, KeyType};
use crate::error::Code;

/// The shortest RSA modulus with which aws-lc-rs signs, in bits.
const RSA_MIN_BITS: usize = 2048;

/// A private key prepared to sign with one algorithm.
pub(crate) struct KeyPair {
    alg: Alg,
    backend: PrivateKey,
}

enum PrivateKey {
    Mac { secret: Zeroizing<Vec<u8>>, key: Box<hmac::Key> },
    Rsa { key: RsaKeyPair, encoding: &'static dyn RsaEncoding },
    WeakRsa(WeakRsa),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

impl KeyPair {
    /// Parses `key` for `alg`, and checks that its parts belong together.
    ///
    /// RSA keys below 2048 bits are accepted for RS256 and RS512; `key` decides whether
    /// they are allowed.
    ///
    /// # Errors
    /// [`Code::KeyAlgMismatch`] if the key is not of the algorithm's
    /// type, [`Code::KeyInvalid`] if its numbers are not a key,
    /// [`Code::KeyRsaTooShort`] for a short RSA key and another algorithm.
    pub(crate) fn new(alg: Alg, key: PrivatePart<'_>) -> Result<Self, Code> {
        Ok(Self { alg, backend: PrivateKey::new(alg, key).map_err(|refused| refused.0)? })
    }

    /// Makes a new key for `alg`; an RSA key is `rsa_bits` long.
    ///
    /// # Errors
    /// [`Code::KeyGeneration`]
    pub(crate) fn generate(alg: Alg, rsa_bits: usize) -> Result<Self, Code> {
        Ok(Self { alg, backend: PrivateKey::generate(alg, rsa_bits).map_err(|_| Code::KeyGeneration)? })
    }

    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    /// Appends the signature of `message` to `out`.
    ///
    /// # Errors
    /// [`Code::Internal`]; `out` is then unchanged. A lack of randomness is never
    /// reported here: aws-lc aborts the process if it cannot get random bytes.
    pub(crate) fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), Code> {
        let before = out.len();
        self.backend.sign(message, out).map_err(|_| {
            out.truncate(before);
            Code::Internal
        })
    }

    /// Returns the public key: for RSA an `RSAPublicKey` in DER, otherwise the
    /// bytes of [`PublicPart`](super::part::PublicPart); for HMAC the secret.
    pub(crate) fn public_bytes(&self) -> &[u8] {
        match &self.backend {
            PrivateKey::Mac { secret, .. } => secret,
            PrivateKey::Rsa { key, .. } => key.public_key().as_ref(),
            PrivateKey::WeakRsa(key) => key.public_bytes(),
            PrivateKey::Ec(key) => key.public_key().as_ref(),
            PrivateKey::Ed25519(key) => key.public_key().as_ref(),
            PrivateKey::MlDsa(key) => key.public_key().as_ref(),
        }
    }

    /// Returns the scalar of an EC key, in the coordinate size.
    ///
    /// # Errors
    /// [`Code::Internal`] if the key is of another type.
    pub(crate) fn scalar(&self) -> Result<Zeroizing<Vec<u8>>, Code> {
        let PrivateKey::Ec(key) = &self.backend else { return Err(Code::Internal) };
        let scalar: EcPrivateKeyBin<'_> = key.private_key().as_be_bytes().map_err(|_| Code::Internal)?;
        Ok(Zeroizing::new(scalar.as_ref().to_vec()))
    }

    /// Returns the key as a `PrivateKeyInfo`.
    ///
    /// # Errors
    /// [`Code::Internal`] for a secret, and for an ML-DSA key without its seed.
    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Code> {
        self.backend.to_pkcs8().map(Zeroizing::new).map_err(|_| Code::Internal)
    }
}

/// The one error for the backend's several error types, which carry no details.
struct Refused(Code);

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(code)
    }
}

impl From<aws_lc_rs::error::KeyRejected> for Refused {
    fn from(_: aws_lc_rs::error::KeyRejected) -> Self {
        Self(Code::KeyInvalid)
    }
}

impl From<aws_lc_rs::error::Unspecified> for Refused {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self(Code::Internal)
    }
}

impl PrivateKey {
    fn new(alg: Alg, key: PrivatePart<'_>) -> Result<Self, Refused> {
        use PrivatePart::{Ec, Ed25519, MlDsa, Pkcs8, Rsa, RsaExponents, Sec1, Secret};

        match (alg.key_type(), key) {
            (KeyType::Oct, Secret(secret)) => Self::mac(alg, Zeroizing::new(secret.to_vec())),
            (KeyType::Rsa, RsaExponents { n, e, d }) => {
                let primes = Primes::find(n, e, d).ok_or(Code::KeyInvalid)?;
                Self::new(alg, Rsa(primes.complete(n, e, d)))
            }
            (KeyType::Rsa, Rsa(numbers)) if bit_length(numbers.n) < RSA_MIN_BITS => {
                Ok(Self::WeakRsa(WeakRsa::new(alg, numbers)?))
            }
            (KeyType::Rsa, Rsa(numbers)) => {
                Self::rsa(alg, RsaKeyPair::from_components(&components(numbers))?)
            }
            (KeyType::Rsa, Pkcs8(der)) => Self::rsa(alg, RsaKeyPair::from_pkcs8(der)?),
            (KeyType::Ed25519, Ed25519 { seed, public }) => {
                Ok(Self::Ed25519(Ed25519KeyPair::from_seed_and_public_key(seed, public)?))
            }
            (KeyType::Ed25519, Pkcs8(der)) => Ok(Self::Ed25519(Ed25519KeyPair::from_pkcs8(der)?)),
            (_, Ec { scalar, point }) => {
                let curve = ecdsa(alg)?;
                Ok(Self::Ec(EcdsaKeyPair::from_private_key_and_public_key(curve, scalar, point)?))
            }
            (_, Sec1(der)) => Ok(Self::Ec(EcdsaKeyPair::from_private_key_der(ecdsa(alg)?, der)?)),
            (_, MlDsa { seed }) => Ok(Self::MlDsa(PqdsaKeyPair::from_seed(ml_dsa(alg)?, seed)?)),
            (_, Pkcs8(der)) => match ecdsa(alg) {
                Ok(curve) => Ok(Self::Ec(EcdsaKeyPair::from_pkcs8(curve, der)?)),
                Err(_) => Ok(Self::MlDsa(PqdsaKeyPair::from_pkcs8(ml_dsa(alg)?, der)?)),
            },
            _ => Err(Refused(Code::KeyAlgMismatch)),
        }
    }

    //= rfc8037#section-4
    //# a well-seeded cryptographic random number generator is REQUIRED.
    fn generate(alg: Alg, rsa_bits: usize) -> Result<Self, Refused> {
        match alg.key_type() {
            KeyType::Oct => {
                let mut secret = Zeroizing::new(vec![0; alg.signature_bytes().unwrap_or(64)]);
                rand::fill(&mut secret)?;
                Self::mac(alg, secret)
            }
            KeyType::Rsa => {
                let size = match rsa_bits {
                    2048 => KeySize::Rsa2048,
                    3072 => KeySize::Rsa3072,
                    4096 => KeySize::Rsa4096,
                    8192 => KeySize::Rsa8192,
                    _ => return Err(Refused(Code::KeyGeneration)),
                };
                Self::rsa(alg, RsaKeyPair::generate(size)?)
            }
            KeyType::Ed25519 => Ok(Self::Ed25519(Ed25519KeyPair::generate()?)),
            _ => match ecdsa(alg) {
                Ok(curve) => Ok(Self::Ec(EcdsaKeyPair::generate(curve)?)),
                Err(_) => Ok(Self::MlDsa(PqdsaKeyPair::generate(ml_dsa(alg)?)?)),
            },
        }
    }

    fn mac(alg: Alg, secret: Zeroizing<Vec<u8>>) -> Result<Self, Refused> {
        let hash = mac_hash(alg).ok_or(Refused(Code::KeyAlgMismatch))?;
        Ok(Self::Mac { key: Box::new(hmac::Key::new(hash, &secret)), secret })
    }

    fn rsa(alg: Alg, key: RsaKeyPair) -> Result<Self, Refused> {
        let encoding: &'static dyn RsaEncoding = match alg {
            Alg::RS256 => &sig::RSA_PKCS1_SHA256,
            Alg::RS384 => &sig::RSA_PKCS1_SHA384,
            Alg::RS512 => &sig::RSA_PKCS1_SHA512,
            Alg::PS256 => &sig::RSA_PSS_SHA256,
            Alg::PS384 => &sig::RSA_PSS_SHA384,
            Alg::PS512 => &sig::RSA_PSS_SHA512,
            _ => return Err(Refused(Code::KeyAlgMismatch)),
        };
        Ok(Self::Rsa { key, encoding })
    }

    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), Refused> {
        match self {
            Self::Mac { key, .. } => out.extend_from_slice(hmac::sign(key, message).as_ref()),
            Self::Rsa { key, encoding } => {
                let room = grow(out, key.public_modulus_len());
                key.sign(*encoding, &SystemRandom::new(), message, room)?;
            }
            Self::WeakRsa(key) => key.sign(message, grow(out, key.signature_bytes()))?,
            Self::Ec(key) => out.extend_from_slice(key.sign(&SystemRandom::new(), message)?.as_ref()),
            Self::Ed25519(key) => out.extend_from_slice(key.try_sign(message)?.as_ref()),
            Self::MlDsa(key) => {
                let room = grow(out, key.algorithm().signature_len());
                key.sign(message, room)?;
            }
        }
        Ok(())
    }

    fn to_pkcs8(&self) -> Result<Vec<u8>, Refused> {
        match self {
            Self::Mac { .. } => Err(Refused(Code::KeySecretNotPublic)),
            Self::Rsa { key, .. } => {
                let der: Pkcs8V1Der<'_> = key.as_der()?;
                Ok(der.as_ref().to_vec())
            }
            Self::WeakRsa(key) => Ok(key.to_pkcs8()?),
            Self::Ec(key) => Ok(key.to_pkcs8v1()?.as_ref().to_vec()),
            Self::Ed25519(key) => Ok(key.to_pkcs8v1()?.as_ref().to_vec()),
            Self::MlDsa(key) => Ok(key.to_pkcs8v1()?.as_ref().to_vec()),
        }
    }
}

/// Lengthens `out` by `bytes` and returns the new part.
fn grow(out: &mut Vec<u8>, bytes: usize) -> &mut [u8] {
    let before = out.len();
    out.resize(before.saturating_add(bytes), 0);
    out.get_mut(before..).unwrap_or_default()
}

fn components<'k>(numbers: RsaNumbers<'k>) -> KeyPairComponents<&'k [u8], &'k [u8]> {
    KeyPairComponents {
        public_key: RsaPublicKeyComponents { n: numbers.n, e: numbers.e },
        d: numbers.d,
        p: numbers.p,
        q: numbers.q,
        dP: numbers.dp,
        dQ: numbers.dq,
        qInv: numbers.qi,
    }
}

/// Returns the algorithm with signatures of fixed size: exactly r and s, never DER.
//= rfc7518#section-3.4
//# The octet sequence representations MUST NOT be shortened to omit any leading zero octets
fn ecdsa(alg: Alg) -> Result<&'static EcdsaSigningAlgorithm, Refused> {
    match alg {
        Alg::ES256 => Ok(&sig::ECDSA_P256_SHA256_FIXED_SIGNING),
        Alg::ES384 => Ok(&sig::ECDSA_P384_SHA384_FIXED_SIGNING),
        Alg::ES512 => Ok(&sig::ECDSA_P521_SHA512_FIXED_SIGNING),
        Alg::ES256K => Ok(&sig::ECDSA_P256K1_SHA256_FIXED_SIGNING),
        _ => Err(Refused(Code::KeyAlgMismatch)),
    }
}

fn ml_dsa(alg: Alg) -> Result<&'static PqdsaSigningAlgorithm, Refused> {
    match alg {
        Alg::MlDsa44 => Ok(&sig::ML_DSA_44_SIGNING),
        Alg::MlDsa65 => Ok(&sig::ML_DSA_65_SIGNING),
        Alg::MlDsa87 => Ok(&sig::ML_DSA_87_SIGNING),
        _ => Err(Refused(Code::KeyAlgMismatch)),
    }
}
