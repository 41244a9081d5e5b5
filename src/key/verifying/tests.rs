//! Verifying keys: what they are bound to, and what they write.

use super::super::samples::*;
use super::super::{KeyOptions, SigningKey};
use super::*;
use crate::base64url;
use crate::crypto::Settings;

fn read(text: &str) -> Result<VerifyingKey, Error> {
    VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default())
}

/// Reads `jwk` with further members put in front.
fn read_with(members: &str, jwk: &str) -> Result<AlgSet, (Code, Option<String>)> {
    read(&jwk.replacen('{', &format!("{{{members},"), 1))
        .map(|key| key.algorithms())
        .map_err(|error| (error.code(), error.member().map(str::to_owned)))
}

fn rsa() -> String {
    format!(r#"{{"kty":"RSA","e":"AQAB","n":"{RSA_N}"}}"#)
}

fn set(algorithms: &[Alg]) -> AlgSet {
    algorithms.iter().copied().collect()
}

fn refused<T>(code: Code, member: &str) -> Result<T, (Code, Option<String>)> {
    Err((code, Some(member.to_owned())))
}

#[test]
fn thumbprint_is_that_of_rfc7638_3_1() {
    assert_eq!(read(&rsa()).unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn tokens_of_rfc7515_hold() {
    let claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    for (jwk, alg, input, signature) in [
        // A.1, A.3 and A.4
        (
            SECRET,
            Alg::HS256,
            format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}"),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
        (
            P256,
            Alg::ES256,
            format!("eyJhbGciOiJFUzI1NiJ9.{claims}"),
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
        (
            P521,
            Alg::ES512,
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA".to_owned(),
            "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
        ),
    ] {
        let signature = base64url::decode(signature.as_bytes()).unwrap();
        assert!(read(jwk).unwrap().verify_signature(alg, input.as_bytes(), &signature), "{alg}");
    }
}

#[test]
fn key_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&read(P256).unwrap());
}

#[test]
fn key_without_alg_is_bound_to_its_type() {
    assert_eq!(read(&rsa()).unwrap().algorithms(), KeyType::Rsa.algorithms());
    assert_eq!(read(SECRET).unwrap().algorithms(), KeyType::Oct.algorithms());
    assert_eq!(read(P256).unwrap().algorithms(), set(&[Alg::ES256]));
    assert_eq!(read(P521).unwrap().algorithms(), set(&[Alg::ES512]));
    assert_eq!(read(ED25519).unwrap().algorithms(), set(&[Alg::EdDSA, Alg::Ed25519]));
}

#[test]
fn key_with_alg_is_bound_to_it_alone() {
    assert_eq!(read_with(r#""alg":"PS384""#, &rsa()), Ok(set(&[Alg::PS384])));
    assert_eq!(read_with(r#""alg":"HS384""#, SECRET), Ok(set(&[Alg::HS384])));
    assert_eq!(read_with(r#""alg":"EdDSA""#, ED25519), Ok(set(&[Alg::EdDSA, Alg::Ed25519])));
    assert_eq!(read_with(r#""alg":"Ed25519""#, ED25519), Ok(set(&[Alg::Ed25519])));
}

#[test]
fn alg_is_refused_when_it_does_not_fit() {
    for (alg, jwk) in [
        ("ES384", P256),
        ("ES256", P521),
        ("HS256", &rsa()),
        ("RS256", SECRET),
        ("ES256", ED25519),
        ("ML-DSA-44", P256),
    ] {
        let outcome = read_with(&format!(r#""alg":"{alg}""#), jwk);
        assert_eq!(outcome, Err((Code::KeyAlgMismatch, None)), "{alg}");
    }
    for alg in ["none", "RSA-OAEP", "ECDH-ES", "dir", "rs256", ""] {
        let outcome = read_with(&format!(r#""alg":"{alg}""#), &rsa());
        assert_eq!(outcome, refused(Code::KeyAlgUnknown, "alg"), "{alg}");
    }
    assert_eq!(read_with(r#""alg":5"#, &rsa()), refused(Code::KeyMemberInvalid, "alg"));
}

#[test]
fn options_bind_a_key_without_alg_and_must_agree_with_one_that_has_it() {
    let read = |jwk: &str, alg| VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default().alg(alg));
    assert_eq!(read(&rsa(), Alg::RS512).unwrap().algorithms(), set(&[Alg::RS512]));
    assert_eq!(read(P256, Alg::ES384).unwrap_err().code(), Code::KeyAlgMismatch);
    let named = rsa().replace("\"e\"", "\"alg\":\"RS256\",\"e\"");
    assert_eq!(read(&named, Alg::RS512).unwrap_err().code(), Code::KeyAlgMismatch);
    assert_eq!(read(&named, Alg::RS256).unwrap().algorithms(), set(&[Alg::RS256]));
    let pem = VerifyingKey::from_pem(EC_PUBLIC_PEM.as_bytes(), &KeyOptions::default().alg(Alg::RS256));
    assert_eq!(pem.unwrap_err().code(), Code::KeyAlgMismatch);
}

#[test]
fn kid_is_the_keys_own_before_that_of_the_options() {
    let options = KeyOptions::default().kid("given");
    let own = P256.replacen('{', r#"{"kid":"own","#, 1);
    assert_eq!(VerifyingKey::from_jwk(own.as_bytes(), &options).unwrap().kid(), Some("own"));
    assert_eq!(VerifyingKey::from_jwk(P256.as_bytes(), &options).unwrap().kid(), Some("given"));
    assert_eq!(read(P256).unwrap().kid(), None);
    for kid in ["5", "{}", "null", "[\"a\"]"] {
        let outcome = read_with(&format!(r#""kid":{kid}"#), P256);
        assert_eq!(outcome, refused(Code::KeyMemberInvalid, "kid"), "{kid}");
    }
}

#[test]
fn short_rsa_key_is_taken_only_as_a_weak_key() {
    let read = |options| VerifyingKey::from_pem(RSA_1024_PEM.as_bytes(), &options);
    assert_eq!(read(KeyOptions::default()).unwrap_err().code(), Code::KeyRsaTooShort);
    let weak = KeyOptions::default().allow_weak_keys();
    assert_eq!(read(weak.clone()).unwrap().algorithms(), set(&[Alg::RS256, Alg::RS512]));
    assert_eq!(read(weak.alg(Alg::PS256)).unwrap_err().code(), Code::KeyRsaTooShort);
}

#[test]
fn nothing_holds_under_an_algorithm_that_the_key_is_not_bound_to() {
    let accelerator = Accelerator::new(Settings::new(), AlgSet::new()).unwrap();
    let (key, mut signature) = (read(P256).unwrap(), Vec::new());
    let signer = SigningKey::from_jwk(P256.as_bytes(), &KeyOptions::default()).unwrap();
    signer.sign(b"message", &mut signature).unwrap();
    assert!(key.verify(&accelerator, Alg::ES256, b"message", &signature).is_some());
    for alg in [Alg::ES384, Alg::ES256K, Alg::RS256, Alg::HS256] {
        assert!(key.verify(&accelerator, alg, b"message", &signature).is_none(), "{alg}");
    }
}

#[test]
fn secret_stays_inside() {
    let key = read(SECRET).unwrap();
    assert_eq!(key.to_jwk().unwrap_err().code(), Code::KeySecretNotPublic);
    assert_eq!(key.to_pem().unwrap_err().code(), Code::KeySecretNotPublic);
    assert_eq!(
        format!("{key:?}"),
        "VerifyingKey { key_type: Oct, algorithms: {HS256, HS384, HS512}, kid: None, .. }"
    );
}

#[test]
fn private_members_never_become_public() {
    for alg in Alg::ALL.iter().copied().filter(|alg| alg.key_type() != KeyType::Oct) {
        let private = SigningKey::generate(alg).unwrap().to_jwk().unwrap();
        let public = read(&private).unwrap().to_jwk().unwrap();
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"] {
            assert!(!public.contains(&format!("\"{name}\":")), "{alg}: {name}");
        }
    }
}

#[test]
fn jwk_is_written_without_private_members() {
    let jwk = read(P256).unwrap().to_jwk().unwrap();
    assert!(jwk.starts_with(r#"{"crv":"P-256","kty":"EC","x":"f83O"#) && jwk.ends_with(r#""alg":"ES256"}"#));
    assert!(!jwk.contains("\"d\""));
    assert!(!read(ED25519).unwrap().to_jwk().unwrap().contains("alg"));
    assert!(!read(&rsa()).unwrap().to_jwk().unwrap().contains("alg"));
}
