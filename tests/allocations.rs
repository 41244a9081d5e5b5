//! A verification allocates nothing once its scratch is warm.
//!
//! Rust's allocations go through the global allocator below, those of the C
//! code beneath aws-lc-rs through the `malloc` below, which takes the place of
//! the C library's. Both count by thread and hand on to the C library, each
//! past the other.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![expect(unsafe_code, reason = "allocators cannot be made without")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "allocations/counting.rs"]
mod counting;

use std::hint::black_box;

use counting::{Counts, count};
use jot::{
    Alg, Code, Condition, KeyOptions, KeySet, Payload, PayloadForm, Policy, Scratch, SignHeader, Signer,
    SigningKey, UnixSeconds, Verifier, VerifyingKey,
};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ISSUER: &str = "https://issuer.example";

/// The most calls of malloc, calloc and realloc in C for one verification:
///
/// - HMAC: none.
/// - Ed25519: the EVP_PKEY_CTX that EVP_DigestVerifyInit makes.
/// - ML-DSA: that, and what is particular to the algorithm in it.
/// - RSA and ECDSA: those two and the state of the hash, and all three once
///   more, since EVP_DigestVerifyFinal works on a copy.
/// - RSA further: the numbers of the exponentiation in their BN_CTX, and what
///   the padding is checked in.
/// - ECDSA further: r and s become DER for the sake of EVP_DigestVerify, which
///   reads them back and, to refuse other encodings, writes them once more. A
///   short r or s takes fewer, so that this is a bound.
const C_ALLOCATIONS: &[(Alg, u64)] = &[
    (Alg::HS256, 0),
    (Alg::HS384, 0),
    (Alg::HS512, 0),
    (Alg::RS256, 25),
    (Alg::RS384, 25),
    (Alg::RS512, 25),
    (Alg::PS256, 26),
    (Alg::PS384, 26),
    (Alg::PS512, 26),
    (Alg::ES256, 32),
    (Alg::ES384, 32),
    (Alg::ES512, 32),
    (Alg::ES256K, 32),
    (Alg::EdDSA, 1),
    (Alg::Ed25519, 1),
    (Alg::MlDsa44, 2),
    (Alg::MlDsa65, 2),
    (Alg::MlDsa87, 2),
];

/// A verifier, and a token for each way that a verification can end.
struct Scene {
    verifier: Verifier,
    tokens: Vec<(String, Code)>,
}

