use crate::support::Room;

fn keys(text: &str) -> Vec<serde_json::Value> {
    let set: serde_json::Value = serde_json::from_str(text).unwrap();
    set["keys"].as_array().unwrap().clone()
}

#[test]
fn jwks_gathers_public_keys_of_every_form() {
    let room = Room::with_key();
    room.run("keygen --alg RS256 --out-private rsa.pem").ok();
    room.run("keygen --alg EdDSA --out-private ed.jwk --out-public ed.pem").ok();
    let text = room.run("jwks --alg PS256 rsa.pem").ok();
    let found = keys(&text);
    assert_eq!((found.len(), &found[0]["alg"], &found[0]["d"]), (1, &"PS256".into(), &().into()));
    let found = keys(&room.run("jwks key.jwk ed.pem rsa.pem").ok());
    let types: Vec<_> = found.iter().map(|key| key["kty"].as_str().unwrap()).collect();
    assert_eq!(types, ["EC", "OKP", "RSA"]);
    assert!(found.iter().all(|key| key["d"].is_null()));
    let found = keys(&room.run("jwks jwks.json ed.jwk").ok());
    assert_eq!((found.len(), &found[0]["kid"]), (2, &"k1".into()));
    let piped = room.run_reading(room.read("ed.jwk"), "jwks -").ok();
    assert_eq!(keys(&piped).len(), 1);
}

#[test]
fn jwks_adds_thumbprints_when_asked_to() {
    let room = Room::with_key();
    room.run("keygen --alg ES384 --out-private a.pem --out-public a.jwk").ok();
    assert!(keys(&room.run("jwks a.pem").ok())[0]["kid"].is_null());
    let added = keys(&room.run("jwks --add-kid a.pem key.jwk").ok());
    let public: serde_json::Value = serde_json::from_str(&room.read("a.jwk")).unwrap();
    assert_eq!((&added[0]["kid"], &added[1]["kid"]), (&public["kid"], &"k1".into()));
}

#[test]
fn jwks_writes_a_file_and_does_not_overwrite_it() {
    let room = Room::with_key();
    assert_eq!(keys(&room.read("jwks.json")).len(), 1);
    room.run("jwks public.jwk --out jwks.json").fails_with(&["jwks.json", "exists"]);
    assert_eq!(room.run("jwks public.jwk --out jwks.json --force").ok(), "");
}

#[test]
fn jwks_refuses_secrets() {
    let room = Room::with_key();
    room.run("keygen --alg HS256 --out-private secret.jwk").ok();
    room.run("jwks public.jwk secret.jwk").fails_with(&["secret.jwk", "key_secret_not_public (423)"]);
    room.write("set.json", format!("{{\"keys\":[{},{}]}}", room.read("public.jwk"), room.read("secret.jwk")));
    room.run("jwks set.json --out out.json").fails_with(&["set.json", "key_secret_not_public (423)"]);
    assert!(!room.path("out.json").exists());
}

#[test]
fn jwks_warns_of_repeated_and_unusable_keys() {
    let room = Room::with_key();
    let ran = room.run("jwks public.jwk key.jwk");
    assert!(
        ran.stderr.starts_with("jotctl: warning: key.jwk: left out a key that is already in the set"),
        "{ran:?}"
    );
    assert_eq!(keys(&ran.ok()).len(), 1);
    room.run("keygen --alg ES256 --kid k1 --out-private other.jwk").ok();
    let ran = room.run("jwks public.jwk other.jwk");
    assert!(ran.stderr.contains("kid \"k1\""), "{ran:?}");
    assert_eq!(keys(&ran.ok()).len(), 2);
    room.write("odd.json", format!(r#"{{"keys":[{{"kty":"XX","kid":"odd"}},{}]}}"#, room.read("public.jwk")));
    let ran = room.run("jwks odd.json");
    assert!(ran.stderr.contains("(kid \"odd\"): key_type_unknown (403)"), "{ran:?}");
    assert_eq!(keys(&ran.ok()).len(), 1);
}

#[test]
fn jwks_says_which_file_is_at_fault() {
    let room = Room::with_key();
    room.write("text", "hello");
    room.write("bad.jwk", r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#);
    room.run("jwks text").fails_with(&["text: key_text_unknown (447)"]);
    room.run("jwks bad.jwk").fails_with(&["bad.jwk: key_member_invalid (402)", "[x]"]);
    room.run("jwks nothing.jwk").fails_with(&["nothing.jwk: "]);
    room.run("jwks").fails_with(&["<FILE>"]);
}
