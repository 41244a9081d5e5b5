//! Tokens and keys go to the crate `jsonwebtoken` and come from it. It runs on
//! the RustCrypto implementations, which share no code with ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is wrong"
)]

#[path = "interop/ours.rs"]
mod ours;

use std::str::FromStr;

use jot::{Alg, Code, KeyType, SigningKey};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::Value;

/// The algorithms that it does not know.
const LACKS: &[Alg] = &[Alg::ES512, Alg::ES256K, Alg::Ed25519, Alg::MlDsa44, Alg::MlDsa65, Alg::MlDsa87];

fn shared() -> impl Iterator<Item = (Alg, Algorithm)> {
    let known = Alg::ALL.iter().filter(|alg| !LACKS.contains(alg));
    known.map(|alg| (*alg, Algorithm::from_str(alg.name()).unwrap()))
}

/// An HMAC secret goes over as bytes, every other key as PEM.
fn secret(key: &SigningKey) -> Vec<u8> {
    let jwk: Value = serde_json::from_str(&key.to_jwk().unwrap()).unwrap();
    base64_simd::URL_SAFE_NO_PAD.decode_to_vec(jwk["k"].as_str().unwrap()).unwrap()
}

fn encoding_key(key: &SigningKey) -> EncodingKey {
    match key.alg().key_type() {
        KeyType::Oct => Ok(EncodingKey::from_secret(&secret(key))),
        KeyType::Rsa => EncodingKey::from_rsa_pem(key.to_pem().unwrap().as_bytes()),
        KeyType::Ed25519 => EncodingKey::from_ed_pem(key.to_pem().unwrap().as_bytes()),
        _ => EncodingKey::from_ec_pem(key.to_pem().unwrap().as_bytes()),
    }
    .unwrap()
}

/// The public key, once as PEM and once as JWK.
fn decoding_keys(key: &SigningKey) -> Vec<DecodingKey> {
    let verifying = key.verifying_key().unwrap();
    let pem = || verifying.to_pem().unwrap();
    let of_pem = match key.alg().key_type() {
        KeyType::Oct => return vec![DecodingKey::from_secret(&secret(key))],
        KeyType::Rsa => DecodingKey::from_rsa_pem(pem().as_bytes()),
        KeyType::Ed25519 => DecodingKey::from_ed_pem(pem().as_bytes()),
        _ => DecodingKey::from_ec_pem(pem().as_bytes()),
    };
    let jwk = serde_json::from_str(&verifying.to_jwk().unwrap()).unwrap();
    vec![of_pem.unwrap(), DecodingKey::from_jwk(&jwk).unwrap()]
}

#[test]
fn jsonwebtoken_lacks_the_algorithms_of_the_table() {
    for alg in LACKS {
        assert!(Algorithm::from_str(alg.name()).is_err(), "{alg}");
    }
}

#[test]
fn our_tokens_are_verified_by_jsonwebtoken() {
    for (alg, theirs) in shared() {
        let key = SigningKey::generate(alg).unwrap();
        let decoding_keys = decoding_keys(&key);
        let token = ours::sign(key);
        for decoding_key in decoding_keys {
            let verify = |token: &str| {
                jsonwebtoken::decode::<Value>(token, &decoding_key, &Validation::new(theirs))
                    .map(|read| read.claims)
                    .map_err(|error| error.into_kind())
            };
            assert_eq!(verify(&token), Ok(ours::claims()), "{alg}");
            assert_eq!(verify(&ours::tampered(&token)), Err(ErrorKind::InvalidSignature), "{alg}");
        }
    }
}

#[test]
fn tokens_of_jsonwebtoken_are_verified_by_us() {
    for (alg, theirs) in shared() {
        let key = SigningKey::generate(alg).unwrap();
        let token = jsonwebtoken::encode(&Header::new(theirs), &ours::claims(), &encoding_key(&key)).unwrap();
        let verify = |token: &str| ours::verify(alg, key.verifying_key().unwrap(), token);
        assert_eq!(verify(&token), Ok(ours::claims()), "{alg}");
        assert_eq!(verify(&ours::tampered(&token)), Err(Code::SignatureInvalid), "{alg}");
    }
}
