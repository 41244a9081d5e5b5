//! Whatever bytes are handed over, the answer is a code: no panic, no fault of
//! ours, and a rejection that keeps to its stage.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use cases::{forge, hmac, keys};
use jot::{
    Alg, Code, Condition, Error, KeyOptions, KeySet, Payload, Policy, Scratch, SigningKey, Stage,
    UnixSeconds, Verifier, VerifyingKey,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Many verifiers at once: any issuer, one issuer, two issuers.
fn verifiers() -> Vec<Verifier> {
    let set = || {
        KeySet::new([
            hmac::key(),
            keys::verifying(&keys::public("p256")),
            keys::verifying(&keys::bare("ed25519")),
        ])
    };
    let policy = || Policy::new(Alg::ALL.iter().copied()).understand_critical("ext");
    vec![
        Verifier::builder(policy().any_audience().allow_missing_exp()).keys(set()).build().unwrap(),
        Verifier::builder(policy().audience("a").typ("JWT").scope("s").max_age(9))
            .issuer("a", set())
            .build()
            .unwrap(),
        Verifier::builder(policy().claim(Condition::equals(["a", "b"], 1)))
            .issuer("a", set())
            .issuer("b", set())
            .build()
            .unwrap(),
    ]
}

/// Verifies with all of them, and asserts what holds of every answer.
fn judge(token: &[u8], now: i64) -> Result<Vec<Code>, TestCaseError> {
    let mut codes = Vec::new();
    let mut scratch = Scratch::new();
    for verifier in verifiers() {
        let verdict = verifier.verdict(token, UnixSeconds(now), &mut scratch);
        let code = verdict.code();
        prop_assert_ne!(code, Code::Internal);
        let behind = matches!(code.stage(), Stage::Claims | Stage::Accepted)
            || matches!(code, Code::PayloadEncoding | Code::ClaimsTooDeep);
        prop_assert_eq!(verdict.signature_ok(), behind, "{}", code);
        let refused = matches!(code.stage(), Stage::Caller | Stage::Internal);
        prop_assert!(!refused, "{}", code);
        codes.push(code);
        let attached = verifier.verify_jws(token, Payload::Attached, Some("a"), &mut scratch).err();
        prop_assert!(attached.is_none_or(|rejection| rejection.code() != Code::Internal));
        let detached = verifier.verify_jws(token, Payload::Detached(b"x"), None, &mut scratch).err();
        prop_assert!(detached.is_none_or(|rejection| rejection.code() != Code::Internal));
    }
    Ok(codes)
}

/// A key is read, or refused for a reason of its own.
fn assert_answer<T>(read: Result<T, impl Into<Error>>) -> Result<(), TestCaseError> {
    if let Err(error) = read {
        let error: Error = error.into();
        prop_assert_eq!(error.code().stage(), Stage::Key, "{}", error);
    }
    Ok(())
}

fn read_every_way(bytes: &[u8]) -> Result<(), TestCaseError> {
    let default = KeyOptions::default();
    for options in [default.clone(), default.clone().allow_weak_keys().kid("k"), default.alg(Alg::ES256)] {
        assert_answer(VerifyingKey::from_jwk(bytes, &options))?;
        assert_answer(VerifyingKey::from_pem(bytes, &options))?;
        assert_answer(VerifyingKey::from_der(bytes, &options))?;
        assert_answer(VerifyingKey::from_secret(bytes, &options))?;
        assert_answer(KeySet::from_jwks(bytes, &options))?;
        assert_answer(KeySet::from_pem_bundle(bytes, &options))?;
        assert_answer(SigningKey::from_jwk(bytes, &options))?;
        assert_answer(SigningKey::from_pem(bytes, &options))?;
        assert_answer(SigningKey::from_der(bytes, &options))?;
        assert_answer(SigningKey::from_secret(bytes, &options))?;
    }
    Ok(())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

/// A value that a JSON member might wrongly have.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[A-Za-z0-9_=-]{0,60}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(
            &["HS256", "ES256", "none", "EdDSA", "sig", "enc", "P-256", "EC", "oct", "b64", "ext", "a"][..]
        )
        .prop_map(Value::from),
        prop::collection::vec("(b64|ext|alg|verify|a)", 0..3).prop_map(Value::from),
        Just(json!({"a": {"b": 1}})),
    ]
}

