//! Whether the signature held is told of every token whose signature was
//! looked at, and told alike by verdict and rejection.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use aws_lc_rs::hmac;
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};

const SECRET: &[u8; 32] = b"a secret of at least 32 bytes ok";

fn verifier() -> Verifier {
    let key = VerifyingKey::from_secret(SECRET, &KeyOptions::default()).unwrap();
    Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::new([key])).build().unwrap()
}

/// Signs segments as they are, malformed or not.
fn signed(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), input.as_bytes());
    format!("{input}.{}", base64_simd::URL_SAFE_NO_PAD.encode_to_string(mac))
}

#[test]
fn verdict_and_rejection_tell_the_same_of_the_signature() {
    let encode = |text: &str| base64_simd::URL_SAFE_NO_PAD.encode_to_string(text);
    let header = encode(r#"{"alg":"HS256"}"#);
    let forged = format!("{}A", signed(&header, &encode(r#"{"exp":2}"#)).split_at(60).0);
    let cases = [
        (signed(&header, &encode(r#"{"exp":2}"#)), Code::Accepted, true),
        (signed(&header, &encode(r#"{"exp":1}"#)), Code::Expired, true),
        (signed(&header, &encode(r#"{"exp":2,"iss":7}"#)), Code::IssInvalid, true),
        (signed(&header, &encode("{")), Code::ClaimsJson, true),
        (signed(&header, "e30="), Code::PayloadEncoding, true),
        (signed(&encode(r#"{"alg":"HS384"}"#), "e30"), Code::AlgNotAllowed, false),
        (forged, Code::SignatureInvalid, false),
    ];
    for (token, code, signature_ok) in cases {
        let (verifier, mut scratch) = (verifier(), Scratch::new());
        let verdict = verifier.verdict(token.as_bytes(), UnixSeconds(1), &mut scratch);
        assert_eq!((verdict.code(), verdict.signature_ok()), (code, signature_ok));
        if let Some(rejection) = verdict.rejection() {
            assert_eq!(rejection.signature_ok(), signature_ok, "{code}");
        }
    }
}
