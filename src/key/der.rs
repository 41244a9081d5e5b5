//! Keys in DER: SubjectPublicKeyInfo (RFC 5280 §4.1), RSA keys (RFC 8017 A.1),
//! PrivateKeyInfo (RFC 5208) and ECPrivateKey (RFC 5915).

use pkcs1::{RsaPrivateKey, RsaPublicKey, UintRef};
use pkcs8::PrivateKeyInfo;
use sec1::EcPrivateKey;
use spki::der::asn1::{AnyRef, BitStringRef};
use spki::der::{self, Decode, Encode, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::der_kind::DerKind;
use super::numbers::PublicNumbers;
use super::pss::{self, RSA_PSS};
use crate::alg::KeyType;
use crate::crypto::{PrivatePart, RsaNumbers};
use crate::error::{Code, Error};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CURVES: [(ObjectIdentifier, KeyType); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), KeyType::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), KeyType::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), KeyType::P521),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), KeyType::Secp256k1),
];
/// The types that are named by one identifier (RFC 8410 §3, RFC 9881 §2).
const PLAIN: [(ObjectIdentifier, KeyType); 4] = [
    (ObjectIdentifier::new_unwrap("1.3.101.112"), KeyType::Ed25519),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"), KeyType::MlDsa44),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"), KeyType::MlDsa65),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"), KeyType::MlDsa87),
];
/// X25519, X448 and Ed448 (RFC 8410 §3).
const UNKNOWN_CURVES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.3.101.110"),
    ObjectIdentifier::new_unwrap("1.3.101.111"),
    ObjectIdentifier::new_unwrap("1.3.101.113"),
];

fn malformed(_: impl Sized) -> Error {
    Error::new(Code::KeyDerInvalid)
}

/// Reads a SubjectPublicKeyInfo.
pub(super) fn spki(der: &[u8], weak: bool) -> Result<PublicNumbers, Error> {
    public(&SubjectPublicKeyInfoRef::try_from(der).map_err(malformed)?, weak)
}

/// Reads the key of a SubjectPublicKeyInfo.
pub(super) fn public(spki: &SubjectPublicKeyInfoRef<'_>, weak: bool) -> Result<PublicNumbers, Error> {
    let key = spki.subject_public_key.as_bytes().ok_or(Error::new(Code::KeyDerInvalid))?;
    if spki.algorithm.oid == RSA_PSS {
        let algorithms = pss::algorithms(spki.algorithm.parameters).ok_or(Error::new(Code::KeyRsaPss))?;
        return rsa_public(key, weak).map(|numbers| numbers.within(algorithms));
    }
    match key_type(&spki.algorithm)? {
        KeyType::Rsa => rsa_public(key, weak),
        key_type => PublicNumbers::of_type(key_type, key),
    }
}

/// Reads an RSAPublicKey.
pub(super) fn rsa_public(der: &[u8], weak: bool) -> Result<PublicNumbers, Error> {
    let key = RsaPublicKey::from_der(der).map_err(malformed)?;
    PublicNumbers::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes(), weak)
}

