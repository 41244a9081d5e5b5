//! Lines 1 to 13: the algorithm and the key it is meant for.

use jot::Alg;
use serde_json::{Value, json};

use crate::cases::forge::{good, headed, header, plain_claims, seal, token, unsigned};
use crate::cases::keys::{b64, bare, der_of, key_of, mac, member, public, spki_pem, with};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = unsecured();
    cases.extend(names());
    cases.extend(secrets_made_of_public_keys());
    cases.extend(widening());
    cases.extend(disagreement());
    cases.extend(other_curves());
    cases
}

fn plain() -> String {
    plain_claims().to_string()
}

fn unsecured() -> Vec<Case> {
    let header = r#"{"alg":"none"}"#;
    let mut cases = vec![
        refused(1, "none-without-signature", "an unsecured JWT is no signed one", "alg_none")
            .token(unsigned(header, plain(), b"")),
        refused(1, "none-with-signature", "a signature does not make none an algorithm", "alg_none")
            .token(headed(r#"{"alg":"none","kid":"ed25519"}"#)),
        refused(1, "none-with-typ-and-kid", "other Header Parameters do not help", "alg_none")
            .token(unsigned(r#"{"typ":"JWT","alg":"none","kid":"ed25519"}"#, plain(), b"")),
        accepted(1, "eddsa", "the same claims, signed"),
    ];
    for name in ["nOnE", "NONE", "None", "nonE"] {
        let case = refused(2, &format!("none-as-{name}"), "none in another casing is none", "alg_none");
        cases.push(case.token(unsigned(format!(r#"{{"alg":"{name}"}}"#), plain(), b"")));
    }
    for (slug, name) in [("space-none", " none"), ("none-space", "none "), ("none-nul", "none\\u0000")] {
        let case = refused(2, slug, "what is not quite none is no algorithm either", "alg_unknown");
        cases.push(case.token(unsigned(format!(r#"{{"alg":"{name}"}}"#), plain(), b"")));
    }
    cases
}

fn names() -> Vec<Case> {
    let mut cases =
        vec![refused(3, "missing", "a header without alg", "alg_missing").headed(r#"{"kid":"ed25519"}"#)];
    for (slug, value) in [
        ("null", "null"),
        ("number", "1"),
        ("array", r#"["EdDSA"]"#),
        ("object", r#"{"name":"EdDSA"}"#),
        ("boolean", "true"),
    ] {
        let case = refused(3, slug, "alg is a string", "alg_invalid");
        cases.push(case.headed(format!(r#"{{"alg":{value},"kid":"ed25519"}}"#)));
    }
    for name in [
        "",
        "eddsa",
        "EDDSA",
        "EdDSA ",
        " EdDSA",
        "EdDSA\\u0000",
        "Ed448",
        "ESP256",
        "HS1",
        "RS1",
        "HS2560",
        "A128KW",
        "RSA-OAEP",
        "dir",
        "HMAC",
        "SHA256",
    ] {
        let slug = if name.is_empty() { "empty".to_owned() } else { name.replace([' ', '\\'], "-") };
        let case = refused(4, &slug, "alg is one of the known names exactly", "alg_unknown");
        cases.push(case.headed(format!(r#"{{"alg":"{name}","kid":"ed25519"}}"#)));
    }
    cases.push(
        accepted(4, "escaped-name", "escapes are resolved before alg is compared")
            .headed(r#"{"alg":"\u0045dDSA","kid":"ed25519"}"#),
    );
    cases
}

/// A token of HS256 whose secret is `secret`.
fn macced(secret: &[u8]) -> String {
    let input = format!("{}.{}", b64(br#"{"alg":"HS256"}"#), b64(plain().as_bytes()));
    format!("{input}.{}", b64(&mac(Alg::HS256, secret, input.as_bytes())))
}

fn secrets_made_of_public_keys() -> Vec<Case> {
    let pem = spki_pem("rsa");
    let jwk = bare("rsa");
    let both = ["HS256", "RS256"];
    let mut cases = vec![
        refused(5, "rsa-pem-as-secret", "a public PEM is no secret", "key_secret_is_key_text")
            .token(macced(pem.as_bytes()))
            .secret(pem.as_bytes())
            .allow(&both),
        refused(5, "hs256-under-rsa-pem", "a public key is never taken for a secret", "key_not_for_alg")
            .token(macced(pem.as_bytes()))
            .pem(&pem)
            .allow(&both),
        accepted(5, "rs256-under-rsa-pem", "the same key for what it is")
            .token(good(Alg::RS256))
            .pem(&pem)
            .allow(&both),
        refused(5, "ec-pem-as-secret", "nor is that of another type", "key_secret_is_key_text")
            .token(macced(spki_pem("p256").as_bytes()))
            .secret(spki_pem("p256").as_bytes())
            .allow(&both),
        refused(5, "rsa-der-as-secret", "nor is its DER", "key_secret_is_key_text")
            .token(macced(&der_of(&pem)))
            .secret(&der_of(&pem))
            .allow(&both),
    ];
    for (slug, text) in [
        ("leading-space", format!("  {pem}")),
        ("leading-newline", format!("\n{pem}")),
        ("crlf", format!("\r\n{}", pem.replace('\n', "\r\n"))),
        ("byte-order-mark", format!("\u{feff}{pem}")),
        ("trailing-space", format!("{pem}  \n")),
        ("a-line-before", format!("the key of the issuer\n{pem}")),
        ("without-newlines", pem.replace('\n', "")),
    ] {
        let case = refused(6, slug, "white space does not make a PEM a secret", "key_secret_is_key_text");
        cases.push(case.token(macced(text.as_bytes())).secret(text.as_bytes()).allow(&both));
    }
    for (slug, text) in [
        ("jwk", jwk.to_string()),
        ("jwk-with-space", format!("\r\n {jwk}")),
        ("jwk-set", json!({"keys": [jwk]}).to_string()),
        ("array-of-jwks", json!([jwk]).to_string()),
        ("jwk-with-escaped-name", jwk.to_string().replace(r#""kty""#, r#""\u006bty""#)),
    ] {
        let case = refused(7, slug, "the text of a JWK is no secret", "key_secret_is_key_text");
        cases.push(case.token(macced(text.as_bytes())).secret(text.as_bytes()).allow(&both));
    }
    let wrapped = json!({"kty": "oct", "k": b64(pem.as_bytes())});
    cases.push(
        refused(7, "pem-inside-oct", "not even inside of a JWK", "key_secret_is_key_text")
            .token(macced(pem.as_bytes()))
            .jwk(wrapped)
            .allow(&both),
    );
    for (slug, secret) in [
        ("modulus", member(&jwk, "n")),
        ("modulus-text", jwk["n"].as_str().unwrap().as_bytes().to_vec()),
        ("jwk-text", jwk.to_string().into_bytes()),
        ("spki-der", der_of(&pem)),
        ("nothing", Vec::new()),
    ] {
        let case = refused(8, slug, "an RSA key without alg is still no secret", "key_not_for_alg");
        cases.push(case.token(macced(&secret)).keys([jwk.clone()]).allow(&both));
    }
    cases.push(accepted(8, "rs256", "what the key is for").token(good(Alg::RS256)).keys([jwk]).allow(&both));
    cases
}

fn widening() -> Vec<Case> {
    let unnamed = with(public("rsa"), json!({"alg": null}));
    let ps256 = good(Alg::PS256);
    let ed_only = with(public("ed25519"), json!({"alg": "Ed25519"}));
    let ed25519 = token(Alg::Ed25519, "ed25519", header(Alg::Ed25519), plain());
    let secret = with(public("hs256"), json!({"alg": null}));
    let hs512 = token(Alg::HS512, "hs256", r#"{"alg":"HS512","kid":"hs256"}"#, plain());
    vec![
        refused(9, "ps256-where-rs256-is-allowed", "the header chooses among the allowed", "alg_not_allowed")
            .token(ps256.clone())
            .keys([unnamed.clone()])
            .allow(&["RS256"]),
        accepted(9, "ps256-where-allowed", "a key without alg serves all of its type")
            .token(ps256.clone())
            .keys([unnamed])
            .allow(&["RS256", "PS256"]),
        refused(9, "ps256-with-key-of-rs256", "the key's alg binds it", "key_not_for_alg")
            .token(ps256)
            .keys([public("rsa")])
            .allow(&["RS256", "PS256"]),
        refused(9, "hs256-with-ec-key", "a coordinate is no secret", "key_not_for_alg")
            .token(macced(&member(&bare("p256"), "x")))
            .keys([bare("p256")])
            .allow(&["HS256", "ES256"]),
        refused(9, "hs256-with-ed25519-key", "nor is an Ed25519 key", "key_not_for_alg")
            .token(macced(&member(&bare("ed25519"), "x")))
            .keys([bare("ed25519")])
            .allow(&["HS256", "EdDSA"]),
        refused(9, "hs512-with-32-bytes", "a secret serves only hashes as long as it", "key_not_for_alg")
            .token(hs512)
            .keys([secret])
            .allow(&["HS256", "HS512"]),
        refused(9, "eddsa-with-key-of-ed25519", "the full name takes itself alone", "key_not_for_alg")
            .keys([ed_only.clone()]),
        accepted(9, "ed25519-with-key-of-ed25519", "EdDSA in the policy takes both names")
            .token(ed25519.clone())
            .keys([ed_only]),
        accepted(9, "ed25519-with-key-of-eddsa", "EdDSA of a key takes both names").token(ed25519.clone()),
        refused(9, "eddsa-where-ed25519-is-allowed", "Ed25519 takes that name alone", "alg_not_allowed")
            .allow(&["Ed25519"]),
        accepted(9, "ed25519-where-allowed", "and that name it takes").token(ed25519).allow(&["Ed25519"]),
    ]
}

fn disagreement() -> Vec<Case> {
    let flattened = json!({
        "payload": b64(plain().as_bytes()), "header": {"alg": "none"}, "signature": "",
    });
    let dotted = format!("{{\"a\":\"{}\"}}", good(Alg::EdDSA));
    vec![
        refused(10, "es384-where-es256-is-allowed", "the policy's list decides first", "alg_not_allowed")
            .token(good(Alg::ES384))
            .keys([key_of(Alg::ES384)])
            .allow(&["ES256"]),
        refused(10, "es256-with-key-of-es384", "then the key's own alg", "key_not_for_alg")
            .token(token(Alg::ES256, "p256", r#"{"alg":"ES256","kid":"p384"}"#, plain()))
            .keys([key_of(Alg::ES384), public("p256")])
            .allow(&["ES256"]),
        refused(10, "hs384-with-key-of-hs256", "also among secrets", "key_not_for_alg")
            .token(token(Alg::HS384, "hs256", r#"{"alg":"HS384","kid":"hs256"}"#, plain()))
            .keys([key_of(Alg::HS256)])
            .allow(&["HS256", "HS384"]),
        refused(10, "jwk-alg-of-another-type", "a JWK cannot claim another alg", "key_alg_mismatch")
            .token(good(Alg::RS256))
            .jwk(with(public("rsa"), json!({"alg": "HS256"})))
            .allow(&["RS256", "HS256"]),
        refused(10, "jwk-alg-of-encryption", "nor one that does not sign", "key_alg_unknown")
            .token(good(Alg::RS256))
            .jwk(with(public("rsa"), json!({"alg": "RSA-OAEP"})))
            .allow(&["RS256"]),
        refused(10, "jwk-alg-none", "least of all none", "key_alg_unknown")
            .token(good(Alg::RS256))
            .jwk(with(public("rsa"), json!({"alg": "none"})))
            .allow(&["RS256"]),
        refused(
            11,
            "flattened-with-alg-outside",
            "only the protected header counts",
            "token_json_serialization",
        )
        .token(flattened.to_string()),
        refused(11, "general-with-alg-outside", "in any JSON Serialization", "token_json_serialization")
            .token(
                json!({"payload": "", "signatures": [{"header": {"alg": "none"}, "signature": ""}]})
                    .to_string(),
            ),
        refused(11, "compact-inside-json", "a token inside of JSON is no token", "token_json_serialization")
            .token(dotted),
    ]
}

fn other_curves() -> Vec<Case> {
    let mut cases = Vec::new();
    let curves = [
        (Alg::ES256, Alg::ES384, "es256-with-p384-key"),
        (Alg::ES256, Alg::ES256K, "es256-with-secp256k1-key"),
        (Alg::ES256K, Alg::ES256, "es256k-with-p256-key"),
        (Alg::ES384, Alg::ES256, "es384-with-p256-key"),
        (Alg::ES384, Alg::ES512, "es384-with-p521-key"),
        (Alg::ES512, Alg::ES384, "es512-with-p384-key"),
        (Alg::ES256, Alg::EdDSA, "es256-with-ed25519-key"),
        (Alg::EdDSA, Alg::ES256, "eddsa-with-p256-key"),
        (Alg::MlDsa44, Alg::EdDSA, "ml-dsa-44-with-ed25519-key"),
    ];
    for (named, real, slug) in curves {
        let key = with(key_of(real), json!({"alg": null}));
        let kid = key["kid"].as_str().unwrap().to_owned();
        let header = format!(r#"{{"alg":"{}","kid":"{kid}"}}"#, named.name());
        let line = if named == Alg::EdDSA { 13 } else { 12 };
        let case = refused(line, slug, "an algorithm takes keys of its own curve", "key_not_for_alg");
        let token = seal(real, &kid, &b64(header.as_bytes()), &b64(plain().as_bytes()));
        cases.push(case.token(token).keys([key]).allow(&[named.name(), real.name()]));
    }
    for alg in [Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K, Alg::MlDsa44, Alg::PS256, Alg::HS512] {
        let case = accepted(12, &format!("{}-with-its-key", alg.name()), "each with its own key");
        cases.push(case.token(good(alg)).keys([key_of(alg)]).allow(&[alg.name()]));
    }
    cases.push(
        refused(12, "jwk-of-p384-for-es256", "a JWK's alg fits its curve", "key_alg_mismatch")
            .token(good(Alg::ES256))
            .jwk(with(public("p384"), json!({"alg": "ES256"})))
            .allow(&["ES256"]),
    );
    let okp = |crv: &str| -> Value { with(public("ed25519"), json!({ "crv": crv })) };
    for crv in ["X25519", "X448", "Ed448", "ed25519", "P-256"] {
        let slug = format!("okp-{crv}-key");
        let case = refused(13, &slug, "EdDSA takes Ed25519 keys alone", "key_curve_unknown");
        cases.push(case.jwk(okp(crv)));
    }
    cases.push(
        refused(13, "set-of-x25519-alone", "a set without any usable key", "key_set_empty")
            .keys([okp("X25519")]),
    );
    cases.push(
        accepted(13, "x25519-beside-ed25519", "a key that is not for signing spoils no set")
            .keys([okp("X25519"), public("ed25519")]),
    );
    cases
}
