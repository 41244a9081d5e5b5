//! Our side of a conversation with another library.

use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey};
use serde_json::{Value, json};

/// What is said: text beyond ASCII, nested values, numbers of several kinds.
/// It expires in 2100, since the others read the real clock.
pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://issuer.example",
        "sub": "Zoë \"☃\" \u{1f600}\\\n",
        "iat": 1_700_000_000,
        "exp": 4_102_444_800_u64,
        "ratio": 0.25,
        "nested": {"list": [1, -2, null, true, {"deep": []}]},
    })
}

/// Makes a token with [`claims`].
pub(crate) fn sign(key: SigningKey) -> String {
    Signer::new(key).sign_claims(claims().to_string().as_bytes()).unwrap()
}

/// Verifies with this key and a policy that allows this algorithm alone.
pub(crate) fn verify(alg: Alg, key: VerifyingKey, token: &str) -> Result<Value, Code> {
    let verifier = Verifier::builder(Policy::new([alg])).keys(KeySet::new([key])).build().unwrap();
    let mut scratch = Scratch::new();
    match verifier.verify(token.as_bytes(), UnixSeconds(1_800_000_000), &mut scratch) {
        Ok(verified) => Ok(serde_json::from_str(verified.claims().as_text()).unwrap()),
        Err(rejection) => Err(rejection.code()),
    }
}

/// Changes the signature by one character in its middle, where every bit of a
/// character counts.
pub(crate) fn tampered(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (head, tail) = signature.split_at(signature.len() / 2);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{head}{other}{}", tail.get(1..).unwrap())
}
