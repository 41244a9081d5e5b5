//! A new key for one algorithm, and signing with it.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self as sig, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, PqdsaKeyPair,
    PqdsaSigningAlgorithm, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{error::Unspecified, hmac};
use jot::Alg;

/// Signs for one algorithm with a key of its own.
pub struct Issuer {
    alg: Alg,
    key: Key,
}

enum Key {
    Mac { secret: Vec<u8>, key: Box<hmac::Key> },
    Rsa { key: RsaKeyPair, encoding: &'static dyn RsaEncoding },
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

impl Issuer {
    /// Makes a key: 2048 bits for RSA, as long as the hash output for HMAC.
    ///
    /// # Panics
    /// When the backend cannot make one.
    #[must_use]
    pub fn new(alg: Alg) -> Self {
        Self { alg, key: Key::generate(alg).expect("the backend makes keys") }
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Returns the HMAC secret, or the public key as its algorithm's own
    /// standard writes it: RSAPublicKey, an uncompressed point, or raw bytes.
    #[must_use]
    pub fn key_bytes(&self) -> &[u8] {
        match &self.key {
            Key::Mac { secret, .. } => secret,
            Key::Rsa { key, .. } => key.public_key().as_ref(),
            Key::Ec(key) => key.public_key().as_ref(),
            Key::Ed25519(key) => key.public_key().as_ref(),
            Key::MlDsa(key) => key.public_key().as_ref(),
        }
    }

    /// Returns the public key as a SubjectPublicKeyInfo; `None` for a secret.
    ///
    /// # Panics
    /// When the backend cannot write it.
    #[must_use]
    pub fn spki(&self) -> Option<Vec<u8>> {
        let der: Result<PublicKeyX509Der<'_>, Unspecified> = match &self.key {
            Key::Mac { .. } => return None,
            Key::Rsa { key, .. } => key.public_key().as_der(),
            Key::Ec(key) => key.public_key().as_der(),
            Key::Ed25519(key) => key.public_key().as_der(),
            Key::MlDsa(key) => key.public_key().as_der(),
        };
        Some(der.expect("the backend writes its keys").as_ref().to_vec())
    }

    /// Returns the signature of `message`.
    ///
    /// # Panics
    /// When the backend cannot sign.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        loop {
            let signature = self.key.sign(message).expect("the backend signs");
            // jwt-simple takes the lower of the two values of s on secp256k1
            // and no other: the one below half of the order, 2^255.
            let is_low = signature.get(32).is_some_and(|first_of_s| *first_of_s < 0x80);
            if self.alg != Alg::ES256K || is_low {
                return signature;
            }
        }
    }
}

impl Key {
    fn generate(alg: Alg) -> Result<Self, Unspecified> {
        Ok(match alg {
            Alg::HS256 => Self::mac(hmac::HMAC_SHA256, 32)?,
            Alg::HS384 => Self::mac(hmac::HMAC_SHA384, 48)?,
            Alg::HS512 => Self::mac(hmac::HMAC_SHA512, 64)?,
            Alg::RS256 => Self::rsa(&sig::RSA_PKCS1_SHA256)?,
            Alg::RS512 => Self::rsa(&sig::RSA_PKCS1_SHA512)?,
            Alg::PS256 => Self::rsa(&sig::RSA_PSS_SHA256)?,
            Alg::ES256 => Self::ec(&sig::ECDSA_P256_SHA256_FIXED_SIGNING)?,
            Alg::ES384 => Self::ec(&sig::ECDSA_P384_SHA384_FIXED_SIGNING)?,
            Alg::ES512 => Self::ec(&sig::ECDSA_P521_SHA512_FIXED_SIGNING)?,
            Alg::ES256K => Self::ec(&sig::ECDSA_P256K1_SHA256_FIXED_SIGNING)?,
            Alg::EdDSA => Self::Ed25519(Ed25519KeyPair::generate()?),
            Alg::MlDsa44 => Self::ml_dsa(&sig::ML_DSA_44_SIGNING)?,
            Alg::MlDsa65 => Self::ml_dsa(&sig::ML_DSA_65_SIGNING)?,
            Alg::MlDsa87 => Self::ml_dsa(&sig::ML_DSA_87_SIGNING)?,
            _ => return Err(Unspecified),
        })
    }

    fn mac(hash: hmac::Algorithm, bytes: usize) -> Result<Self, Unspecified> {
        let mut secret = vec![0; bytes];
        rand::fill(&mut secret)?;
        Ok(Self::Mac { key: Box::new(hmac::Key::new(hash, &secret)), secret })
    }

    fn rsa(encoding: &'static dyn RsaEncoding) -> Result<Self, Unspecified> {
        Ok(Self::Rsa { key: RsaKeyPair::generate(KeySize::Rsa2048)?, encoding })
    }

    fn ec(algorithm: &'static EcdsaSigningAlgorithm) -> Result<Self, Unspecified> {
        Ok(Self::Ec(EcdsaKeyPair::generate(algorithm)?))
    }

    fn ml_dsa(algorithm: &'static PqdsaSigningAlgorithm) -> Result<Self, Unspecified> {
        Ok(Self::MlDsa(PqdsaKeyPair::generate(algorithm)?))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        match self {
            Self::Mac { key, .. } => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Self::Rsa { key, encoding } => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
            Self::Ec(key) => Ok(key.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            Self::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
            Self::MlDsa(key) => {
                let mut signature = vec![0; key.algorithm().signature_len()];
                key.sign(message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}
