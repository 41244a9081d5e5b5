//! Tokens that come with their own keys: what is refused, each with its exact code, alone
//! and in batches of every backend.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[path = "../cases/mod.rs"]
mod cases;
mod hostile;

use cases::forge::token;
use cases::keys::{bare, verifying};
use jot::backend::Backend;
use jot::batch::{Batch, Tokens};
use jot::{Alg, Code, Limits, Scratch, SelfSignedVerifier, Thumbprint, UnixSeconds};
use serde_json::{Value, json};

use hostile::{CLAIMS, Case, all_cases, asymmetric, es256, good, header, jwk_of, of_keys};

fn verifier(backend: Backend) -> SelfSignedVerifier {
    let builder = SelfSignedVerifier::builder(asymmetric()).typ("dpop+jwt").backend(backend);
    builder.cross_check(3).build().unwrap()
}

/// The thumbprint, or the code.
type Answer = Result<Thumbprint, Code>;

fn alone(verifier: &SelfSignedVerifier, case: &Case, scratch: &mut Scratch) -> Answer {
    let known = match &case.key {
        Some(key) => verifier.verify_with_key(&case.token, key, scratch),
        None => verifier.verify(&case.token, scratch),
    };
    known.map(|known| known.thumbprint()).map_err(|refused| refused.code())
}

#[test]
fn every_case_has_its_code() {
    let (verifier, mut scratch) = (verifier(Backend::AwsLc), Scratch::new());
    let cases = all_cases();
    assert!(cases.len() > 150);
    for case in &cases {
        assert_eq!(alone(&verifier, case, &mut scratch).err(), case.code, "{}", case.what);
    }
}

/// In lanes with others, whatever these are, each token has the answer that it has alone.
#[test]
fn batches_answer_as_single_calls_do() {
    let (single, cases) = (verifier(Backend::AwsLc), all_cases());
    let mut scratch = Scratch::new();
    for (with_key, threads) in [(false, 1), (true, 1), (false, 3)] {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.key.is_some() == with_key).collect();
        for backend in Backend::ALL {
            let verifier = verifier(backend);
            // Bad ones among good ones, at every distance.
            let rows: Vec<&Case> = (1..7).flat_map(|step| cases.iter().copied().step_by(step)).collect();
            let tokens: Vec<&[u8]> = rows.iter().map(|case| case.token.as_bytes()).collect();
            let keys: Vec<&[u8]> =
                rows.iter().filter_map(|case| case.key.as_ref()).map(|key| key.as_bytes()).collect();
            let keys = Tokens::Slices(&keys);
            let keys = with_key.then_some(&keys);
            let mut batch = Batch::new(threads).unwrap();
            let answers = batch.verify_self_signed(&verifier, &Tokens::Slices(&tokens), keys, None).unwrap();
            assert_eq!(answers.len(), rows.len());
            for (case, answer) in rows.iter().zip(answers) {
                let wanted = alone(&single, case, &mut scratch);
                assert_eq!(answer.map_err(|refused| refused.code()), wanted, "{} {backend:?}", case.what);
            }
        }
    }
}

#[test]
fn answer_has_the_thumbprint_and_the_claims() {
    let (verifier, mut scratch) = (verifier(Backend::AwsLc), Scratch::new());
    for alg in asymmetric() {
        let token = good(alg);
        let known = verifier.verify(&token, &mut scratch).unwrap();
        let wanted = verifying(&jwk_of(alg));
        assert!(known.thumbprint().is(wanted.thumbprint()), "{alg}");
        assert_eq!(known.thumbprint().to_string(), wanted.thumbprint());
        assert_eq!((known.alg(), known.claims().as_text()), (alg, CLAIMS));
    }
}

/// What a verifying key says of a JWK is said here, too, unless it is private.
#[test]
fn keys_are_held_to_the_rules_of_verifying_keys() {
    let (verifier, mut scratch) = (verifier(Backend::AwsLc), Scratch::new());
    for case in of_keys() {
        let header = case.token.split('.').next().unwrap();
        let header: Value = serde_json::from_slice(&cases::keys::unb64(header)).unwrap();
        let read = jot::VerifyingKey::from_jwk(&header["jwk"].to_string(), &jot::KeyOptions::default());
        let code = verifier.verify(&case.token, &mut scratch).unwrap_err().code();
        match read {
            Err(error) if error.code() == Code::KeySecretTooShort => {}
            // On which curve a point is, is asked last.
            Err(error) if error.code() == Code::KeyInvalid && code == Code::KeyNotForAlg => {}
            Err(error) => assert_eq!(code, error.code(), "{}", case.what),
            Ok(_) => assert!(
                matches!(code, Code::KeyNotForAlg | Code::JwkPrivate | Code::KeySecretNotPublic),
                "{}: {code}",
                case.what
            ),
        }
    }
}

