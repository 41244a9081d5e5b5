//! Keys that must be refused, each with its exact code and member.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use cases::keys::{b64, bare, der_of, member, oct, private, public, rsa_1024, spki_pem, with};
use jot::{Alg, Code, Error, KeyOptions, KeySet, SigningKey, VerifyingKey};
use serde_json::{Value, json};

fn from_jwk(jwk: &Value) -> Result<VerifyingKey, Error> {
    VerifyingKey::from_jwk(jwk.to_string().as_bytes(), &KeyOptions::default())
}

/// The code and the member at fault.
#[track_caller]
fn assert_refused(read: Result<VerifyingKey, Error>, code: Code, member: Option<&str>) {
    let error = read.unwrap_err();
    assert_eq!((error.code(), error.member()), (code, member));
}

fn from_secret(secret: &[u8], options: &KeyOptions) -> Result<VerifyingKey, Error> {
    VerifyingKey::from_secret(secret, options)
}

#[test]
fn secret_is_refused_when_it_is_the_text_of_any_key() {
    let weak = KeyOptions::default().allow_weak_keys();
    for kid in ["rsa", "p256", "p384", "p521", "secp256k1", "ed25519", "ml-dsa-44"] {
        let (pem, jwk) = (spki_pem(kid), public(kid).to_string());
        let private_pem = SigningKey::from_jwk(private(kid).to_string().as_bytes(), &KeyOptions::default());
        let texts = [
            pem.clone(),
            private_pem.unwrap().to_pem().unwrap(),
            jwk.clone(),
            json!({"keys": [public(kid)]}).to_string(),
        ];
        for text in texts {
            for lead in ["", " ", "\n", "\r\n\t", "\u{feff}", "\0"] {
                let text = format!("{lead}{text}");
                for options in [&KeyOptions::default(), &weak] {
                    assert_refused(from_secret(text.as_bytes(), options), Code::KeySecretIsKeyText, None);
                }
                // A JWK around it changes nothing.
                let wrapped = oct(None, text.as_bytes());
                assert_refused(from_jwk(&wrapped), Code::KeySecretIsKeyText, None);
            }
            let crlf = text.replace('\n', "\r\n");
            assert_refused(from_secret(crlf.as_bytes(), &weak), Code::KeySecretIsKeyText, None);
        }
        let der = der_of(&pem);
        assert_refused(from_secret(&der, &weak), Code::KeySecretIsKeyText, None);
    }
}

#[test]
fn secret_is_refused_when_it_is_an_ssh_key() {
    for text in
        ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ user@host", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA x"]
    {
        assert_refused(from_secret(text.as_bytes(), &KeyOptions::default()), Code::KeySecretIsKeyText, None);
    }
}

#[test]
fn secret_is_refused_when_it_is_empty_or_short() {
    let default = KeyOptions::default();
    for (alg, least) in [(Alg::HS256, 32), (Alg::HS384, 48), (Alg::HS512, 64)] {
        let options = default.clone().alg(alg);
        assert_refused(from_secret(&vec![1; least - 1], &options), Code::KeySecretTooShort, None);
        assert!(from_secret(&vec![1; least], &options).unwrap().algorithms().contains(alg));
        assert_refused(from_secret(b"", &options.clone().allow_weak_keys()), Code::KeySecretTooShort, None);
        assert!(from_secret(b"1", &options.allow_weak_keys()).is_ok());
    }
    assert_refused(from_secret(&[1; 64], &default.alg(Alg::RS256)), Code::KeyAlgMismatch, None);
}

#[test]
fn secret_is_bound_to_the_hashes_that_are_no_longer_than_it() {
    for (bytes, algorithms) in [
        (32, &[Alg::HS256][..]),
        (47, &[Alg::HS256]),
        (48, &[Alg::HS256, Alg::HS384]),
        (63, &[Alg::HS256, Alg::HS384]),
    ] {
        let key = from_secret(&vec![1; bytes], &KeyOptions::default()).unwrap();
        assert_eq!(key.algorithms(), algorithms.iter().copied().collect(), "{bytes} bytes");
    }
}

