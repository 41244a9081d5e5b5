//! The JOSE vectors of Wycheproof. Every row runs; what each refused row comes
//! to, and where we judge otherwise than the label, stands in tables.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use std::collections::BTreeMap;

use jot::{Alg, Code, KeyOptions, KeySet, Payload, Scratch, VerifyingKey};
use serde_json::Value;

use common::{lenient, rows, text, vector_file};

/// The rows of one file that come to the same code.
type Codes = &'static [(Code, &'static [u64])];

/// Rows where the label is not followed: `tcId`, code, reason.
type Overrides = &'static [(&'static [u64], Code, &'static str)];

/// How many rows a file has of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    valid: usize,
    invalid: usize,
    overridden: usize,
    /// Not a JWS.
    encrypted: usize,
}

/// The refused rows that do not get as far as a signature that fails, and
/// those that do and that other libraries are known to accept.
const SIGNATURE_CODES: Codes = &[
    (Code::TokenEmpty, &[13, 30, 45]),
    (Code::TokenSegments, &[4, 7, 10, 12, 14, 15, 21, 24, 27, 29, 36, 39, 42, 44]),
    (Code::TokenJsonSerialization, &[17]),
    (Code::HeaderEncoding, &[9, 11, 26, 28, 41, 43, 365, 366]),
    // Signed as they are, so that only the decoding refuses them.
    (Code::PayloadEncoding, &[368, 369, 371, 375]),
    (Code::SignatureEncoding, &[360, 361, 362, 363, 364]),
    (Code::AlgNone, &[16, 341, 342, 343, 344]),
    (Code::KidUnknown, &[8, 25, 40]),
    (Code::KeyNotForAlg, &[31, 332, 334, 336, 338, 340]),
    (Code::KeyUseNotSignature, &[353, 354]),
    (Code::KeyOpsNotAllowed, &[355, 356]),
    // Unused bits set after signing; r and s longer than the coordinates.
    (Code::SignatureInvalid, &[374, 379, 385]),
];

const SIGNATURE_OVERRIDES: Overrides = &[
    (&[346, 350], Code::KeyNotForAlg, "the key's alg is PS256 and the token's PS384 (RFC 7517 §4.4)"),
    (&[347, 351], Code::KeyAlgUnknown, "the key's alg is ES521, which does not exist"),
    (&[367, 370], Code::Accepted, "the padding that they are about is not there: equal to row 357"),
    (&[372], Code::HeaderEncoding, "a question mark in the header segment"),
    (&[373], Code::SignatureInvalid, "a question mark in the payload segment, which nobody signed"),
];

const KEY_CODES: Codes = &[
    (Code::KeyUseNotSignature, &[6, 21]),
    (Code::KeyRsaTooShort, &[8]),
    (Code::KeyRsaExponent, &[9]),
    (Code::KeySecretTooShort, &[10, 11, 12, 16, 17, 18]),
    (Code::KeyAlgUnknown, &[19, 20, 25, 26]),
    (Code::KeyInvalid, &[22]),
    (Code::KeyMemberInvalid, &[23]),
    (Code::KeyMemberMissing, &[24]),
];

const MIXED: &str = "secrets and public keys may share a set: each is bound to its own algorithms";
const ROCA: &str = "the ROCA fingerprint is not looked for: it speaks of the generator of the private \
     key, which is the issuer's to replace, and not of the token";

const KEY_OVERRIDES: Overrides = &[
    (&[1], Code::Accepted, MIXED),
    (&[4], Code::Accepted, "every key with the token's kid is tried, as RFC 7517 §4.5 lets kids repeat"),
    (&[7], Code::Accepted, ROCA),
];

const CRYPTO_CODES: Codes = &[
    (Code::TokenEmpty, &[13, 30, 45]),
    (Code::TokenSegments, &[4, 7, 10, 12, 14, 15, 21, 24, 27, 29, 36, 39, 42, 44]),
    (Code::TokenJsonSerialization, &[17]),
    (Code::HeaderEncoding, &[9, 11, 26, 28, 41, 43]),
    (Code::AlgNone, &[16]),
    (Code::KidUnknown, &[8, 25, 40]),
    (Code::KeyNotForAlg, &[31]),
];