fn scene(alg: Alg, others: usize) -> Scene {
    let key = SigningKey::generate(alg).unwrap().with_kid("2026-01");
    let policy = Policy::new([alg]).audience("api").scope("read");
    let keys = KeySet::new([key.verifying_key().unwrap()]);
    let mut builder = Verifier::builder(policy).issuer(ISSUER, keys);
    for other in 0..others {
        let key = SigningKey::generate(Alg::EdDSA).unwrap().verifying_key().unwrap();
        builder = builder.issuer(&format!("https://{other}.example"), KeySet::new([key]));
    }
    let signer = Signer::new(key);
    let token = |exp: i64, rest: &str| {
        let claims = format!(
            r#"{{"iss":"{ISSUER}","aud":["web","api"],"sub":"al\u0069ce","scope":"read write","exp":{exp},{rest}}}"#
        );
        signer.sign_payload(&SignHeader::default(), claims.as_bytes(), PayloadForm::Attached).unwrap()
    };
    let good = token(NOW.0 + 60, r#""roles":["a","b"]"#);
    let other = token(NOW.0 + 61, r#""roles":["a","b"]"#);
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let tokens = vec![
        (format!("{signed}.{signature}"), Code::SignatureInvalid),
        (token(NOW.0, r#""roles":["a","b"]"#), Code::Expired),
        (token(NOW.0 + 60, r#""roles":1,"r\u006fles":2"#), Code::ClaimsRepeated),
        (good.replacen('.', "..", 1), Code::TokenSegments),
        (good, Code::Accepted),
    ];
    Scene { verifier: builder.build().unwrap(), tokens }
}

/// Verifies every token again and again after one round that warms up, and
/// returns the most that C allocated for one.
fn most_c_allocations(scene: &Scene, alg: Alg) -> u64 {
    let mut scratch = Scratch::new();
    let mut most = 0;
    for round in 0..4 {
        for (token, code) in &scene.tokens {
            let (judged, found) =
                count(|| scene.verifier.verdict(token.as_bytes(), NOW, &mut scratch).code());
            assert_eq!(found, *code, "{alg}");
            let (verified, found) = count(|| {
                let verified = scene.verifier.verify(token.as_bytes(), NOW, &mut scratch);
                verified.map_or_else(|rejection| rejection.code(), |_| Code::Accepted)
            });
            assert_eq!(found, *code, "{alg}");
            if round > 0 {
                assert_eq!((judged.rust, verified.rust), (0, 0), "{alg} {code}");
                most = most.max(judged.c).max(verified.c);
            }
        }
    }
    most
}

#[test]
fn counters_see_rust_and_c() {
    let (counts, _) = count(|| black_box(Box::new(7)));
    assert_eq!(counts, Counts { rust: 1, c: 0 });
    let (counts, _) = count(|| black_box(vec![0_u8; 100]).extend(black_box([0; 100])));
    assert_eq!(counts, Counts { rust: 2, c: 0 });
    let text = SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap().to_jwk().unwrap();
    let (counts, _) = count(|| VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap());
    assert!(counts.rust > 0 && counts.c > 0, "{counts:?}");
}

#[test]
fn verifying_allocates_nothing_in_rust_and_no_more_than_aws_lc_must_in_c() {
    assert!(C_ALLOCATIONS.iter().map(|row| row.0).eq(Alg::ALL.iter().copied()));
    for (alg, bound) in C_ALLOCATIONS {
        for other_issuers in [0, 3] {
            let most = most_c_allocations(&scene(*alg, other_issuers), *alg);
            assert!(most <= *bound, "{alg} among {other_issuers} others: {most} of {bound}");
        }
    }
}

#[test]
fn conditions_and_scopes_are_checked_without_allocating() {
    let key = SigningKey::generate(Alg::HS256).unwrap();
    let keys = KeySet::new([key.verifying_key().unwrap()]);
    let policy = Policy::new([Alg::HS256]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(keys).build().unwrap();
    let claims = br#"{"sub":"svc-\u0061","n":1.5e2,"r":{"roles":["a",7]},"scope":"read write"}"#;
    let token = Signer::new(key).sign_claims(claims).unwrap();
    let mut scratch = Scratch::new();
    let verified = verifier.verify(token.as_bytes(), NOW, &mut scratch).unwrap();
    let claims = verified.claims();
    for notation in [
        "nope not present",
        "sub prefix svc-",
        "sub any_of x 1 svc-a",
        "n equals 150",
        "n lt 150.0001",
        "/r/roles contains b 7",
        "/r/roles not contains c",
    ] {
        let condition: Condition = notation.parse().unwrap();
        let (counts, met) = count(|| condition.check(&claims).is_ok());
        assert_eq!((counts, met), (Counts { rust: 0, c: 0 }, true), "{notation}");
        let (counts, met) = count(|| condition.clone().not().check(&claims).is_ok());
        assert!(counts.rust > 0 && !met, "{notation}");
    }
    let (counts, all) = count(|| claims.has_scopes(&["read", "write"]).is_ok());
    assert_eq!((counts, all), (Counts { rust: 0, c: 0 }, true));
}

#[cfg(feature = "regex")]
#[test]
fn regular_expressions_allocate_at_their_first_matches_at_the_most() {
    let key = SigningKey::generate(Alg::HS256).unwrap();
    let keys = KeySet::new([key.verifying_key().unwrap()]);
    let policy = Policy::new([Alg::HS256]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(keys).build().unwrap();
    let token = Signer::new(key).sign_claims(br#"{"sub":"svc-abc9"}"#).unwrap();
    let mut scratch = Scratch::new();
    let verified = verifier.verify(token.as_bytes(), NOW, &mut scratch).unwrap();
    let claims = verified.claims();
    for pattern in ["svc-[a-z]+\\d", "(a|b|[^x]*)*", ".*"] {
        let condition = Condition::regex("sub", pattern).unwrap();
        assert!(condition.check(&claims).is_ok());
        let (counts, met) = count(|| condition.check(&claims).is_ok());
        assert_eq!((counts, met), (Counts { rust: 0, c: 0 }, true), "{pattern}");
    }
}

#[test]
fn detached_payloads_are_put_together_without_allocating() {
    let key = SigningKey::generate(Alg::HS256).unwrap();
    let keys = KeySet::new([key.verifying_key().unwrap()]);
    let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build().unwrap();
    let signer = Signer::new(key);
    let payload = [b'p'; 1000];
    let mut scratch = Scratch::new();
    for form in [PayloadForm::Detached, PayloadForm::UnencodedDetached] {
        let token = signer.sign_payload(&SignHeader::default(), payload, form).unwrap();
        let mut verify = || {
            let detached = Payload::Detached(&payload);
            verifier.verify_jws(token.as_bytes(), detached, None, &mut scratch).is_ok()
        };
        assert!(verify());
        assert_eq!(count(verify), (Counts { rust: 0, c: 0 }, true), "{form:?}");
    }
}
