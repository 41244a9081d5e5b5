//! What a log is told of a refused token.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

mod common;

use common::{SECRET, base64url, sign, sign_segments};
use jot::{Alg, Code, Condition, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use proptest::prelude::*;

fn keys() -> KeySet {
    KeySet::new([VerifyingKey::from_secret(SECRET, &KeyOptions::default().kid("k1")).unwrap()])
}

fn policy() -> Policy {
    Policy::new([Alg::HS256]).audience("api")
}

fn detail(policy: Policy, token: &[u8], code: Code) -> String {
    let verifier = Verifier::builder(policy).issuer("https://a", keys()).issuer("https://b", keys());
    let verifier = verifier.build().unwrap();
    let mut scratch = Scratch::new();
    let rejection = verifier.verify(token, UnixSeconds(1000), &mut scratch).unwrap_err();
    assert_eq!(rejection.code(), code);
    rejection.detail(token)
}

fn forged(header: &str, payload: &str) -> Vec<u8> {
    let mut token = sign(header, payload.as_bytes());
    let end = token.len() - 10;
    token[end..].fill(b'A');
    token
}

#[test]
fn key_faults_name_kid_alg_and_issuer_as_unverified() {
    let token = sign(r#"{"alg":"HS256","kid":"old"}"#, br#"{"iss":"https://a"}"#);
    assert_eq!(
        detail(policy(), &token, Code::KidUnknown),
        r#"unverified kid="old" alg="HS256" iss="https://a""#
    );
    let token = forged(r#"{"alg":"HS256"}"#, r#"{"iss":"https://b"}"#);
    assert_eq!(
        detail(policy(), &token, Code::SignatureInvalid),
        r#"unverified kid=none alg="HS256" iss="https://b""#
    );
    let token = sign(r#"{"alg":"HS256"}"#, br#"{"iss":"https://evil","sub":"alice"}"#);
    assert_eq!(detail(policy(), &token, Code::IssuerUnknown), r#"unverified iss="https://evil""#);
    // Nothing can be read, so nothing is told.
    let token = sign_segments(&base64url(br#"{"alg":"HS256"}"#), b"!");
    assert_eq!(detail(policy(), &token, Code::IssuerUnknown), "");
}

#[test]
fn header_faults_name_the_parameter() {
    for (header, code, wanted) in [
        (r#"{}"#, Code::AlgMissing, "unverified alg=none"),
        (r#"{"alg":"none"}"#, Code::AlgNone, r#"unverified alg="none""#),
        (r#"{"alg":null}"#, Code::AlgInvalid, "unverified alg=null"),
        (r#"{"alg":"RS256","kid":"k1"}"#, Code::AlgNotAllowed, r#"unverified alg="RS256""#),
        (r#"{"alg":"HS256","kid":{"k":1}}"#, Code::KidInvalid, "unverified kid={...}"),
        (r#"{"alg":"HS256","typ":-1.50}"#, Code::TypInvalid, "unverified typ=-1.50"),
        (
            r#"{"alg":"HS256","crit":["a\nb",1,[2]],"a\nb":1}"#,
            Code::CritUnknown,
            r#"unverified crit=["a\u000ab",1,[...]]"#,
        ),
        (r#"{"alg":"HS256","alg":"none"}"#, Code::HeaderRepeated, "byte=0"),
        (r#"{"alg":"HS256""#, Code::HeaderJson, "byte=14"),
    ] {
        assert_eq!(detail(policy(), &sign(header, b"{}"), code), wanted, "{header}");
    }
    let token = sign(r#"{"alg":"HS256","typ":"JWT"}"#, b"{}");
    assert_eq!(detail(policy().typ("at+jwt"), &token, Code::TypMismatch), r#"unverified typ="JWT""#);
    assert_eq!(detail(policy(), b"a.b.c.d.e", Code::TokenSegments), "segments=5");
    assert_eq!(detail(policy(), &[b'a'; 70_000], Code::TokenTooLong), "bytes=70000");
    assert_eq!(detail(policy(), b"!.e30.e30", Code::HeaderEncoding), "");
}

#[test]
fn claim_faults_name_the_claim_and_what_is_nobodys_secret() {
    let told = |policy: Policy, claims: &str, code| {
        let token = sign(r#"{"alg":"HS256"}"#, format!(r#"{{"iss":"https://a",{claims}}}"#).as_bytes());
        detail(policy, &token, code)
    };
    let aud = r#""aud":"api","exp":2000"#;
    assert_eq!(told(policy(), r#""aud":["other","x"]"#, Code::AudMismatch), r#"aud=["other","x"]"#);
    assert_eq!(told(policy(), r#""aud":7"#, Code::AudInvalid), "aud=7");
    assert_eq!(told(policy(), r#""sub":"alice""#, Code::AudMissing), "aud=none");
    assert_eq!(told(policy(), r#""aud":"api","exp":999.5"#, Code::Expired), "exp=999.5");
    assert_eq!(told(policy(), r#""aud":"api""#, Code::ExpMissing), "exp=none");
    assert_eq!(told(policy(), r#""aud":"api","exp":"1""#, Code::ExpInvalid), r#"exp="1""#);
    assert_eq!(
        told(policy().scope("write"), &format!(r#"{aud},"scope":"read list""#), Code::ScopeInsufficient),
        r#"scope="read list" scp=none"#
    );
    // Persons, nonces and the caller's own claims: no more than the name.
    for (policy, claims, code, wanted) in [
        (policy().subject("bob"), r#""sub":"alice""#, Code::SubMismatch, r#"claim="sub""#),
        (policy().nonce("n1"), r#""nonce":"n2""#, Code::ClaimMismatch, r#"claim="nonce""#),
        (
            policy().claim(Condition::equals(["a", "te\"n"], 1)),
            r#""b":1"#,
            Code::ClaimMissing,
            r#"claim="te\"n""#,
        ),
        (policy(), r#""jti":5"#, Code::JtiInvalid, r#"claim="jti""#),
    ] {
        assert_eq!(told(policy, &format!("{aud},{claims}"), code), wanted);
    }
}

#[test]
fn long_and_strange_values_are_cut_and_escaped() {
    let told = |kid: &str| {
        let header = serde_json::json!({"alg": "HS256", "kid": kid}).to_string();
        detail(policy(), &sign(&header, br#"{"iss":"https://a"}"#), Code::KidUnknown)
    };
    assert_eq!(
        told("\u{1}\n\"\\é\u{1f600}\u{202e}\u{7f}'"),
        r#"unverified kid="\u0001\u000a\"\\\u00e9\ud83d\ude00\u202e\u007f'" alg="HS256" iss="https://a""#
    );
    let long = told(&"x".repeat(5000));
    assert_eq!(long, format!(r#"unverified kid="{}"... alg="HS256" iss="https://a""#, "x".repeat(99)));
    // No escape is cut in two.
    assert!(told(&format!("{}\u{1f600}y", "x".repeat(90))).contains(r#"xxx"... alg="#));
    let many = serde_json::json!({"iss": "https://a", "aud": vec!["é"; 4000]}).to_string();
    let token = sign(r#"{"alg":"HS256"}"#, many.as_bytes());
    let told = detail(policy(), &token, Code::AudMismatch);
    assert!(told.starts_with(r#"aud=["\u00e9","\u00e9","#) && told.ends_with("...") && told.len() < 120);
}

proptest! {
    #[test]
    fn text_is_short_and_printable_and_never_the_signature(
        header in ".{0,200}", claims in ".{0,300}", raw in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let header = serde_json::json!({"alg": "HS256", "kid": header, "typ": claims}).to_string();
        let payload = serde_json::json!({"iss": claims, "aud": [claims], "scope": header}).to_string();
        let signed = sign(&header, payload.as_bytes());
        for token in [&signed, &raw, &[&b"e30."[..], &raw, b".e30"].concat()] {
            let verifier = Verifier::builder(policy()).issuer("https://a", keys()).build().unwrap();
            let mut scratch = Scratch::new();
            let rejection = verifier.verify(token, UnixSeconds(1000), &mut scratch).unwrap_err();
            let told = rejection.detail(token);
            prop_assert!(told.len() <= 255 && told.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            // Of another token it says nothing wrong, and stops at nothing.
            let _ = rejection.detail(&raw);
            let signature = signed.rsplit(|byte| *byte == b'.').next().unwrap();
            prop_assert!(!told.contains(std::str::from_utf8(signature).unwrap()));
        }
    }
}
