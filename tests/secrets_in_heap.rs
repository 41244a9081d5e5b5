//! No block that goes back to the heap holds a secret, or what is as good as
//! one: HMAC secrets, the blocks and states that are made of them, private
//! keys, and all of these in base64.
//!
//! What the caller handed over, and the texts that it was given, are the
//! caller's to wipe; here they outlive the watch.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![expect(unsafe_code, reason = "allocators cannot be made without")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[path = "secrets_in_heap/freed.rs"]
mod freed;
#[path = "secrets_in_heap/midstates.rs"]
mod midstates;

use std::collections::BTreeSet;

use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use freed::{Freed, watch};
use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{
    Alg, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey,
};
use serde_json::Value;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// The members of a JWK that are secret.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "priv"];

const HMAC: [Alg; 3] = [Alg::HS256, Alg::HS384, Alg::HS512];

/// Keys of every type, but for sizes of the same type.
const SIGNING: [Alg; 8] =
    [Alg::HS512, Alg::RS256, Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K, Alg::EdDSA, Alg::MlDsa44];

fn secret(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at as u8).wrapping_mul(41) ^ (length as u8) ^ 0xa5).collect()
}

/// Pieces of a secret in every form in which it may lie about.
fn pieces(name: &str, secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut pieces = Vec::new();
    for (part, bytes) in [("begin", &secret[..16]), ("end", &secret[secret.len() - 16..])] {
        pieces.push((format!("{part} of {name}"), bytes.to_vec()));
        pieces.push((format!("{part} of {name}, turned"), bytes.iter().rev().copied().collect()));
    }
    // Twelve bytes are sixteen characters, wherever in the text a group of
    // three begins. A break of lines hides one of two at most.
    for start in [0, 1, 2, secret.len() / 2 + 1, secret.len() / 2 + 2, secret.len() / 2 + 3] {
        let Some(bytes) = secret.get(start..start + 12) else { continue };
        for text in [STANDARD.encode_to_string(bytes), URL_SAFE_NO_PAD.encode_to_string(bytes)] {
            pieces.push((format!("{name} in base64"), text.into_bytes()));
        }
    }
    pieces
}

/// What of a private JWK is not to be found.
fn pieces_of_jwk(jwk: &str) -> Vec<(String, Vec<u8>)> {
    let object: Value = serde_json::from_str(jwk).unwrap();
    let mut found = Vec::new();
    for name in PRIVATE {
        let Some(text) = object[name].as_str() else { continue };
        let bytes = URL_SAFE_NO_PAD.decode_to_vec(text).unwrap();
        if name == "k" {
            found.extend(midstates::of(&bytes));
        }
        found.extend(pieces(name, &bytes));
    }
    assert!(!found.is_empty(), "{jwk} has no private member");
    found
}

fn pieces_of_secret(secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    [pieces("secret", secret), midstates::of(secret)].concat()
}

#[track_caller]
fn assert_none(freed: &Freed, pieces: &[(String, Vec<u8>)], what: &str) {
    assert!(freed.len() > 0, "{what}: nothing was given back");
    let found: Vec<String> = pieces
        .iter()
        .map(|(name, bytes)| (name, freed.sizes_with(bytes)))
        .filter(|(_, sizes)| !sizes.is_empty())
        .map(|(name, sizes)| format!("{name} in blocks of {sizes:?} bytes"))
        .collect();
    assert!(found.is_empty(), "{what}: {}", found.join("; "));
}

fn verifier(alg: Alg, key: VerifyingKey, backend: Backend) -> Verifier {
    let policy = Policy::new([alg]).allow_missing_exp();
    Verifier::builder(policy).keys(KeySet::new([key])).backend(backend).build().unwrap()
}

/// An RSA key without the members that follow from `n`, `e` and `d`; others as
/// they are.
fn bare(jwk: &str) -> String {
    let mut object: Value = serde_json::from_str(jwk).unwrap();
    for name in ["p", "q", "dp", "dq", "qi"] {
        object.as_object_mut().unwrap().remove(name);
    }
    object.to_string()
}

