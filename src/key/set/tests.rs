//! Sets: what is found in them, and what is skipped.

use super::super::samples::*;
use super::*;
use crate::alg::Alg;
use crate::base64url;
use crate::header_cache::CachedHeader;
use crate::key::KeyOptions;
use crate::time::UnixSeconds;

fn named(jwk: &str, kid: &str) -> String {
    jwk.replacen('{', &format!("{{\"kid\":\"{kid}\","), 1)
}

fn set(keys: &[String]) -> KeySet {
    let text = format!(r#"{{"issuer":1,"keys":[{}]}}"#, keys.join(","));
    KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).unwrap()
}

fn found(set: &KeySet, kid: Option<&str>, alg: Alg) -> Vec<u32> {
    let mut text = serde_json::json!({"alg": alg.name()});
    if let Some(kid) = kid {
        text["kid"] = kid.into();
    }
    let segment = base64url::encode(text.to_string().as_bytes());
    let mut slot = CachedHeader::default();
    let header = JoseHeader::parse(segment.as_bytes(), &[], &mut slot).unwrap();
    set.find(&header).map(|found| found.0).collect()
}

#[test]
fn find_gives_the_named_keys_first_and_then_those_without_kid() {
    let set = set(&[
        P256.to_owned(),
        named(P256, "a"),
        named(ED25519, "a"),
        named(P256, "b"),
        named(P256, "a"),
        SECRET.to_owned(),
    ]);
    assert_eq!(found(&set, Some("a"), Alg::ES256), [1, 4, 0]);
    assert_eq!(found(&set, Some("a"), Alg::EdDSA), [2]);
    assert_eq!(found(&set, Some("b"), Alg::ES256), [3, 0]);
    assert_eq!(found(&set, Some("a"), Alg::HS256), [5]);
    assert_eq!(found(&set, None, Alg::ES256), [0, 1, 3, 4]);
    assert_eq!(found(&set, Some("b"), Alg::RS256), [0; 0]);
    assert_eq!(set.refusal(Some("b")), Code::KeyNotForAlg);
    assert_eq!(set.refusal(Some("unknown")), Code::KeyNotForAlg);
}

#[test]
fn sets_are_put_together_with_all_they_have() {
    let mut whole = set(&[named(P256, "a")]);
    whole.append(set(&[named(ED25519, "b"), "{}".to_owned()]));
    assert_eq!((whole.len(), whole.skipped().len(), whole.is_dated()), (2, 1, false));
    assert_eq!(found(&whole, Some("b"), Alg::EdDSA), [1]);
    let dated = |end| {
        let key = VerifyingKey::from_jwk(P256.as_bytes(), &KeyOptions::default()).unwrap();
        key.with_validity(None, Some(UnixSeconds(end)))
    };
    let set: KeySet = [dated(5), dated(6)].into_iter().collect();
    assert_eq!((set.len(), set.is_dated()), (2, true));
    assert_eq!([0, 1].map(|index| set.interval(index).end.0), [5, 6]);
    assert_eq!(set.interval(2), Interval::NEVER);
    whole.append(set);
    assert!(whole.is_dated());
}

#[test]
fn refusal_tells_an_unknown_kid_from_a_key_for_another_alg() {
    let set = set(&[named(P256, "a")]);
    for kid in ["A", "", "../../a", "a\0", "' OR 1=1 --"] {
        assert_eq!(found(&set, Some(kid), Alg::ES256), [0; 0], "{kid}");
        assert_eq!(set.refusal(Some(kid)), Code::KidUnknown, "{kid}");
    }
    assert_eq!(set.refusal(Some("a")), Code::KeyNotForAlg);
    assert_eq!(set.refusal(None), Code::KeyNotForAlg);
}