#[test]
fn key_is_bound_to_its_alg_when_it_names_one() {
    for alg in Alg::ALL.iter().copied().filter(|alg| !matches!(alg, Alg::MlDsa65 | Alg::MlDsa87)) {
        let bound = cases::keys::verifying(&cases::keys::key_of(alg)).algorithms();
        // EdDSA is an old name of Ed25519 and takes both.
        let names: &[Alg] = if alg == Alg::EdDSA { &[Alg::EdDSA, Alg::Ed25519] } else { &[alg] };
        assert_eq!(bound, names.iter().copied().collect(), "{alg}");
    }
}

#[test]
fn key_is_never_bound_to_another_type_when_it_names_no_alg() {
    for kid in ["hs512", "rsa", "p256", "p384", "p521", "secp256k1", "ed25519"] {
        let key = cases::keys::verifying(&bare(kid));
        assert_eq!(key.algorithms(), key.key_type().algorithms(), "{kid}");
        assert!(key.algorithms().iter().all(|alg| alg.key_type() == key.key_type()));
    }
}

#[test]
fn rsa_key_is_refused_when_it_is_weak() {
    assert_refused(from_jwk(&rsa_1024()), Code::KeyRsaTooShort, None);
    let weak = KeyOptions::default().allow_weak_keys();
    let key = VerifyingKey::from_jwk(rsa_1024().to_string().as_bytes(), &weak).unwrap();
    assert_eq!(key.algorithms(), [Alg::RS256, Alg::RS512].into_iter().collect());
    let pem = key.to_pem().unwrap();
    assert_refused(
        VerifyingKey::from_pem(pem.as_bytes(), &KeyOptions::default()),
        Code::KeyRsaTooShort,
        None,
    );
    assert_refused(VerifyingKey::from_der(&der_of(&pem), &KeyOptions::default()), Code::KeyRsaTooShort, None);
}

#[test]
fn rsa_key_is_refused_when_its_numbers_are_unsound() {
    let mut even = member(&public("rsa"), "n");
    *even.last_mut().unwrap() &= 0xfe;
    assert_refused(from_jwk(&with(public("rsa"), json!({"n": b64(&even)}))), Code::KeyRsaModulus, None);
    for exponent in [&[1][..], &[2], &[4], &[1, 0, 0], &[2, 0, 0, 0, 1], &[0xff; 9]] {
        let jwk = with(public("rsa"), json!({"e": b64(exponent)}));
        assert_refused(from_jwk(&jwk), Code::KeyRsaExponent, None);
    }
    for exponent in [&[3][..], &[17], &[1, 0, 1], &[1, 0, 0, 0, 1]] {
        assert!(from_jwk(&with(public("rsa"), json!({"e": b64(exponent)}))).is_ok(), "{exponent:?}");
    }
}

#[test]
fn key_is_refused_when_it_is_meant_for_something_else() {
    for (members, code, member) in [
        (json!({"use": "enc"}), Code::KeyUseNotSignature, "use"),
        (json!({"use": ""}), Code::KeyUseNotSignature, "use"),
        (json!({"use": ["sig"]}), Code::KeyMemberInvalid, "use"),
        (json!({"key_ops": ["encrypt", "wrapKey"]}), Code::KeyOpsNotAllowed, "key_ops"),
        (json!({"key_ops": ["Verify"]}), Code::KeyOpsNotAllowed, "key_ops"),
        (json!({"key_ops": []}), Code::KeyOpsNotAllowed, "key_ops"),
        (json!({"key_ops": {"verify": 1}}), Code::KeyMemberInvalid, "key_ops"),
        (json!({"key_ops": ["verify", "sign", "verify"]}), Code::KeyMemberInvalid, "key_ops"),
    ] {
        assert_refused(from_jwk(&with(public("p256"), members)), code, Some(member));
    }
    let both = json!({"use": "sig", "key_ops": ["sign", "verify"]});
    assert!(from_jwk(&with(public("p256"), both)).is_ok());
}