/// A JWK in which every character of the secret members is escaped.
fn escaped(jwk: &str) -> String {
    let object: Value = serde_json::from_str(jwk).unwrap();
    let members = object.as_object().unwrap().iter().map(|(name, value)| {
        let value = value.as_str().unwrap();
        let value: String = match PRIVATE.contains(&&name[..]) {
            true => value.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
            false => value.to_owned(),
        };
        format!(r#""{name}":"{value}""#)
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

#[test]
fn states_and_what_is_found_are_right() {
    midstates::assert_right();
    let (freed, ()) = watch(|| {
        let kept = secret(32);
        drop(kept.clone());
        // Outgrown: the place that it was in is given back.
        let mut grown = STANDARD.encode_to_string(&kept).into_bytes();
        grown.reserve_exact(10_000);
        std::mem::forget((kept, grown));
    });
    let pieces = pieces("secret", &secret(32));
    let found = pieces.iter().filter(|piece| !freed.sizes_with(&piece.1).is_empty());
    let names: BTreeSet<&str> = found.map(|piece| piece.0.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["begin of secret", "end of secret", "secret in base64"]));
}

#[test]
fn verifying_with_a_secret_leaves_nothing() {
    for backend in [Backend::AwsLc, Backend::Accelerated, Backend::Auto] {
        for (alg, length) in HMAC.into_iter().zip([32, 48, 64]) {
            let secret = secret(length);
            let options = KeyOptions::default().alg(alg);
            let signer = Signer::new(SigningKey::from_secret(&secret, &options).unwrap());
            let tokens: Vec<String> =
                (0..300).map(|n| signer.sign_claims(format!(r#"{{"n":{n}}}"#).as_bytes()).unwrap()).collect();
            let rows: Vec<&[u8]> = tokens.iter().map(String::as_bytes).collect();
            let (freed, ()) = watch(|| {
                let key = VerifyingKey::from_secret(&secret, &options).unwrap();
                let verifier = verifier(alg, key, backend);
                let mut codes = vec![1; rows.len()];
                let mut batch = Batch::new(1).unwrap();
                for _ in 0..2 {
                    let (tokens, mut columns) = (Tokens::Slices(&rows), Columns::codes(&mut codes));
                    batch.verify(&verifier, &tokens, Instants::Now(NOW), &mut columns).unwrap();
                }
                assert!(codes.iter().all(|code| *code == 0));
                assert!(verifier.verify_without_claims(rows[0], NOW, &mut Scratch::new()).is_ok());
                let bad = [rows[0], b"AA"].concat();
                assert!(verifier.verify_without_claims(&bad, NOW, &mut Scratch::new()).is_err());
            });
            assert_none(&freed, &pieces_of_secret(&secret), &format!("{alg} with {backend:?}"));
        }
    }
}

#[test]
fn secrets_that_are_replaced_or_pushed_out_leave_nothing() {
    let secrets: Vec<Vec<u8>> = (64..70).map(secret).collect();
    let read = |secret: &Vec<u8>| VerifyingKey::from_secret(secret, &KeyOptions::default().alg(Alg::HS512));
    let (freed, ()) = watch(|| {
        let builder = Verifier::builder(Policy::new([Alg::HS512]));
        let builder = builder.keys(KeySet::new([read(&secrets[0]).unwrap()])).backend(Backend::Accelerated);
        // Room for one of them where they are accelerated.
        let verifier = builder.table_bytes(400).build().unwrap();
        for secret in &secrets {
            let set = KeySet::new(secrets.iter().map(|other| read(other).unwrap()));
            verifier.replace_keys(None, set).unwrap();
            verifier.prepare();
            verifier.replace_keys(None, KeySet::new([read(secret).unwrap()])).unwrap();
        }
    });
    for secret in &secrets {
        assert_none(&freed, &pieces_of_secret(secret), "replaced secrets");
    }
}

#[test]
fn the_last_clone_of_a_secret_wipes_it() {
    let secret = secret(64);
    let options = KeyOptions::default().alg(Alg::HS512);
    let (freed, ()) = watch(|| {
        let key = SigningKey::from_secret(&secret, &options).unwrap();
        let signer = Signer::new(key.clone());
        drop(key);
        let other = signer.clone();
        drop(signer);
        let token = other.sign_claims("{}").unwrap();
        let public = other.key().verifying_key().unwrap();
        drop(other);
        let set = KeySet::new([public.clone()]);
        drop(public);
        let policy = Policy::new([Alg::HS512]).allow_missing_exp();
        let verifier = Verifier::builder(policy).keys(set.clone()).build().unwrap();
        drop(set);
        assert!(verifier.verify(&token, NOW, &mut Scratch::new()).is_ok());
    });
    assert_none(&freed, &pieces_of_secret(&secret), "clones");
}

#[test]
fn long_and_refused_secrets_leave_nothing() {
    let (long, short) = (secret(200), secret(31));
    let text = format!(r#"{{"no key":"\u0041{}"}}"#, URL_SAFE_NO_PAD.encode_to_string(secret(60)));
    let jwk = |text: &str| format!(r#"{{"kty":"oct","k":"{text}"}}"#);
    let spoilt = jwk(&format!("{}!", URL_SAFE_NO_PAD.encode_to_string(secret(60))));
    let (freed, ()) = watch(|| {
        let options = KeyOptions::default();
        for backend in [Backend::AwsLc, Backend::Accelerated] {
            let key = VerifyingKey::from_secret(&long, &options).unwrap();
            drop(verifier(Alg::HS256, key, backend));
        }
        assert!(VerifyingKey::from_secret(&short, &options).is_err());
        assert!(SigningKey::from_secret(&short, &options).is_err());
        assert!(VerifyingKey::from_secret(text.as_bytes(), &options).is_ok());
        assert!(VerifyingKey::from_jwk(spoilt.as_bytes(), &options).is_err());
    });
    assert_none(&freed, &pieces("secret", &long), "a long secret");
    assert_none(&freed, &pieces("secret", &short), "a short secret");
    assert_none(&freed, &pieces("secret", &secret(60)), "a secret within a text");
}

#[test]
fn keys_that_are_read_leave_nothing() {
    for alg in SIGNING {
        let key = SigningKey::generate(alg).unwrap();
        let jwk = key.to_jwk().unwrap();
        let (escaped, bare) = (escaped(&jwk), bare(&jwk));
        let set = format!(r#"{{"keys":[{jwk},{escaped},{{"kty":"oct","k":"AA"}}]}}"#);
        let pem = key.to_pem().unwrap_or_default();
        let bundle = format!("issued\n{pem}{}", pem.replace('\n', "\r\n"));
        let spoilt = pem.replacen("-----END", "!\n-----END", 1);
        let (freed, ()) = watch(|| {
            let options = KeyOptions::default();
            for text in [&jwk, &escaped, &bare] {
                let signer = Signer::new(SigningKey::from_jwk(text.as_bytes(), &options).unwrap());
                let token = signer.sign_claims(b"{}").unwrap();
                let verifier = verifier(alg, signer.key().verifying_key().unwrap(), Backend::Auto);
                verifier.verify(token.as_bytes(), NOW, &mut Scratch::new()).unwrap();
                VerifyingKey::from_jwk(text.as_bytes(), &options).unwrap();
            }
            assert_eq!(KeySet::from_jwks(set.as_bytes(), &options).unwrap().len(), 2);
            let cut = &jwk.as_bytes()[..jwk.len() - 1];
            assert!(SigningKey::from_jwk(cut, &options).is_err());
            if !pem.is_empty() {
                let options = options.alg(alg);
                SigningKey::from_pem(pem.as_bytes(), &options).unwrap();
                VerifyingKey::from_pem(pem.as_bytes(), &options).unwrap();
                assert_eq!(KeySet::from_pem_bundle(bundle.as_bytes(), &options).unwrap().len(), 2);
                assert!(SigningKey::from_pem(spoilt.as_bytes(), &options).is_err());
            }
        });
        assert_none(&freed, &pieces_of_jwk(&jwk), &format!("{alg}, read"));
    }
}

#[test]
fn keys_that_are_made_and_written_leave_nothing() {
    for alg in SIGNING {
        let (freed, (texts, key)) = watch(|| {
            // A `kid` that grows when it is written.
            let key = SigningKey::generate(alg).unwrap().with_kid("\"\u{1}".repeat(500));
            let texts = (key.to_jwk().unwrap(), key.to_pem().ok());
            let signer = Signer::new(key);
            signer.sign_claims(b"{}").unwrap();
            let again = SigningKey::from_jwk(texts.0.as_bytes(), &KeyOptions::default()).unwrap();
            drop(signer);
            (texts, again)
        });
        assert_none(&freed, &pieces_of_jwk(&texts.0), &format!("{alg}, made and written"));
        drop((texts, key));
    }
}
