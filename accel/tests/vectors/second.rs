//! The answers of graviola, whose arithmetic is formally verified (s2n-bignum): a second
//! oracle, independent of aws-lc's curves and RSA on this processor.

use graviola::hashing::hmac::Hmac;
use graviola::hashing::{Sha256, Sha384, Sha512};
use graviola::signing::ecdsa::{P256, P384, VerifyingKey};
use graviola::signing::eddsa::Ed25519VerifyingKey;
use graviola::signing::rsa;
use jot_accel::{Algorithm, Hash, RawKey};
use pkcs1::der::Encode;
use pkcs1::der::asn1::UintRef;

/// One key for one algorithm.
pub(crate) enum Second {
    Mac(Hash, Vec<u8>),
    Rsa(Algorithm, Box<rsa::VerifyingKey>),
    P256(Box<VerifyingKey<P256>>),
    P384(Box<VerifyingKey<P384>>),
    Ed25519(Box<Ed25519VerifyingKey>),
}

impl Second {
    /// Returns `None` if it has no code for the algorithm, or refuses the key.
    pub(crate) fn new(algorithm: Algorithm, key: RawKey<'_>) -> Option<Self> {
        if !graviola::util::is_cpu_supported() {
            return None;
        }
        Some(match (algorithm, key) {
            (Algorithm::Hmac(hash), RawKey::Secret(secret)) => Self::Mac(hash, secret.to_vec()),
            (Algorithm::RsaPkcs1(_) | Algorithm::RsaPss(_), RawKey::Rsa { modulus, exponent }) => {
                let [modulus, public_exponent] =
                    [modulus, exponent].map(|number| UintRef::new(number).unwrap());
                let encoded = pkcs1::RsaPublicKey { modulus, public_exponent }.to_der().unwrap();
                Self::Rsa(algorithm, Box::new(rsa::VerifyingKey::from_pkcs1_der(&encoded).ok()?))
            }
            (Algorithm::EcdsaP256Sha256, RawKey::Sec1(point)) => {
                Self::P256(Box::new(VerifyingKey::from_x962_uncompressed(point).ok()?))
            }
            (Algorithm::EcdsaP384Sha384, RawKey::Sec1(point)) => {
                Self::P384(Box::new(VerifyingKey::from_x962_uncompressed(point).ok()?))
            }
            (Algorithm::Ed25519, RawKey::Ed25519(bytes)) => {
                Self::Ed25519(Box::new(Ed25519VerifyingKey::from_bytes(bytes).ok()?))
            }
            _ => return None,
        })
    }

    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Mac(Hash::Sha256, secret) => mac::<Sha256>(secret, message, signature),
            Self::Mac(Hash::Sha384, secret) => mac::<Sha384>(secret, message, signature),
            Self::Mac(_, secret) => mac::<Sha512>(secret, message, signature),
            Self::P256(key) => key.verify::<Sha256>(&[message], signature).is_ok(),
            Self::P384(key) => key.verify::<Sha384>(&[message], signature).is_ok(),
            Self::Ed25519(key) => key.verify(signature, message).is_ok(),
            Self::Rsa(algorithm, key) => match algorithm {
                Algorithm::RsaPkcs1(Hash::Sha256) => key.verify_pkcs1_sha256(signature, message),
                Algorithm::RsaPkcs1(Hash::Sha384) => key.verify_pkcs1_sha384(signature, message),
                Algorithm::RsaPkcs1(_) => key.verify_pkcs1_sha512(signature, message),
                Algorithm::RsaPss(Hash::Sha256) => key.verify_pss_sha256(signature, message),
                Algorithm::RsaPss(Hash::Sha384) => key.verify_pss_sha384(signature, message),
                _ => key.verify_pss_sha512(signature, message),
            }
            .is_ok(),
        }
    }
}

fn mac<H: graviola::hashing::Hash>(secret: &[u8], message: &[u8], tag: &[u8]) -> bool {
    let mut mac = Hmac::<H>::new(secret);
    mac.update(message);
    mac.verify(tag).is_ok()
}

/// It would agree with everything if it were never asked.
#[test]
fn second_oracle_takes_part_and_refuses() {
    if !graviola::util::is_cpu_supported() {
        return;
    }
    let second = Second::new(Algorithm::Hmac(Hash::Sha256), RawKey::Secret(b"Jefe")).unwrap();
    let mac = graviola::hashing::hmac::Hmac::<Sha256>::new(b"Jefe").finish();
    assert!(second.holds(b"", mac.as_ref()) && !second.holds(b"m", mac.as_ref()));
    let key = graviola::signing::eddsa::Ed25519SigningKey::generate().unwrap();
    let public = key.public_key().as_bytes();
    let second = Second::new(Algorithm::Ed25519, RawKey::Ed25519(&public)).unwrap();
    assert!(second.holds(b"m", &key.sign(b"m")) && !second.holds(b"n", &key.sign(b"m")));
}
