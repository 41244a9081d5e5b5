//! What a verdict says of a token beside its code.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use aws_lc_rs::hmac;
use base64_simd::URL_SAFE_NO_PAD;
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};

const SECRET: [u8; 32] = [7; 32];

fn verifier() -> Verifier {
    let key = VerifyingKey::from_secret(&SECRET, &KeyOptions::default()).unwrap();
    Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::new([key])).build().unwrap()
}

/// Signs a payload segment as it is.
fn sealed(segment: &str) -> String {
    let input = format!("{}.{segment}", URL_SAFE_NO_PAD.encode_to_string(br#"{"alg":"HS256"}"#));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &SECRET), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(mac.as_ref()))
}

fn claims(text: &str) -> String {
    sealed(&URL_SAFE_NO_PAD.encode_to_string(text))
}

#[test]
fn verdict_says_that_the_signature_held_when_the_payload_is_not_base64url() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let verdict = verifier.verdict(sealed("A").as_bytes(), UnixSeconds(0), &mut scratch);
    assert_eq!(verdict.code(), Code::PayloadEncoding);
    assert!(verdict.signature_ok() && verdict.rejection().unwrap().signature_ok());
}

#[test]
fn verdict_shows_the_signed_claims_when_they_are_refused() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let token = claims(r#"{"sub":"alice","exp":1}"#);
    let verdict = verifier.verdict(token.as_bytes(), UnixSeconds(1), &mut scratch);
    assert_eq!(verdict.code(), Code::Expired);
    assert!(verdict.signature_ok() && !verdict.is_accepted());
    assert_eq!(verdict.signed_claims().unwrap().subject(), Some("alice"));
    let place = verdict.key().unwrap();
    assert_eq!((place.issuer_index, place.key_index), (0, 0));
}

#[test]
fn verdict_shows_no_claims_when_the_signature_is_bad() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let token = claims(r#"{"sub":"alice","exp":1}"#);
    let (signed, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(43));
    let verdict = verifier.verdict(forged.as_bytes(), UnixSeconds(0), &mut scratch);
    assert_eq!(verdict.code(), Code::SignatureInvalid);
    assert!(!verdict.signature_ok() && verdict.signed_claims().is_none() && verdict.key().is_none());
    assert_eq!(verdict.header().unwrap().alg(), Alg::HS256);
}

#[test]
fn rejection_tells_the_offset_when_the_claims_are_no_json() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let token = claims(r#"{"exp":01}"#);
    let rejection = verifier.verify(token.as_bytes(), UnixSeconds(0), &mut scratch).unwrap_err();
    assert_eq!((rejection.code(), rejection.offset()), (Code::ClaimsJson, Some(8)));
    assert_eq!(rejection.claim(), None);
}

#[test]
fn rejection_never_repeats_the_token_when_it_is_written_out() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let token = claims(r#"{"sub":"a-very-secret-subject","exp":1}"#);
    let rejection = verifier.verify(token.as_bytes(), UnixSeconds(1), &mut scratch).unwrap_err();
    for text in
        [rejection.to_string(), format!("{rejection:?}"), format!("{scratch:?}"), format!("{verifier:?}")]
    {
        assert!(!text.contains("a-very-secret-subject") && !text.contains(&token[30..60]), "{text}");
        assert!(!text.contains("7, 7, 7") && !text.contains("BwcHBwcH"), "{text}");
    }
}

#[test]
fn scratch_keeps_nothing_when_it_is_used_again() {
    let (verifier, mut scratch) = (verifier(), Scratch::new());
    let long = claims(&format!(r#"{{"sub":"alice","exp":2,"x":"{}"}}"#, "y".repeat(500)));
    let short = claims(r#"{"exp":2}"#);
    let first = verifier.verify(long.as_bytes(), UnixSeconds(1), &mut scratch).unwrap();
    assert_eq!(first.claims().subject(), Some("alice"));
    let second = verifier.verify(short.as_bytes(), UnixSeconds(1), &mut scratch).unwrap();
    assert_eq!((second.claims().subject(), second.claims().as_text()), (None, r#"{"exp":2}"#));
}
