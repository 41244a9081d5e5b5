//! Lines 23 to 29: keys that a token brings along, kid, and key sets.

use jot::Alg;
use serde_json::{Value, json};

use crate::cases::forge::{good, headed, plain_claims, segments, token};
use crate::cases::keys::{b64, bare, der_of, mac, oct, public, sha256, spki_pem, with};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = embedded();
    cases.extend(kids());
    cases.extend(sets());
    cases.extend(bounds());
    cases.extend(trials());
    cases
}

/// A token that names a key, signed with the key of somebody else.
fn attack(members: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA",{members}}}"#);
    token(Alg::EdDSA, "ed25519-2", header, plain_claims().to_string())
}

fn embedded() -> Vec<Case> {
    let jwk = bare("ed25519-2").to_string();
    let x5c = format!(r#"["{}"]"#, b64(&der_of(&spki_pem("ed25519-2"))));
    let thumbprint = b64(&sha256(jwk.as_bytes()));
    let mut cases = Vec::new();
    for (line, name, value) in [
        (23, "jwk", jwk),
        (24, "jku", r#""https://attacker.example/jwks.json""#.to_owned()),
        (24, "x5u", r#""https://attacker.example/cert.pem""#.to_owned()),
        (25, "x5c", x5c),
        (25, "x5t#S256", format!("\"{thumbprint}\"")),
    ] {
        let slug = name.replace('#', "-");
        let why = "a key that the token brings is never used";
        let members = format!("\"{name}\":{value}");
        let known = format!(r#"{members},"kid":"ed25519""#);
        let unknown = format!(r#"{members},"kid":"ed25519-2""#);
        cases.extend([
            refused(line, &format!("{slug}-without-kid"), why, "signature_invalid").token(attack(&members)),
            refused(line, &format!("{slug}-with-known-kid"), why, "signature_invalid").token(attack(&known)),
            refused(line, &format!("{slug}-with-unknown-kid"), why, "kid_unknown").token(attack(&unknown)),
            accepted(line, &format!("{slug}-passed-over"), "nor does it harm a good token")
                .headed(format!(r#"{{"alg":"EdDSA",{known}}}"#)),
        ]);
    }
    cases
}

fn kids() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, kid) in [
        ("traversal", "../../../../dev/null"),
        ("absolute-path", "/proc/sys/kernel/randomize_va_space"),
        ("sql", "x' UNION SELECT 'secret' --"),
        ("command", "ed25519; cat /etc/passwd |"),
        ("nul", "\\u0000"),
        ("nul-behind", "ed25519\\u0000"),
        ("space-behind", "ed25519 "),
        ("other-casing", "ED25519"),
        ("prefix", "ed2551"),
        ("empty", ""),
        ("another", "p256"),
    ] {
        let case = refused(26, slug, "a kid is compared and nothing else", "kid_unknown");
        cases.push(case.headed(format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#)));
    }
    for (slug, kid) in [
        ("object", r#"{"kid":"ed25519"}"#),
        ("number", "25519"),
        ("array", r#"["ed25519"]"#),
        ("null", "null"),
        ("boolean", "true"),
    ] {
        let case = refused(26, slug, "a kid is a string", "kid_invalid");
        cases.push(case.headed(format!(r#"{{"alg":"EdDSA","kid":{kid}}}"#)));
    }
    // 24 bytes, so that the repeated part begins where a group of base64url does.
    let head = b64(br#"{"alg":"EdDSA",  "kid":""#);
    let rest = format!("{}.{}.{}", b64(br#""}"#), b64(b"{}"), b64(&[0; 64]));
    let long = |times: u64| json!([head.clone(), {"repeat": b64(b"aaa"), "times": times}, rest.clone()]);
    cases.extend([
        refused(26, "of-a-megabyte", "too long before anything is looked at", "token_too_long")
            .parts(long(350_000)),
        refused(26, "of-a-megabyte-and-a-large-limit", "the header has its own limit", "header_too_long")
            .parts(long(350_000))
            .policy(json!({"token_bytes": 4_000_000})),
        refused(26, "of-a-megabyte-and-no-limit", "and at last it is no key's", "kid_unknown")
            .parts(long(350_000))
            .policy(json!({"token_bytes": 4_000_000, "header_bytes": 4_000_000})),
        accepted(26, "with-escape", "escapes are resolved before kids are compared")
            .headed(r#"{"alg":"EdDSA","kid":"\u0065d25519"}"#),
    ]);
    cases
}

fn sets() -> Vec<Case> {
    let rsa = with(public("rsa"), json!({"kid": "a", "alg": null}));
    let ed = with(public("ed25519"), json!({"kid": "a"}));
    let other = with(public("ed25519-2"), json!({"kid": "a"}));
    let header = r#"{"alg":"EdDSA","kid":"a"}"#;
    let pem = spki_pem("rsa");
    let input = format!("{}.{}", b64(br#"{"alg":"HS256","kid":"rsa"}"#), b64(b"{}"));
    let forged = format!("{input}.{}", b64(&mac(Alg::HS256, pem.as_bytes(), input.as_bytes())));
    let plain = plain_claims().to_string();
    vec![
        accepted(27, "second-of-two", "every key with the kid is tried")
            .headed(header)
            .keys([other.clone(), ed.clone()]),
        accepted(27, "of-another-type", "the alg chooses among keys with one kid")
            .headed(header)
            .keys([rsa.clone(), ed.clone()]),
        refused(27, "neither-of-two", "none of them verifies", "signature_invalid")
            .token(token(Alg::EdDSA, "ed25519", header, &plain))
            .keys([other.clone(), other]),
        refused(27, "all-of-another-type", "no key with the kid is for the alg", "key_not_for_alg")
            .headed(header)
            .keys([rsa]),
        refused(28, "rsa-pem-as-mac-secret", "the kid names an RSA key", "key_not_for_alg")
            .token(forged)
            .keys([public("hs256"), public("rsa")])
            .allow(&["HS256", "RS256"]),
        refused(28, "rsa-pem-as-mac-secret-without-kid", "only the secret is tried", "signature_invalid")
            .token(hs256(&[], pem.as_bytes()))
            .keys([public("hs256"), public("rsa")])
            .allow(&["HS256", "RS256"]),
        accepted(28, "hs256", "the secret for what it is")
            .token(good(Alg::HS256))
            .keys([public("rsa"), public("hs256")])
            .allow(&["HS256", "RS256"]),
        accepted(28, "rs256", "and the RSA key")
            .token(good(Alg::RS256))
            .keys([public("rsa"), public("hs256")])
            .allow(&["HS256", "RS256"]),
        accepted(28, "unusable-keys-beside", "what cannot be used spoils no set").keys([
            json!({"kty": "EC"}),
            json!(1),
            json!({"kty": "XYZ", "kid": "ed25519"}),
            public("ed25519"),
        ]),
    ]
}

/// A token of HS256 with these header members, under `secret`.
fn hs256(members: &[(&str, &str)], secret: &[u8]) -> String {
    let mut header = json!({"alg": "HS256"});
    for (name, value) in members {
        header[*name] = Value::from(*value);
    }
    let input =
        format!("{}.{}", b64(header.to_string().as_bytes()), b64(plain_claims().to_string().as_bytes()));
    format!("{input}.{}", b64(&mac(Alg::HS256, secret, input.as_bytes())))
}

/// Secrets with this kid, the right one, `[0; 32]`, at `place`.
fn row(count: u8, place: u8, kid: Option<&str>) -> Vec<Value> {
    (1..=count).map(|n| oct(kid, &[if n == place { 0 } else { n }; 32])).collect()
}

fn bounds() -> Vec<Case> {
    let mut cases = Vec::new();
    let members: [(u32, &str, Option<&str>); 2] = [(27, "same-kid", Some("k")), (29, "no-kid", None)];
    for (line, slug, kid) in members {
        let named: Vec<(&str, &str)> = kid.map(|kid| ("kid", kid)).into_iter().collect();
        let token = hs256(&named, &[0; 32]);
        let case = |count, place, slug: &str, code: &str| {
            let case = refused(line, slug, "at most eight keys are tried", code);
            case.token(token.clone()).keys(row(count, place, kid)).allow(&["HS256"])
        };
        cases.extend([
            case(8, 8, &format!("{slug}-eighth-of-eight"), "accepted"),
            case(9, 8, &format!("{slug}-eighth-of-nine"), "accepted"),
            case(9, 9, &format!("{slug}-ninth-of-nine"), "candidates_too_many"),
            case(9, 0, &format!("{slug}-none-of-nine"), "candidates_too_many"),
            case(8, 0, &format!("{slug}-none-of-eight"), "signature_invalid"),
            case(200, 200, &format!("{slug}-last-of-many"), "candidates_too_many"),
        ]);
    }
    // Keys of other types do not count.
    let mut mixed = vec![bare("rsa"), bare("p256"), bare("p384"), bare("ed25519")];
    mixed.extend(row(8, 8, None));
    cases.push(
        accepted(29, "others-do-not-count", "only keys that fit count")
            .token(hs256(&[], &[0; 32]))
            .keys(mixed)
            .allow(&["HS256", "RS256", "ES256", "EdDSA"]),
    );
    // Keys with the kid come first, however many without stand before them.
    let mut behind = row(8, 0, None);
    behind.push(oct(Some("k"), &[0; 32]));
    cases.push(
        accepted(29, "named-before-nameless", "keys with the kid are tried first")
            .token(hs256(&[("kid", "k")], &[0; 32]))
            .keys(behind)
            .allow(&["HS256"]),
    );
    cases
}

fn trials() -> Vec<Case> {
    let without = r#"{"alg":"EdDSA"}"#;
    let good = headed(without);
    let [head, payload, _] = segments(&good);
    let stranger = format!("{head}.{payload}.{}", b64(&[1; 64]));
    vec![
        accepted(29, "token-without-kid", "every key that fits is tried").headed(without).keys([
            public("ed25519-2"),
            public("rsa"),
            public("ed25519"),
        ]),
        refused(29, "token-without-kid-of-a-stranger", "and none verifies", "signature_invalid")
            .token(stranger)
            .keys([public("ed25519-2"), public("ed25519")]),
        refused(29, "token-without-kid-and-no-key", "or none fits", "key_not_for_alg")
            .headed(without)
            .keys([public("rsa"), public("p256")]),
        accepted(29, "key-without-kid", "a key without kid is a candidate for any token")
            .headed(r#"{"alg":"EdDSA","kid":"whatever"}"#)
            .keys([bare("ed25519"), public("ed25519-2")]),
        refused(29, "key-without-kid-is-another", "but it must verify", "signature_invalid")
            .headed(r#"{"alg":"EdDSA","kid":"whatever"}"#)
            .keys([bare("ed25519-2")]),
        refused(29, "key-without-kid-of-another-type", "and fit", "key_not_for_alg")
            .headed(r#"{"alg":"EdDSA","kid":"whatever"}"#)
            .keys([bare("p256")]),
        refused(29, "kid-of-nobody", "a set of named keys", "kid_unknown")
            .headed(r#"{"alg":"EdDSA","kid":"whatever"}"#)
            .keys([public("ed25519"), public("rsa")]),
        refused(29, "kid-of-another-key", "the kid binds the token to its keys", "signature_invalid")
            .headed(r#"{"alg":"EdDSA","kid":"ed25519-2"}"#)
            .keys([public("ed25519"), public("ed25519-2")]),
    ]
}
