//! The aws-lc backend, which has every algorithm and is the oracle for other backends.

use aws_lc_rs::signature::{
    self as sig, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};
use aws_lc_rs::{digest, hmac};

use super::held::SignatureHeld;
use super::part::{PublicPart, bit_length};
use crate::alg::{Alg, KeyType};
use crate::error::Code;

/// A parsed key: aws-lc-rs' unparsed forms parse the key at every verification.
#[derive(Debug)]
pub(super) enum ParsedKey {
    /// Boxed, because it is many times as large as the other variant.
    Mac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl ParsedKey {
    pub(super) fn new(alg: Alg, key: PublicPart<'_>) -> Result<Self, Code> {
        match key {
            PublicPart::Secret(secret) => {
                let hash = mac_hash(alg).ok_or(Code::KeyAlgMismatch)?;
                Ok(Self::Mac(Box::new(hmac::Key::new(hash, secret))))
            }
            PublicPart::Rsa { modulus, exponent } => {
                let weak = bit_length(modulus) < 2048;
                let parameters = rsa_parameters(alg, weak).ok_or(Code::KeyAlgMismatch)?;
                RsaPublicKeyComponents { n: modulus, e: exponent }
                    .to_parsed_public_key(parameters)
                    .map(Self::Public)
                    .map_err(|_| Code::KeyInvalid)
            }
            PublicPart::Ec { curve, point } => Self::public(alg, curve, point),
            PublicPart::Ed25519(point) => Self::public(alg, KeyType::Ed25519, point),
            PublicPart::MlDsa { parameters, key } => Self::public(alg, parameters, key),
        }
    }

    fn public(alg: Alg, key_type: KeyType, bytes: &[u8]) -> Result<Self, Code> {
        if alg.key_type() != key_type {
            return Err(Code::KeyAlgMismatch);
        }
        let verification = verification(alg).ok_or(Code::KeyAlgMismatch)?;
        //= rfc8725#section-3.4
        //# For the NIST prime-order curves P-256, P-384, and P-521, validation MUST be performed
        ParsedPublicKey::new(verification, bytes).map(Self::Public).map_err(|_| Code::KeyInvalid)
    }

    #[inline]
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<SignatureHeld> {
        //= rfc7518#section-3.2
        //# The comparison of the computed HMAC value to the JWS Signature value MUST be done in a
        //# constant-time manner
        SignatureHeld::by_aws_lc(match self {
            Self::Mac(key) => hmac::verify(key, message, signature),
            Self::Public(key) => key.verify_sig(message, signature),
        })
    }
}

/// Returns the SHA-256 digest of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest_of(&digest::SHA256, bytes)
}

/// Returns a digest that names a certificate (RFC 7515 §4.1.7) and proves nothing.
pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    digest_of(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
}

/// A digest has exactly the length of the output.
fn digest_of<const LENGTH: usize>(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> [u8; LENGTH] {
    let mut output = [0; LENGTH];
    for (to, from) in output.iter_mut().zip(digest::digest(algorithm, bytes).as_ref()) {
        *to = *from;
    }
    output
}

pub(super) fn mac_hash(alg: Alg) -> Option<hmac::Algorithm> {
    match alg {
        Alg::HS256 => Some(hmac::HMAC_SHA256),
        Alg::HS384 => Some(hmac::HMAC_SHA384),
        Alg::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

/// aws-lc verifies moduli of 1024 to 2047 bits for RS256 and RS512 only.
//= rfc7515#section-10.6
//# implementations MUST ensure that the algorithm information encoded in the signature corresponds
//# to that specified with the "alg" Header Parameter.
fn rsa_parameters(alg: Alg, weak: bool) -> Option<&'static RsaParameters> {
    match (alg, weak) {
        (Alg::RS256, false) => Some(&sig::RSA_PKCS1_2048_8192_SHA256),
        (Alg::RS384, false) => Some(&sig::RSA_PKCS1_2048_8192_SHA384),
        (Alg::RS512, false) => Some(&sig::RSA_PKCS1_2048_8192_SHA512),
        (Alg::PS256, false) => Some(&sig::RSA_PSS_2048_8192_SHA256),
        (Alg::PS384, false) => Some(&sig::RSA_PSS_2048_8192_SHA384),
        (Alg::PS512, false) => Some(&sig::RSA_PSS_2048_8192_SHA512),
        (Alg::RS256, true) => Some(&sig::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (Alg::RS512, true) => Some(&sig::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

/// The fixed-size forms of ECDSA take exactly r and s, never DER.
//= rfc7518#section-3.4
//# The JWS Signature value MUST be a 64-octet sequence.
fn verification(alg: Alg) -> Option<&'static dyn VerificationAlgorithm> {
    match alg {
        Alg::ES256 => Some(&sig::ECDSA_P256_SHA256_FIXED),
        Alg::ES384 => Some(&sig::ECDSA_P384_SHA384_FIXED),
        Alg::ES512 => Some(&sig::ECDSA_P521_SHA512_FIXED),
        Alg::ES256K => Some(&sig::ECDSA_P256K1_SHA256_FIXED),
        Alg::EdDSA | Alg::Ed25519 => Some(&sig::ED25519),
        //= rfc9964#section-5
        //# The ctx parameter MUST be the empty string
        Alg::MlDsa44 => Some(&sig::ML_DSA_44),
        Alg::MlDsa65 => Some(&sig::ML_DSA_65),
        Alg::MlDsa87 => Some(&sig::ML_DSA_87),
        _ => None,
    }
}
