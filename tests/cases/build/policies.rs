//! Rules of a policy that stand on no line: subject, azp, scopes, the two
//! presets, and settings that make no sense.

use serde_json::{Value, json};

use crate::cases::forge::{ISSUER, NOW, claims, claims_raw};
use crate::cases::table::{Case, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = parties();
    cases.extend(scopes());
    cases.extend(access_tokens());
    cases.extend(id_tokens());
    cases.extend(order());
    cases.extend(misuse());
    cases
}

fn row(slug: &str, code: &str, claim: Option<&str>) -> Case {
    let case = refused(0, slug, "a rule of the policy", code);
    match claim {
        Some(claim) => case.claim(claim),
        None => case,
    }
}

fn parties() -> Vec<Case> {
    let subject = || json!({"subject": "alice"});
    let party = || json!({"authorized_party": "client"});
    vec![
        row("sub-the-one", "accepted", None).policy(subject()),
        row("sub-another", "sub_mismatch", Some("sub"))
            .paid(claims(json!({"sub": "Alice"})))
            .policy(subject()),
        row("sub-longer", "sub_mismatch", Some("sub"))
            .paid(claims(json!({"sub": "alice2"})))
            .policy(subject()),
        row("sub-missing", "sub_missing", Some("sub")).paid(claims(json!({"sub": null}))).policy(subject()),
        row("azp-the-one", "accepted", None).paid(claims(json!({"azp": "client"}))).policy(party()),
        row("azp-another", "azp_mismatch", Some("azp")).paid(claims(json!({"azp": "other"}))).policy(party()),
        row("azp-array", "azp_mismatch", Some("azp"))
            .paid(claims(json!({"azp": ["client"]})))
            .policy(party()),
        row("azp-null", "azp_mismatch", Some("azp")).paid(claims_raw("azp", "null")).policy(party()),
        row("azp-missing", "azp_missing", Some("azp")).policy(party()),
        row("azp-not-demanded", "accepted", None).paid(claims(json!({"azp": 1}))),
    ]
}

fn scopes() -> Vec<Case> {
    let read = || json!({"scopes": ["read"]});
    let both = || json!({"scopes": ["read", "write"]});
    let mut cases = Vec::new();
    for (slug, members, policy) in [
        ("scope-alone", json!({"scope": "read"}), read()),
        ("scope-among-others", json!({"scope": "write read admin"}), read()),
        ("scope-both", json!({"scope": "write read"}), both()),
        ("scp-string", json!({"scp": "write read"}), both()),
        ("scp-array", json!({"scp": ["write", "read"]}), both()),
        ("scope-array", json!({"scope": ["read"]}), read()),
        ("scope-and-scp", json!({"scope": "read", "scp": ["write"]}), both()),
        ("scope-with-two-spaces", json!({"scope": "write  read"}), both()),
        ("scope-not-demanded", json!({"scope": 1}), json!({})),
    ] {
        cases.push(row(slug, "accepted", None).paid(claims(members)).policy(policy));
    }
    for (slug, members, policy) in [
        ("scope-prefix", json!({"scope": "read:all"}), read()),
        ("scope-other-casing", json!({"scope": "READ"}), read()),
        ("scope-one-of-two", json!({"scope": "read"}), both()),
        ("scope-empty", json!({"scope": ""}), read()),
        ("scope-by-comma", json!({"scope": "read,write"}), read()),
        ("scope-by-tab", json!({"scope": "read\twrite"}), read()),
    ] {
        cases.push(row(slug, "scope_insufficient", Some("scope")).paid(claims(members)).policy(policy));
    }
    cases.extend([
        row("scope-missing", "scope_insufficient", Some("scope")).policy(read()),
        row("scp-element-with-a-space", "scope_insufficient", Some("scp"))
            .paid(claims(json!({"scp": ["read write"]})))
            .policy(read()),
        row("scp-empty", "scope_insufficient", Some("scp")).paid(claims(json!({"scp": []}))).policy(read()),
        row("scope-number", "scope_invalid", Some("scope")).paid(claims(json!({"scope": 1}))).policy(read()),
        row("scope-null", "scope_invalid", Some("scope")).paid(claims_raw("scope", "null")).policy(read()),
        row("scope-object", "scope_invalid", Some("scope"))
            .paid(claims(json!({"scope": {"read": 1}})))
            .policy(read()),
        row("scp-of-numbers", "scope_invalid", Some("scp"))
            .paid(claims(json!({"scp": ["read", 1]})))
            .policy(read()),
        row("scope-good-and-scp-bad", "scope_invalid", Some("scp"))
            .paid(claims(json!({"scope": "read", "scp": 1})))
            .policy(read()),
    ]);
    cases
}

