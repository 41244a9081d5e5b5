//! What a token that the cache holds is refused for, rule by rule.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

mod actors;

use std::fmt::Write as _;

use jot::{CacheSize, Code, KeySet, Policy, Revocations, Scratch, Verifier};

use actors::*;

const ENTRIES: CacheSize = CacheSize::Entries(1000);

fn caching(policy: Policy, set: KeySet) -> Verifier {
    Verifier::builder(policy).keys(set).cache(ENTRIES).build().unwrap()
}

/// Checks a token in all three ways, which must agree; the code.
fn code(verifier: &Verifier, token: &[u8], seconds: i64) -> Code {
    let mut scratch = Scratch::new();
    let verdict = verifier.verdict(token, at(seconds), &mut scratch).rejection();
    assert_eq!(verifier.verify_without_claims(token, at(seconds), &mut scratch).err(), verdict);
    assert_eq!(verifier.verify(token, at(seconds), &mut scratch).err(), verdict);
    verdict.map_or(Code::Accepted, |rejection| rejection.code())
}

/// Tells whether the cache answers; the token must be one that is accepted.
fn is_hit(verifier: &Verifier, token: &[u8], seconds: i64) -> bool {
    verifier.verify_without_claims(token, at(seconds), &mut Scratch::new()).unwrap().from_cache()
}

/// Lets the verifier remember a token, and makes sure that it does.
fn remember(verifier: &Verifier, token: &[u8], seconds: i64) {
    assert!(!is_hit(verifier, token, seconds));
    assert!(is_hit(verifier, token, seconds));
}