#[test]
fn rules_make_sense_or_are_refused() {
    let refused = |algorithms: &[Alg], typ: &[&str], any: bool| {
        let builder = SelfSignedVerifier::builder(algorithms.iter().copied());
        let builder = typ.iter().fold(builder, |builder, typ| builder.typ(typ));
        let builder = if any { builder.any_typ() } else { builder };
        let error = builder.build().map(drop).unwrap_err();
        (error.code(), error.member().map(str::to_owned))
    };
    let of = |member: &str| (Code::PolicyInvalid, Some(member.to_owned()));
    assert_eq!(refused(&[], &["a"], false), (Code::AlgorithmsEmpty, None));
    for alg in [Alg::HS256, Alg::HS384, Alg::HS512] {
        assert_eq!(refused(&[Alg::ES256, alg], &["a"], false), of("algorithms"));
    }
    assert_eq!(refused(&[Alg::ES256], &[], false), of("typ"));
    assert_eq!(refused(&[Alg::ES256], &["a", ""], false), of("typ"));
    assert_eq!(refused(&[Alg::ES256], &["a"], true), of("any_typ"));
}

#[test]
fn typ_limits_and_algorithms_are_the_callers() {
    let mut scratch = Scratch::new();
    let token = es256(json!({"typ": null}));
    let any = SelfSignedVerifier::builder([Alg::ES256]).any_typ().build().unwrap();
    assert!(any.verify(&token, &mut scratch).is_ok());
    let two =
        SelfSignedVerifier::builder([Alg::ES256]).typ("kb+jwt").typ("application/DPoP+jwt").build().unwrap();
    assert!(two.verify(&good(Alg::ES256), &mut scratch).is_ok());
    let code = |verifier: SelfSignedVerifier, token: &str| {
        verifier.verify(token, &mut Scratch::new()).map(drop).unwrap_err().code()
    };
    assert_eq!(code(any, &good(Alg::EdDSA)), Code::AlgNotAllowed);
    let short =
        SelfSignedVerifier::builder([Alg::ES256]).any_typ().limits(Limits::default().with_token_bytes(64));
    assert_eq!(code(short.build().unwrap(), &good(Alg::ES256)), Code::TokenTooLong);
}

#[test]
fn dates_are_checked_when_asked_for() {
    let (verifier, mut scratch) = (verifier(Backend::AwsLc), Scratch::new());
    let mut code = |claims: &str, now| {
        let header = header(Alg::EdDSA, &bare("ed25519"), json!({}));
        let token = token(Alg::EdDSA, "ed25519", header, claims);
        let known = verifier.verify(&token, &mut scratch).unwrap();
        known.check_dates(UnixSeconds(now), 60, 5).err().map(|refused| {
            assert!(refused.signature_ok());
            refused.code()
        })
    };
    assert_eq!(code(r#"{"iat":1000}"#, 1000), None);
    assert_eq!(code(r#"{"iat":1000}"#, 1065), None);
    assert_eq!(code(r#"{"iat":1000}"#, 1066), Some(Code::TooOld));
    assert_eq!(code(r#"{"iat":1000}"#, 995), None);
    assert_eq!(code(r#"{"iat":1000}"#, 994), Some(Code::IssuedInFuture));
    assert_eq!(code(r#"{"iat":"1000"}"#, 1000), Some(Code::IatInvalid));
    assert_eq!(code(r#"{"iat":1000,"exp":1e400}"#, 1000), Some(Code::ExpInvalid));
    assert_eq!(code(r#"{"iat":1000,"nbf":{}}"#, 1000), Some(Code::NbfInvalid));
    assert_eq!(code(r#"{"iat":1000,"nbf":1010}"#, 1004), Some(Code::NotYetValid));
    assert_eq!(code(r#"{"iat":1000,"exp":1010}"#, 1015), Some(Code::Expired));
    assert_eq!(code("{}", 1000), Some(Code::IatMissing));
}
