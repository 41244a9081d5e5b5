//! The status of a token: what it names, and what the status lists say.

use serde_json::{Value, json};

use crate::cases::forge::{NOW, claims};
use crate::cases::table::{Case, refused};

const URI: &str = "https://issuer.example/status/1";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = listed();
    cases.extend(malformed());
    cases.extend(absent());
    cases.extend(order());
    cases
}

/// A token with this `status`, where it is checked and the draft's lists are there.
fn with(slug: &str, code: &str, status: Value) -> Case {
    let slug = format!("status-{slug}");
    let case = refused(0, &slug, "the status of a token", code);
    let case = if code == "accepted" { case.signed() } else { case.claim("status") };
    let (one, two) =
        (lists("eNrbuRgAAhcBXQ", 1, URI), lists("eNo76fITAAPfAgc", 2, "https://issuer.example/status/2"));
    case.paid(claims(json!({"status": status})))
        .policy(json!({"check_status": true}))
        .status_lists([one, two])
}

/// The Claims Set of a list.
fn lists(lst: &str, bits: u8, uri: &str) -> Value {
    json!({"sub": uri, "iat": NOW - 10, "exp": NOW + 600, "status_list": {"bits": bits, "lst": lst}})
}

fn place(index: impl Into<Value>, uri: &str) -> Value {
    json!({"status_list": {"idx": index.into(), "uri": uri}})
}

/// The examples in §4.1 and §4.2 of the draft.
fn listed() -> Vec<Case> {
    let two = "https://issuer.example/status/2";
    vec![
        with("valid", "accepted", place(1, URI)),
        with("invalid", "status_revoked", place(0, URI)),
        with("invalid-last", "status_revoked", place(15, URI)),
        with("two-bits-invalid", "status_revoked", place(0, two)),
        with("two-bits-suspended", "status_suspended", place(1, two)),
        with("two-bits-valid", "accepted", place(2, two)),
        with("two-bits-other", "status_other", place(3, two)),
        with("beyond-the-end", "status_invalid", place(16, URI)),
        with("far-beyond-the-end", "status_invalid", place(i64::MAX, URI)),
        with("another-list", "status_list_unknown", place(1, "https://issuer.example/status/3")),
        with("another-case", "status_list_unknown", place(1, "https://ISSUER.example/status/1")),
        with("slash-more", "status_list_unknown", place(1, "https://issuer.example/status/1/")),
        with("none", "accepted", Value::Null),
        with("another-mechanism", "accepted", json!({"status_attestation": {}})),
        with("not-checked", "accepted", place(0, URI)).policy(json!({"check_status": null})),
        with("required", "accepted", place(1, URI)).policy(json!({"require_status": true})),
        with("required-none", "status_missing", Value::Null).policy(json!({"require_status": true})),
        with("required-another-mechanism", "status_missing", json!({"status_attestation": {}}))
            .policy(json!({"require_status": true})),
    ]
}

fn malformed() -> Vec<Case> {
    [
        ("text", json!("valid")),
        ("array", json!([])),
        ("list-text", json!({"status_list": URI})),
        ("list-empty", json!({"status_list": {}})),
        ("list-null", json!({"status_list": null})),
        ("index-missing", json!({"status_list": {"uri": URI}})),
        ("index-text", place("1", URI)),
        ("index-negative", place(-1, URI)),
        ("index-fraction", place(1.5, URI)),
        ("index-null", place(Value::Null, URI)),
        ("uri-missing", json!({"status_list": {"idx": 1}})),
        ("uri-number", json!({"status_list": {"idx": 1, "uri": 1}})),
    ]
    .into_iter()
    .map(|(slug, status)| with(&format!("malformed-{slug}"), "status_invalid", status))
    .collect()
}

/// What stands in the place of a list: nobody vouches for the token.
fn absent() -> Vec<Case> {
    ["status_list_not_yet", "status_list_stale"]
        .into_iter()
        .map(|code| {
            let lists = [json!({"sub": URI, "absent": code})];
            // The list is at fault, and no claim.
            let slug = format!("status-{}", &code["status_".len()..]);
            let case = refused(0, &slug, "a list that cannot be had", code).signed();
            let status = json!({"status": place(1, URI)});
            case.paid(claims(status)).policy(json!({"check_status": true})).status_lists(lists)
        })
        .collect()
}

/// Every other rule comes first, except for the dates.
fn order() -> Vec<Case> {
    let status = place(0, URI);
    let expired = json!({"status": status, "exp": NOW - 1});
    let mut cases = vec![
        with("after-the-audience", "aud_unexpected", Value::Null)
            .paid(claims(json!({"status": status, "aud": "other"})))
            .claim("aud"),
        with("before-the-dates", "status_revoked", Value::Null).paid(claims(expired)),
    ];
    let unsigned = with("after-the-signature", "signature_invalid", status);
    cases.push(unsigned.changed_signature());
    cases
}
