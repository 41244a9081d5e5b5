//! Signing keys, read and written in every form.

use super::super::samples::*;
use super::*;

fn read(text: &str) -> Result<SigningKey, Error> {
    SigningKey::from_jwk(text.as_bytes(), &KeyOptions::default())
}

fn refusal(text: &str) -> (Code, Option<String>) {
    let error = read(text).unwrap_err();
    (error.code(), error.member().map(str::to_owned))
}

/// Signs with `signer` and verifies with `verifier`.
fn agree(signer: &SigningKey, verifier: &VerifyingKey) {
    let alg = signer.alg();
    let mut out = b"kept".to_vec();
    signer.sign(b"message", &mut out).unwrap();
    let signature = out.strip_prefix(b"kept").unwrap();
    assert!(verifier.verify_signature(alg, b"message", signature), "{alg}");
    assert!(!verifier.verify_signature(alg, b"massage", signature), "{alg}");
    let mut flipped = signature.to_vec();
    flipped[0] ^= 1;
    assert!(!verifier.verify_signature(alg, b"message", &flipped), "{alg}");
    for other in Alg::ALL.iter().filter(|other| !verifier.algorithms().contains(**other)) {
        assert!(!verifier.verify_signature(*other, b"message", signature), "{other}");
    }
}

#[test]
fn key_of_every_algorithm_survives_every_form() {
    let options = KeyOptions::default();
    for alg in Alg::ALL.iter().copied() {
        let key = SigningKey::generate(alg).unwrap().with_kid("k");
        let own = key.verifying_key().unwrap();
        agree(&key, &own);
        let jwk = read(&key.to_jwk().unwrap()).unwrap();
        assert_eq!((jwk.alg(), jwk.kid()), (alg, Some("k")));
        agree(&jwk, &own);
        assert_eq!(jwk.to_jwk().unwrap(), key.to_jwk().unwrap());
        if alg.key_type() == KeyType::Oct {
            assert_eq!(key.to_pem().unwrap_err().code(), Code::KeySecretNotPublic);
            continue;
        }
        let text = key.to_pem().unwrap();
        let pem = SigningKey::from_pem(text.as_bytes(), &options.clone().alg(alg)).unwrap();
        agree(&pem, &own);
        let public = VerifyingKey::from_jwk(own.to_jwk().unwrap().as_bytes(), &options).unwrap();
        assert_eq!((public.kid(), public.algorithms()), (Some("k"), own.algorithms()));
        agree(&key, &public);
        agree(&key, &VerifyingKey::from_pem(own.to_pem().unwrap().as_bytes(), &options).unwrap());
        agree(&key, &VerifyingKey::from_pem(text.as_bytes(), &options).unwrap());
    }
}

#[test]
fn key_of_the_rfcs_signs_and_verifies() {
    for (jwk, alg) in [(SECRET, Alg::HS256), (P256, Alg::ES256), (P521, Alg::ES512), (ED25519, Alg::EdDSA)] {
        let key = read(jwk).unwrap();
        assert_eq!(key.alg(), alg);
        agree(&key, &key.verifying_key().unwrap());
        agree(&key, &VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default()).unwrap());
    }
}

#[test]
fn pem_of_openssl_is_read() {
    for (text, alg) in [(EC_PEM, Alg::ES256), (RSA_PRIVATE_PEM, Alg::RS256)] {
        let key = SigningKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(key.alg(), alg);
        agree(&key, &key.verifying_key().unwrap());
    }
}

