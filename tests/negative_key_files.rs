//! PEM and DER that must be refused, and keys that are accepted although they
//! should not be used.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use base64_simd::STANDARD;
use cases::keys::{b64, der_of, public, spki_pem, with};
use cases::{forge, keys};
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use serde_json::json;

fn pem_code(text: &str) -> Code {
    VerifyingKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap_err().code()
}

fn der_code(der: &[u8]) -> Code {
    VerifyingKey::from_der(der, &KeyOptions::default()).unwrap_err().code()
}

fn block(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode_to_string(der))
}

#[test]
fn pem_is_refused_when_it_is_malformed() {
    let good = spki_pem("p256");
    let body = good.lines().nth(1).unwrap();
    for text in [
        String::new(),
        "no key".to_owned(),
        good.replace("-----END PUBLIC KEY-----", ""),
        good.replace("-----BEGIN PUBLIC KEY-----", ""),
        good.replace("END PUBLIC", "END PRIVATE"),
        good.replacen(body, &format!("!{body}"), 1),
        format!("{good}{good}"),
        format!("{good}-----BEGIN PUBLIC KEY-----\n"),
    ] {
        assert_eq!(pem_code(&text), Code::KeyPemInvalid, "{text}");
    }
}

#[test]
fn pem_is_refused_when_its_label_is_not_that_of_a_key() {
    let der = der_of(&spki_pem("p256"));
    for label in ["CERTIFICATE REQUEST", "X509 CRL", "public key", "TRUSTED CERTIFICATE", "PGP MESSAGE"] {
        let text = block(label, &der);
        let error = VerifyingKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.member()), (Code::KeyPemLabel, Some(label)));
    }
    for label in ["RSA PUBLIC KEY", "CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"] {
        assert_eq!(pem_code(&block(label, &der)), Code::KeyDerInvalid, "{label}");
    }
    assert!(VerifyingKey::from_pem(block("PUBLIC KEY", &der).as_bytes(), &KeyOptions::default()).is_ok());
}

#[test]
fn der_is_refused_when_it_is_cut_or_followed() {
    for kid in ["rsa", "p256", "ed25519"] {
        let der = der_of(&spki_pem(kid));
        for length in 0..der.len() {
            assert_eq!(der_code(&der[..length]), Code::KeyDerInvalid, "{kid} {length}");
        }
        assert_eq!(der_code(&[der.as_slice(), &[0]].concat()), Code::KeyDerInvalid, "{kid}");
    }
}

#[test]
fn der_is_refused_when_its_key_is_not_for_signatures() {
    // SubjectPublicKeyInfo of X25519, X448 and Ed448 (RFC 8410 §3).
    for (last, bytes) in [(110_u8, 32_u8), (111, 56), (113, 57)] {
        let mut der = vec![0x30, bytes + 10, 0x30, 5, 6, 3, 0x2b, 0x65, last, 3, bytes + 1, 0];
        der.resize(der.len() + usize::from(bytes), 9);
        assert_eq!(der_code(&der), Code::KeyCurveUnknown, "{last}");
    }
    let ed25519 = der_of(&spki_pem("ed25519"));
    let mut unknown = ed25519.clone();
    unknown[8] = 100;
    assert_eq!(der_code(&unknown), Code::KeyTypeUnknown);
    // A BIT STRING of another length.
    let mut short = ed25519;
    for at in [1, 10] {
        short[at] -= 1;
    }
    short.pop();
    assert_eq!(der_code(&short), Code::KeyInvalid);
}

#[test]
fn der_is_refused_when_its_point_is_not_on_the_curve() {
    let mut der = der_of(&spki_pem("p256"));
    let last = der.len() - 1;
    der[last] ^= 1;
    assert_eq!(der_code(&der), Code::KeyInvalid);
    der[last] ^= 1;
    let point = der.len() - 65;
    assert_eq!(der[point], 4);
    der[point] = 5;
    assert_eq!(der_code(&der), Code::KeyInvalid);
}

#[test]
fn pem_bundle_is_refused_when_no_block_is_usable() {
    let bundle = |text: &str| KeySet::from_pem_bundle(text.as_bytes(), &KeyOptions::default());
    let der = der_of(&spki_pem("p256"));
    let request = block("CERTIFICATE REQUEST", &der);
    assert_eq!(bundle(&request).unwrap_err().code(), Code::KeySetEmpty);
    assert_eq!(bundle("").unwrap_err().code(), Code::KeyPemInvalid);
    let set = bundle(&format!("{request}{}{}", spki_pem("p256"), spki_pem("rsa"))).unwrap();
    assert_eq!((set.len(), set.skipped().len()), (2, 1));
    assert_eq!((set.skipped()[0].index(), set.skipped()[0].error().code()), (0, Code::KeyPemLabel));
}

/// The points of Ed25519 whose order divides 8, in canonical encoding, and what
/// is accepted under each as a key: the signature of which R is the neutral
/// point and S is 0 holds for a share of all messages.
const SMALL_ORDER: [(&str, &str); 8] = [
    ("order 1", "0100000000000000000000000000000000000000000000000000000000000000"),
    ("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("order 4", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("order 4", "0000000000000000000000000000000000000000000000000000000000000080"),
    ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    ("order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ("order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
];

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// How many of 64 messages the universal forgery holds for.
fn forgeries(key: &[u8]) -> usize {
    let jwk = with(public("ed25519"), json!({"x": b64(key), "kid": null}));
    let Ok(key) = VerifyingKey::from_jwk(jwk.to_string().as_bytes(), &KeyOptions::default()) else {
        return 0;
    };
    let policy = Policy::new([Alg::EdDSA]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(KeySet::new([key])).build().unwrap();
    let mut signature = [0; 64];
    signature[0] = 1;
    let mut scratch = Scratch::new();
    (0..64)
        .filter(|n| {
            let token = forge::unsigned(r#"{"alg":"EdDSA"}"#, format!(r#"{{"n":{n}}}"#), &signature);
            verifier.verdict(token.as_bytes(), UnixSeconds(0), &mut scratch).is_accepted()
        })
        .count()
}

/// An accepted edge case, kept as data: whoever publishes such a key lets
/// everybody sign, and the backend takes it (RFC 8032 §5.1.7 allows that).
#[test]
fn ed25519_key_of_small_order_verifies_forgeries_as_its_order_says() {
    for (order, key) in SMALL_ORDER {
        let held = forgeries(&unhex(key));
        match order {
            "order 1" => assert_eq!(held, 64),
            _ => assert!(held > 0 && held < 64, "{order}: {held} of 64"),
        }
    }
    assert_eq!(forgeries(&keys::member(&public("ed25519"), "x")), 0);
}