/// RFC 9068 §4.
fn access_tokens() -> Vec<Case> {
    let policy = || json!({"access_token": "https://api.example", "issuers": [ISSUER]});
    let whole = json!({"aud": "https://api.example", "client_id": "c", "jti": "1"});
    let head = r#"{"alg":"EdDSA","kid":"ed25519","typ":"at+jwt"}"#;
    let made = |members: Value| {
        let text = claims(crate::cases::keys::with(whole.clone(), members));
        crate::cases::forge::token(jot::Alg::EdDSA, "ed25519", head, text)
    };
    let mut cases = vec![
        row("access-token", "accepted", None).token(made(json!({}))).policy(policy()),
        row("access-token-of-another-typ", "typ_missing", None).paid(claims(whole.clone())).policy(policy()),
        row("access-token-for-another", "aud_mismatch", Some("aud"))
            .token(made(json!({"aud": "https://other.example"})))
            .policy(policy()),
        row("access-token-without-issuers", "issuer_required", None)
            .token(made(json!({})))
            .policy(json!({"access_token": "https://api.example"})),
    ];
    for (name, code) in [("aud", "aud_missing"), ("sub", "claim_missing"), ("client_id", "claim_missing")] {
        let case = row(&format!("access-token-without-{name}"), code, Some(name)).policy(policy());
        let mut text = made(json!({}));
        if let Value::Object(mut members) =
            crate::cases::keys::with(crate::cases::forge::plain_claims(), whole.clone())
        {
            members.remove(name);
            text = crate::cases::forge::token(
                jot::Alg::EdDSA,
                "ed25519",
                head,
                Value::Object(members).to_string(),
            );
        }
        cases.push(case.token(text));
    }
    for (name, code) in
        [("iat", "claim_missing"), ("jti", "claim_missing"), ("iss", "iss_missing"), ("exp", "exp_missing")]
    {
        let mut members = crate::cases::keys::with(crate::cases::forge::plain_claims(), whole.clone());
        members.as_object_mut().unwrap().remove(name);
        let token = crate::cases::forge::token(jot::Alg::EdDSA, "ed25519", head, members.to_string());
        let case = row(&format!("access-token-without-{name}"), code, Some(name));
        cases.push(case.token(token).policy(policy()));
    }
    cases
}