fn lasting(exp: i64) -> Vec<u8> {
    sign(A, &format!(r#"{{"exp":{}}}"#, NOON + exp))
}

#[test]
fn remembered_token_expires_to_the_second() {
    let verifier = caching(policy(), keys(&[A]));
    let whole = lasting(10);
    remember(&verifier, &whole, 0);
    assert_eq!(code(&verifier, &whole, 9), Code::Accepted);
    assert_eq!(code(&verifier, &whole, 10), Code::Expired);
    let refusal = verifier.verify_without_claims(&whole, at(10), &mut Scratch::new()).unwrap_err();
    assert_eq!((refusal.signature_ok(), refusal.claim()), (true, Some("exp")));

    // With a fraction, and without `iat` as all of these.
    let fraction = sign(A, &format!(r#"{{"exp":{NOON}.5}}"#));
    remember(&verifier, &fraction, -1);
    assert_eq!(code(&verifier, &fraction, 0), Code::Accepted);
    assert_eq!(code(&verifier, &fraction, 1), Code::Expired);

    let lenient = caching(policy().leeway(30), keys(&[A]));
    remember(&lenient, &whole, 0);
    assert_eq!(code(&lenient, &whole, 39), Code::Accepted);
    assert_eq!(code(&lenient, &whole, 40), Code::Expired);
}

#[test]
fn remembered_token_grows_too_old() {
    let verifier = caching(policy().max_age(60), keys(&[A]));
    let token = sign(A, &format!(r#"{{"exp":{},"iat":{NOON}}}"#, NOON + 1000));
    remember(&verifier, &token, 0);
    assert_eq!(code(&verifier, &token, 60), Code::Accepted);
    assert_eq!(code(&verifier, &token, 61), Code::TooOld);
}

#[test]
fn remembered_token_is_refused_after_its_key_was_removed_or_replaced() {
    let verifier = caching(policy(), keys(&[A, ED]));
    let (token, other) = (lasting(10), sign(ED, &format!(r#"{{"exp":{}}}"#, NOON + 10)));
    remember(&verifier, &token, 0);
    remember(&verifier, &other, 0);

    // The very same keys, read again: nothing is lost.
    verifier.replace_keys(None, keys(&[A, ED])).unwrap();
    assert!(is_hit(&verifier, &token, 0) && is_hit(&verifier, &other, 0));

    verifier.replace_keys(None, keys(&[A_OTHER, ED])).unwrap();
    assert_eq!(code(&verifier, &token, 0), Code::SignatureInvalid);
    assert_eq!(code(&verifier, &other, 0), Code::Accepted);

    verifier.replace_keys(None, keys(&[A_HS384, ED])).unwrap();
    assert_eq!(code(&verifier, &token, 0), Code::KeyNotForAlg);

    verifier.replace_keys(None, keys(&[ED])).unwrap();
    assert_eq!(code(&verifier, &token, 0), Code::KidUnknown);

    // It came back in another place: verified anew, and found under its index.
    verifier.replace_keys(None, keys(&[ED, A])).unwrap();
    assert!(!is_hit(&verifier, &token, 0));
    let accepted = verifier.verify_without_claims(&token, at(0), &mut Scratch::new()).unwrap();
    assert_eq!((accepted.from_cache(), accepted.key().key_index), (true, 1));
}

#[test]
fn replacing_keys_of_one_issuer_leaves_the_other_alone() {
    let (a, b) = (ISSUERS[1].unwrap(), ISSUERS[2].unwrap());
    let builder = Verifier::builder(policy()).issuer(a, keys(&[A])).issuer(b, keys(&[ED]));
    let verifier = builder.cache(ENTRIES).build().unwrap();
    let token = |signer, issuer| sign(signer, &format!(r#"{{"iss":"{issuer}","exp":{}}}"#, NOON + 10));
    let (ours, theirs) = (token(A, a), token(ED, b));
    remember(&verifier, &ours, 0);
    remember(&verifier, &theirs, 0);
    verifier.replace_keys(Some(a), keys(&[ED])).unwrap();
    assert_eq!(code(&verifier, &ours, 0), Code::KidUnknown);
    assert!(is_hit(&verifier, &theirs, 0));
    // An issuer's key speaks for that issuer only.
    assert_eq!(code(&verifier, &token(A, b), 0), Code::KidUnknown);
    assert_eq!(verifier.replace_keys(Some(b), KeySet::new([])).unwrap_err().code(), Code::KeysEmpty);
    assert_eq!(verifier.replace_keys(None, keys(&[A])).unwrap_err().code(), Code::IssuerUnknown);
    assert!(is_hit(&verifier, &theirs, 0));
}

#[test]
fn remembered_token_says_nothing_to_another_policy() {
    let token = sign(A, &format!(r#"{{"aud":"api","exp":{}}}"#, NOON + 10));
    let mut scratch = Scratch::new();
    let liberal = caching(policy().audience("api").leeway(60), keys(&[A]));
    let strict = caching(policy().audience("web"), keys(&[A]));
    let silent = caching(policy(), keys(&[A]));
    for _ in 0..3 {
        assert_eq!(liberal.verdict(&token, at(30), &mut scratch).code(), Code::Accepted);
        assert_eq!(strict.verdict(&token, at(30), &mut scratch).code(), Code::AudMismatch);
        assert_eq!(silent.verdict(&token, at(30), &mut scratch).code(), Code::AudUnexpected);
    }
}

#[test]
fn failure_is_never_remembered() {
    let verifier = caching(policy().any_audience(), keys(&[A]));
    let refused = [
        (lasting(-10), Code::Expired),
        (sign(A, "{}"), Code::ExpMissing),
        (sign(A, &format!(r#"{{"exp":{},"nbf":{}}}"#, NOON + 20, NOON + 10)), Code::NotYetValid),
        (sign(A_OTHER, &format!(r#"{{"exp":{}}}"#, NOON + 10)), Code::SignatureInvalid),
        (tampered(&lasting(10)), Code::SignatureInvalid),
        (signed_nonsense(), Code::PayloadEncoding),
        (sign(A, "[]"), Code::ClaimsNotObject),
        (b"x.y.z".to_vec(), Code::HeaderEncoding),
    ];
    for (token, expected) in &refused {
        for _ in 0..2 {
            assert_eq!(code(&verifier, token, 0), *expected);
        }
    }
    let statistics = verifier.statistics();
    assert_eq!((statistics.cache_hits, statistics.cache_misses), (0, 0));
    // What was refused under the one key is accepted under the other.
    verifier.replace_keys(None, keys(&[A_OTHER])).unwrap();
    assert_eq!(code(&verifier, &refused[3].0, 0), Code::Accepted);
    // Nearly the same bytes as those of a remembered token.
    let verifier = caching(policy(), keys(&[A]));
    let good = lasting(10);
    remember(&verifier, &good, 0);
    assert_eq!(code(&verifier, &tampered(&good), 0), Code::SignatureInvalid);
    assert_eq!(code(&verifier, &good[..good.len() - 1], 0), Code::SignatureEncoding);
    assert_eq!(code(&verifier, &[&good[..], b"\0"].concat(), 0), Code::SignatureEncoding);
    assert_eq!(code(&verifier, &[&good[..], b"."].concat(), 0), Code::TokenSegments);
}

#[test]
fn token_that_was_too_early_is_accepted_later() {
    let verifier = caching(policy(), keys(&[A]));
    let token = sign(A, &format!(r#"{{"exp":{},"nbf":{}}}"#, NOON + 20, NOON + 10));
    assert_eq!(code(&verifier, &token, 9), Code::NotYetValid);
    assert_eq!(code(&verifier, &token, 10), Code::Accepted);
    assert!(is_hit(&verifier, &token, 19));
}

#[test]
fn clock_may_step_back() {
    let verifier = caching(policy(), keys(&[A]));
    let token = sign(A, &format!(r#"{{"exp":{},"nbf":{},"iat":{}}}"#, NOON + 20, NOON + 10, NOON + 5));
    remember(&verifier, &token, 15);
    assert_eq!(code(&verifier, &token, 20), Code::Expired);
    assert_eq!(code(&verifier, &token, 9), Code::NotYetValid);
    assert_eq!(code(&verifier, &token, 4), Code::IssuedInFuture);
    assert!(is_hit(&verifier, &token, 10), "an expired token comes back to life as without a cache");
}

#[test]
fn remembered_token_can_be_revoked_and_the_revocation_lifted() {
    let verifier = caching(policy(), keys(&[A]));
    let claims = format!(r#"{{"exp":{},"iat":{NOON}.5,"jti":"one","sub":"alice"}}"#, NOON + 20);
    let token = sign(A, &claims);
    remember(&verifier, &token, 1);
    let revoke = |change: &dyn Fn(&mut Revocations)| {
        let mut list = Revocations::default();
        change(&mut list);
        verifier.set_revocations(list);
    };
    revoke(&|list| list.revoke_jti("one", None).unwrap());
    assert_eq!(code(&verifier, &token, 1), Code::JtiRevoked);
    revoke(&|list| list.revoke_jti("two", None).unwrap());
    assert_eq!(code(&verifier, &token, 1), Code::Accepted);
    revoke(&|list| list.revoke_subject("alice", at(1)).unwrap());
    assert_eq!(code(&verifier, &token, 1), Code::SubRevoked);
    revoke(&|list| list.revoke_subject("alice", at(0)).unwrap());
    assert_eq!(code(&verifier, &token, 1), Code::Accepted);
    revoke(&|list| list.revoke_key(key(A).thumbprint()).unwrap());
    assert_eq!(code(&verifier, &token, 1), Code::KeyRevoked);
    revoke(&|_| {});
    assert_eq!(code(&verifier, &token, 1), Code::Accepted);
    assert!(is_hit(&verifier, &token, 1));
}

#[test]
fn only_tokens_that_fit_are_remembered() {
    let verifier = caching(policy().allow_missing_exp(), keys(&[A]));
    let padded = |length| {
        let mut claims = String::new();
        write!(claims, r#"{{"padding":"{}"}}"#, "x".repeat(length)).unwrap();
        sign(A, &claims)
    };
    let longest = (2900..3100).map(padded).take_while(|token| token.len() <= 4096).last().unwrap();
    assert!(longest.len() > 4090);
    remember(&verifier, &longest, 0);
    let never = [
        padded(3100),
        sign(A, r#"{"exp":1e300}"#),
        sign(A, r#"{"exp":1099511627776}"#),
        sign(A, r#"{"exp":4000000000,"iat":-1}"#),
        sign(A, r#"{"exp":4000000000,"nbf":-0.5}"#),
    ];
    for token in never {
        assert!(!is_hit(&verifier, &token, 0) && !is_hit(&verifier, &token, 0));
    }
    remember(&verifier, &sign(A, r#"{"exp":1099511627775.5,"nbf":0,"iat":0.5}"#), 0);
}

#[test]
fn verdict_and_rejection_agree_on_the_signature() {
    let verifier = caching(policy(), keys(&[A]));
    let mut scratch = Scratch::new();
    let verdict = verifier.verdict(signed_nonsense(), at(0), &mut scratch);
    assert_eq!(verdict.code(), Code::PayloadEncoding);
    assert!(verdict.rejection().unwrap().signature_ok());
    assert!(verdict.signature_ok(), "the signature held before the payload was decoded");
    assert_eq!(verdict.key().unwrap().key_index, 0);
}
