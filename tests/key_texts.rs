//! Texts that stand in the place of a key are called what they are, by whoever
//! reads them, and a set without a usable key says what is wrong with each.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use base64_simd::STANDARD;
use cases::keys::{der_of, public, spki_pem};
use jot::{Code, KeyOptions, KeySet, SigningKey, VerifyingKey};

fn block(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode_to_string(der))
}

/// An element of DER; none here is longer than 255 bytes.
fn element(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u8::try_from(content.len()).unwrap();
    let head: &[u8] = if length < 0x80 { &[tag, length] } else { &[tag, 0x81, length] };
    [head, &content].concat()
}

/// What every reader says of a text.
fn codes(text: &[u8]) -> [Code; 8] {
    let options = KeyOptions::default();
    [
        KeySet::from_text(text, &options).unwrap_err().code(),
        KeySet::from_jwks(text, &options).unwrap_err().code(),
        KeySet::from_pem_bundle(text, &options).unwrap_err().code(),
        VerifyingKey::from_jwk(text, &options).unwrap_err().code(),
        VerifyingKey::from_pem(text, &options).unwrap_err().code(),
        VerifyingKey::from_der(text, &options).unwrap_err().code(),
        SigningKey::from_pem(text, &options).unwrap_err().code(),
        SigningKey::from_der(text, &options).unwrap_err().code(),
    ]
}

#[test]
fn text_is_named_by_every_reader_when_it_is_no_key_of_any_form() {
    let pem = spki_pem("p256");
    let der = der_of(&pem);
    let content = |last| element(0x30, &[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last]]);
    let wide = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { pem.encode_utf16().flat_map(unit).collect() };
    for (text, code) in [
        (b"<!DOCTYPE html><title>Log in</title>".to_vec(), Code::KeyTextIsPage),
        (b"\xef\xbb\xbf <?xml version=\"1.0\"?>".to_vec(), Code::KeyTextIsPage),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== a@b".to_vec(), Code::KeyTextIsSsh),
        (b"ecdsa-sha2-nistp256 AAAA".to_vec(), Code::KeyTextIsSsh),
        (
            b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----".to_vec(),
            Code::KeyTextIsSsh,
        ),
        (element(0x30, &[&[2, 1, 3], &content(1)]), Code::KeyTextIsPkcs12),
        (content(2), Code::KeyTextIsPkcs7),
        (STANDARD.encode_to_string(&der).into_bytes(), Code::KeyTextIsBase64),
        (STANDARD.encode_to_string(pem.as_bytes()).into_bytes(), Code::KeyTextIsBase64),
        (pem.replace("-----", "----").into_bytes(), Code::KeyPemDashes),
        (pem.replace("-----", "\u{2014}").into_bytes(), Code::KeyPemDashes),
        (pem.replace("-----", "\u{2013}-").into_bytes(), Code::KeyPemDashes),
        (pem.replace('\n', "\\n").into_bytes(), Code::KeyTextIsEscaped),
        (format!("\"{}\"", pem.replace('\n', "\\n")).into_bytes(), Code::KeyTextIsEscaped),
        (wide(u16::to_le_bytes), Code::KeyTextIsWide),
        (wide(u16::to_be_bytes), Code::KeyTextIsWide),
        ([b"\xff\xfe".to_vec(), wide(u16::to_le_bytes)].concat(), Code::KeyTextIsWide),
        (pem.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect(), Code::KeyTextIsWide),
    ] {
        assert_eq!(codes(&text), [code; 8], "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn text_is_named_when_it_is_a_key_of_another_form() {
    let options = KeyOptions::default();
    let (pem, jwk) = (spki_pem("p256"), public("p256").to_string());
    let der = der_of(&pem);
    let bundle = |text: &[u8]| KeySet::from_pem_bundle(text, &options).unwrap_err().code();
    let from_der = |text: &[u8]| VerifyingKey::from_der(text, &options).unwrap_err().code();
    let from_jwk = |text: &[u8]| VerifyingKey::from_jwk(text, &options).unwrap_err().code();
    assert_eq!((bundle(&der), from_jwk(&der)), (Code::KeyTextIsDer, Code::KeyTextIsDer));
    assert_eq!(
        (from_der(pem.as_bytes()), from_jwk(pem.as_bytes())),
        (Code::KeyTextIsPem, Code::KeyTextIsPem)
    );
    assert_eq!(
        (bundle(jwk.as_bytes()), from_der(jwk.as_bytes())),
        (Code::KeyTextIsJson, Code::KeyTextIsJson)
    );
}

#[test]
fn object_is_named_when_it_is_no_jwk_set() {
    let pem = spki_pem("p256");
    let map = serde_json::json!({"a": pem, "b": pem}).to_string();
    let discovery = r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/keys"}"#;
    let realm = r#"{"realm":"demo","public_key":"MIIBIjANBgkq","token-service":"https://a.example"}"#;
    for (text, code) in [
        (map.as_str(), Code::KeyTextIsMap),
        (discovery, Code::KeyTextIsDiscovery),
        (realm, Code::KeyTextIsRealm),
    ] {
        let options = KeyOptions::default();
        let of_text = KeySet::from_text(text.as_bytes(), &options).unwrap_err().code();
        let of_set = KeySet::from_jwks(text.as_bytes(), &options).unwrap_err().code();
        let of_key = VerifyingKey::from_jwk(text.as_bytes(), &options).unwrap_err().code();
        assert_eq!([of_text, of_set, of_key], [code; 3], "{text}");
    }
    // One value that is no PEM, and it is anything.
    let mixed = serde_json::json!({"a": pem, "b": 1}).to_string();
    let code = KeySet::from_jwks(mixed.as_bytes(), &KeyOptions::default()).unwrap_err().code();
    assert_eq!(code, Code::KeyMemberMissing);
}

#[test]
fn block_is_named_when_its_label_or_header_says_what_it_is() {
    let der = der_of(&spki_pem("p256"));
    let old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
    for (text, code) in [
        (block("ENCRYPTED PRIVATE KEY", &der), Code::KeyEncrypted),
        (old.to_owned(), Code::KeyEncrypted),
        (block("OPENSSH PRIVATE KEY", &der), Code::KeyTextIsSsh),
        (block("PKCS7", &der), Code::KeyTextIsPkcs7),
        (block("CMS", &der), Code::KeyTextIsPkcs7),
    ] {
        let options = KeyOptions::default();
        assert_eq!(VerifyingKey::from_pem(text.as_bytes(), &options).unwrap_err().code(), code, "{text}");
        assert_eq!(SigningKey::from_pem(text.as_bytes(), &options).unwrap_err().code(), code, "{text}");
        let bundle = KeySet::from_pem_bundle(text.as_bytes(), &options).unwrap_err();
        assert_eq!((bundle.code(), bundle.skipped()[0].error().code()), (Code::KeySetEmpty, code), "{text}");
    }
}

#[test]
fn key_is_named_when_its_type_or_point_is_written_otherwise() {
    let code = |der: &[u8]| VerifyingKey::from_der(der, &KeyOptions::default()).unwrap_err().code();
    let ec: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    let spki = |algorithm: &[&[u8]], key: &[u8]| {
        element(0x30, &[&element(0x30, algorithm), &element(3, &[&[0], key])])
    };
    let point = der_of(&spki_pem("p256")).split_off(26);
    let explicit = element(0x30, &[&[2, 1, 1]]);
    assert_eq!(code(&spki(&[ec, &explicit], &point)), Code::KeyCurveExplicit);
    let pss: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    let of_sha_1 = element(0x30, &[]);
    assert_eq!(code(&spki(&[pss, &of_sha_1], &[0x30, 0])), Code::KeyRsaPss);
    for name in ["P-256K", "K-256"] {
        let jwk = format!(r#"{{"kty":"EC","crv":"{name}","x":"","y":""}}"#);
        let error = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.member()), (Code::KeyCurveRenamed, Some("crv")));
    }
}

