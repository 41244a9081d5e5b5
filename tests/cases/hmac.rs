//! A verifier and tokens for properties over many payloads: HMAC is cheap.

use jot::{Alg, KeyOptions, KeySet, Policy, Verifier, VerifyingKey};

use super::keys::{b64, mac};

const SECRET: [u8; 32] = [7; 32];

pub(crate) fn key() -> VerifyingKey {
    VerifyingKey::from_secret(&SECRET, &KeyOptions::default()).unwrap()
}

pub(crate) fn verifier(policy: Policy) -> Verifier {
    Verifier::builder(policy).keys(KeySet::new([key()])).build().unwrap()
}

/// A policy that asks for nothing that a Claims Set need have.
pub(crate) fn easy() -> Policy {
    Policy::new([Alg::HS256]).allow_missing_exp().any_audience()
}

/// A token of HS256 with this payload.
pub(crate) fn paid(payload: &[u8]) -> Vec<u8> {
    sealed(br#"{"alg":"HS256"}"#, payload)
}

pub(crate) fn sealed(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let input = format!("{}.{}", b64(header), b64(payload));
    let signature = b64(&mac(Alg::HS256, &SECRET, input.as_bytes()));
    format!("{input}.{signature}").into_bytes()
}