#[test]
fn private_members_must_be_there_and_fit() {
    for jwk in [P256, ED25519] {
        let public = jwk.replace("\"d\"", "\"unknown\"");
        assert_eq!(refusal(&public), (Code::KeyNotPrivate, Some("d".to_owned())));
        for value in ["\"\"", "\"AAAA\"", "7"] {
            let outcome = refusal(&with(jwk, "d", value));
            assert_eq!(outcome, (Code::KeyMemberInvalid, Some("d".to_owned())), "{value}");
        }
        let other = with(jwk, "d", "\"-WGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"");
        assert_eq!(refusal(&other), (Code::KeyInvalid, None));
    }
    let rsa = format!(r#"{{"kty":"RSA","e":"AQAB","n":"{RSA_N}","d":"AQAB"}}"#);
    assert_eq!(refusal(&rsa), (Code::KeyInvalid, None));
    for (name, missing) in [("p", "q"), ("q", "p"), ("dp", "p"), ("dq", "p"), ("qi", "p")] {
        let part = rsa.replacen('{', &format!(r#"{{"{name}":"AQAB","#), 1);
        assert_eq!(refusal(&part), (Code::KeyMemberMissing, Some(missing.to_owned())), "{name}");
    }
    let multi = rsa.replacen('{', r#"{"oth":[],"#, 1);
    assert_eq!(refusal(&multi), (Code::KeyMemberInvalid, Some("oth".to_owned())));
}

#[test]
fn ml_dsa_seed_must_belong_to_the_public_key() {
    let jwk = SigningKey::generate(Alg::MlDsa44).unwrap().to_jwk().unwrap();
    let seed = SigningKey::generate(Alg::MlDsa44).unwrap().to_jwk().unwrap();
    let (_, seed) = seed.split_once("\"priv\":").unwrap();
    assert_eq!(refusal(&with(&jwk, "priv", seed.trim_end_matches('}'))), (Code::KeyInvalid, None));
    let short = with(&jwk, "priv", "\"AAAA\"");
    assert_eq!(refusal(&short), (Code::KeyMemberInvalid, Some("priv".to_owned())));
    let public = jwk.replace("\"priv\"", "\"unknown\"");
    assert_eq!(refusal(&public), (Code::KeyNotPrivate, Some("priv".to_owned())));
}

#[test]
fn rsa_jwk_without_d_cannot_sign() {
    let public = format!(r#"{{"kty":"RSA","e":"AQAB","n":"{RSA_N}"}}"#);
    assert_eq!(refusal(&public), (Code::KeyNotPrivate, Some("d".to_owned())));
    let primes = public.replacen('{', r#"{"p":"AQAB","q":"AQAB","dp":"AQAB","dq":"AQAB","qi":"AQAB","#, 1);
    assert_eq!(refusal(&primes), (Code::KeyNotPrivate, Some("d".to_owned())));
}

/// RFC 7518 §6.3.2: they SHOULD be there, though they can be found again.
#[test]
fn rsa_jwk_is_written_with_its_primes() {
    let jwk = SigningKey::generate(Alg::RS256).unwrap().to_jwk().unwrap();
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        assert_eq!(jwk.matches(&format!("\"{name}\":\"")).count(), 1, "{name}");
    }
    assert!(!jwk.contains("\"oth\""));
}

#[test]
fn jwk_is_written_with_its_alg() {
    for alg in Alg::ALL.iter().copied() {
        let jwk = SigningKey::generate(alg).unwrap().to_jwk().unwrap();
        assert_eq!(jwk.matches(&format!(r#""alg":"{alg}""#)).count(), 1, "{alg}");
    }
}

/// In 600 signatures some R or S begins with a zero byte, but for one time in
/// many millions.
#[test]
fn ecdsa_signatures_are_of_the_full_size() {
    for (alg, bytes) in [(Alg::ES256, 64), (Alg::ES384, 96), (Alg::ES512, 132), (Alg::ES256K, 64)] {
        let key = SigningKey::generate(alg).unwrap();
        for message in 0..600_u32 {
            let mut signature = Vec::new();
            key.sign(&message.to_be_bytes(), &mut signature).unwrap();
            assert_eq!(signature.len(), bytes, "{alg}");
        }
    }
}

#[test]
fn key_ops_must_allow_signing() {
    let with = |operations: &str| P256.replacen('{', &format!("{{\"key_ops\":{operations},"), 1);
    assert!(read(&with(r#"["sign"]"#)).is_ok());
    assert_eq!(refusal(&with(r#"["verify"]"#)).0, Code::KeyOpsNotAllowed);
}

#[test]
fn public_keys_cannot_sign() {
    for text in [EC_PUBLIC_PEM, EC_CERTIFICATE_PEM, RSA_PUBLIC_PEM] {
        let error = SigningKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::KeyNotPrivate, "{text}");
    }
}

#[test]
fn secret_is_held_to_its_algorithm() {
    let code = |length: usize, options| {
        SigningKey::from_secret(&vec![1; length], &options).err().map(|error| error.code())
    };
    let options = KeyOptions::default();
    assert_eq!(code(32, options.clone()), None);
    assert_eq!(code(31, options.clone()), Some(Code::KeySecretTooShort));
    assert_eq!(code(32, options.clone().alg(Alg::HS384)), Some(Code::KeySecretTooShort));
    assert_eq!(code(64, options.clone().alg(Alg::ES256)), Some(Code::KeyAlgMismatch));
    assert_eq!(code(1, options.clone().allow_weak_keys()), None);
    let text = SigningKey::from_secret(EC_PUBLIC_PEM.as_bytes(), &options.allow_weak_keys());
    assert_eq!(text.unwrap_err().code(), Code::KeySecretIsKeyText);
}

#[test]
fn secret_in_a_jwk_is_held_to_its_algorithm() {
    let short = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
    assert_eq!(refusal(short), (Code::KeySecretTooShort, None));
    let medium = format!(r#"{{"kty":"oct","alg":"HS512","k":"{}"}}"#, base64url::encode(&[1; 63]));
    assert_eq!(refusal(&medium), (Code::KeySecretTooShort, None));
    let weak = KeyOptions::default().allow_weak_keys();
    for text in [short, &medium] {
        let key = SigningKey::from_jwk(text.as_bytes(), &weak).unwrap();
        agree(&key, &key.verifying_key().unwrap());
    }
}

#[test]
fn key_is_refused_when_the_options_name_another_types_algorithm() {
    for (text, alg) in [(EC_PEM, Alg::RS256), (EC_PEM, Alg::ES384), (RSA_PRIVATE_PEM, Alg::EdDSA)] {
        let error = SigningKey::from_pem(text.as_bytes(), &KeyOptions::default().alg(alg)).unwrap_err();
        assert_eq!(error.code(), Code::KeyAlgMismatch, "{alg}");
    }
}

#[test]
fn generation_refuses_other_lengths_and_types() {
    let code = |alg, bits| SigningKey::generate_rsa(alg, bits).err().map(|error| error.code());
    assert_eq!(code(Alg::RS256, 1024), Some(Code::KeyGeneration));
    assert_eq!(code(Alg::ES256, 2048), Some(Code::KeyAlgMismatch));
    let key = SigningKey::generate_rsa(Alg::PS256, 3072).unwrap();
    agree(&key, &key.verifying_key().unwrap());
}

#[test]
fn debug_shows_no_secret() {
    let key = read(SECRET).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey { alg: HS256, kid: None, .. }");
}
