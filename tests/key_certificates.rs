//! Keys in certificates: `x5c`, `x5t`, validity; and forms of a SubjectPublicKeyInfo that
//! issuers publish.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is wrong")]

#[path = "common/certificate.rs"]
mod certificate;

use aws_lc_rs::digest;
use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use certificate::{certificate, dated_certificate};
use jot::{
    Alg, AlgSet, Code, Error, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier,
    VerifyingKey,
};
use serde_json::{Value, json};

fn generated(alg: Alg) -> (SigningKey, Value, Vec<u8>) {
    let signing = SigningKey::generate(alg).unwrap();
    let key = signing.verifying_key().unwrap();
    let jwk = serde_json::from_str(&key.to_jwk().unwrap()).unwrap();
    let spki = spki(&key);
    (signing, jwk, spki)
}

fn spki(key: &VerifyingKey) -> Vec<u8> {
    let pem = key.to_pem().unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode_to_vec(body).unwrap()
}

fn x5c(spki: &[u8]) -> Value {
    // Certificates that issued it may follow.
    let text = |key| STANDARD.encode_to_string(certificate("ca", "me", key));
    json!([text(spki), text(&spki_of_another())])
}

fn spki_of_another() -> Vec<u8> {
    spki(&SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap())
}

fn read(jwk: &Value) -> Result<VerifyingKey, Error> {
    VerifyingKey::from_jwk(&jwk.to_string(), &KeyOptions::default())
}

fn refusal(jwk: &Value) -> (Code, Option<String>) {
    let error = read(jwk).unwrap_err();
    (error.code(), error.member().map(str::to_owned))
}

const EVERY: [Alg; 6] = [Alg::RS256, Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K, Alg::EdDSA];

#[test]
fn x5c_beside_the_numbers_must_be_the_same_key() {
    for alg in EVERY {
        let (signing, mut jwk, spki) = generated(alg);
        let plain = signing.verifying_key().unwrap();
        jwk["x5c"] = x5c(&spki);
        let key = read(&jwk).unwrap();
        assert_eq!((key.thumbprint(), key.algorithms()), (plain.thumbprint(), plain.algorithms()));
        jwk["x5c"] = x5c(&spki_of_another());
        assert_eq!(refusal(&jwk), (Code::KeyCertificateDiffers, Some("x5c".to_owned())), "{alg}");
        // A private key is held to it as well.
        let mut private: Value = serde_json::from_str(&signing.to_jwk().unwrap()).unwrap();
        private["x5c"] = x5c(&spki);
        assert!(SigningKey::from_jwk(&private.to_string(), &KeyOptions::default()).is_ok());
        private["x5c"] = x5c(&spki_of_another());
        let error = SigningKey::from_jwk(&private.to_string(), &KeyOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::KeyCertificateDiffers);
    }
}

#[test]
fn x5c_is_the_key_where_the_numbers_are_missing() {
    for alg in EVERY {
        let (signing, jwk, spki) = generated(alg);
        let lone = json!({"kty": jwk["kty"], "kid": "a", "x5c": x5c(&spki)});
        let key = read(&lone).unwrap();
        assert_eq!((key.thumbprint(), key.kid()), (signing.verifying_key().unwrap().thumbprint(), Some("a")));
        let mut other = lone.clone();
        other["crv"] = json!("P-999");
        assert_eq!(refusal(&other), (Code::KeyCertificateDiffers, Some("x5c".to_owned())));
        other = lone.clone();
        other["kty"] = json!("oct");
        assert_eq!(refusal(&other), (Code::KeyCertificateDiffers, Some("x5c".to_owned())));
        // Half of the numbers is no JWK, whatever the certificate says.
        let half = if alg == Alg::RS256 { "e" } else { "x" };
        other = lone;
        other["crv"].clone_from(&jwk["crv"]);
        if other["crv"].is_null() {
            other.as_object_mut().unwrap().remove("crv");
        }
        other[half].clone_from(&jwk[half]);
        match alg {
            Alg::EdDSA => assert!(read(&other).is_ok()),
            _ => assert_eq!(refusal(&other).0, Code::KeyMemberMissing, "{alg}"),
        }
    }
}

