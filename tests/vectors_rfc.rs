//! Every RFC row in the folder of vectors, the JOSE cookbook included.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use std::collections::BTreeMap;

use jot::{Alg, Code, KeyOptions, KeySet, Payload, Scratch, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use common::{Case, base64url, lenient, read, rows, text, vector_file, vectors};

/// What each row labelled `invalid` comes to as a JWT, and as a JWS where that
/// is something else; and the rows labelled `valid` that are refused here.
const REFUSED: &[(&str, Code, Code)] = &[
    // The signature holds; only the clock refuses it.
    ("A.1-HS256-expired", Code::Accepted, Code::Expired),
    ("A.5-none", Code::AlgNone, Code::AlgNone),
    // Its crit would be refused as well; the alg is looked at first.
    ("E-crit", Code::AlgNone, Code::AlgNone),
    ("A.3-alg-confusion", Code::AlgNotAllowed, Code::AlgNotAllowed),
    ("6.1-unsecured", Code::AlgNone, Code::AlgNone),
    ("4.2-no-payload", Code::SignatureInvalid, Code::B64InJwt),
    // Labelled valid: Ed448 is not among our algorithms.
    ("Ed448-ok", Code::KeyCurveUnknown, Code::KeyCurveUnknown),
    ("EdDSA-ed448-ok", Code::KeyCurveUnknown, Code::KeyCurveUnknown),
    ("Ed25519-with-Ed448-key", Code::KeyCurveUnknown, Code::KeyCurveUnknown),
    ("Ed448-with-Ed25519-key", Code::AlgUnknown, Code::AlgUnknown),
    ("EdDSA-not-in-allowlist", Code::AlgNotAllowed, Code::AlgNotAllowed),
    ("ESP256-unknown", Code::AlgUnknown, Code::AlgUnknown),
    ("ML-DSA-44-badsig", Code::SignatureInvalid, Code::SignatureInvalid),
    ("ML-DSA-65-badsig", Code::SignatureInvalid, Code::SignatureInvalid),
    ("ML-DSA-87-badsig", Code::SignatureInvalid, Code::SignatureInvalid),
    ("ML-DSA-44-noalg", Code::KeyMemberMissing, Code::KeyMemberMissing),
    ("ML-DSA-65-noalg", Code::KeyMemberMissing, Code::KeyMemberMissing),
    ("ML-DSA-87-noalg", Code::KeyMemberMissing, Code::KeyMemberMissing),
];

/// The rows labelled `valid` that are refused here.
const REFUSED_THOUGH_VALID: [&str; 2] = ["Ed448-ok", "EdDSA-ed448-ok"];

/// What a row that holds as a JWS comes to as a JWT.
fn as_jwt(case: &Value) -> Code {
    if text(case, "token").contains("..") {
        // The payload is detached: `b64` must not be false in a JWT, and
        // without `b64` the empty payload is not the one that was signed.
        let b64_false = text(case, "id").starts_with("4.2");
        return if b64_false { Code::B64InJwt } else { Code::SignatureInvalid };
    }
    let payload = text(case, "token").split('.').nth(1).unwrap();
    let payload = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(payload).unwrap();
    if serde_json::from_slice::<Value>(&payload).is_ok() { Code::Accepted } else { Code::ClaimsJson }
}

#[test]
fn rfc_rows_come_out_as_labelled() {
    let mut refused: BTreeMap<&str, (Code, Code)> =
        REFUSED.iter().map(|(id, jws, jwt)| (*id, (*jws, *jwt))).collect();
    let mut counts = (0, 0);
    for (file, count) in [
        ("rfc7515.json", 8),
        ("rfc7519.json", 2),
        ("rfc7520_jws.json", 5),
        ("rfc7797.json", 3),
        ("rfc8037.json", 1),
        ("rfc9864_cases.json", 8),
        ("rfc9964_mldsa.json", 9),
    ] {
        let file = vector_file(&format!("rfc/{file}"));
        let cases = rows(&file, "cases");
        assert_eq!(cases.len(), count, "{}", file["title"]);
        for case in cases {
            let id = text(case, "id");
            let wanted = refused.remove(id);
            let labelled_valid = text(case, "expected") == "valid";
            assert_eq!(labelled_valid, wanted.is_none() || REFUSED_THOUGH_VALID.contains(&id), "{id}");
            let (jws, jwt) = wanted.unwrap_or_else(|| (Code::Accepted, as_jwt(case)));
            let ready = Case::new(case);
            assert_eq!(ready.as_jws(), jws, "{id} as a JWS");
            assert_eq!(ready.as_jwt(), jwt, "{id} as a JWT");
            if labelled_valid { counts.0 += 1 } else { counts.1 += 1 }
        }
    }
    assert!(refused.is_empty(), "rows that are not there: {refused:?}");
    assert_eq!(counts, (20, 16));
}

#[test]
fn rfc7638_thumbprints_are_as_written() {
    let file = vector_file("rfc/rfc7638.json");
    let more = rows(&file, "more");
    assert_eq!(more.len(), 1);
    for row in more.iter().chain([&file]) {
        let jwk = row["jwk"].to_string();
        let key = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(key.thumbprint(), text(row, "sha256_b64u"));
    }
}

/// What came of the signatures of one JSON Serialization.
#[derive(Debug, Default, PartialEq, Eq)]
struct Signatures {
    held: usize,
    /// With an `alg` that no signature protects, a compact token cannot be.
    unprotected: usize,
}

/// Puts each signature of a JSON Serialization, general or flattened, together
/// as a Compact Serialization and verifies it. The JSON itself is refused.
fn run_json(json: &Value, keys: impl Fn() -> KeySet, detached: Option<&str>, held: &mut Signatures) {
    let verifier = lenient(keys(), Alg::ALL.iter().copied());
    let mut scratch = Scratch::new();
    let refusal = verifier.verify_jws(json.to_string().as_bytes(), Payload::Attached, None, &mut scratch);
    assert_eq!(refusal.unwrap_err().code(), Code::TokenJsonSerialization);
    let flattened = [json.clone()];
    let signatures = json["signatures"].as_array().map_or(flattened.as_slice(), Vec::as_slice);
    for signature in signatures {
        let Some(protected) = signature["protected"].as_str() else {
            held.unprotected += 1;
            continue;
        };
        let payload = if detached.is_some() { "" } else { text(json, "payload") };
        let token = format!("{protected}.{payload}.{}", text(signature, "signature"));
        let given = detached.map_or(Payload::Attached, |text| Payload::Detached(text.as_bytes()));
        verifier.verify_jws(token.as_bytes(), given, None, &mut scratch).unwrap();
        held.held += 1;
    }
}

/// Reads one JWK, or several, each by its public part.
fn keys(jwks: &Value) -> KeySet {
    let list = jwks.as_array().cloned().unwrap_or_else(|| vec![jwks.clone()]);
    let set = json!({ "keys": list }).to_string();
    let set = KeySet::from_jwks(set.as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!(set.len(), list.len());
    set
}

#[test]
fn rfc7520_json_serializations_hold_when_put_together_as_compact() {
    let file = vector_file("rfc/rfc7520_jws.json");
    let mut held = Signatures::default();
    for row in rows(&file, "json_serialization") {
        for form in ["json", "json_flat"].map(|name| &row[name]).into_iter().filter(|form| form.is_object()) {
            let detached = form["payload"].is_null().then(|| text(row, "payload_utf8"));
            run_json(form, || keys(&row["key"]), detached, &mut held);
        }
    }
    assert_eq!(held, Signatures { held: 14, unprotected: 3 });
}

#[test]
fn rfc7515_and_rfc7797_json_serializations_hold_when_put_together_as_compact() {
    let (jws, b64) = (vector_file("rfc/rfc7515.json"), vector_file("rfc/rfc7797.json"));
    let mut held = Signatures::default();
    let both = &jws["json_serialization"];
    let by_kid: Vec<Value> = both["general"]["keys"].as_object().unwrap().values().cloned().collect();
    for form in ["general", "flattened"] {
        run_json(&both[form], || keys(&by_kid.clone().into()), None, &mut held);
    }
    let secret = &rows(&b64, "cases")[0]["key"];
    for row in rows(&b64, "json_serialization") {
        let form = &row["json"];
        run_json(form, || keys(secret), Some(text(form, "payload")), &mut held);
    }
    assert_eq!(held, Signatures { held: 4, unprotected: 0 });
}

/// The cookbook's files: how many signatures of JSON Serializations hold or
/// protect nothing, and what the Compact Serialization comes to, if there is
/// one.
const COOKBOOK: &[(&str, usize, usize, Option<Code>)] = &[
    ("jws/4_1.rsa_v15_signature.json", 2, 0, Some(Code::Accepted)),
    ("jws/4_2.rsa-pss_signature.json", 2, 0, Some(Code::Accepted)),
    ("jws/4_3.ecdsa_signature.json", 2, 0, Some(Code::Accepted)),
    ("jws/4_4.hmac-sha2_integrity_protection.json", 2, 0, Some(Code::Accepted)),
    ("jws/4_5.signature_with_detached_content.json", 2, 0, Some(Code::Accepted)),
    ("jws/4_6.protecting_specific_header_fields.json", 2, 0, None),
    ("jws/4_7.protecting_content_only.json", 0, 2, None),
    ("jws/4_8.multiple_signatures.json", 2, 1, None),
    ("curve25519/jws.json", 2, 0, Some(Code::Accepted)),
    ("rfc7797/hmac-sha2_b64_false.json", 2, 0, Some(Code::Accepted)),
];

#[test]
fn cookbook_signatures_hold() {
    for (name, held, unprotected, compact) in COOKBOOK {
        let file = vector_file(&format!("rfc/cookbook/{name}"));
        let (payload, output) = (text(&file["input"], "payload"), &file["output"]);
        let key = &file["input"]["key"];
        let unencoded = name.starts_with("rfc7797");
        let mut found = Signatures::default();
        for form in
            ["json", "json_flat"].map(|form| &output[form]).into_iter().filter(|form| form.is_object())
        {
            let detached = (unencoded || form["payload"].is_null()).then_some(payload);
            run_json(form, || keys(key), detached, &mut found);
        }
        assert_eq!(found, Signatures { held: *held, unprotected: *unprotected }, "{name}");
        assert_eq!(output["compact"].is_string(), compact.is_some(), "{name}");
        if let Some(token) = output["compact"].as_str() {
            let given = match token.contains("..") {
                true => Payload::Detached(payload.as_bytes()),
                false => Payload::Attached,
            };
            let verifier = lenient(keys(key), Alg::ALL.iter().copied());
            let mut scratch = Scratch::new();
            let verified = verifier.verify_jws(token.as_bytes(), given, None, &mut scratch).unwrap();
            assert_eq!(verified.payload(), payload.as_bytes(), "{name}");
        }
    }
}

/// This file is older than RFC 7797: its header lacks the `crit` that §6
/// demands, so the header is refused although the signature would hold.
#[test]
fn cookbook_rfc7797_4_2_is_refused_as_it_lacks_crit() {
    let file = vector_file("rfc/cookbook/rfc7797/4.2.hmac-sha2_b64_false.json");
    let form = &file["output"]["json_flat"];
    let token = format!("{}..{}", text(form, "protected"), text(form, "signature"));
    let payload = Payload::Detached(text(form, "payload").as_bytes());
    let verifier = lenient(keys(&file["input"]["key"]), [Alg::HS256]);
    let mut scratch = Scratch::new();
    let refusal = verifier.verify_jws(token.as_bytes(), payload, None, &mut scratch).unwrap_err();
    assert_eq!(refusal.code(), Code::B64NotCritical);
    assert_eq!(base64url(br#"{"alg":"HS256","b64":false}"#), text(form, "protected"));
}

#[test]
fn cookbook_keys_are_read_unless_they_encrypt() {
    let folder = vectors("rfc/cookbook/jwk");
    let mut read_keys = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let jwk = read(&path);
        let text = jwk.to_string();
        let verifying = VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default());
        let signing = SigningKey::from_jwk(text.as_bytes(), &KeyOptions::default());
        if path.ends_with("3_6.symmetric_key_encryption.json") {
            assert_eq!(verifying.unwrap_err().code(), Code::KeyUseNotSignature);
            assert_eq!(signing.unwrap_err().code(), Code::KeyUseNotSignature);
            continue;
        }
        let verifying = verifying.unwrap();
        assert_eq!(verifying.kid(), jwk["kid"].as_str());
        let is_private = jwk["d"].is_string() || jwk["k"].is_string();
        match signing {
            Ok(key) => {
                assert!(is_private, "{}", path.display());
                assert_eq!(key.verifying_key().unwrap().thumbprint(), verifying.thumbprint());
            }
            Err(error) => assert_eq!((is_private, error.code()), (false, Code::KeyNotPrivate)),
        }
        read_keys += 1;
    }
    assert_eq!(read_keys, 5);
}
