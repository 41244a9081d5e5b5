//! aws-lc's answers.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self as sig, ParsedPublicKey, RsaPublicKeyComponents};
use jot_accel::{Algorithm, Hash, RawKey};

/// One key for one algorithm.
pub(crate) struct Oracle {
    key: Parsed,
    /// Which must say the same.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    second: Option<crate::second::Second>,
}

enum Parsed {
    Mac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Oracle {
    pub(crate) fn new(algorithm: Algorithm, key: RawKey<'_>) -> Self {
        Self {
            key: Parsed::new(algorithm, key),
            #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
            second: crate::second::Second::new(algorithm, key),
        }
    }

    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        let holds = self.key.holds(message, signature);
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        if let Some(second) = &self.second {
            assert_eq!(second.holds(message, signature), holds, "graviola of {signature:x?}");
        }
        holds
    }
}

impl Parsed {
    fn new(algorithm: Algorithm, key: RawKey<'_>) -> Self {
        match key {
            RawKey::Secret(secret) => Self::Mac(Box::new(hmac::Key::new(mac_hash(algorithm), secret))),
            RawKey::Rsa { modulus, exponent } => {
                let parameters = match (algorithm, modulus.len() < 256) {
                    (Algorithm::RsaPkcs1(Hash::Sha256), false) => &sig::RSA_PKCS1_2048_8192_SHA256,
                    (Algorithm::RsaPkcs1(Hash::Sha384), false) => &sig::RSA_PKCS1_2048_8192_SHA384,
                    (Algorithm::RsaPkcs1(Hash::Sha512), false) => &sig::RSA_PKCS1_2048_8192_SHA512,
                    (Algorithm::RsaPkcs1(Hash::Sha256), true) => {
                        &sig::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
                    }
                    (Algorithm::RsaPkcs1(Hash::Sha512), true) => {
                        &sig::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
                    }
                    (Algorithm::RsaPss(Hash::Sha256), false) => &sig::RSA_PSS_2048_8192_SHA256,
                    (Algorithm::RsaPss(Hash::Sha384), false) => &sig::RSA_PSS_2048_8192_SHA384,
                    (Algorithm::RsaPss(Hash::Sha512), false) => &sig::RSA_PSS_2048_8192_SHA512,
                    _ => panic!("{algorithm:?} with {} bytes", modulus.len()),
                };
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                Self::Public(key.to_parsed_public_key(parameters).unwrap())
            }
            RawKey::Sec1(bytes) | RawKey::Ed25519(bytes) => {
                let algorithm: &'static dyn sig::VerificationAlgorithm = match algorithm {
                    Algorithm::EcdsaP256Sha256 => &sig::ECDSA_P256_SHA256_FIXED,
                    Algorithm::EcdsaP384Sha384 => &sig::ECDSA_P384_SHA384_FIXED,
                    Algorithm::EcdsaP521Sha512 => &sig::ECDSA_P521_SHA512_FIXED,
                    Algorithm::EcdsaSecp256k1Sha256 => &sig::ECDSA_P256K1_SHA256_FIXED,
                    Algorithm::Ed25519 => &sig::ED25519,
                    _ => panic!("{algorithm:?}"),
                };
                Self::Public(ParsedPublicKey::new(algorithm, bytes).unwrap())
            }
            _ => panic!("another kind of key"),
        }
    }

    fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Mac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

pub(crate) fn mac_hash(algorithm: Algorithm) -> hmac::Algorithm {
    match algorithm {
        Algorithm::Hmac(Hash::Sha256) => hmac::HMAC_SHA256,
        Algorithm::Hmac(Hash::Sha384) => hmac::HMAC_SHA384,
        Algorithm::Hmac(Hash::Sha512) => hmac::HMAC_SHA512,
        _ => panic!("{algorithm:?}"),
    }
}