/// OpenID Connect Core 1.0 §3.1.3.7.
fn id_tokens() -> Vec<Case> {
    let policy = || json!({"id_token": "client", "issuers": [ISSUER]});
    let nonce = || json!({"id_token": "client", "issuers": [ISSUER], "nonce": "n-1"});
    let one = |members: Value| claims(crate::cases::keys::with(json!({"aud": "client"}), members));
    let many =
        |members: Value| claims(crate::cases::keys::with(json!({"aud": ["other", "client"]}), members));
    let without = |name: &str| claims(json!({"aud": "client", name: null}));
    vec![
        row("id-token", "accepted", None).paid(one(json!({}))).policy(policy()),
        row("id-token-with-azp", "accepted", None).paid(one(json!({"azp": "client"}))).policy(policy()),
        row("id-token-with-another-azp", "azp_mismatch", Some("azp"))
            .paid(one(json!({"azp": "other"})))
            .policy(policy()),
        row("id-token-array-of-one", "accepted", None)
            .paid(claims(json!({"aud": ["client"]})))
            .policy(policy()),
        row("id-token-many-without-azp", "azp_missing", Some("azp")).paid(many(json!({}))).policy(policy()),
        row("id-token-many-with-azp", "accepted", None).paid(many(json!({"azp": "client"}))).policy(policy()),
        row("id-token-many-with-another-azp", "azp_mismatch", Some("azp"))
            .paid(many(json!({"azp": "other"})))
            .policy(policy()),
        row("id-token-for-another", "aud_mismatch", Some("aud"))
            .paid(claims(json!({"aud": "other"})))
            .policy(policy()),
        row("id-token-without-aud", "aud_missing", Some("aud")).policy(policy()),
        row("id-token-without-sub", "claim_missing", Some("sub")).paid(without("sub")).policy(policy()),
        row("id-token-without-iat", "claim_missing", Some("iat")).paid(without("iat")).policy(policy()),
        row("id-token-without-exp", "exp_missing", Some("exp")).paid(without("exp")).policy(policy()),
        row("id-token-without-iss", "iss_missing", Some("iss")).paid(without("iss")).policy(policy()),
        row("id-token-nonce", "accepted", None).paid(one(json!({"nonce": "n-1"}))).policy(nonce()),
        row("id-token-another-nonce", "claim_mismatch", Some("nonce"))
            .paid(one(json!({"nonce": "n-2"})))
            .policy(nonce()),
        row("id-token-without-nonce", "claim_missing", Some("nonce")).paid(one(json!({}))).policy(nonce()),
        row("id-token-without-issuers", "issuer_required", None)
            .paid(one(json!({})))
            .policy(json!({"id_token": "client"})),
    ]
}

/// Which of two faults is told.
fn order() -> Vec<Case> {
    let expired = || json!({"exp": NOW - 1});
    let bad = |token: String| format!("{}A", &token[..token.len() - 1]);
    vec![
        row("expired-and-signature-bad", "signature_invalid", None)
            .token(bad(crate::cases::forge::paid(claims(expired())))),
        row("expired-and-aud-bad", "aud_unexpected", Some("aud"))
            .paid(claims(json!({"exp": NOW - 1, "aud": "x"}))),
        row("expired-and-not-yet-valid", "not_yet_valid", Some("nbf"))
            .paid(claims(json!({"exp": NOW - 1, "nbf": NOW + 1}))),
        row("expired-and-issued-in-future", "issued_in_future", Some("iat"))
            .paid(claims(json!({"exp": NOW - 1, "iat": NOW + 1}))),
        row("expired-and-too-old", "too_old", Some("iat"))
            .paid(claims(json!({"exp": NOW - 1})))
            .policy(json!({"max_age": 1})),
        row("expired-and-claim-missing", "claim_missing", Some("x"))
            .paid(claims(expired()))
            .policy(json!({"required": ["x"]})),
        row("not-allowed-and-kid-unknown", "alg_not_allowed", None)
            .headed(r#"{"alg":"ES256","kid":"nobody"}"#),
        row("typ-and-kid-unknown", "typ_missing", None)
            .headed(r#"{"alg":"EdDSA","kid":"nobody"}"#)
            .policy(json!({"typs": ["at+jwt"]})),
    ]
}

/// Settings that cannot mean what their author wanted.
fn misuse() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, code, policy) in [
        ("no-algorithm", "algorithms_empty", json!({"algorithms": []})),
        ("audience-and-any", "policy_invalid", json!({"audiences": ["a"], "any_audience": true})),
        ("empty-audience", "policy_invalid", json!({"audiences": ["a", ""]})),
        ("empty-required", "policy_invalid", json!({"required": [""]})),
        ("empty-scope", "policy_invalid", json!({"scopes": [""]})),
        ("scope-with-space", "policy_invalid", json!({"scopes": ["read write"]})),
        ("empty-typ", "policy_invalid", json!({"typs": [""]})),
        ("empty-issuer", "policy_invalid", json!({"issuers": [""]})),
        ("issuer-twice", "issuer_repeated", json!({"issuers": [ISSUER, ISSUER]})),
        ("issuer-required", "issuer_required", json!({"issuer_required": true})),
    ] {
        cases.push(row(&format!("policy-{slug}"), code, None).policy(policy));
    }
    cases
}
