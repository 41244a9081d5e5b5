//! One row of the table: how it is written, read and run.

use jot::{Rejection, Scratch, UnixSeconds};
use serde_json::{Map, Value, json};

use super::forge::{self, NOW};
use super::keys::{self, b64, file, unb64};
use super::policy;

/// A case in the making: a good token of EdDSA under the plainest policy,
/// until it is told otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Case(Map<String, Value>);

/// A token that must be refused with `code`. `line` is that of the list of
/// refusals, 0 for what is not on it.
pub(crate) fn refused(line: u32, slug: &str, why: &str, code: &str) -> Case {
    let case = json!({
        "id": format!("{line:02}-{slug}"), "line": line, "why": why, "code": code,
        "policy": {"algorithms": ["EdDSA"]}, "now": NOW, "signature_ok": code == "accepted",
    });
    let Value::Object(case) = case else { panic!("a case is an object") };
    Case(case).keys([keys::public("ed25519")])
}

/// A token beside a refused one, that must be accepted.
pub(crate) fn accepted(line: u32, slug: &str, why: &str) -> Case {
    refused(line, slug, why, "accepted")
}

impl Case {
    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn key_form(mut self, name: &str, value: impl Into<Value>) -> Self {
        for form in ["keys", "jwk", "pem", "secret_b64", "issuer_keys"] {
            self.0.remove(form);
        }
        self.set(name, value)
    }

    pub(crate) fn token(self, token: impl Into<String>) -> Self {
        self.set("token", token.into())
    }

    /// A token with this payload.
    pub(crate) fn paid(self, payload: impl AsRef<[u8]>) -> Self {
        self.token(forge::paid(payload))
    }

    /// A token with this header.
    pub(crate) fn headed(self, header: impl AsRef<[u8]>) -> Self {
        self.token(forge::headed(header))
    }

    pub(crate) fn bytes(self, token: &[u8]) -> Self {
        self.set("token_b64", b64(token))
    }

    /// Texts, and pairs of a text and how often it stands there.
    pub(crate) fn parts(self, parts: Value) -> Self {
        self.set("token_parts", parts)
    }

    pub(crate) fn keys(self, set: impl IntoIterator<Item = Value>) -> Self {
        let set: Vec<Value> = set.into_iter().collect();
        self.key_form("keys", json!({ "keys": set }))
    }

    pub(crate) fn jwk(self, jwk: Value) -> Self {
        self.key_form("jwk", jwk)
    }

    pub(crate) fn pem(self, pem: &str) -> Self {
        self.key_form("pem", pem)
    }

    pub(crate) fn secret(self, secret: &[u8]) -> Self {
        self.key_form("secret_b64", b64(secret))
    }

    pub(crate) fn issuer_keys(self, sets: Value) -> Self {
        self.key_form("issuer_keys", sets)
    }

    pub(crate) fn allow(self, algorithms: &[&str]) -> Self {
        self.policy(json!({ "algorithms": algorithms }))
    }

    /// The claims of status lists, or what stands in their places.
    pub(crate) fn status_lists(self, lists: impl IntoIterator<Item = Value>) -> Self {
        self.set("status_lists", lists.into_iter().collect::<Vec<Value>>())
    }

    /// The same token with another signature.
    pub(crate) fn changed_signature(self) -> Self {
        let token = forge::resigned(self.0["token"].as_str().unwrap(), &[7; 64]);
        self.token(token).set("signature_ok", false).without("claim")
    }

    fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// Sets members of the policy.
    pub(crate) fn policy(mut self, settings: Value) -> Self {
        let policy = self.0["policy"].take();
        self.0["policy"] = keys::with(policy, settings);
        self
    }

    pub(crate) fn at(self, now: i64) -> Self {
        self.set("now", now)
    }

    /// The signature holds and something behind it does not.
    pub(crate) fn signed(self) -> Self {
        self.set("signature_ok", true)
    }

    /// The claim at fault; the signature holds.
    pub(crate) fn claim(self, name: &str) -> Self {
        self.signed().set("claim", name)
    }

    pub(crate) fn finish(mut self) -> Value {
        if !["token", "token_b64", "token_parts"].iter().any(|form| self.0.contains_key(*form)) {
            self = self.token(forge::good(jot::Alg::EdDSA));
        }
        Value::Object(self.0)
    }
}