#[test]
fn x5c_that_cannot_be_read_is_refused() {
    let (_, mut jwk, spki) = generated(Alg::ES256);
    let der = certificate("ca", "me", &spki);
    let text = STANDARD.encode_to_string(&der);
    for wrong in [
        json!(null),
        json!([]),
        json!(text),
        json!([1]),
        json!([""]),
        json!(["AAAA"]),
        json!([STANDARD.encode_to_string(&spki)]),
        json!([URL_SAFE_NO_PAD.encode_to_string(&der)]),
        json!([format!("{text}\n")]),
        json!([STANDARD.encode_to_string(&der[..der.len() - 1])]),
    ] {
        jwk["x5c"] = wrong;
        assert_eq!(refusal(&jwk), (Code::KeyMemberInvalid, Some("x5c".to_owned())), "{}", jwk["x5c"]);
    }
}

/// A verifier of twelve keys of one algorithm, more than a token without `kid` may try.
fn accepts(set: KeySet, token: &str) -> Code {
    let policy = Policy::new([Alg::EdDSA]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(set).build().unwrap();
    verifier.verdict(token.as_bytes(), UnixSeconds(0), &mut Scratch::new()).code()
}

fn signed(signer: &SigningKey, members: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode_to_string(format!(r#"{{"alg":"EdDSA",{members}}}"#));
    let input = format!("{header}.{}", URL_SAFE_NO_PAD.encode_to_string("{}"));
    let signature = Signer::new(signer.clone()).sign_message(&input).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(signature))
}

#[test]
fn x5t_names_the_key_of_a_token_without_kid() {
    let keys: Vec<_> = (0..12).map(|_| generated(Alg::EdDSA)).collect();
    let (signing, jwk, spki) = keys.last().unwrap();
    let der = certificate("ca", "me", spki);
    let thumbprint = |algorithm| URL_SAFE_NO_PAD.encode_to_string(digest::digest(algorithm, &der));
    let sha1 = thumbprint(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    let sha256 = thumbprint(&digest::SHA256);
    let set_with = |last: &Value| {
        let mut every: Vec<Value> = keys.iter().map(|key| key.1.clone()).collect();
        *every.last_mut().unwrap() = last.clone();
        KeySet::from_jwks(&json!({"keys": every}).to_string(), &KeyOptions::default()).unwrap()
    };
    let with = |name: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let by_sha1 = signed(signing, &format!(r#""x5t":"{sha1}""#));
    let by_sha256 = signed(signing, &format!(r#""x5t#S256":"{sha256}""#));
    let by_both = signed(signing, &format!(r#""x5t":"{sha1}","x5t#S256":"{sha256}""#));
    for (last, finds) in [
        (jwk.clone(), [false, false, false]),
        (with("x5t", json!(sha1)), [true, false, true]),
        (with("x5t#S256", json!(sha256)), [false, true, true]),
        // The thumbprints are taken from a certificate, too.
        (with("x5c", json!([STANDARD.encode_to_string(&der)])), [true, true, true]),
        (with("x5t", json!(7)), [false, false, false]),
    ] {
        for (token, found) in [&by_sha1, &by_sha256, &by_both].into_iter().zip(finds) {
            let code = if found { Code::Accepted } else { Code::CandidatesTooMany };
            assert_eq!(accepts(set_with(&last), token), code, "{last} {token}");
        }
    }
    // A certificate in PEM has them as well, and they are written and read again.
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode_to_string(&der)
    );
    let mut set = set_with(jwk);
    set.append(KeySet::from_pem_bundle(&pem, &KeyOptions::default()).unwrap());
    assert_eq!(accepts(set.clone(), &by_sha1), Code::Accepted);
    let written = KeySet::from_jwks(&set.to_jwks().unwrap(), &KeyOptions::default()).unwrap();
    assert_eq!(accepts(written, &by_sha256), Code::Accepted);
}

#[test]
fn x5t_only_chooses_among_the_keys() {
    let (signing, jwk, _) = generated(Alg::EdDSA);
    let (other, mut named, _) = generated(Alg::EdDSA);
    named["x5t"] = json!("a");
    let keys = json!({"keys": [jwk, named]}).to_string();
    let set = || KeySet::from_jwks(&keys, &KeyOptions::default()).unwrap();
    // It names a key that did not sign.
    assert_eq!(accepts(set(), &signed(&signing, r#""x5t":"a""#)), Code::SignatureInvalid);
    assert_eq!(accepts(set(), &signed(&other, r#""x5t":"a""#)), Code::Accepted);
    // It names none, so all are tried; a kid comes first.
    assert_eq!(accepts(set(), &signed(&signing, r#""x5t":"b""#)), Code::Accepted);
    assert_eq!(accepts(set(), &signed(&signing, r#""x5t":"a","kid":"c""#)), Code::Accepted);
    // Whoever is not in the set stays outside.
    let stranger = SigningKey::generate(Alg::EdDSA).unwrap();
    assert_eq!(accepts(set(), &signed(&stranger, r#""x5t":"a""#)), Code::SignatureInvalid);
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match u8::try_from(content.len()) {
        Ok(short @ 0..0x80) => vec![short],
        Ok(long) => vec![0x81, long],
        Err(_) => [&[0x82][..], &u16::try_from(content.len()).unwrap().to_be_bytes()].concat(),
    };
    [&[tag][..], &length, &content].concat()
}

#[test]
fn validity_of_a_certificate_is_read_when_asked_for() {
    let (_, jwk, spki) = generated(Alg::EdDSA);
    let validity = |start: &[u8], end: &[u8]| der(0x30, &[start, end]);
    // 2026-01-01 00:00:00 to 2026-01-31 23:59:59, both instants in it.
    let january = validity(&der(0x17, &[b"260101000000Z"]), &der(0x18, &[b"20260131235959Z"]));
    let certificate = dated_certificate("ca", "me", &spki, &january);
    let dates = |key: &VerifyingKey| (key.not_before(), key.expires_at());
    let plain = KeyOptions::default();
    let asked = KeyOptions::default().certificate_validity();
    let dated = (Some(UnixSeconds(1_767_225_600)), Some(UnixSeconds(1_769_904_000)));
    let read = |options| VerifyingKey::from_der(&certificate, options).unwrap();
    assert_eq!(dates(&read(&plain)), (None, None));
    assert_eq!(dates(&read(&asked)), dated);
    let mut jwk = jwk;
    jwk["x5c"] = json!([STANDARD.encode_to_string(&certificate)]);
    jwk["nbf"] = json!(1_768_000_000);
    let read = |options| VerifyingKey::from_jwk(&jwk.to_string(), options).unwrap();
    assert_eq!(dates(&read(&plain)), (None, None));
    assert_eq!(dates(&read(&asked)), dated);
    // With the dates of the JWK as well, both have to hold.
    let both = (Some(UnixSeconds(1_768_000_000)), dated.1);
    assert_eq!(dates(&read(&asked.clone().read_validity())), both);
    // What is not asked for may be anything.
    let odd = dated_certificate("ca", "me", &spki, &validity(&[4, 0], &[4, 0]));
    assert!(VerifyingKey::from_der(&odd, &plain).is_ok());
    assert_eq!(VerifyingKey::from_der(&odd, &asked).unwrap_err().code(), Code::KeyDerInvalid);
}

#[test]
fn compressed_point_is_written_in_full() {
    for (alg, bytes) in [(Alg::ES256, 32), (Alg::ES384, 48), (Alg::ES512, 66), (Alg::ES256K, 32)] {
        let (signing, _, whole) = generated(alg);
        let plain = signing.verifying_key().unwrap();
        let point = whole.len() - 2 * bytes - 1;
        let parity = 2 + (whole.last().unwrap() & 1);
        let x = &whole[point + 1..=point + bytes];
        // The identifiers stand before the BIT STRING: its tag, length and unused bits.
        let head = whole.len() - der(0x03, &[&[0], &whole[point..]]).len();
        let start = if whole[1] < 0x80 { 2 } else { 3 };
        let with = |first: u8, x: &[u8]| der(0x30, &[&whole[start..head], &der(0x03, &[&[0, first], x])]);
        let read = |der: &[u8]| VerifyingKey::from_der(der, &KeyOptions::default());
        assert_eq!(read(&with(parity, x)).unwrap().thumbprint(), plain.thumbprint(), "{alg}");
        assert_ne!(read(&with(parity ^ 1, x)).unwrap().thumbprint(), plain.thumbprint(), "{alg}");
        // About half of all numbers are no abscissa, and none that is too large.
        let refused = (0..64).filter(|last| {
            let mut other = x.to_vec();
            *other.last_mut().unwrap() = *last;
            read(&with(2, &other)).is_err_and(|error| error.code() == Code::KeyInvalid)
        });
        assert!((8..56).contains(&refused.count()), "{alg}");
        for (first, x) in
            [(2, vec![0xff; bytes]), (5, x.to_vec()), (4, x.to_vec()), (parity, x[1..].to_vec())]
        {
            assert_eq!(read(&with(first, &x)).unwrap_err().code(), Code::KeyInvalid, "{alg} {first}");
        }
    }
}

#[test]
fn key_for_rsassa_pss_is_bound_to_the_algorithm_of_its_parameters() {
    const RSA: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    const PSS: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    const MGF1: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];
    let (signing, _, whole) = generated(Alg::PS256);
    let at = whole.windows(RSA.len()).position(|window| window == RSA).unwrap();
    let key = &whole[at + RSA.len()..];
    let with = |parameters: &[u8]| der(0x30, &[&der(0x30, &[&PSS, parameters]), key]);
    let hash = |last: u8| der(0x30, &[&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last], &[5, 0]]);
    let mask = |last: u8| der(0x30, &[&MGF1, &hash(last)]);
    let parameters = |own: u8, of_mask: u8, salt: u8| {
        der(0x30, &[&der(0xa0, &[&hash(own)]), &der(0xa1, &[&mask(of_mask)]), &der(0xa2, &[&[2, 1, salt]])])
    };
    let read = |der: &[u8]| VerifyingKey::from_der(der, &KeyOptions::default());
    let every: AlgSet = [Alg::PS256, Alg::PS384, Alg::PS512].into_iter().collect();
    let only = |alg| AlgSet::new().with(alg);
    for (parameters, wanted) in [
        (vec![], Ok(every)),
        (parameters(1, 1, 32), Ok(only(Alg::PS256))),
        (parameters(2, 2, 48), Ok(only(Alg::PS384))),
        (parameters(3, 3, 64), Ok(only(Alg::PS512))),
        // The salt of a signature may be longer than a key asks for.
        (parameters(1, 1, 20), Ok(only(Alg::PS256))),
        (parameters(1, 1, 33), Err(Code::KeyRsaPss)),
        (parameters(1, 2, 32), Err(Code::KeyRsaPss)),
        (parameters(4, 4, 28), Err(Code::KeyRsaPss)),
        (vec![0x30, 0], Err(Code::KeyRsaPss)),
        (vec![5, 0], Err(Code::KeyRsaPss)),
    ] {
        let read_key = read(&with(&parameters));
        let outcome = read_key.as_ref().map(VerifyingKey::algorithms).map_err(Error::code);
        assert_eq!(outcome, wanted, "{parameters:02x?}");
        let Ok(key) = read_key else { continue };
        assert_eq!(key.thumbprint(), signing.verifying_key().unwrap().thumbprint());
        // It stays so restricted when it is written.
        assert_eq!(read(&spki(&key)).unwrap().algorithms(), key.algorithms());
    }
    let pkcs1 = KeyOptions::default().alg(Alg::RS256);
    let error = VerifyingKey::from_der(&with(&[]), &pkcs1).unwrap_err();
    assert_eq!(error.code(), Code::KeyAlgMismatch);
}