const CRYPTO_OVERRIDES: Overrides = &[(&[46], Code::Accepted, ROCA), (&[47], Code::Accepted, MIXED)];

/// Reads the key or the set of a group, by its public part where one is given.
fn keys(group: &Value) -> Result<KeySet, Code> {
    let key = if group["public"].is_null() { &group["private"] } else { &group["public"] };
    let options = KeyOptions::default();
    let read = |jwk: &Value| VerifyingKey::from_jwk(jwk.to_string().as_bytes(), &options);
    if key["keys"].is_null() {
        return read(key).map(|key| KeySet::new([key])).map_err(|error| error.code());
    }
    KeySet::from_jwks(key.to_string().as_bytes(), &options).map_err(|error| {
        // A set without a usable key does not say why; its only key does.
        assert_eq!(error.code(), Code::KeySetEmpty);
        let [sole] = rows(key, "keys") else { panic!("several keys, none usable: {key}") };
        read(sole).unwrap_err().code()
    })
}

fn outcome(group: &Value, row: &Value) -> Code {
    let keys = match keys(group) {
        Ok(keys) => keys,
        Err(code) => return code,
    };
    let token = row["jws"].as_str().map_or_else(|| row["jws"].to_string(), str::to_owned);
    let verifier = lenient(keys, Alg::ALL.iter().copied());
    match verifier.verify_jws(token.as_bytes(), Payload::Attached, None, &mut Scratch::new()) {
        Ok(_) => Code::Accepted,
        Err(rejection) => {
            let after_signature = rejection.code() == Code::PayloadEncoding;
            assert_eq!(rejection.signature_ok(), after_signature, "row {}", row["tcId"]);
            rejection.code()
        }
    }
}

/// Runs a file and makes sure that every row of the tables was met.
fn run(file: &Value, codes: Codes, overrides: Overrides) -> Counts {
    let mut refused: BTreeMap<u64, Code> = BTreeMap::new();
    for (code, ids) in codes {
        refused.extend(ids.iter().map(|id| (*id, *code)));
    }
    let mut overridden: BTreeMap<u64, (Code, &str)> = BTreeMap::new();
    for (ids, code, reason) in overrides {
        overridden.extend(ids.iter().map(|id| (*id, (*code, *reason))));
    }
    let mut counts = Counts::default();
    for group in rows(file, "testGroups") {
        for row in rows(group, "tests") {
            let id = row["tcId"].as_u64().unwrap();
            if row["jws"].is_null() {
                assert!(row["jwe"].is_string() || row["jwe"].is_object(), "row {id} is neither JWS nor JWE");
                counts.encrypted += 1;
                continue;
            }
            let labelled_valid = text(row, "result") == "valid";
            let (wanted, reason) = match (overridden.remove(&id), labelled_valid) {
                (Some((code, reason)), _) => {
                    assert_ne!(labelled_valid, code == Code::Accepted, "row {id} needs no override");
                    counts.overridden += 1;
                    (code, reason)
                }
                (None, true) => {
                    counts.valid += 1;
                    (Code::Accepted, "labelled valid")
                }
                (None, false) => {
                    counts.invalid += 1;
                    (refused.remove(&id).unwrap_or(Code::SignatureInvalid), "labelled invalid")
                }
            };
            assert_eq!(outcome(group, row), wanted, "row {id} ({}): {reason}", row["comment"]);
        }
    }
    assert!(refused.is_empty() && overridden.is_empty(), "never met: {refused:?} {overridden:?}");
    let total = counts.valid + counts.invalid + counts.overridden + counts.encrypted;
    assert_eq!(file["numberOfTests"], total);
    counts
}

