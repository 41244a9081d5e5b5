//! What a server asks of the claims of an accepted token, route by route, means
//! what a policy demands.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod common;

use common::{lenient, secret_keys, sign};
use jot::{Alg, Code, Condition, Policy, Scratch, UnixSeconds, Verifier};

const CLAIMS: &[&str] = &[
    r#"{}"#,
    r#"{"scope":"a"}"#,
    r#"{"scope":"b a  c"}"#,
    r#"{"scope":" "}"#,
    r#"{"scope":""}"#,
    r#"{"scope":"A ab a:b"}"#,
    r#"{"scope":"\u0061 \"q\""}"#,
    r#"{"scope":["a","b"]}"#,
    r#"{"scope":["a b"]}"#,
    r#"{"scope":[]}"#,
    r#"{"scp":"a b"}"#,
    r#"{"scp":["b","a"]}"#,
    r#"{"scope":"a","scp":["b"]}"#,
    r#"{"scope":"a","scp":7}"#,
    r#"{"scope":null,"scp":"a"}"#,
    r#"{"scope":{"a":true}}"#,
    r#"{"scope":["a",1]}"#,
    r#"{"scp":["a",["b"]]}"#,
    r#"{"scope":["a\tb","\u00e9"]}"#,
];

#[test]
fn has_scope_is_what_the_policy_would_demand() {
    let (mut met, mut invalid) = (0, 0);
    for claims in CLAIMS {
        let token = sign(r#"{"alg":"HS256"}"#, claims.as_bytes());
        for scope in ["a", "b", "c", "ab", "a:b", "A", "\"q\"", "a\tb", "é", "a b", " ", ""] {
            let mut scratch = Scratch::new();
            let accepted = lenient(secret_keys(), [Alg::HS256]);
            let accepted = accepted.verify(&token, UnixSeconds(0), &mut scratch).unwrap();
            let has = accepted.claims().has_scope(scope);
            met += usize::from(has);

            let policy = Policy::new([Alg::HS256]).allow_missing_exp().scope(scope);
            let Ok(demanding) = Verifier::builder(policy).keys(secret_keys()).build() else {
                assert!(!has && (scope.is_empty() || scope.contains(' ')), "{claims} {scope:?}");
                continue;
            };
            let mut scratch = Scratch::new();
            let code = demanding.verdict(&token, UnixSeconds(0), &mut scratch).code();
            invalid += usize::from(code == Code::ScopeInvalid);
            assert!(matches!(code, Code::Accepted | Code::ScopeInsufficient | Code::ScopeInvalid));
            assert_eq!(has, code == Code::Accepted, "{claims} {scope:?}");
        }
    }
    assert_eq!((met, invalid), (19, 45));
}

#[test]
fn contains_is_what_the_policy_would_demand() {
    let claims = r#"{"roles":["admin","reader"],"realm":{"roles":["writer",["admin"],7]},"role":"admin"}"#;
    let token = sign(r#"{"alg":"HS256"}"#, claims.as_bytes());
    let paths: [&[&str]; 6] =
        [&["roles"], &["realm", "roles"], &["role"], &["realm"], &["realm.roles"], &["none", "roles"]];
    let mut met = 0;
    for path in paths {
        for element in ["admin", "reader", "writer", "7", ""] {
            let mut scratch = Scratch::new();
            let accepted = lenient(secret_keys(), [Alg::HS256]);
            let accepted = accepted.verify(&token, UnixSeconds(0), &mut scratch).unwrap();
            let contains = accepted.claims().contains(path.iter().copied(), element);
            met += usize::from(contains);

            let policy = Policy::new([Alg::HS256]).allow_missing_exp();
            let policy = policy.claim(Condition::contains(path, element));
            let demanding = Verifier::builder(policy).keys(secret_keys()).build().unwrap();
            let mut scratch = Scratch::new();
            let code = demanding.verdict(&token, UnixSeconds(0), &mut scratch).code();
            assert_eq!(contains, code == Code::Accepted, "{path:?} {element}");
        }
    }
    assert_eq!(met, 3);
}

#[test]
fn validate_claims_says_what_a_verifier_with_the_policy_would() {
    let rules: [fn(Policy) -> Policy; 8] = [
        |policy| policy,
        Policy::any_audience,
        |policy| policy.any_audience().scope("a").scope("b"),
        |policy| policy.audience("api").audience("web"),
        |policy| policy.any_audience().subject("alice"),
        |policy| policy.any_audience().authorized_party("client"),
        |policy| policy.any_audience().require("tier"),
        |policy| policy.any_audience().claim(Condition::any_of("tier", ["gold", "silver"])),
    ];
    let claims = [
        r#"{}"#,
        r#"{"aud":"web","sub":"alice","azp":"client","tier":"gold","scope":"a b"}"#,
        r#"{"aud":["x","api"],"sub":"bob","azp":"other","tier":"tin","scope":"a"}"#,
        r#"{"aud":"x","tier":["gold"],"scope":7}"#,
        r#"{"aud":1}"#,
    ];
    let (mut accepted, mut codes) = (0, std::collections::BTreeSet::new());
    for rules in rules {
        let route = rules(Policy::new([Alg::ES256]));
        route.validate().unwrap();
        let policy = rules(Policy::new([Alg::HS256]).allow_missing_exp());
        let demanding = Verifier::builder(policy).keys(secret_keys()).build().unwrap();
        for claims in claims {
            let token = sign(r#"{"alg":"HS256"}"#, claims.as_bytes());
            let mut scratch = Scratch::new();
            let expected = demanding.verdict(&token, UnixSeconds(0), &mut scratch).rejection();

            let shared = Policy::new([Alg::HS256]).allow_missing_exp().any_audience();
            let shared = Verifier::builder(shared).keys(secret_keys()).build().unwrap();
            let mut scratch = Scratch::new();
            match shared.verify(&token, UnixSeconds(0), &mut scratch) {
                Ok(verified) => {
                    assert_eq!(route.validate_claims(&verified.claims()).err(), expected, "{claims}");
                    accepted += usize::from(expected.is_none());
                }
                Err(_) => assert!(expected.is_some(), "{claims}"),
            }
            codes.extend(expected.map(|rejection| rejection.code()));
        }
    }
    assert!(accepted >= 10 && codes.len() >= 8, "{accepted} {codes:?}");
}

#[test]
fn claim_is_not_another_that_begins_like_it_and_is_as_long() {
    let code = |policy: Policy, claims: &str| {
        let verifier = Verifier::builder(policy.allow_missing_exp()).keys(secret_keys()).build().unwrap();
        let token = sign(r#"{"alg":"HS256"}"#, claims.as_bytes());
        verifier.verdict(&token, UnixSeconds(0), &mut Scratch::new()).code()
    };
    let policy = || Policy::new([Alg::HS256]);
    for (claims, found) in
        [(r#"{"role":"admin"}"#, Code::Accepted), (r#"{"roll":"admin"}"#, Code::ClaimMissing)]
    {
        assert_eq!(code(policy().require("role"), claims), found, "{claims}");
        assert_eq!(code(policy().claim(Condition::equals("role", "admin")), claims), found, "{claims}");
        let nested = format!(r#"{{"realm":{claims}}}"#);
        assert_eq!(
            code(policy().claim(Condition::equals(["realm", "role"], "admin")), &nested),
            found,
            "{nested}"
        );
    }
}

#[test]
fn validate_refuses_a_policy_that_cannot_be_met() {
    let none: [&str; 0] = [];
    for (policy, code) in [
        (Policy::new([Alg::ES256]).claim(Condition::any_of("tier", none)), Code::ConditionOperands),
        (Policy::new([Alg::ES256]).audience(""), Code::PolicyInvalid),
        (Policy::new([Alg::ES256]).scope("a b"), Code::PolicyInvalid),
    ] {
        assert_eq!(policy.validate().unwrap_err().code(), code);
    }
}