#[test]
fn mark_before_utf_8_is_skipped() {
    let options = KeyOptions::default();
    let marked = |text: String| format!("\u{feff}{text}").into_bytes();
    let jwk = public("p256").to_string();
    let set = format!("{{\"keys\":[{jwk}]}}");
    assert!(VerifyingKey::from_jwk(&marked(jwk.clone()), &options).is_ok());
    assert!(KeySet::from_jwks(&marked(set.clone()), &options).is_ok());
    assert!(VerifyingKey::from_pem(&marked(spki_pem("p256")), &options).is_ok());
    for text in [jwk, set, spki_pem("p256")] {
        assert_eq!(KeySet::from_text(&marked(text), &options).unwrap().len(), 1);
    }
    // The place of a fault is that in the whole text.
    let error = VerifyingKey::from_jwk(&marked("{x".to_owned()), &options).unwrap_err();
    assert_eq!((error.code(), error.offset()), (Code::KeyJson, Some(4)));
}

#[test]
fn set_says_what_is_wrong_with_each_key_when_none_is_usable() {
    let text = r#"{"keys":[{"kty":"RSA","kid":"a\nb","n":"AA","e":"AQAB"},7,{"kty":"XX"}]}"#;
    let error = KeySet::from_text(text.as_bytes(), &KeyOptions::default()).unwrap_err();
    assert_eq!(error.code(), Code::KeySetEmpty);
    let told = error.to_string();
    for part in [
        "key_set_empty (417): None of the keys can be used. ",
        "key 1 of 3 in the JWK Set (kid \"a\\nb\"): key_member_invalid (402): ",
        "key 2 of 3 in the JWK Set: key_json (400): ",
        "key 3 of 3 in the JWK Set: key_type_unknown (403): ",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let pem = [block("CERTIFICATE REQUEST", &[0x30, 0]), block("PUBLIC KEY", &[0x30, 0])].concat();
    let told = KeySet::from_text(pem.as_bytes(), &KeyOptions::default()).unwrap_err().to_string();
    assert!(told.contains("block 1 of 2 in the PEM: key_pem_label (442)"), "{told}");
    assert!(
        told.contains("[CERTIFICATE REQUEST]") && told.contains("block 2 of 2 in the PEM: key_der_invalid")
    );
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["7"; 1000].join(","));
    let told = KeySet::from_text(many.as_bytes(), &KeyOptions::default()).unwrap_err().to_string();
    assert!(told.ends_with(" And 992 more.") && told.len() < 2000, "{told}");
    // Nothing is told where there is no key to tell of.
    let empty = KeySet::from_text(br#"{"keys":[]}"#, &KeyOptions::default()).unwrap_err().to_string();
    assert_eq!(empty, "key_set_empty (417): None of the keys can be used.");
}
