//! What a verifier refuses to be built with, and the settings in force.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use cases::keys::{public, verifying};
use cases::{forge, keys};
use jot::{
    Alg, Code, Condition, Error, KeySet, Limits, Operand, Payload, Policy, Revocations, Scratch, UnixSeconds,
    Verifier, VerifierBuilder,
};

const NOW: UnixSeconds = UnixSeconds(forge::NOW);

fn eddsa() -> Policy {
    Policy::new([Alg::EdDSA])
}

fn key_set() -> KeySet {
    KeySet::new([verifying(&public("ed25519"))])
}

#[track_caller]
fn assert_refused(builder: VerifierBuilder, code: Code, member: Option<&str>) {
    let error: Error = builder.build().unwrap_err();
    assert_eq!((error.code(), error.member()), (code, member));
}

#[test]
fn builder_refuses_when_no_algorithm_is_allowed() {
    assert_refused(Verifier::builder(Policy::new([])).keys(key_set()), Code::AlgorithmsEmpty, None);
}

#[test]
fn builder_refuses_when_there_is_no_key() {
    assert_refused(Verifier::builder(eddsa()), Code::KeysEmpty, None);
    assert_refused(Verifier::builder(eddsa()).keys(KeySet::default()), Code::KeysEmpty, None);
    assert_refused(Verifier::builder(eddsa()).issuer("a", KeySet::default()), Code::KeysEmpty, None);
    let second = Verifier::builder(eddsa()).issuer("a", key_set()).issuer("b", KeySet::default());
    assert_refused(second, Code::KeysEmpty, None);
}

#[test]
fn builder_refuses_when_issuers_are_ambiguous() {
    let builder = || Verifier::builder(eddsa());
    assert_refused(builder().issuer("a", key_set()).issuer("a", key_set()), Code::IssuerRepeated, None);
    assert_refused(builder().keys(key_set()).keys(key_set()), Code::IssuerRepeated, None);
    assert_refused(builder().keys(key_set()).issuer("a", key_set()), Code::IssuerRepeated, None);
    assert_refused(builder().issuer("a", key_set()).keys(key_set()), Code::IssuerRepeated, None);
    assert!(builder().issuer("a", key_set()).issuer("A", key_set()).build().is_ok());
}

#[test]
fn builder_refuses_when_the_policy_demands_issuers_and_there_is_none() {
    for policy in [
        eddsa().issuer_required(),
        Policy::access_token("api", [Alg::EdDSA]),
        Policy::id_token("client", [Alg::EdDSA]),
    ] {
        assert_refused(Verifier::builder(policy.clone()).keys(key_set()), Code::IssuerRequired, None);
        assert!(Verifier::builder(policy).issuer("a", key_set()).build().is_ok());
    }
}

#[test]
fn builder_refuses_when_a_setting_makes_no_sense() {
    for (policy, member) in [
        (eddsa().audience("a").any_audience(), "any_audience"),
        (eddsa().any_audience().audience("a"), "any_audience"),
        (eddsa().audience(""), "audience"),
        (Policy::access_token("", [Alg::EdDSA]), "audience"),
        (Policy::id_token("", [Alg::EdDSA]), "audience"),
        (eddsa().require(""), "require"),
        (eddsa().scope(""), "scope"),
        (eddsa().scope("a b"), "scope"),
        (eddsa().typ(""), "typ"),
        (eddsa().subject(""), "subject"),
        (eddsa().authorized_party(""), "authorized_party"),
        (eddsa().understand_critical(""), "understand_critical"),
    ] {
        let builder = Verifier::builder(policy).issuer("a", key_set());
        assert_refused(builder, Code::PolicyInvalid, Some(member));
    }
    assert_refused(Verifier::builder(eddsa()).issuer("", key_set()), Code::PolicyInvalid, Some("issuer"));
}

#[test]
fn policy_allows_both_names_of_ed25519_when_it_allows_eddsa() {
    let names = |alg: Alg| Policy::new([alg]).algorithms();
    assert_eq!(names(Alg::EdDSA), [Alg::EdDSA, Alg::Ed25519].into_iter().collect());
    assert_eq!(names(Alg::Ed25519), [Alg::Ed25519].into_iter().collect());
    assert_eq!(names(Alg::RS256), [Alg::RS256].into_iter().collect());
    let verifier = Verifier::builder(eddsa()).keys(key_set()).build().unwrap();
    assert_eq!(verifier.policy().algorithms(), names(Alg::EdDSA));
}

#[test]
fn none_has_no_algorithm_when_it_is_asked_for() {
    for name in ["none", "NONE", "nOnE"] {
        assert_eq!(name.parse::<Alg>().unwrap_err().code(), Code::AlgNone);
    }
    assert!(Alg::ALL.iter().all(|alg| !alg.name().eq_ignore_ascii_case("none")));
}

fn code_under(limits: Limits, token: &[u8]) -> Code {
    let verifier = Verifier::builder(eddsa().limits(limits)).keys(key_set()).build().unwrap();
    let mut scratch = Scratch::new();
    verifier.verdict(token, NOW, &mut scratch).code()
}