/// The bytes of the token, whichever way it is written.
pub(crate) fn token_bytes(case: &Value) -> Vec<u8> {
    if let Some(token) = case["token"].as_str() {
        return token.as_bytes().to_vec();
    }
    if let Some(parts) = case["token_parts"].as_array() {
        return parts.iter().map(expand).collect::<String>().into_bytes();
    }
    unb64(case["token_b64"].as_str().unwrap())
}

fn expand(part: &Value) -> String {
    match part.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let times = usize::try_from(part["times"].as_u64().unwrap()).unwrap();
            part["repeat"].as_str().unwrap().repeat(times)
        }
    }
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: String,
    pub(crate) signature_ok: bool,
    pub(crate) claim: Option<String>,
}

impl Outcome {
    pub(crate) fn expected(case: &Value) -> Self {
        Self {
            code: case["code"].as_str().unwrap().to_owned(),
            signature_ok: case["signature_ok"].as_bool().unwrap(),
            claim: case["claim"].as_str().map(str::to_owned),
        }
    }
}

/// Reads the keys, builds the verifier and verifies the token; the first that
/// is refused gives the code.
pub(crate) fn run(case: &Value) -> Outcome {
    let verifier = match policy::verifier(case) {
        Ok(verifier) => verifier,
        Err(error) => {
            return Outcome { code: error.code().name().to_owned(), signature_ok: false, claim: None };
        }
    };
    #[cfg(feature = "status-list")]
    for list in case["status_lists"].as_array().into_iter().flatten() {
        verifier.set_status_list(status_list(list)).unwrap();
    }
    let token = token_bytes(case);
    let now = UnixSeconds(case["now"].as_i64().unwrap());
    let mut scratch = Scratch::new();
    let verdict = verifier.verdict(&token, now, &mut scratch);
    let rejection = verdict.rejection();
    let outcome = Outcome {
        code: verdict.code().name().to_owned(),
        signature_ok: verdict.signature_ok(),
        claim: rejection.as_ref().and_then(Rejection::claim).map(str::to_owned),
    };
    assert_eq!(verdict.is_accepted(), rejection.is_none());
    let held = rejection.is_none_or(|rejection| rejection.signature_ok());
    assert_eq!(held, verdict.signature_ok(), "{}: {rejection:?}", case["id"]);
    assert!(held || verdict.signed_claims().is_none());
    // The same scratch again, as it is used in earnest.
    assert_eq!(verifier.verify(&token, now, &mut scratch).err(), rejection);
    outcome
}

/// Reads a status list as it is read in earnest: out of claims that were verified.
#[cfg(feature = "status-list")]
pub(crate) fn status_list(list: &Value) -> jot::StatusList {
    use jot::{Alg, KeyOptions, KeySet, Policy, StatusList, Verifier, VerifyingKey};

    let uri = list["sub"].as_str().unwrap();
    match list["absent"].as_str() {
        Some("status_list_not_yet") => return StatusList::not_yet(uri),
        Some("status_list_stale") => return StatusList::stale(uri),
        Some(other) => panic!("nothing is {other}"),
        None => {}
    }
    let header = format!(r#"{{"alg":"EdDSA","typ":"{}"}}"#, StatusList::TYP);
    let token = forge::token(Alg::EdDSA, "ed25519", header, list.to_string());
    let key = keys::public("ed25519").to_string();
    let key = VerifyingKey::from_jwk(key.as_bytes(), &KeyOptions::default()).unwrap();
    let lists =
        Verifier::builder(Policy::status_list([Alg::EdDSA])).keys(KeySet::new([key])).build().unwrap();
    let mut scratch = Scratch::new();
    let verified = lists.verify(&token, UnixSeconds(forge::NOW), &mut scratch).unwrap();
    StatusList::from_claims(&verified.claims(), 1 << 10).unwrap()
}

pub(crate) fn load() -> Vec<Value> {
    match keys::read("tokens.json") {
        Value::Array(cases) => cases,
        other => panic!("the table is not an array: {other}"),
    }
}

/// Writes one case on a line, so that differences are readable.
pub(crate) fn store(cases: &[Value]) {
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    std::fs::write(file("tokens.json"), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}