#[test]
fn signature_rows_come_out_as_labelled() {
    let file = vector_file("wycheproof/json_web_signature_test.json");
    let counts = run(&file, SIGNATURE_CODES, SIGNATURE_OVERRIDES);
    assert_eq!(counts, Counts { valid: 40, invalid: 353, overridden: 8, encrypted: 0 });
}

#[test]
fn key_rows_come_out_as_labelled() {
    let file = vector_file("wycheproof/json_web_key_test.json");
    let counts = run(&file, KEY_CODES, KEY_OVERRIDES);
    assert_eq!(counts, Counts { valid: 5, invalid: 18, overridden: 3, encrypted: 0 });
}

#[test]
fn crypto_rows_come_out_as_labelled() {
    let file = vector_file("wycheproof/json_web_crypto_test.json");
    let counts = run(&file, CRYPTO_CODES, CRYPTO_OVERRIDES);
    assert_eq!(counts, Counts { valid: 4, invalid: 43, overridden: 2, encrypted: 34 });
}

/// The rows labelled invalid for their padding lost it: nobody could refuse
/// them and accept row 357.
#[test]
fn padding_rows_equal_a_valid_one() {
    let file = vector_file("wycheproof/json_web_signature_test.json");
    let tokens: BTreeMap<u64, &str> = rows(&file, "testGroups")
        .iter()
        .flat_map(|group| rows(group, "tests"))
        .map(|row| (row["tcId"].as_u64().unwrap(), text(row, "jws")))
        .collect();
    assert_eq!(tokens.len(), 401);
    assert_eq!((tokens[&367], tokens[&370]), (tokens[&357], tokens[&357]));
}

/// Rows 10 to 12 are refused for the length of their secrets alone: with weak
/// keys allowed they hold.
#[test]
fn short_secrets_hold_when_weak_keys_are_allowed() {
    let file = vector_file("wycheproof/json_web_key_test.json");
    let mut met = 0;
    for group in rows(&file, "testGroups") {
        for row in rows(group, "tests").iter().filter(|row| row["comment"] == "key_too_short") {
            let set = group["private"].to_string();
            let keys = KeySet::from_jwks(set.as_bytes(), &KeyOptions::default().allow_weak_keys()).unwrap();
            let verifier = lenient(keys, Alg::ALL.iter().copied());
            let token = text(row, "jws").as_bytes();
            verifier.verify_jws(token, Payload::Attached, None, &mut Scratch::new()).unwrap();
            met += 1;
        }
    }
    assert_eq!(met, 3);
}

/// The rows that are known to need a decision stand in the tables above, and
/// the decision is the recommended one where there is a recommendation.
#[test]
fn rows_that_need_a_decision_have_one() {
    let file = vector_file("wycheproof/triage.json");
    let mut decided = 0;
    for row in rows(&file, "rows") {
        let (codes, overrides) = match text(row, "file") {
            "json_web_signature_test.json" => (SIGNATURE_CODES, SIGNATURE_OVERRIDES),
            "json_web_key_test.json" => (KEY_CODES, KEY_OVERRIDES),
            "json_web_crypto_test.json" => (CRYPTO_CODES, CRYPTO_OVERRIDES),
            other => panic!("no table for {other}"),
        };
        for id in rows(row, "tcIds").iter().map(|id| id.as_u64().unwrap()) {
            let refused = codes.iter().filter(|entry| entry.1.contains(&id)).map(|entry| entry.0);
            let overridden = overrides.iter().filter(|entry| entry.0.contains(&id)).map(|entry| entry.1);
            let found: Vec<Code> = refused.chain(overridden).collect();
            let [code] = found[..] else { panic!("row {id} of {}: {found:?}", row["file"]) };
            match text(row, "recommended") {
                "valid" => assert_eq!(code, Code::Accepted, "row {id}"),
                "invalid" => assert_ne!(code, Code::Accepted, "row {id}"),
                other => assert_eq!(other, "policy"),
            }
            decided += 1;
        }
    }
    assert_eq!(decided, 35);
}