#[test]
fn unusable_keys_are_skipped_and_explained() {
    let set = set(&[
        named(P256, "a").replacen('{', r#"{"use":"enc","#, 1),
        "7".to_owned(),
        named(P256, "b"),
        r#"{"kty":"XX"}"#.to_owned(),
    ]);
    let skipped: Vec<_> =
        set.skipped().iter().map(|key| (key.index(), key.kid(), key.error().code())).collect();
    assert_eq!(
        skipped,
        [(0, Some("a"), Code::KeyUseNotSignature), (1, None, Code::KeyJson), (3, None, Code::KeyTypeUnknown)]
    );
    assert_eq!((set.len(), set.keys().first().unwrap().kid()), (1, Some("b")));
}

#[test]
fn set_is_refused_when_it_is_none_or_empty() {
    let refusal = |text: &str| {
        let error = KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).unwrap_err();
        (error.code(), error.error().member().map(str::to_owned))
    };
    let keys = Some("keys".to_owned());
    assert_eq!(refusal("[]"), (Code::KeyJson, None));
    assert_eq!(refusal("{}"), (Code::KeyMemberMissing, keys.clone()));
    assert_eq!(refusal(r#"{"keys":{}}"#), (Code::KeyMemberInvalid, keys));
    assert_eq!(refusal(r#"{"keys":[]}"#), (Code::KeySetEmpty, None));
    assert_eq!(refusal(r#"{"keys":[{"kty":"XX"}]}"#), (Code::KeySetEmpty, None));
}

#[test]
fn pem_bundle_gives_every_key() {
    let text = [EC_PEM, X25519_PEM, RSA_PUBLIC_PEM, EC_CERTIFICATE_PEM].concat();
    let set = KeySet::from_pem_bundle(text.as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!(found(&set, Some("any"), Alg::ES256), [0, 2]);
    assert_eq!(found(&set, None, Alg::PS512), [1]);
    assert_eq!(
        set.skipped().first().map(|key| (key.index(), key.error().code())),
        Some((1, Code::KeyCurveUnknown))
    );
    let empty = KeySet::from_pem_bundle(X25519_PEM.as_bytes(), &KeyOptions::default());
    assert_eq!(empty.unwrap_err().code(), Code::KeySetEmpty);
}

#[test]
fn text_may_be_a_set_a_key_or_pem() {
    let read = |text: &str| {
        let read = KeySet::from_text(text.as_bytes(), &KeyOptions::default());
        read.map(|set| set.len()).map_err(|error| error.code())
    };
    assert_eq!(read(&format!(" \n{{\"keys\":[{P256},{ED25519}]}}")), Ok(2));
    assert_eq!(read(P256), Ok(1));
    assert_eq!(read(&format!("comment\n{EC_PEM}{RSA_PUBLIC_PEM}")), Ok(2));
    assert_eq!(read("{}"), Err(Code::KeyMemberMissing));
    assert_eq!(read(r#"{"keys":[]}"#), Err(Code::KeySetEmpty));
    assert_eq!(read("[]"), Err(Code::KeyJson));
    assert_eq!(read(""), Err(Code::KeyTextUnknown));
    assert_eq!(read("-----BEGIN PUBLIC KEY-----"), Err(Code::KeyPemInvalid));
}

#[test]
fn set_fits_algorithms_that_one_of_its_keys_is_bound_to() {
    let set = set(&[P256.to_owned(), ED25519.to_owned()]);
    let fits = |algs: &[Alg]| set.fits(algs.iter().copied().collect());
    assert!(fits(&[Alg::ES256]) && fits(&[Alg::RS256, Alg::Ed25519]));
    assert!(!fits(&[]) && !fits(&[Alg::RS256, Alg::ES384, Alg::HS256]));
}

#[test]
fn jwks_is_written_and_read_again() {
    let written = set(&[named(P256, r#"a\"b"#), ED25519.to_owned()]).to_jwks().unwrap();
    let read = KeySet::from_jwks(written.as_bytes(), &KeyOptions::default()).unwrap();
    assert_eq!(found(&read, Some("a\"b"), Alg::ES256), [0]);
    assert_eq!(read.to_jwks().unwrap(), written);
    assert_eq!(set(&[SECRET.to_owned()]).to_jwks().unwrap_err().code(), Code::KeySecretNotPublic);
    let collected: KeySet = std::iter::empty().collect();
    assert!(collected.is_empty());
}
