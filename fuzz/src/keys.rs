//! One key of each type, always the same, so that a token found today is
//! verified tomorrow.

use jot::{Alg, KeyOptions, SigningKey};
use serde_json::Value;

/// The private keys as JWKs, the HMAC secret first.
pub fn texts() -> Vec<String> {
    let set: Value = serde_json::from_str(include_str!("../keys.json")).unwrap();
    set["keys"].as_array().unwrap().iter().map(Value::to_string).collect()
}

/// A signing key for every algorithm, and the index of its text.
pub fn signing() -> Vec<(usize, SigningKey)> {
    let texts = texts();
    Alg::ALL
        .iter()
        .map(|alg| {
            let read =
                |text: &String| SigningKey::from_jwk(text.as_bytes(), &KeyOptions::default().alg(*alg));
            texts.iter().enumerate().find_map(|(index, text)| Some((index, read(text).ok()?))).unwrap()
        })
        .collect()
}

/// The bytes of the HMAC secret.
pub fn secret() -> Vec<u8> {
    use base64::Engine as _;
    let first: Value = serde_json::from_str(&texts()[0]).unwrap();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(first["k"].as_str().unwrap()).unwrap()
}
