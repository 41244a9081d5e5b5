//! Verifiers that share keys, and algorithms that share a key: nothing that
//! was built for one serves another wrongly.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, KeyPair as _, RsaEncoding};
use base64_simd::URL_SAFE_NO_PAD;
use jot::backend::Backend;
use jot::{
    Alg, Code, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey,
};

const NOW: UnixSeconds = UnixSeconds(1_900_000_000);

const OF_RSA: [(Alg, &dyn RsaEncoding); 6] = [
    (Alg::RS256, &signature::RSA_PKCS1_SHA256),
    (Alg::RS384, &signature::RSA_PKCS1_SHA384),
    (Alg::RS512, &signature::RSA_PKCS1_SHA512),
    (Alg::PS256, &signature::RSA_PSS_SHA256),
    (Alg::PS384, &signature::RSA_PSS_SHA384),
    (Alg::PS512, &signature::RSA_PSS_SHA512),
];

/// A token whose header names one algorithm and whose signature is another's.
fn token(pair: &KeyPair, named: Alg, signed: &'static dyn RsaEncoding) -> String {
    let part = |text: String| URL_SAFE_NO_PAD.encode_to_string(text);
    let input = [part(format!(r#"{{"alg":"{named}"}}"#)), part(r#"{"exp":4000000000}"#.to_owned())].join(".");
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(signed, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(signature))
}

#[test]
fn algorithms_of_one_rsa_key_are_kept_apart() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let mut tokens = Vec::new();
    for (named, _) in OF_RSA {
        for (alg, signed) in OF_RSA {
            let code = if named == alg { Code::Accepted } else { Code::SignatureInvalid };
            tokens.push((token(&pair, named, signed), code));
        }
    }
    for backend in Backend::ALL {
        let key = VerifyingKey::from_der(pair.public_key().as_ref(), &KeyOptions::default()).unwrap();
        let policy = Policy::new(OF_RSA.map(|row| row.0));
        let verifier = Verifier::builder(policy).keys(KeySet::new([key])).backend(backend).build().unwrap();
        let mut scratch = Scratch::new();
        // With `Auto` the forms are built after some hundred good signatures.
        for _ in 0..if backend == Backend::Auto { 300 } else { 3 } {
            for (token, wanted) in &tokens {
                assert_eq!(
                    verifier.verdict(token.as_bytes(), NOW, &mut scratch).code(),
                    *wanted,
                    "{backend:?} {token}"
                );
            }
        }
        let report = verifier.statistics().backend;
        if matches!(backend, Backend::Auto | Backend::Accelerated) && !report.accelerated.is_empty() {
            assert!(report.accepted >= 6, "{report:?}");
        }
    }
}

/// Good tokens, changed ones, and such of keys that are not in the set.
fn tokens_of_many(algorithms: &[Alg]) -> (Vec<VerifyingKey>, Vec<(String, bool)>) {
    let (mut keys, mut tokens) = (Vec::new(), Vec::new());
    for (number, alg) in algorithms.iter().enumerate() {
        for is_inside in [true, false] {
            let key = SigningKey::generate(*alg).unwrap();
            if is_inside {
                keys.push(key.verifying_key().unwrap());
            }
            let signer = Signer::new(key);
            for row in 0..6 {
                let claims = format!(r#"{{"exp":4000000000,"n":{number},"row":{row}}}"#);
                let token = signer.sign_claims(claims.as_bytes()).unwrap();
                let dot = token.rfind('.').unwrap();
                for place in [dot + 3 + row, dot + 20 + row, dot + 37 + row, dot - 4 - row] {
                    let other = if token.as_bytes()[place] == b'A' { "B" } else { "A" };
                    tokens.push((format!("{}{other}{}", &token[..place], &token[place + 1..]), false));
                }
                tokens.push((token, is_inside));
            }
        }
    }
    (keys, tokens)
}

#[test]
fn tables_come_and_go_under_threads_without_a_wrong_verdict() {
    let algorithms = [
        Alg::ES256,
        Alg::ES256,
        Alg::ES256,
        Alg::EdDSA,
        Alg::EdDSA,
        Alg::HS256,
        Alg::HS384,
        Alg::ES384,
        Alg::ES256K,
    ];
    let (keys, tokens) = tokens_of_many(&algorithms);
    let set = Arc::new(KeySet::new(keys));
    let build = |backend, table_bytes, cross_check| {
        let builder = Verifier::builder(Policy::new(algorithms)).keys(Arc::clone(&set));
        builder.backend(backend).table_bytes(table_bytes).cross_check(cross_check).build().unwrap()
    };
    // Budgets for two keys or three of the nine.
    let verifiers = [
        build(Backend::Auto, 700_000, 0),
        build(Backend::Auto, 2_000_000, 7),
        build(Backend::Portable, 600_000, 0),
        build(Backend::Accelerated, 900_000, 0),
    ];
    let rounds = if std::env::var_os("JOT_LONG").is_some() { 200_000 } else { 4_000 };
    std::thread::scope(|scope| {
        for thread in 0..6_usize {
            let (verifiers, tokens) = (&verifiers, &tokens);
            scope.spawn(move || {
                let mut scratch = Scratch::new();
                let mut state = 0x1234_5678_9abc_def0_u64 ^ (thread as u64) << 33;
                let per_alg = tokens.len() / 9;
                for round in 0..rounds {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    // Each key is in demand for a while.
                    let of_alg = (round + thread * 131) / 450 % 9;
                    let (token, is_good) = &tokens[of_alg * per_alg + state as usize % per_alg];
                    let which = (state >> 40) as usize % 4;
                    let code = verifiers[which].verdict(token.as_bytes(), NOW, &mut scratch).code();
                    assert_eq!(code == Code::Accepted, *is_good, "verifier {which}: {code:?} {token}");
                    if round % 1500 == 0 {
                        verifiers[which].prepare();
                    }
                }
            });
        }
    });
    for verifier in &verifiers {
        let report = verifier.statistics().backend;
        assert_eq!(report.disagreements, 0);
        assert!(report.table_bytes <= 2_000_000, "{report:?}");
    }
    assert!(verifiers[2].statistics().backend.accepted > 100, "{:?}", verifiers[2].statistics().backend);
}
