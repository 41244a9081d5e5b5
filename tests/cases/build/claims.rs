//! Lines 57 to 61: aud, iss, required claims and their types.

use jot::Alg;
use serde_json::{Value, json};

use crate::cases::forge::{ISSUER, claims, claims_raw, header, plain_claims, token};
use crate::cases::keys::{public, with};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = audiences();
    cases.extend(issuers());
    cases.extend(issuer_keys());
    cases.extend(required());
    cases.extend(types());
    cases
}

fn audiences() -> Vec<Case> {
    let wanted = || json!({"audiences": ["https://api.example"]});
    let mut cases = Vec::new();
    for (slug, aud) in [
        ("prefix", r#""https://api.example.attacker.example""#),
        ("shorter", r#""https://api""#),
        ("other-casing", r#""https://API.example""#),
        ("trailing-slash", r#""https://api.example/""#),
        ("space-behind", r#""https://api.example ""#),
        ("nul-behind", r#""https://api.example\u0000""#),
        ("empty", r#""""#),
        ("empty-array", "[]"),
        ("array-of-others", r#"["https://a.example","https://b.example"]"#),
        ("joined", r#""https://a.example https://api.example""#),
        ("joined-by-comma", r#""https://a.example,https://api.example""#),
        ("wildcard", r#""*""#),
    ] {
        let case =
            refused(57, &format!("aud-{slug}"), "one audience is exactly ours", "aud_mismatch").claim("aud");
        cases.push(case.paid(claims_raw("aud", aud)).policy(wanted()));
    }
    for (slug, aud) in [
        ("nested-array", r#"[["https://api.example"]]"#),
        ("number", "1"),
        ("null", "null"),
        ("object", r#"{"https://api.example":true}"#),
        ("boolean", "true"),
        ("array-with-null", r#"["https://api.example",null]"#),
        ("array-with-number", r#"["https://api.example",1]"#),
    ] {
        for (place, policy) in [("", wanted()), ("-and-any", json!({"any_audience": true}))] {
            let slug = format!("aud-{slug}{place}");
            let case = refused(57, &slug, "a string or an array of strings", "aud_invalid").claim("aud");
            cases.push(case.paid(claims_raw("aud", aud)).policy(policy));
        }
    }
    for (slug, aud, policy) in [
        ("string", r#""https://api.example""#, wanted()),
        ("array", r#"["https://a.example","https://api.example"]"#, wanted()),
        ("escaped", r#""https:\/\/api.example""#, wanted()),
        ("second-of-ours", r#""b""#, json!({"audiences": ["a", "b"]})),
        ("any", r#""whoever""#, json!({"any_audience": true})),
        ("any-of-none", "[]", json!({"any_audience": true})),
    ] {
        let case = accepted(57, &format!("aud-{slug}"), "one audience is ours, or any will do");
        cases.push(case.paid(claims_raw("aud", aud)).policy(policy));
    }
    for (slug, aud) in [("string", r#""https://api.example""#), ("array", r#"["a"]"#), ("empty-array", "[]")]
    {
        let slug = format!("aud-unexpected-{slug}");
        let case =
            refused(57, &slug, "a token for somebody, and we are nobody", "aud_unexpected").claim("aud");
        cases.push(case.paid(claims_raw("aud", aud)));
    }
    cases.extend([
        refused(57, "aud-missing", "a token for nobody", "aud_missing").claim("aud").policy(wanted()),
        accepted(57, "aud-missing-and-any", "any will do, none too").policy(json!({"any_audience": true})),
    ]);
    cases
}

fn issuers() -> Vec<Case> {
    let wanted = || json!({"issuers": [ISSUER]});
    let mut cases = vec![
        accepted(58, "iss-exact", "the issuer").policy(wanted()),
        accepted(58, "iss-escaped", "escapes are resolved")
            .paid(claims_raw("iss", r#""https:\/\/issuer.example""#))
            .policy(wanted()),
        refused(58, "iss-missing", "no issuer", "iss_missing")
            .claim("iss")
            .paid(claims(json!({"iss": null})))
            .policy(wanted()),
        accepted(58, "iss-missing-and-any", "keys for any issuer").paid(claims(json!({"iss": null}))),
        accepted(58, "iss-another-and-any", "keys for any issuer")
            .paid(claims(json!({"iss": "https://other.example"}))),
    ];
    for (slug, iss) in [
        ("prefix", "https://issuer.example.attacker.example"),
        ("shorter", "https://issuer"),
        ("other-casing", "https://Issuer.example"),
        ("trailing-slash", "https://issuer.example/"),
        ("other-scheme", "http://issuer.example"),
        ("port", "https://issuer.example:443"),
        ("space-behind", "https://issuer.example "),
        ("empty", ""),
    ] {
        let case = refused(58, &format!("iss-{slug}"), "exactly the issuer", "iss_mismatch").claim("iss");
        cases.push(case.paid(claims(json!({ "iss": iss }))).policy(wanted()));
    }
    for (slug, iss) in
        [("array", r#"["https://issuer.example"]"#), ("number", "1"), ("null", "null"), ("object", "{}")]
    {
        for (place, policy) in [("", wanted()), ("-and-any", json!({}))] {
            let slug = format!("iss-{slug}{place}");
            let case = refused(58, &slug, "an issuer is a string", "iss_invalid").claim("iss");
            cases.push(case.paid(claims_raw("iss", iss)).policy(policy));
        }
    }
    cases
}

/// Two issuers, each with a key of its own; both call it `k` if `same`.
fn two(same: bool) -> Value {
    let key = |kid: &str| with(public(kid), if same { json!({"kid": "k"}) } else { json!({}) });
    json!({"https://a.example": {"keys": [key("ed25519")]}, "https://b.example": {"keys": [key("ed25519-2")]}})
}

fn issuer_keys() -> Vec<Case> {
    let made = |kid: &str, header: &str, iss: &Value| {
        let text = claims(json!({"iss": iss}));
        token(Alg::EdDSA, kid, header, text)
    };
    let (a, b) = (json!("https://a.example"), json!("https://b.example"));
    let k = r#"{"alg":"EdDSA","kid":"k"}"#;
    let none = r#"{"alg":"EdDSA"}"#;
    let why = "an issuer's keys verify that issuer's tokens alone";
    let mut cases = vec![
        accepted(59, "a-by-a", "each its own").token(made("ed25519", k, &a)).issuer_keys(two(true)),
        accepted(59, "b-by-b", "each its own").token(made("ed25519-2", k, &b)).issuer_keys(two(true)),
        refused(59, "b-by-a-with-one-kid", why, "signature_invalid")
            .token(made("ed25519", k, &b))
            .issuer_keys(two(true)),
        refused(59, "a-by-b-with-one-kid", why, "signature_invalid")
            .token(made("ed25519-2", k, &a))
            .issuer_keys(two(true)),
        refused(59, "b-by-a-without-kid", why, "signature_invalid")
            .token(made("ed25519", none, &b))
            .issuer_keys(two(true)),
        refused(59, "b-by-a-with-own-kid", why, "kid_unknown")
            .token(made("ed25519", &header(Alg::EdDSA), &b))
            .issuer_keys(two(false)),
    ];
    let unknown = "nobody's keys belong to that issuer";
    for (slug, iss) in [
        ("another", json!("https://c.example")),
        ("missing", Value::Null),
        ("array", json!(["https://a.example"])),
        ("number", json!(1)),
        ("prefix", json!("https://a.example/")),
        ("empty", json!("")),
    ] {
        let case = refused(59, &format!("iss-{slug}-among-two"), unknown, "issuer_unknown");
        cases.push(case.token(made("ed25519", k, &iss)).issuer_keys(two(true)));
    }
    let case = refused(59, "payload-no-json-among-two", unknown, "issuer_unknown");
    cases.push(case.token(token(Alg::EdDSA, "ed25519", k, "alice")).issuer_keys(two(true)));
    // The first one chooses the keys, and the claims as a whole are refused.
    let twice = r#"{"iss":"https://a.example","iss":"https://b.example"}"#;
    let case = refused(59, "payload-repeated-among-two", "a member stands once", "claims_repeated").signed();
    cases.push(case.token(token(Alg::EdDSA, "ed25519", k, twice)).issuer_keys(two(true)));
    cases
}

fn required() -> Vec<Case> {
    let needs = |name: &str| json!({ "required": [name] });
    vec![
        refused(60, "absent", "a demanded claim", "claim_missing").claim("tenant").policy(needs("tenant")),
        refused(60, "null", "null is as good as absent", "claim_missing")
            .claim("tenant")
            .paid(claims_raw("tenant", "null"))
            .policy(needs("tenant")),
        refused(60, "other-casing", "names are compared exactly", "claim_missing")
            .claim("tenant")
            .paid(claims_raw("Tenant", "1"))
            .policy(needs("tenant")),
        refused(60, "only-nested", "at the top", "claim_missing")
            .claim("tenant")
            .paid(claims_raw("x", r#"{"tenant":1}"#))
            .policy(needs("tenant")),
        refused(60, "second-of-two", "every one of them", "claim_missing")
            .claim("tenant")
            .policy(json!({"required": ["sub", "tenant"]})),
        refused(60, "jti", "also a registered one", "claim_missing").claim("jti").policy(needs("jti")),
        refused(60, "exp-although-optional", "what is demanded is not optional", "claim_missing")
            .claim("exp")
            .paid(claims(json!({"exp": null})))
            .policy(json!({"required": ["exp"], "allow_missing_exp": true})),
        accepted(60, "present", "whatever it is").paid(claims_raw("tenant", "false")).policy(needs("tenant")),
        accepted(60, "present-and-empty", "even empty")
            .paid(claims_raw("tenant", r#""""#))
            .policy(needs("tenant")),
        accepted(60, "null-and-not-demanded", "nobody asks").paid(claims_raw("tenant", "null")),
    ]
}

fn types() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in ["sub", "jti"] {
        for (slug, value) in [
            ("number", "7"),
            ("null", "null"),
            ("array", r#"["alice"]"#),
            ("object", "{}"),
            ("boolean", "true"),
        ] {
            let code = format!("{name}_invalid");
            let case = refused(61, &format!("{name}-{slug}"), "a string, demanded or not", &code).claim(name);
            cases.push(case.paid(claims_raw(name, value)));
        }
        cases.push(accepted(61, &format!("{name}-string"), "a string").paid(claims_raw(name, r#""x""#)));
    }
    cases.push(
        refused(61, "sub-number-although-expired", "types before dates", "sub_invalid")
            .claim("sub")
            .paid(with(plain_claims(), json!({"sub": 1, "exp": 1})).to_string()),
    );
    cases
}
