//! What the vector tests share: finding the vectors, running a case, making
//! tokens.
//!
//! `tests/vectors/README.md` says whose they are.
#![allow(dead_code, reason = "every test program uses a part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use base64_simd::URL_SAFE_NO_PAD;
use jot::{Alg, Code, KeyOptions, KeySet, Payload, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use serde_json::Value;

/// The secret that [`sign`] signs with.
pub(crate) const SECRET: &[u8] = b"conformance vectors, 32 bytes +.";

/// Returns where `path` lies in the folder of vectors.
pub(crate) fn vectors(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(path)
}

/// Reads a JSON file of the folder of vectors.
pub(crate) fn vector_file(path: &str) -> Value {
    read(&vectors(path))
}

/// Reads a JSON file that is kept with the tests.
pub(crate) fn own_file(path: &str) -> Value {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path))
}

pub(crate) fn read(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no string {name} in {value}"))
}

pub(crate) fn rows<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no array {name} in {value}"))
}

/// Returns the code with this name.
pub(crate) fn code(name: &str) -> Code {
    *Code::ALL.iter().find(|code| code.name() == name).unwrap_or_else(|| panic!("no code {name}"))
}

/// A case of the form `{"token", "key", "alg_allowed", "now"}`, its key parsed.
///
/// A `detached_payload` is handed over beside the token. Algorithms that have
/// no name here cannot be allowed; where the case allows nothing else, every
/// algorithm is, so that the token gets its best chance.
pub(crate) struct Case<'c> {
    case: &'c Value,
    keys: Result<Verifier, Code>,
}

impl<'c> Case<'c> {
    pub(crate) fn new(case: &'c Value) -> Self {
        let named: Vec<Alg> =
            rows(case, "alg_allowed").iter().filter_map(|name| name.as_str()?.parse().ok()).collect();
        let allowed = if named.is_empty() { Alg::ALL.to_vec() } else { named };
        let jwk = case["key"].to_string();
        let key = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default());
        let keys = key.map(|key| lenient(KeySet::new([key]), allowed)).map_err(|error| error.code());
        Self { case, keys }
    }

    fn token(&self) -> &'c [u8] {
        text(self.case, "token").as_bytes()
    }

    fn detached(&self) -> Option<&'c str> {
        self.case["detached_payload"].as_str()
    }

    /// Verifies the token as a JWS and makes sure that the payload comes out
    /// as the case gives it.
    pub(crate) fn as_jws(&self) -> Code {
        let verifier = match &self.keys {
            Ok(verifier) => verifier,
            Err(code) => return *code,
        };
        let payload = self.detached().map_or(Payload::Attached, |text| Payload::Detached(text.as_bytes()));
        let mut scratch = Scratch::new();
        let payload = match verifier.verify_jws(self.token(), payload, None, &mut scratch) {
            Ok(jws) => jws.payload(),
            Err(rejection) => return rejection.code(),
        };
        let case = self.case;
        let wanted = case["payload_utf8"].as_str().or(self.detached());
        if let Some(wanted) = wanted {
            assert_eq!(payload, wanted.as_bytes(), "{}", case["id"]);
        } else if case["payload_claims"].is_object() {
            assert_eq!(serde_json::from_slice::<Value>(payload).unwrap(), case["payload_claims"]);
        }
        Code::Accepted
    }

    /// Verifies the token as a JWT, at the `now` of the case.
    pub(crate) fn as_jwt(&self) -> Code {
        let now = UnixSeconds(self.case["now"].as_i64().unwrap());
        match &self.keys {
            Ok(verifier) => verifier.verdict(self.token(), now, &mut Scratch::new()).code(),
            Err(code) => *code,
        }
    }
}

/// A verifier with these keys whose policy asks for nothing beside the
/// algorithms.
pub(crate) fn lenient(keys: KeySet, algorithms: impl IntoIterator<Item = Alg>) -> Verifier {
    let policy = Policy::new(algorithms).allow_missing_exp().any_audience();
    Verifier::builder(policy).keys(keys).build().unwrap()
}

/// A key set of [`SECRET`] alone.
pub(crate) fn secret_keys() -> KeySet {
    KeySet::new([VerifyingKey::from_secret(SECRET, &KeyOptions::default()).unwrap()])
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Signs a header and a payload with HS256 and [`SECRET`].
pub(crate) fn sign(header: &str, payload: &[u8]) -> Vec<u8> {
    sign_segments(&base64url(header.as_bytes()), base64url(payload).as_bytes())
}

/// Signs segments as they are, well formed or not, with HS256 and [`SECRET`].
pub(crate) fn sign_segments(header: &str, payload: &[u8]) -> Vec<u8> {
    let mut token = [header.as_bytes(), b".", payload].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), &token);
    token.push(b'.');
    token.extend_from_slice(base64url(tag.as_ref()).as_bytes());
    token
}