const HEADER_NAMES: &str = "(alg|kid|typ|crit|b64|ext|jwk|jku|x5c|cty|enc)";
const CLAIM_NAMES: &str = "(iss|sub|aud|exp|nbf|iat|jti|azp|scope|scp|a)";
const KEY_NAMES: &str = "(kty|crv|alg|kid|use|key_ops|n|e|d|x|y|k|p|q|dp|dq|qi|oth|pub|priv)";

fn members(names: &'static str) -> impl Strategy<Value = Value> {
    prop::collection::btree_map(names, odd_value(), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

const KIDS: &[&str] = &["hs256", "hs512", "rsa", "p256", "p521", "secp256k1", "ed25519", "ml-dsa-44"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verifier_answers_when_the_token_is_any_bytes(token in bytes(), now: i64) {
        judge(&token, now)?;
    }

    #[test]
    fn verifier_answers_when_the_segments_are_any_bytes(
        header in bytes(), payload in bytes(), signature in bytes(), now: i64,
    ) {
        judge(forge::unsigned(header, payload, &signature).as_bytes(), now)?;
    }

    #[test]
    fn verifier_answers_when_header_and_claims_are_odd(
        header in members(HEADER_NAMES), payload in members(CLAIM_NAMES), now: i64,
    ) {
        judge(&hmac::sealed(header.to_string().as_bytes(), payload.to_string().as_bytes()), now)?;
    }

    /// Behind a good signature.
    #[test]
    fn verifier_answers_when_the_payload_is_any_bytes(payload in bytes(), now: i64) {
        judge(&hmac::paid(&payload), now)?;
    }

    #[test]
    fn verifier_answers_when_signed_claims_are_odd(payload in members(CLAIM_NAMES), now: i64) {
        let codes = judge(&hmac::paid(payload.to_string().as_bytes()), now)?;
        prop_assert!([Stage::Claims, Stage::Accepted].contains(&codes[0].stage()), "{}", codes[0]);
    }

    #[test]
    fn verifier_answers_when_a_good_token_is_spliced(
        alg in prop::sample::select(&[Alg::HS256, Alg::ES256, Alg::EdDSA][..]),
        at: prop::sample::Index, cut: prop::sample::Index, put in bytes(),
    ) {
        let mut token = forge::good(alg).into_bytes();
        let start = at.index(token.len());
        let end = start + cut.index(token.len() - start + 1);
        let before = token.clone();
        token.splice(start..end, put);
        let codes = judge(&token, forge::NOW)?;
        prop_assert!(token == before || codes.iter().all(|code| *code != Code::Accepted));
    }

    #[test]
    fn keys_are_read_or_refused_when_they_are_any_bytes(bytes in bytes()) {
        read_every_way(&bytes)?;
    }

    #[test]
    fn jwks_are_read_or_refused_when_their_members_are_odd(
        kid in prop::sample::select(KIDS), changed in members(KEY_NAMES), alone: bool,
    ) {
        let base = if alone { json!({}) } else { keys::private(kid) };
        let jwk = keys::with(base, changed);
        read_every_way(jwk.to_string().as_bytes())?;
        read_every_way(json!({"keys": [jwk, 1, {"kty": "oct"}]}).to_string().as_bytes())?;
    }

    #[test]
    fn key_files_are_read_or_refused_when_bytes_are_changed(
        kid in prop::sample::select(KIDS.get(2..).unwrap()), private: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let signing = SigningKey::from_jwk(keys::private(kid).to_string().as_bytes(), &KeyOptions::default());
        let pem = if private { signing.unwrap().to_pem().unwrap() } else { keys::spki_pem(kid) };
        let (mut der, mut text) = (keys::der_of(&pem), pem.into_bytes());
        for (index, byte) in changes {
            let (in_der, in_text) = (index.index(der.len()), index.index(text.len()));
            der[in_der] = byte;
            text[in_text] = byte;
        }
        for options in [KeyOptions::default(), KeyOptions::default().allow_weak_keys()] {
            assert_answer(VerifyingKey::from_der(&der, &options))?;
            assert_answer(VerifyingKey::from_pem(&text, &options))?;
            assert_answer(KeySet::from_pem_bundle(&text, &options))?;
            assert_answer(SigningKey::from_der(&der, &options))?;
            assert_answer(SigningKey::from_pem(&text, &options))?;
        }
    }
}