#[test]
fn jwk_is_refused_when_a_member_is_missing_or_of_another_type() {
    for (kid, names) in [
        ("hs256", &["kty", "k"][..]),
        ("rsa", &["kty", "n", "e"]),
        ("p256", &["kty", "crv", "x", "y"]),
        ("ed25519", &["kty", "crv", "x"]),
        ("ml-dsa-44", &["kty", "alg", "pub"]),
    ] {
        for name in names.iter().copied() {
            assert_refused(
                from_jwk(&with(public(kid), json!({ name: null }))),
                Code::KeyMemberMissing,
                Some(name),
            );
            for value in [json!(1), json!([]), json!({}), json!(true)] {
                let jwk = with(public(kid), json!({ name: value }));
                assert_refused(from_jwk(&jwk), Code::KeyMemberInvalid, Some(name));
            }
            let null = public(kid).to_string().replacen(
                &format!("\"{name}\":\""),
                &format!("\"{name}\":null,\"_\":\""),
                1,
            );
            let read = VerifyingKey::from_jwk(null.as_bytes(), &KeyOptions::default());
            assert_refused(read, Code::KeyMemberInvalid, Some(name));
        }
        for value in [json!(7), json!({"a": 1}), json!(["k"]), json!(true)] {
            let jwk = with(public(kid), json!({ "kid": value }));
            assert_refused(from_jwk(&jwk), Code::KeyMemberInvalid, Some("kid"));
        }
    }
}

#[test]
fn jwk_is_refused_when_a_number_is_not_strict_base64url_of_its_size() {
    for (kid, name) in [
        ("p256", "x"),
        ("p256", "y"),
        ("p521", "x"),
        ("secp256k1", "y"),
        ("ed25519", "x"),
        ("ml-dsa-44", "pub"),
    ] {
        let text = public(kid)[name].as_str().unwrap().to_owned();
        let bytes = member(&public(kid), name);
        let shorter = b64(&bytes[1..]);
        let longer = b64(&[&[0], bytes.as_slice()].concat());
        for value in [
            format!("{text}="),
            format!("{text} "),
            format!("{text}\n"),
            shorter,
            longer,
            String::new(),
            "+/".into(),
        ] {
            let jwk = with(public(kid), json!({ name: value }));
            assert_refused(from_jwk(&jwk), Code::KeyMemberInvalid, Some(name));
        }
    }
}

#[test]
fn ec_key_is_refused_when_its_point_is_not_on_its_curve() {
    for kid in ["p256", "p384", "p521", "secp256k1"] {
        let key = public(kid);
        let size = member(&key, "x").len();
        let mut off = member(&key, "y");
        off[size - 1] ^= 1;
        for members in [
            json!({"y": b64(&off)}),
            json!({"x": b64(&vec![0; size]), "y": b64(&vec![0; size])}),
            json!({"x": b64(&vec![0xff; size]), "y": b64(&vec![0xff; size])}),
            json!({"x": key["y"], "y": key["x"]}),
        ] {
            assert_refused(from_jwk(&with(key.clone(), members)), Code::KeyInvalid, None);
        }
    }
    let moved = with(public("p256"), json!({"crv": "secp256k1", "alg": null}));
    assert_refused(from_jwk(&moved), Code::KeyInvalid, None);
}

