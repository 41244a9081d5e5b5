//! Tokens put together piece by piece, so that every piece can be wrong.

use jot::Alg;
use serde_json::{Value, json};

use super::keys::{b64, kid_of, sign, with};

/// The instant at which the tokens of the table are verified.
pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const ISSUER: &str = "https://issuer.example";

/// A Claims Set that the plainest policy accepts.
pub(crate) fn plain_claims() -> Value {
    json!({"iss": ISSUER, "sub": "alice", "iat": NOW - 10, "nbf": NOW - 10, "exp": NOW + 3600})
}

/// The plain claims with some set anew, and those that are null removed.
pub(crate) fn claims(members: Value) -> String {
    with(plain_claims(), members).to_string()
}

/// The plain claims with the text of one member's value put in as it is.
pub(crate) fn claims_raw(name: &str, value: &str) -> String {
    let rest = with(plain_claims(), json!({ name: null })).to_string();
    format!("{},{name:?}:{value}}}", rest.trim_end_matches('}'))
}

/// The plain header of `alg`.
pub(crate) fn header(alg: Alg) -> String {
    format!(r#"{{"alg":"{}","kid":"{}"}}"#, alg.name(), kid_of(alg))
}

/// Signs two segments as they are with the key of `kid`.
pub(crate) fn seal(alg: Alg, kid: &str, header_segment: &str, payload_segment: &str) -> String {
    let input = format!("{header_segment}.{payload_segment}");
    let signature = sign(alg, kid, input.as_bytes());
    format!("{input}.{}", b64(&signature))
}

/// Signs any header over any payload as `alg` with the key of `kid`.
pub(crate) fn token(alg: Alg, kid: &str, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    seal(alg, kid, &b64(header.as_ref()), &b64(payload.as_ref()))
}

/// A good token of `alg`.
pub(crate) fn good(alg: Alg) -> String {
    token(alg, kid_of(alg), header(alg), plain_claims().to_string())
}

/// A token of EdDSA with this payload.
pub(crate) fn paid(payload: impl AsRef<[u8]>) -> String {
    token(Alg::EdDSA, "ed25519", header(Alg::EdDSA), payload)
}

/// A token of EdDSA with this header.
pub(crate) fn headed(header: impl AsRef<[u8]>) -> String {
    token(Alg::EdDSA, "ed25519", header, plain_claims().to_string())
}

/// `header.payload.` with this signature behind it.
pub(crate) fn unsigned(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, signature: &[u8]) -> String {
    format!("{}.{}.{}", b64(header.as_ref()), b64(payload.as_ref()), b64(signature))
}

/// The token with another signature.
pub(crate) fn resigned(token: &str, signature: &[u8]) -> String {
    format!("{}.{}", signing_input(token), b64(signature))
}

pub(crate) fn signing_input(token: &str) -> &str {
    token.rsplit_once('.').unwrap().0
}

pub(crate) fn signature(token: &str) -> Vec<u8> {
    super::keys::unb64(token.rsplit_once('.').unwrap().1)
}

/// The three segments.
pub(crate) fn segments(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().unwrap()
}
