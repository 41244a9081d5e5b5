//! The fixed test keys, and raw signatures made with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{self as sig, EcdsaKeyPair, Ed25519KeyPair, PqdsaKeyPair, RsaEncoding};
use aws_lc_rs::{digest, hmac};
use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use jot::{Alg, KeyOptions, KeyType, SigningKey, VerifyingKey};
use serde_json::{Value, json};

const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "priv"];

/// A file of this folder, which lies in the crate of the test or above it.
pub(crate) fn file(name: &str) -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.map(|folder| folder.join("tests/cases")).find(|folder| folder.is_dir()).unwrap().join(name)
}

pub(crate) fn read(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file(name)).unwrap()).unwrap()
}

/// The private JWK with this kid.
pub(crate) fn private(kid: &str) -> Value {
    let keys = read("keys.json");
    keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid).unwrap().clone()
}

/// The public JWK with this kid; a secret is its own.
pub(crate) fn public(kid: &str) -> Value {
    let mut key = private(kid);
    key.as_object_mut().unwrap().retain(|name, _| !PRIVATE.contains(&name.as_str()));
    key
}

/// The public JWK of 1024 bits, whose private part does not exist any more.
pub(crate) fn rsa_1024() -> Value {
    read("frozen.json")["keys"][0].clone()
}

/// A token that was made once and kept, because nothing here can sign it.
pub(crate) fn frozen(name: &str) -> String {
    read("frozen.json")["tokens"][name].as_str().unwrap().to_owned()
}

/// `key` with members set anew, and those that are null removed.
pub(crate) fn with(mut key: Value, members: Value) -> Value {
    let object = key.as_object_mut().unwrap();
    for (name, value) in members.as_object().unwrap() {
        match value {
            Value::Null => object.remove(name),
            value => object.insert(name.clone(), value.clone()),
        };
    }
    key
}

/// The public key with this kid, free of kid and alg.
pub(crate) fn bare(kid: &str) -> Value {
    with(public(kid), json!({"kid": null, "alg": null}))
}

pub(crate) fn oct(kid: Option<&str>, secret: &[u8]) -> Value {
    with(json!({"kty": "oct", "k": b64(secret)}), json!({ "kid": kid }))
}

pub(crate) fn verifying(jwk: &Value) -> VerifyingKey {
    VerifyingKey::from_jwk(jwk.to_string().as_bytes(), &KeyOptions::default()).unwrap()
}

pub(crate) fn spki_pem(kid: &str) -> String {
    verifying(&public(kid)).to_pem().unwrap()
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

pub(crate) fn unb64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode_to_vec(text).unwrap()
}

/// The bytes of a member in base64url.
pub(crate) fn member(key: &Value, name: &str) -> Vec<u8> {
    unb64(key[name].as_str().unwrap())
}

pub(crate) fn der_of(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode_to_vec(body).unwrap()
}

/// The HMAC of `message` under any secret.
pub(crate) fn mac(alg: Alg, secret: &[u8], message: &[u8]) -> Vec<u8> {
    let hash = match alg {
        Alg::HS256 => hmac::HMAC_SHA256,
        Alg::HS384 => hmac::HMAC_SHA384,
        _ => hmac::HMAC_SHA512,
    };
    hmac::sign(&hmac::Key::new(hash, secret), message).as_ref().to_vec()
}

/// The signatures of algorithms that draw a random number, each made once and
/// kept, so that the table comes out the same whenever it is made.
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

struct Kept {
    known: BTreeMap<String, String>,
    used: BTreeMap<String, String>,
}

impl Default for Kept {
    fn default() -> Self {
        let known = serde_json::from_value(read("signatures.json")).unwrap();
        Self { known, used: BTreeMap::new() }
    }
}

/// Writes the signatures that were used since the start.
pub(crate) fn store_signatures() {
    let text = serde_json::to_string_pretty(&KEPT.lock().unwrap().used).unwrap();
    std::fs::write(file("signatures.json"), text + "\n").unwrap();
}