#[test]
fn jwk_is_refused_when_it_is_no_object_with_unique_names() {
    let parse = |text: &[u8]| VerifyingKey::from_jwk(text, &KeyOptions::default());
    let repeated = public("ed25519").to_string().replacen('{', r#"{"kid":"x","#, 1);
    let escaped = public("ed25519").to_string().replacen('{', r#"{"\u006bty":"oct","#, 1);
    let trailing = format!("{}x", public("ed25519"));
    for text in ["", "[]", "null", "\u{feff}\u{feff}{}", "{", &repeated, &escaped, &trailing] {
        assert_eq!(parse(text.as_bytes()).unwrap_err().code(), Code::KeyJson, "{text}");
    }
    assert_eq!(parse(b"{\"kty\":\"\xff\"}").unwrap_err().code(), Code::KeyJson);
    let deep = format!(r#"{{"kty":"OKP","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse(deep.as_bytes()).unwrap_err().code(), Code::KeyJson);
    assert_refused(parse(b"{}"), Code::KeyMemberMissing, Some("kty"));
    assert_refused(from_jwk(&json!({"kty": "rsa"})), Code::KeyTypeUnknown, Some("kty"));
}

#[test]
fn key_is_refused_when_the_options_name_another_alg() {
    let es256 = KeyOptions::default().alg(Alg::ES256);
    let jwk = |kid: &str| VerifyingKey::from_jwk(public(kid).to_string().as_bytes(), &es256);
    assert!(jwk("p256").is_ok());
    assert_refused(jwk("p384"), Code::KeyAlgMismatch, Some("alg"));
    for kid in ["rsa", "p384", "ed25519"] {
        assert_refused(VerifyingKey::from_pem(spki_pem(kid).as_bytes(), &es256), Code::KeyAlgMismatch, None);
    }
}

#[test]
fn key_set_is_refused_when_it_holds_no_usable_key() {
    let read = |text: &str| KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).map(|set| set.len());
    let enc = with(public("rsa"), json!({"use": "enc"}));
    for text in
        [json!({"keys": []}), json!({"keys": [1, null, "x", []]}), json!({ "keys": [enc, rsa_1024()] })]
    {
        assert_eq!(read(&text.to_string()).unwrap_err().code(), Code::KeySetEmpty);
    }
    let missing = read("{}").unwrap_err();
    assert_eq!((missing.code(), missing.error().member()), (Code::KeyMemberMissing, Some("keys")));
    let invalid = read(r#"{"keys":{}}"#).unwrap_err();
    assert_eq!((invalid.code(), invalid.error().member()), (Code::KeyMemberInvalid, Some("keys")));
    assert_eq!(read("<html>").unwrap_err().code(), Code::KeyTextIsPage);
    for text in ["", "[]", r#"{"keys":[{"kty":"#, r#"{"keys":[],"keys":[]}"#] {
        assert_eq!(read(text).unwrap_err().code(), Code::KeyJson, "{text}");
    }
}

#[test]
fn key_set_skips_a_key_and_says_why_when_it_cannot_be_used() {
    let rows = [
        (public("ed25519"), None),
        (with(public("rsa"), json!({"use": "enc"})), Some(Code::KeyUseNotSignature)),
        (rsa_1024(), Some(Code::KeyRsaTooShort)),
        (json!(1), Some(Code::KeyJson)),
        (oct(None, b""), Some(Code::KeySecretTooShort)),
        (with(public("ed25519"), json!({"crv": "X25519"})), Some(Code::KeyCurveUnknown)),
        (json!({"kty": "oct", "kid": 7, "k": ""}), Some(Code::KeyMemberInvalid)),
        (public("p256"), None),
    ];
    let keys: Vec<&Value> = rows.iter().map(|row| &row.0).collect();
    let set =
        KeySet::from_jwks(json!({ "keys": keys }).to_string().as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!(set.len(), 2);
    let skipped: Vec<_> = set.skipped().iter().map(|key| (key.index(), key.error().code())).collect();
    let expected: Vec<_> = rows.iter().enumerate().filter_map(|(index, row)| Some((index, row.1?))).collect();
    assert_eq!(skipped, expected);
    assert_eq!(set.skipped()[0].kid(), Some("rsa"));
}
