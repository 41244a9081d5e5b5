//! Signatures of keys that are used once, in lanes. A process of its own, so that no other
//! test makes it distrust them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;
#[path = "../accel/tests/missing/mod.rs"]
mod missing;

use std::sync::Mutex;

use cases::keys::{b64, unb64};
use jot::backend::Backend;
use jot::batch::{Batch, Tokens};
use jot::{Alg, Code, Scratch, SelfSigned, SelfSignedVerifier, SigningKey};
use missing::missing;

/// aws-lc checks nothing that lanes accept: what they say is what is seen.
fn verifier(backend: Backend) -> SelfSignedVerifier {
    let builder = SelfSignedVerifier::builder([Alg::ES256, Alg::EdDSA]).typ("dpop+jwt").backend(backend);
    builder.cross_check(0).build().unwrap()
}

/// A proof of a key that was never used before, and its thumbprint.
fn fresh(alg: Alg, number: usize) -> (String, String) {
    let key = SigningKey::generate(alg).unwrap();
    let public = key.verifying_key().unwrap();
    let header = format!(r#"{{"typ":"dpop+jwt","alg":"{alg}","jwk":{}}}"#, public.to_jwk().unwrap());
    let claims = format!(r#"{{"jti":"{number}","iat":1800000000}}"#);
    let input = format!("{}.{}", b64(header.as_bytes()), b64(claims.as_bytes()));
    let signature = jot::Signer::new(key).sign_message(&input).unwrap();
    (format!("{input}.{}", b64(&signature)), public.thumbprint().to_owned())
}

/// The token with one bit of its signature, its payload or its key changed.
fn spoilt(token: &str, part: usize, bit: usize) -> String {
    let mut segments: Vec<String> = token.split('.').map(str::to_owned).collect();
    if part == 0 {
        // The header stays JSON: a letter of x is another one.
        let mut header = String::from_utf8(unb64(&segments[0])).unwrap();
        let x = header.find(r#""x":""#).unwrap() + 5 + bit % 40;
        let other = if &header[x..=x] == "A" { "B" } else { "A" };
        header.replace_range(x..=x, other);
        segments[0] = b64(header.as_bytes());
    } else {
        let mut bytes = unb64(&segments[part]);
        let place = bit % (bytes.len() * 8);
        bytes[place / 8] ^= 1 << (place % 8);
        segments[part] = b64(&bytes);
    }
    segments.join(".")
}

/// The thumbprint in base64url, or the code.
fn answers(verifier: &SelfSignedVerifier, tokens: &[String]) -> Vec<Result<String, Code>> {
    let rows: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let seen = Mutex::new(Vec::new());
    let each = |row: usize, known: &SelfSigned<'_>| {
        let jti = known.claims().member("jti").and_then(|jti| jti.as_str()).map(str::to_owned);
        seen.lock().unwrap().push((row, jti, known.thumbprint().to_string()));
    };
    let mut batch = Batch::new(1).unwrap();
    let found = batch.verify_self_signed(verifier, &Tokens::Slices(&rows), None, Some(&each)).unwrap();
    let found: Vec<_> = found
        .into_iter()
        .map(|answer| answer.map(|known| known.to_string()).map_err(|refused| refused.code()))
        .collect();
    // What is handed out is of exactly the good rows, and of each row its own.
    let mut seen = seen.into_inner().unwrap();
    seen.sort();
    let good: Vec<_> = found.iter().enumerate().filter(|(_, answer)| answer.is_ok()).collect();
    assert_eq!(seen.len(), good.len());
    for ((row, jti, thumbprint), (place, answer)) in seen.iter().zip(good) {
        assert_eq!((*row, Ok(thumbprint.clone())), (place, answer.clone()));
        assert_eq!(jti.as_deref(), Some(row.to_string().as_str()));
    }
    found
}

#[test]
fn keys_that_are_used_once_share_the_lanes() {
    let (aws_lc, lanes) = (verifier(Backend::AwsLc), verifier(Backend::Auto));
    for alg in [Alg::ES256, Alg::EdDSA] {
        // Full lanes, some empty ones, and too few for any.
        for count in [1, 2, 3, 8, 13, 64, 300] {
            let (tokens, thumbprints): (Vec<_>, Vec<_>) = (0..count).map(|number| fresh(alg, number)).unzip();
            let before = lanes.backend_report();
            let found = answers(&lanes, &tokens);
            assert_eq!(found, thumbprints.into_iter().map(Ok).collect::<Vec<_>>(), "{alg} {count}");
            assert_eq!(found, answers(&aws_lc, &tokens));
            let after = lanes.backend_report();
            let is_there = after.accelerated.contains(&(alg, "avx512-ifma"));
            if !is_there {
                missing("avx512");
                continue;
            }
            let accepted = usize::try_from(after.accepted - before.accepted).unwrap();
            assert_eq!(
                (accepted, after.disagreements),
                (if count < 3 { 0 } else { count }, 0),
                "{alg} {count}"
            );
        }
    }
}

#[test]
fn one_that_is_bad_is_refused_in_every_lane() {
    let (aws_lc, lanes) = (verifier(Backend::AwsLc), verifier(Backend::Auto));
    let mut scratch = Scratch::new();
    for alg in [Alg::ES256, Alg::EdDSA] {
        let good: Vec<String> = (0..24).map(|number| fresh(alg, number).0).collect();
        for row in 0..good.len() {
            for part in 0..3 {
                for turn in 0..4 {
                    let mut tokens = good.clone();
                    tokens[row] = spoilt(&good[row], part, row * 37 + turn * 131);
                    let found = answers(&lanes, &tokens);
                    let wanted = aws_lc.verify(&tokens[row], &mut scratch).map(drop).unwrap_err().code();
                    assert!(found.iter().enumerate().all(|(at, answer)| answer.is_ok() == (at != row)));
                    assert_eq!(found[row], Err(wanted), "{alg} {row} {part} {turn}");
                }
            }
        }
        // The signature of another, whose key is good.
        let mut swapped = good.clone();
        let signature = |token: &str| token.rsplit_once('.').unwrap().1.to_owned();
        let message = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
        for (token, other) in swapped.iter_mut().zip(good.iter().cycle().skip(1)) {
            *token = format!("{}.{}", message(token), signature(other));
        }
        assert!(answers(&lanes, &swapped).iter().all(|answer| *answer == Err(Code::SignatureInvalid)));
    }
    let report = lanes.backend_report();
    assert_eq!((report.cross_checked, report.disagreements), (0, 0));
    if !report.accelerated.contains(&(Alg::ES256, "avx512-ifma")) {
        return missing("avx512");
    }
    // Of each batch all but one are good.
    assert!(report.accepted >= 2 * 24 * 3 * 4 * 23, "{report:?}");
}

#[test]
fn columns_of_tokens_and_keys_are_held_to_their_lengths() {
    let verifier = verifier(Backend::Auto);
    let mut batch = Batch::new(1).unwrap();
    let tokens = Tokens::OptionalSlices(&[Some(b"a.b.c"), None]);
    let codes = |keys: Option<&Tokens<'_>>, batch: &mut Batch| {
        batch
            .verify_self_signed(&verifier, &tokens, keys, None)
            .map(|found| found.into_iter().map(|answer| answer.unwrap_err().code()).collect::<Vec<_>>())
    };
    assert_eq!(codes(None, &mut batch).unwrap(), [Code::HeaderEncoding, Code::TokenNull]);
    let none = Tokens::OptionalSlices(&[None, None]);
    assert_eq!(codes(Some(&none), &mut batch).unwrap(), [Code::JwkMissing, Code::TokenNull]);
    let short = codes(Some(&Tokens::Slices(&[b"{}"])), &mut batch).unwrap_err();
    assert_eq!((short.code(), short.member()), (Code::BatchInvalid, Some("keys")));
    let empty = batch.verify_self_signed(&verifier, &Tokens::Slices(&[]), None, None).unwrap();
    assert!(empty.is_empty());
}