fn key_type(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<KeyType, Error> {
    let plain = PLAIN.iter().find(|row| row.0 == algorithm.oid);
    match (algorithm.oid, algorithm.parameters, plain) {
        (_, None, Some(row)) => Ok(row.1),
        (RSA, None, _) => Ok(KeyType::Rsa),
        (RSA, Some(parameters), _) if parameters.is_null() => Ok(KeyType::Rsa),
        (EC, Some(parameters), _) if parameters.tag() == Tag::Sequence => {
            Err(Error::new(Code::KeyCurveExplicit))
        }
        (EC, Some(parameters), _) => curve(parameters.decode_as().ok()),
        (RSA | EC, ..) | (_, Some(_), Some(_)) => Err(Error::new(Code::KeyDerInvalid)),
        (oid, ..) if UNKNOWN_CURVES.contains(&oid) => Err(Error::new(Code::KeyCurveUnknown)),
        (RSA_PSS, ..) => Err(Error::new(Code::KeyRsaPss)),
        _ => Err(Error::new(Code::KeyTypeUnknown)),
    }
}

/// Only named curves are known (RFC 5480 §2.1.1).
fn curve(name: Option<ObjectIdentifier>) -> Result<KeyType, Error> {
    let row = CURVES.iter().find(|row| Some(row.0) == name);
    row.map(|row| row.1).ok_or(Error::new(Code::KeyCurveUnknown))
}

/// Reads a private key of the given form.
pub(super) fn private(form: DerKind, der: &[u8]) -> Result<(KeyType, PrivatePart<'_>), Error> {
    match form {
        DerKind::Spki | DerKind::RsaPublic | DerKind::Certificate => Err(Error::new(Code::KeyNotPrivate)),
        DerKind::RsaPrivate => Ok((KeyType::Rsa, PrivatePart::Rsa(rsa_private(der)?))),
        DerKind::EcPrivate => {
            let key = EcPrivateKey::try_from(der).map_err(malformed)?;
            let curve = curve(key.parameters.and_then(sec1::EcParameters::named_curve))?;
            Ok((curve, PrivatePart::Sec1(der)))
        }
        DerKind::Pkcs8 => {
            let key = PrivateKeyInfo::try_from(der).map_err(malformed)?;
            match key_type(&key.algorithm)? {
                KeyType::Rsa => Ok((KeyType::Rsa, PrivatePart::Rsa(rsa_private(key.private_key)?))),
                key_type => Ok((key_type, PrivatePart::Pkcs8(der))),
            }
        }
    }
}

fn rsa_private(der: &[u8]) -> Result<RsaNumbers<'_>, Error> {
    let key = RsaPrivateKey::from_der(der).map_err(malformed)?;
    if key.other_prime_infos.is_some() {
        return Err(Error::new(Code::KeyInvalid));
    }
    Ok(RsaNumbers {
        n: key.modulus.as_bytes(),
        e: key.public_exponent.as_bytes(),
        d: key.private_exponent.as_bytes(),
        p: key.prime1.as_bytes(),
        q: key.prime2.as_bytes(),
        dp: key.exponent1.as_bytes(),
        dq: key.exponent2.as_bytes(),
        qi: key.coefficient.as_bytes(),
    })
}

/// Returns the seed of an Ed25519 key (RFC 8410 §7: an OCTET STRING) or an
/// ML-DSA key (RFC 9881 §6: `[0] IMPLICIT OCTET STRING`) in a PrivateKeyInfo.
pub(super) fn seed(der: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let key = PrivateKeyInfo::try_from(der).map_err(malformed)?;
    match key.private_key.split_first_chunk() {
        // Either tag: OCTET STRING, or [0] IMPLICIT.
        Some(([0x04 | 0x80, 32], seed)) if seed.len() == 32 => Ok(Zeroizing::new(seed.to_vec())),
        _ => Err(Error::new(Code::KeyDerInvalid)),
    }
}

/// Writes a key as SubjectPublicKeyInfo.
pub(super) fn write_spki(key: &PublicNumbers) -> Result<Vec<u8>, Error> {
    if matches!(key, PublicNumbers::Secret(_)) {
        return Err(Error::new(Code::KeySecretNotPublic));
    }
    spki_of(key).map_err(|_| Error::new(Code::Internal))
}

fn spki_of(key: &PublicNumbers) -> der::Result<Vec<u8>> {
    let key_type = key.key_type();
    let named = |rows: &[(ObjectIdentifier, KeyType)]| {
        rows.iter().find(|row| row.1 == key_type).map(|row| row.0).ok_or(der::ErrorKind::Failed)
    };
    match key {
        PublicNumbers::Secret(_) => Err(der::ErrorKind::Failed.into()),
        PublicNumbers::Rsa { modulus, exponent, within } => {
            let modulus = UintRef::new(modulus)?;
            let public_exponent = UintRef::new(exponent)?;
            let key = RsaPublicKey { modulus, public_exponent }.to_der()?;
            let Some(restricted) = pss::identifier(*within) else {
                return write(RSA, Some(AnyRef::NULL), &key);
            };
            let (oid, parameters) = restricted?;
            let parameters = parameters.as_deref().map(AnyRef::from_der).transpose()?;
            write(oid, parameters, &key)
        }
        PublicNumbers::Ec { point, .. } => write(EC, Some(AnyRef::from(&named(&CURVES)?)), point),
        PublicNumbers::Ed25519(key) | PublicNumbers::MlDsa { key, .. } => write(named(&PLAIN)?, None, key),
    }
}