/// Signs whatever bytes with the key of this kid, as `alg` would; the same
/// bytes always alike.
pub(crate) fn sign(alg: Alg, kid: &str, message: &[u8]) -> Vec<u8> {
    if matches!(alg.name().get(..2), Some("HS" | "RS" | "Ed")) {
        return sign_anew(alg, kid, message);
    }
    let id = b64(&sha256(&[alg.name().as_bytes(), b" ", kid.as_bytes(), b" ", message].concat()));
    let mut kept = KEPT.lock().unwrap();
    let signature = kept.known.get(&id).or(kept.used.get(&id)).cloned();
    let signature = signature.unwrap_or_else(|| b64(&sign_anew(alg, kid, message)));
    kept.used.insert(id, signature.clone());
    unb64(&signature)
}

fn sign_anew(alg: Alg, kid: &str, message: &[u8]) -> Vec<u8> {
    let key = private(kid);
    if alg.key_type() == KeyType::Oct {
        return mac(alg, &member(&key, "k"), message);
    }
    let key = SigningKey::from_jwk(key.to_string().as_bytes(), &KeyOptions::default()).unwrap();
    let der = der_of(&key.to_pem().unwrap());
    let random = SystemRandom::new();
    match alg.key_type() {
        KeyType::Rsa => {
            let pair = RsaKeyPair::from_pkcs8(&der).unwrap();
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(rsa_encoding(alg), &random, message, &mut signature).unwrap();
            signature
        }
        KeyType::Ed25519 => Ed25519KeyPair::from_pkcs8(&der).unwrap().sign(message).as_ref().to_vec(),
        KeyType::MlDsa44 => {
            let pair = PqdsaKeyPair::from_pkcs8(&sig::ML_DSA_44_SIGNING, &der).unwrap();
            let mut signature = vec![0; 2420];
            pair.sign(message, &mut signature).unwrap();
            signature
        }
        _ => {
            let curve = match alg {
                Alg::ES256 => &sig::ECDSA_P256_SHA256_FIXED_SIGNING,
                Alg::ES384 => &sig::ECDSA_P384_SHA384_FIXED_SIGNING,
                Alg::ES512 => &sig::ECDSA_P521_SHA512_FIXED_SIGNING,
                _ => &sig::ECDSA_P256K1_SHA256_FIXED_SIGNING,
            };
            let pair = EcdsaKeyPair::from_pkcs8(curve, &der).unwrap();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        }
    }
}

fn rsa_encoding(alg: Alg) -> &'static dyn RsaEncoding {
    match alg {
        Alg::RS256 => &sig::RSA_PKCS1_SHA256,
        Alg::RS384 => &sig::RSA_PKCS1_SHA384,
        Alg::RS512 => &sig::RSA_PKCS1_SHA512,
        Alg::PS256 => &sig::RSA_PSS_SHA256,
        Alg::PS384 => &sig::RSA_PSS_SHA384,
        _ => &sig::RSA_PSS_SHA512,
    }
}

/// The key of the table that signs `alg`.
pub(crate) fn kid_of(alg: Alg) -> &'static str {
    match alg.key_type() {
        KeyType::Oct => match alg {
            Alg::HS256 => "hs256",
            Alg::HS384 => "hs384",
            _ => "hs512",
        },
        KeyType::Rsa => "rsa",
        KeyType::P256 => "p256",
        KeyType::P384 => "p384",
        KeyType::P521 => "p521",
        KeyType::Secp256k1 => "secp256k1",
        KeyType::Ed25519 => "ed25519",
        _ => "ml-dsa-44",
    }
}

/// The public key of the table for `alg`, bound to it.
pub(crate) fn key_of(alg: Alg) -> Value {
    with(public(kid_of(alg)), json!({"alg": alg.name()}))
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}
