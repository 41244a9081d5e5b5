//! What one call demands beyond the policy, with the cache and without.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

mod actors;

use jot::{Alg, CacheSize, Code, Demand, KeySet, Policy, Scratch, Verifier};

use actors::*;

fn claims(rest: &str) -> String {
    format!(r#"{{"exp":{}{rest}}}"#, NOON + 100)
}

/// The code for each demand in turn, of a verifier that has a cache and of one
/// that has none; each demand is made twice, so that the cache has its say.
fn codes(build: impl Fn() -> jot::VerifierBuilder, token: &[u8], demands: &[Demand<'_>]) -> Vec<Code> {
    let (plain, cached) = (build().build().unwrap(), build().cache(CacheSize::Entries(100)).build().unwrap());
    let mut scratch = Scratch::new();
    let ask = |verifier: &Verifier, demand: &Demand<'_>, scratch: &mut Scratch| {
        let verdict = verifier.verdict_for(token, at(0), demand, scratch);
        (verdict.code(), verdict.rejection().and_then(|it| it.claim().map(str::to_owned)), verdict.key())
    };
    let mut codes = Vec::new();
    for demand in demands.iter().chain(demands) {
        let wanted = ask(&plain, demand, &mut scratch);
        assert_eq!(ask(&cached, demand, &mut scratch), wanted, "{demand:?}");
        codes.push(wanted.0);
    }
    codes.truncate(demands.len());
    codes
}

fn audiences<'d>(audiences: &'d [&'d str]) -> Demand<'d> {
    Demand { audiences: Some(audiences), ..Demand::default() }
}

fn issuers<'d>(issuers: &'d [&'d str]) -> Demand<'d> {
    Demand { issuers: Some(issuers), ..Demand::default() }
}

fn of_set(name: &str) -> Demand<'_> {
    Demand { key_set: Some(name), ..Demand::default() }
}

#[test]
fn audience_is_demanded_beside_what_the_policy_says() {
    let any = || Verifier::builder(policy().any_audience()).keys(keys(&[A]));
    let token = sign(A, &claims(r#","aud":["red","blue"]"#));
    let demands = [
        Demand::default(),
        audiences(&["red"]),
        audiences(&["green", "blue"]),
        audiences(&["Red", ""]),
        audiences(&[]),
    ];
    let accepted = Code::Accepted;
    let mismatch = Code::AudMismatch;
    assert_eq!(codes(any, &token, &demands), [accepted, accepted, accepted, mismatch, mismatch]);
    let without = sign(A, &claims(""));
    assert_eq!(codes(any, &without, &demands[..2]), [accepted, Code::AudMissing]);
    let invalid = sign(A, &claims(r#","aud":7"#));
    assert_eq!(codes(any, &invalid, &demands[1..2]), [Code::AudInvalid]);
    // A variable that was never set is the audience of nobody.
    let empty = sign(A, &claims(r#","aud":"""#));
    assert_eq!(codes(any, &empty, &[audiences(&[""])]), [mismatch]);

    // A demand never widens.
    let strict = || Verifier::builder(policy().audience("red")).keys(keys(&[A]));
    let blue = sign(A, &claims(r#","aud":"blue""#));
    assert_eq!(codes(strict, &blue, &[audiences(&["blue"])]), [mismatch]);
    assert_eq!(codes(strict, &token, &[audiences(&["blue"])]), [accepted]);
    let none = || Verifier::builder(policy()).keys(keys(&[A]));
    assert_eq!(codes(none, &blue, &[audiences(&["blue"])]), [Code::AudUnexpected]);
}

#[test]
fn issuer_is_demanded_beside_the_keys_own() {
    let token = sign(A, &claims(r#","iss":"https://a""#));
    let demands =
        [issuers(&["https://a"]), issuers(&["x", "https://a"]), issuers(&["https://b"]), issuers(&[""])];
    let accepted = Code::Accepted;
    let wanted = [accepted, accepted, Code::IssMismatch, Code::IssMismatch];
    let any = || Verifier::builder(policy()).keys(keys(&[A]));
    assert_eq!(codes(any, &token, &demands), wanted);
    let two =
        || Verifier::builder(policy()).issuer("https://a", keys(&[A])).issuer("https://b", keys(&[A_OTHER]));
    assert_eq!(codes(two, &token, &demands), wanted);
    assert_eq!(codes(any, &sign(A, &claims("")), &demands[..1]), [Code::IssMissing]);
}

#[test]
fn key_set_is_the_one_that_the_call_names() {
    let build = || {
        Verifier::builder(policy())
            .key_set("red", None, keys(&[A]))
            .key_set("blue", Some("https://b"), keys(&[A_OTHER]))
            .key_set("both", None, keys(&[A_OTHER, A]))
    };
    let red = sign(A, &claims(""));
    let demands =
        [of_set("red"), of_set("blue"), of_set("both"), of_set("Red"), of_set(""), Demand::default()];
    let (accepted, unknown) = (Code::Accepted, Code::IssuerUnknown);
    let invalid = Code::SignatureInvalid;
    assert_eq!(codes(build, &red, &demands), [accepted, invalid, accepted, unknown, unknown, unknown]);
    let blue = sign(A_OTHER, &claims(r#","iss":"https://b""#));
    assert_eq!(codes(build, &blue, &demands[..3]), [invalid, accepted, accepted]);
    let stranger = sign(A_OTHER, &claims(r#","iss":"https://c""#));
    assert_eq!(codes(build, &stranger, &demands[..3]), [invalid, Code::IssMismatch, accepted]);
    // The token may say what it likes.
    let liar = sign(A, &claims(r#","iss":"red""#));
    assert_eq!(codes(build, &liar, &demands[1..2]), [invalid]);

    // Where tokens find their keys, no call does.
    let by_issuer = || Verifier::builder(policy()).issuer("https://b", keys(&[A_OTHER]));
    assert_eq!(codes(by_issuer, &blue, &[of_set("https://b")]), [unknown]);
}

#[test]
fn what_the_cache_holds_of_a_set_is_no_answer_without_its_name() {
    let verifier = Verifier::builder(policy())
        .key_set("red", None, keys(&[A]))
        .cache(CacheSize::Entries(100))
        .build()
        .unwrap();
    let token = sign(A, &claims(""));
    let mut scratch = Scratch::new();
    assert!(verifier.verdict_for(&token, at(0), &of_set("red"), &mut scratch).is_accepted());
    assert!(verifier.verdict_for(&token, at(0), &of_set("red"), &mut scratch).from_cache());
    let refused = verifier.verify_without_claims(&token, at(0), &mut scratch).unwrap_err();
    assert_eq!(refused.code(), Code::IssuerUnknown);
    assert_eq!(verifier.verdict(&token, at(0), &mut scratch).code(), Code::IssuerUnknown);

    verifier.replace_keys(Some("red"), keys(&[A_OTHER])).unwrap();
    let verdict = verifier.verdict_for(&token, at(0), &of_set("red"), &mut scratch);
    assert_eq!(verdict.code(), Code::SignatureInvalid);
}

#[test]
fn named_key_sets_stand_alone_and_once() {
    let build = |builder: jot::VerifierBuilder| builder.build().map(|_| ()).map_err(|error| error.code());
    let start = || Verifier::builder(Policy::new([Alg::HS256])).key_set("a", None, keys(&[A]));
    assert_eq!(build(start().key_set("a", None, keys(&[A]))), Err(Code::IssuerRepeated));
    assert_eq!(build(start().issuer("b", keys(&[A]))), Err(Code::IssuerRepeated));
    assert_eq!(build(start().keys(keys(&[A]))), Err(Code::IssuerRepeated));
    assert_eq!(build(start().key_set("", None, keys(&[A]))), Err(Code::PolicyInvalid));
    assert_eq!(build(start().key_set("b", Some(""), keys(&[A]))), Err(Code::PolicyInvalid));
    assert_eq!(build(start().key_set("b", None, KeySet::new([]))), Err(Code::KeysEmpty));
    let strict = Policy::new([Alg::HS256]).issuer_required();
    assert_eq!(build(Verifier::builder(strict).key_set("a", None, keys(&[A]))), Err(Code::IssuerRequired));
}