#[test]
fn limits_are_64_and_8_kib_when_they_are_not_set() {
    let default = Limits::default();
    assert_eq!((default.token_bytes, default.header_bytes), (65_536, 8_192));
    assert_eq!(code_under(Limits::default(), &[b'a'; 65_537]), Code::TokenTooLong);
    assert_eq!(code_under(Limits::default(), &[b'a'; 65_536]), Code::TokenSegments);
    let header = |bytes: usize| [&vec![b'A'; bytes], b"..".as_slice()].concat();
    assert_eq!(code_under(Limits::default(), &header(8_193)), Code::HeaderTooLong);
    assert_eq!(code_under(Limits::default(), &header(8_192)), Code::HeaderJson);
}

#[test]
fn limits_are_counted_when_they_are_set_to_extremes() {
    let (good, default) = (forge::good(Alg::EdDSA), Limits::default());
    let none = default.with_token_bytes(0).with_header_bytes(0);
    assert_eq!(code_under(none, b""), Code::TokenEmpty);
    assert_eq!(code_under(none, b"a"), Code::TokenTooLong);
    let no_header = default.with_header_bytes(0);
    assert_eq!(code_under(no_header, good.as_bytes()), Code::HeaderTooLong);
    let most = default.with_token_bytes(usize::MAX).with_header_bytes(usize::MAX);
    assert_eq!(code_under(most, good.as_bytes()), Code::Accepted);
    assert_eq!(code_under(most, &vec![b'.'; 1_000_000]), Code::TokenSegments);
}

#[test]
fn jws_is_verified_when_its_payload_is_detached() {
    let verifier = Verifier::builder(eddsa()).keys(key_set()).build().unwrap();
    let mut scratch = Scratch::new();
    let payload = b"any bytes \xff at all";
    let token = forge::token(Alg::EdDSA, "ed25519", forge::header(Alg::EdDSA), payload);
    let [head, _, signature] = forge::segments(&token);
    let detached = format!("{head}..{signature}");
    let mut run = |token: &str, payload: Payload<'static>| {
        verifier
            .verify_jws(token.as_bytes(), payload, None, &mut scratch)
            .map(|jws| jws.payload().to_vec())
            .map_err(|rejection| rejection.code())
    };
    assert_eq!(run(&token, Payload::Attached), Ok(payload.to_vec()));
    assert_eq!(run(&detached, Payload::Detached(payload)), Ok(payload.to_vec()));
    assert_eq!(run(&detached, Payload::Detached(b"other")), Err(Code::SignatureInvalid));
    assert_eq!(run(&detached, Payload::Attached), Err(Code::SignatureInvalid));
    assert_eq!(run(&token, Payload::Detached(payload)), Err(Code::PayloadAttached));
}

/// RFC 7797 §5.2: the dot would end the segment.
#[test]
fn unencoded_payload_with_a_dot_is_refused_unless_detached() {
    let verifier = Verifier::builder(eddsa()).keys(key_set()).build().unwrap();
    let head = keys::b64(br#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#);
    let signature = keys::b64(&keys::sign(Alg::EdDSA, "ed25519", format!("{head}.a.b").as_bytes()));
    let code = |token: String, payload: Payload<'_>| {
        let mut scratch = Scratch::new();
        verifier.verify_jws(token.as_bytes(), payload, None, &mut scratch).err().map(|refused| refused.code())
    };
    assert_eq!(code(format!("{head}.a.b.{signature}"), Payload::Attached), Some(Code::TokenSegments));
    assert_eq!(code(format!("{head}..{signature}"), Payload::Detached(b"a.b")), None);
}