fn write(oid: ObjectIdentifier, parameters: Option<AnyRef<'_>>, key: &[u8]) -> der::Result<Vec<u8>> {
    let algorithm = AlgorithmIdentifierRef { oid, parameters };
    SubjectPublicKeyInfoRef { algorithm, subject_public_key: BitStringRef::from_bytes(key)? }.to_der()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{EC_CERTIFICATE_PEM, EC_OLD_CERTIFICATE_PEM, RSA_PRIVATE_PEM};
    use super::super::{KeyOptions, VerifyingKey, pem};
    use super::*;

    fn refusal<T>(read: Result<T, Error>) -> Option<Code> {
        read.err().map(|error| error.code())
    }

    #[test]
    fn der_is_refused_when_cut_or_followed() {
        let pem = pem::only_block(EC_CERTIFICATE_PEM.as_bytes()).unwrap();
        let der = pem.key().unwrap().1;
        assert!(VerifyingKey::from_der(der, &KeyOptions::default()).is_ok());
        for length in 0..der.len() {
            assert!(VerifyingKey::from_der(&der[..length], &KeyOptions::default()).is_err(), "{length}");
        }
        let followed = [der, &[0]].concat();
        let error = VerifyingKey::from_der(&followed, &KeyOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::KeyDerInvalid);
    }

    #[test]
    fn certificate_of_version_1_is_read() {
        let key = VerifyingKey::from_pem(EC_OLD_CERTIFICATE_PEM.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(key.thumbprint(), "cJvFmNkvxyMRL-Hs04i_2gNvPAjcMbxNbg2VcV00h0c");
    }

    #[test]
    fn public_key_is_refused_when_its_parameters_are_odd() {
        let pem = pem::only_block(RSA_PRIVATE_PEM.as_bytes()).unwrap();
        let (_, PrivatePart::Rsa(numbers)) = private(DerKind::RsaPrivate, pem.key().unwrap().1).unwrap()
        else {
            panic!("not RSA")
        };
        let der = write_spki(&PublicNumbers::rsa(numbers.n, numbers.e, false).unwrap()).unwrap();
        let outcome = |from: &[u8], to: &[u8]| {
            let at = der.windows(from.len()).position(|window| window == from).unwrap();
            let mut der = [&der[..at], to, &der[at + from.len()..]].concat();
            let length = u16::try_from(der.len() - 4).unwrap();
            der[2..4].copy_from_slice(&length.to_be_bytes());
            refusal(spki(&der, false))
        };
        let oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let algorithm = |length: u8, parameters: &[u8]| [&[0x30, length][..], &oid, parameters].concat();
        let null = algorithm(13, &[5, 0]);
        assert_eq!(outcome(&null, &null), None);
        assert_eq!(outcome(&null, &algorithm(11, &[])), None);
        assert_eq!(outcome(&null, &algorithm(13, &[4, 0])), Some(Code::KeyDerInvalid));
        assert_eq!(outcome(&null, &algorithm(14, &[1, 1, 0])), Some(Code::KeyDerInvalid));
    }

    #[test]
    fn public_key_is_refused_when_it_is_no_whole_bytes() {
        let mut der = write_spki(&PublicNumbers::of_type(KeyType::Ed25519, &[2; 32]).unwrap()).unwrap();
        assert_eq!((der[11], refusal(spki(&der, false))), (0, None));
        der[11] = 1;
        assert_eq!(refusal(spki(&der, false)), Some(Code::KeyDerInvalid));
        assert_eq!(refusal(rsa_public(&[0x30, 0], false)), Some(Code::KeyDerInvalid));
    }

    #[test]
    fn rsa_key_of_more_than_two_primes_is_refused() {
        let pem = pem::only_block(RSA_PRIVATE_PEM.as_bytes()).unwrap();
        let mut der = pem.key().unwrap().1.to_vec();
        // Version 1, and a third prime behind the rest.
        assert_eq!(der[4..7], [2, 1, 0]);
        der[6] = 1;
        der.extend([0x30, 11, 0x30, 9, 2, 1, 3, 2, 1, 1, 2, 1, 1]);
        let length = u16::try_from(der.len() - 4).unwrap();
        der[2..4].copy_from_slice(&length.to_be_bytes());
        assert_eq!(refusal(private(DerKind::RsaPrivate, &der)), Some(Code::KeyInvalid));
        der[0] = 0x31;
        assert_eq!(refusal(DerKind::of(&der)), Some(Code::KeyDerInvalid));
    }
}
