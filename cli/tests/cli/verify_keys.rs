//! Every form of key that `jotctl verify` takes.

use crate::support::{Room, names, segment};

const SECRET: &[u8] = b"a secret of at least 32 bytes, and a newline\n";

#[test]
fn keys_are_taken_in_every_form() {
    let room = Room::with_key();
    room.run("keygen --alg EdDSA --out-private ed.pem --out-public ed.public.pem").ok();
    let token = room.run("sign --key ed.pem --claims {} --expires-in 1h").ok();
    room.run(&format!("verify --pem ed.public.pem --alg EdDSA {token}")).ok();
    room.run(&format!("verify --pem ed.pem --alg EdDSA {token}")).ok();
    let token = room.run("sign --key key.jwk --claims {} --expires-in 1h").ok();
    room.run(&format!("verify --jwk public.jwk --alg ES256 {token}")).ok();
    room.run(&format!("verify --jwks jwks.json --alg ES256 {token}")).ok();
    room.write("two.pem", [room.read("ed.public.pem"), room.read("ed.public.pem")].concat());
    assert_eq!(room.run(&format!("verify --pem two.pem --alg EdDSA {token}")).code, 1);
}

#[test]
fn secret_is_every_byte_of_its_file() {
    let room = Room::new();
    room.write("secret", SECRET);
    room.write("cut", SECRET.trim_ascii_end());
    let token = room.run("sign --secret-file secret --claims {} --expires-in 1h").ok();
    let run =
        |file: &str| room.run(&format!("verify --secret-file {file} --alg HS256 --format ndjson {token}"));
    assert_eq!(names(&run("secret").ok()), ["accepted"]);
    assert_eq!(names(&run("cut").stdout), ["signature_invalid"]);
}

#[test]
fn key_texts_and_short_secrets_are_refused() {
    let room = Room::with_key();
    room.run("verify --secret-file public.jwk --alg HS256 a.b.c")
        .fails_with(&["public.jwk", "key_secret_is_key_text (416)"]);
    room.write("short", "short");
    room.run("verify --secret-file short --alg HS256 a.b.c")
        .fails_with(&["short", "key_secret_too_short (415)"]);
    let token = format!("{}.e30.AAAA", segment(r#"{"alg":"HS256"}"#));
    let ran = room
        .run(&format!("verify --secret-file short --alg HS256 --allow-weak-keys --format ndjson {token}"));
    assert_eq!((ran.code, names(&ran.stdout)), (1, vec!["signature_invalid".to_owned()]));
}

#[test]
fn exactly_one_key_file_is_wanted() {
    let room = Room::with_key();
    room.run("verify --alg ES256 a.b.c").fails_with(&["--jwks"]);
    room.run("verify --alg ES256 --jwks jwks.json --jwk public.jwk a.b.c")
        .fails_with(&["cannot be used with"]);
    room.run("verify --alg ES256 --jwks none.json a.b.c").fails_with(&["none.json"]);
    room.run("verify --alg ES256 --jwks public.jwk a.b.c").fails_with(&[
        "public.jwk",
        "key_member_missing (401)",
        "[keys]",
    ]);
    room.run("verify --alg ES256 --pem public.jwk a.b.c").fails_with(&["key_pem_invalid (410)"]);
}

#[test]
fn skipped_keys_are_told() {
    let room = Room::with_key();
    room.write("set", format!(r#"{{"keys":[{{"kty":"XX","kid":"a\nb"}},{}]}}"#, room.read("public.jwk")));
    let token = room.good_token();
    let ran = room.run(&format!("verify --jwks set --alg ES256 --aud a --now 1700000000 {token}"));
    let warning = r#"jotctl: warning: set: key 0 with kid "a\nb" skipped: key_type_unknown (403)"#;
    assert!(ran.stderr.starts_with(warning), "{ran:?}");
    assert_eq!((ran.stderr.lines().count(), ran.code), (1, 0));
}