#[test]
fn jws_with_b64_false_is_verified_and_a_jwt_with_it_is_refused() {
    let verifier = Verifier::builder(eddsa()).keys(key_set()).build().unwrap();
    let mut scratch = Scratch::new();
    let head = keys::b64(br#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#);
    let sealed = |payload: &str| {
        let signature = keys::sign(Alg::EdDSA, "ed25519", format!("{head}.{payload}").as_bytes());
        (format!("{head}..{}", keys::b64(&signature)), format!("{head}.{payload}.{}", keys::b64(&signature)))
    };
    let (detached, _) = sealed("a.b $");
    let jws =
        verifier.verify_jws(detached.as_bytes(), Payload::Detached(b"a.b $"), None, &mut scratch).unwrap();
    assert_eq!((jws.payload(), jws.header().b64()), (b"a.b $".as_slice(), false));
    let (_, attached) = sealed("plain");
    let jws = verifier.verify_jws(attached.as_bytes(), Payload::Attached, None, &mut scratch).unwrap();
    assert_eq!(jws.payload(), b"plain");
    let (_, jwt) = sealed(r#"{"exp":1900000000}"#);
    assert_eq!(verifier.verdict(jwt.as_bytes(), NOW, &mut scratch).code(), Code::B64InJwt);
}

#[test]
fn jws_is_verified_with_the_keys_of_the_issuer_when_it_is_named() {
    let other = KeySet::new([verifying(&public("ed25519-2"))]);
    let verifier = Verifier::builder(eddsa()).issuer("a", key_set()).issuer("b", other).build().unwrap();
    let mut scratch = Scratch::new();
    let token = forge::token(Alg::EdDSA, "ed25519", r#"{"alg":"EdDSA"}"#, "not claims");
    let mut code = |issuer| {
        verifier
            .verify_jws(token.as_bytes(), Payload::Attached, issuer, &mut scratch)
            .err()
            .map_or(Code::Accepted, |rejection| rejection.code())
    };
    assert_eq!(code(Some("a")), Code::Accepted);
    assert_eq!(code(Some("b")), Code::SignatureInvalid);
    assert_eq!(code(Some("c")), Code::IssuerUnknown);
    assert_eq!(code(None), Code::IssuerUnknown);
}

#[test]
fn jws_is_refused_when_its_key_was_revoked() {
    let verifier = Verifier::builder(eddsa()).keys(key_set()).build().unwrap();
    let token = forge::token(Alg::EdDSA, "ed25519", r#"{"alg":"EdDSA"}"#, "not claims");
    let mut scratch = Scratch::new();
    let mut refusal = || verifier.verify_jws(token.as_bytes(), Payload::Attached, None, &mut scratch).err();
    assert_eq!(refusal(), None);
    let mut list = Revocations::default();
    list.revoke_key(verifying(&public("rsa")).thumbprint()).unwrap();
    verifier.set_revocations(list.clone());
    assert_eq!(refusal(), None);
    list.revoke_key(verifying(&public("ed25519")).thumbprint()).unwrap();
    verifier.set_revocations(list);
    let refused = refusal().unwrap();
    assert_eq!((refused.code(), refused.signature_ok()), (Code::KeyRevoked, true));
}

#[test]
fn verdict_names_the_key_that_verified_when_there_are_several() {
    let second = KeySet::new([verifying(&public("rsa")), verifying(&public("ed25519-2"))]);
    let verifier = Verifier::builder(eddsa())
        .issuer("https://a.example", key_set())
        .issuer(forge::ISSUER, second)
        .build()
        .unwrap();
    let mut scratch = Scratch::new();
    let claims = forge::plain_claims().to_string();
    let token = forge::token(Alg::EdDSA, "ed25519-2", r#"{"alg":"EdDSA"}"#, claims);
    let place = verifier.verify(token.as_bytes(), NOW, &mut scratch).unwrap().key();
    assert_eq!((place.issuer_index, place.key_index), (1, 1));
    let keys = verifier.keys(Some(forge::ISSUER)).unwrap();
    assert_eq!(keys.keys()[place.key_index as usize].kid(), Some("ed25519-2"));
}

#[test]
fn builder_refuses_a_condition_that_no_claim_can_meet() {
    let none: [&str; 0] = [];
    for (condition, code) in [
        (Condition::equals(&[] as &[&str], 1), Code::ConditionName),
        (Condition::any_of("x", none), Code::ConditionOperands),
        (Condition::contains_any("x", none), Code::ConditionOperands),
        (Condition::equals("x", f64::NAN), Code::ConditionOperand),
        (Condition::any_of("x", [1.0, f64::INFINITY]), Code::ConditionOperand),
        (Condition::contains("x", f64::NEG_INFINITY), Code::ConditionOperand),
        (Condition::ge("x", f64::NAN), Code::ConditionOperand),
        (Condition::gt("x", "1"), Code::ConditionOperand),
        (Condition::le("x", true), Code::ConditionOperand),
        (Condition::lt("x", Operand::text("1")), Code::ConditionOperand),
        (Condition::prefix("x", ""), Code::ConditionOperand),
        (Condition::prefix("x", 1), Code::ConditionOperand),
    ] {
        let name = if code == Code::ConditionName { "" } else { "x" };
        for condition in [condition.clone(), condition.not()] {
            let builder = Verifier::builder(eddsa().claim(condition)).keys(key_set());
            assert_refused(builder, code, Some(name));
        }
    }
}

#[test]
fn cache_is_refused_when_no_memory_holds_it() {
    for size in [jot::CacheSize::Entries(usize::MAX), jot::CacheSize::Bytes(usize::MAX)] {
        let built = Verifier::builder(eddsa()).keys(key_set()).cache(size).build();
        assert_eq!(built.unwrap_err().code(), Code::CacheTooLarge);
    }
}

#[test]
fn cache_keeps_to_its_bytes_or_is_refused() {
    let build =
        |bytes| Verifier::builder(eddsa()).keys(key_set()).cache(jot::CacheSize::Bytes(bytes)).build();
    for bytes in [0, 511, 512, 8735] {
        assert_eq!(build(bytes).unwrap_err().code(), Code::PolicyInvalid, "{bytes}");
    }
    for bytes in [8736, 9 << 10, 1 << 20] {
        let taken = build(bytes).unwrap().statistics().cache_bytes;
        assert!(taken <= bytes && taken + 512 > bytes, "{taken} of {bytes}");
    }
}
