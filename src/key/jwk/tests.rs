//! What a JWK must be to be read.

use super::super::VerifyingKey;
use super::super::samples::*;
use super::*;

fn refusal(text: &str) -> (Code, Option<String>) {
    let error = VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap_err();
    (error.code(), error.member().map(str::to_owned))
}

fn at(code: Code, member: &str) -> (Code, Option<String>) {
    (code, Some(member.to_owned()))
}

fn rsa(n: &[u8], e: &[u8]) -> String {
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, base64url::encode(n), base64url::encode(e))
}

#[test]
fn text_is_refused_unless_a_json_object_with_unique_names() {
    for text in ["", "[]", "{", "{} x", r#"{"kty":"oct","kty":"RSA"}"#, r#"{"kty":"oct","\u006bty":"RSA"}"#] {
        let error = VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::KeyJson, "{text}");
        assert!(error.offset().is_some());
    }
}

#[test]
fn type_and_curve_must_be_known() {
    assert_eq!(refusal("{}"), at(Code::KeyMemberMissing, "kty"));
    assert_eq!(refusal(r#"{"kty":1}"#), at(Code::KeyMemberInvalid, "kty"));
    assert_eq!(refusal(r#"{"kty":"rsa"}"#), at(Code::KeyTypeUnknown, "kty"));
    assert_eq!(refusal(r#"{"kty":"EC"}"#), at(Code::KeyMemberMissing, "crv"));
    assert_eq!(refusal(r#"{"kty":"EC","crv":"P-224"}"#), at(Code::KeyCurveUnknown, "crv"));
    // RFC 8037 §2: the type of these curves is OKP.
    for curve in ["Ed25519", "X25519"] {
        let text = ED25519.replace("OKP", "EC").replace("Ed25519", curve);
        assert_eq!(refusal(&text), at(Code::KeyCurveUnknown, "crv"), "{curve}");
    }
    for curve in ["X25519", "X448", "Ed448", "P-256"] {
        let text = format!(r#"{{"kty":"OKP","crv":"{curve}","x":""}}"#);
        assert_eq!(refusal(&text), at(Code::KeyCurveUnknown, "crv"), "{curve}");
    }
    assert_eq!(refusal(r#"{"kty":"AKP"}"#), at(Code::KeyMemberMissing, "alg"));
    assert_eq!(refusal(r#"{"kty":"AKP","alg":"ES256"}"#), at(Code::KeyAlgMismatch, "alg"));
    assert_eq!(refusal(r#"{"kty":"AKP","alg":"SLH-DSA"}"#), at(Code::KeyAlgUnknown, "alg"));
    assert_eq!(refusal(r#"{"kty":"AKP","alg":"ML-DSA-44"}"#), at(Code::KeyMemberMissing, "pub"));
    let short = r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}"#;
    assert_eq!(refusal(short), at(Code::KeyMemberInvalid, "pub"));
}

#[test]
fn coordinates_are_of_the_exact_size_and_on_the_curve() {
    for value in ["\"\"", "\"AA\"", "5", "null", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=\""] {
        assert_eq!(refusal(&with(P256, "x", value)), at(Code::KeyMemberInvalid, "x"), "{value}");
    }
    // One zero byte in front, and the same number without its own.
    let long = "\"AMfxRM0bvZt-hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\"";
    assert_eq!(refusal(&with(P256, "y", long)), at(Code::KeyMemberInvalid, "y"));
    let bare = "\"NKZEDjdnUNI3H9G9wsjztx0vTuXqNDLIFcyjFWD-XZOH7HdLVYOGMOXLv1qMvgqR3QBkxpmaH25uZ_rd7eTIyPY\"";
    assert_eq!(refusal(&with(P521, "y", bare)), at(Code::KeyMemberInvalid, "y"));
    let off = "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4\"";
    assert_eq!(refusal(&with(P256, "y", off)), (Code::KeyInvalid, None));
    assert_eq!(refusal(&with(ED25519, "x", "\"AAAA\"")), at(Code::KeyMemberInvalid, "x"));
    assert_eq!(refusal(r#"{"kty":"EC","crv":"P-256"}"#), at(Code::KeyMemberMissing, "x"));
}

#[test]
fn rsa_numbers_are_held_to_their_rules() {
    let n = base64url::decode(RSA_N.as_bytes()).unwrap();
    let f4 = [1, 0, 1];
    assert_eq!(refusal(&rsa(&[&[0], n.as_slice()].concat(), &f4)), at(Code::KeyMemberInvalid, "n"));
    assert_eq!(refusal(&rsa(&n, &[0, 1, 0, 1])), at(Code::KeyMemberInvalid, "e"));
    assert_eq!(refusal(&rsa(&n, &[])), at(Code::KeyMemberInvalid, "e"));
    assert_eq!(refusal(&rsa(&n[..128], &f4)), (Code::KeyRsaTooShort, None));
    assert_eq!(refusal(&rsa(&n, &[1])), (Code::KeyRsaExponent, None));
    assert_eq!(refusal(&rsa(&n, &[4])), (Code::KeyRsaExponent, None));
    let mut even = n.clone();
    *even.last_mut().unwrap() ^= 1;
    assert_eq!(refusal(&rsa(&even, &f4)), (Code::KeyRsaModulus, None));
}

#[test]
fn secret_is_held_to_its_length() {
    assert_eq!(refusal(r#"{"kty":"oct"}"#), at(Code::KeyMemberMissing, "k"));
    assert_eq!(refusal(r#"{"kty":"oct","k":""}"#), (Code::KeySecretTooShort, None));
    assert_eq!(refusal(r#"{"kty":"oct","k":"c2VjcmV0"}"#), (Code::KeySecretTooShort, None));
    assert_eq!(refusal(r#"{"kty":"oct","k":"a+/="}"#), at(Code::KeyMemberInvalid, "k"));
}

#[test]
fn dates_must_leave_an_instant() {
    let read = |start: i64, end: i64| {
        let text = P256.replacen('{', &format!(r#"{{"nbf":{start},"exp":{end},"#), 1);
        VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default().read_validity())
            .map(|_| ())
            .map_err(|error| (error.code(), error.member().map(str::to_owned)))
    };
    assert_eq!(read(5, 6), Ok(()));
    assert_eq!(read(5, 5), Err(at(Code::KeyMemberInvalid, "exp")));
    assert_eq!(read(6, 5), Err(at(Code::KeyMemberInvalid, "exp")));
}

#[test]
fn use_and_key_ops_must_allow_verifying() {
    let read_with = |members: &str| {
        let text = P256.replacen('{', &format!("{{{members},"), 1);
        VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default())
            .map(|_| ())
            .map_err(|error| (error.code(), error.member().map(str::to_owned)))
    };
    assert_eq!(read_with(r#""use":"sig","key_ops":["sign","verify"]"#), Ok(()));
    assert_eq!(read_with(r#""use":"enc""#), Err(at(Code::KeyUseNotSignature, "use")));
    assert_eq!(read_with(r#""use":1"#), Err(at(Code::KeyMemberInvalid, "use")));
    for operations in ["[]", r#"["sign"]"#, r#"["Verify"]"#] {
        let outcome = read_with(&format!(r#""key_ops":{operations}"#));
        assert_eq!(outcome, Err(at(Code::KeyOpsNotAllowed, "key_ops")), "{operations}");
    }
    for operations in [r#""verify""#, r#"["verify",1]"#, r#"["verify","verify"]"#, "null"] {
        let outcome = read_with(&format!(r#""key_ops":{operations}"#));
        assert_eq!(outcome, Err(at(Code::KeyMemberInvalid, "key_ops")), "{operations}");
    }
    for operation in ENCRYPTING {
        let both = format!(r#""key_ops":["verify","{operation}"]"#);
        assert_eq!(read_with(&both), Ok(()), "{operation}");
        let outcome = read_with(&format!(r#""use":"sig",{both}"#));
        assert_eq!(outcome, Err(at(Code::KeyMemberInvalid, "key_ops")), "{operation}");
    }
    assert_eq!(read_with(r#""use":"sig","key_ops":["verify","urn:other"]"#), Ok(()));
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    for members in
        [r#""x5u":7,"x5t":[],"x5t#S256":null"#, r#""ext":true,"Kty":"oct","nbf":"never","":{"kty":"oct"}"#]
    {
        let text = P256.replacen('{', &format!("{{{members},"), 1);
        let key = VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap();
        let known = VerifyingKey::from_jwk(P256.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!((key.thumbprint(), key.algorithms()), (known.thumbprint(), known.algorithms()));
    }
}
