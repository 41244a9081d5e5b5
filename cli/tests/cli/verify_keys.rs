//! Every form of key that `jotctl verify` takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use serde_json::Value;

use crate::certificate::{certificate, dated_certificate};
use crate::support::{Room, VERIFY, names, segment};

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
fn secret_that_looks_like_something_else_is_told_when_a_signature_does_not_hold() {
    let room = Room::with_key();
    room.write("bare", &SECRET[..SECRET.len() - 1]);
    let token = room.run("sign --secret-file bare --claims {} --expires-in 1h").ok();
    for (secret, said) in [
        (SECRET, "--secret-file: a signature does not hold, and the secret ends with a line break"),
        (b"YSBzZWNyZXQgb2YgYXQgbGVhc3QgMzIgYnl0ZXM=".as_slice(), "the secret looks like base64"),
        (b"00112233445566778899aabbccddeeff".as_slice(), "the secret looks like hexadecimal"),
        (b"another one of at least thirty-two.".as_slice(), ""),
    ] {
        room.write("other", secret);
        let ran = room.run(&format!("verify --secret-file other --alg HS256 {token}"));
        assert!(ran.stdout.contains("signature_invalid") && ran.stderr.contains(said), "{ran:?}");
        assert_eq!(ran.stderr.is_empty(), said.is_empty(), "{ran:?}");
    }
    let good = room.run(&format!("verify --secret-file bare --alg HS256 {token}"));
    assert!(good.stderr.is_empty(), "{good:?}");
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
    room.run("verify --alg ES256 --pem public.jwk a.b.c").fails_with(&["key_text_is_json (436)"]);
}

#[test]
fn skipped_keys_are_told() {
    let room = Room::with_key();
    room.write("set", format!(r#"{{"keys":[{{"kty":"XX","kid":"a\nb"}},{}]}}"#, room.read("public.jwk")));
    let token = room.good_token();
    let ran = room.run(&format!("verify --jwks set --alg ES256 --aud a --now 1700000000 {token}"));
    let warning =
        r#"jotctl: warning: set: skipped key 1 of 2 in the JWK Set (kid "a\nb"): key_type_unknown (403)"#;
    assert!(ran.stderr.starts_with(warning), "{ran:?}");
    assert_eq!((ran.stderr.lines().count(), ran.code), (1, 0));
}

/// The DER in a PEM file.
fn der(room: &Room, name: &str) -> Vec<u8> {
    let text = room.read(name);
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}

#[test]
fn keys_are_taken_in_der() {
    let room = Room::new();
    for alg in ["EdDSA", "ES256", "RS256"] {
        room.run(&format!("keygen --alg {alg} --out-private key.pem --out-public public.pem --force")).ok();
        let (private, public) = (der(&room, "key.pem"), der(&room, "public.pem"));
        room.write("key.der", &private);
        room.write("public.der", &public);
        room.write("server.cer", certificate("ca", "server", &public));
        let token = room.run(&format!("sign --key key.der --alg {alg} --claims {{}} --now 0 --no-iat")).ok();
        room.write("token", &token);
        for file in ["public.der", "server.cer", "key.der"] {
            let verify =
                format!("verify --der {file} --alg {alg} --allow-missing-exp --format ndjson @token");
            assert_eq!(names(&room.run(&verify).ok()), ["accepted"], "{alg} {file}");
            let audit = format!(
                "audit token --now 1700000000 --format lines --keys {file} --alg {alg} --allow-missing-exp"
            );
            let rows = room.run(&format!("{audit} --out - --quiet")).ok();
            assert_eq!(names(&rows), ["accepted"], "{alg} {file}");
            let keys = |file: &str| {
                let mut set: Value = serde_json::from_str(&room.run(&format!("jwks {file}")).ok()).unwrap();
                let key = set["keys"][0].as_object_mut().unwrap();
                // A certificate's thumbprints are written as well.
                let thumbprints = ["x5t", "x5t#S256"].map(|name| key.shift_remove(name).is_some());
                assert_eq!(thumbprints, [file == "server.cer"; 2]);
                set
            };
            assert_eq!(keys(file), keys("public.pem"));
        }
        room.write("cut.der", public.split_last().unwrap().1);
        room.run("verify --der cut.der --alg ES256 t").fails_with(&["cut.der: key_der_invalid (411)"]);
    }
    room.write("text", "0 is no key, nor is what follows");
    room.run("jwks text").fails_with(&["text: key_text_unknown (447)"]);
}

#[test]
fn of_a_chain_only_the_leaf_signs() {
    let room = Room::new();
    let mut chain = String::new();
    for (name, issuer) in [("leaf", "ca"), ("ca", "ca")] {
        room.run(&format!("keygen --alg ES256 --out-private {name}.jwk --out-public {name}.pem")).ok();
        let cert = STANDARD.encode(certificate(issuer, name, &der(&room, &format!("{name}.pem"))));
        chain += &format!("-----BEGIN CERTIFICATE-----\n{cert}\n-----END CERTIFICATE-----\n");
        let token =
            room.run_with(&["sign", "--key", &format!("{name}.jwk"), "--claims", "{}", "--no-iat"]).ok();
        let bare = token.replace("\n", "");
        room.write(name, bare + "\n");
    }
    room.write("chain.pem", chain);
    let rules = "--alg ES256 --allow-missing-exp --format ndjson";
    let ran = room.run(&format!("verify --pem chain.pem {rules} --no-summary @leaf @ca"));
    assert_eq!(names(&ran.stdout), ["accepted", "signature_invalid"]);
    assert!(
        ran.stderr.contains("chain.pem: skipped block 2 of 2 in the PEM: key_of_authority (428)"),
        "{ran:?}"
    );
    let all = room.run(&format!("verify --pem chain.pem --all-certificates {rules} --no-summary @leaf @ca"));
    assert_eq!((names(&all.stdout), all.stderr.as_str()), (vec!["accepted".to_owned(); 2], ""));
    let rules = "--format lines --alg ES256 --allow-missing-exp --quiet --out -";
    let rows = room.run(&format!("audit leaf ca --now 1700000000 --keys chain.pem {rules}")).ok();
    assert_eq!(names(&rows), ["accepted", "signature_invalid"]);
    let rows =
        room.run(&format!("audit leaf ca --now 1700000000 --keys chain.pem --all-certificates {rules}")).ok();
    assert_eq!(names(&rows), ["accepted", "accepted"]);
    let count = |text: String| text.matches("\"kty\"").count();
    assert_eq!(count(room.run("jwks chain.pem").ok()), 1);
    assert_eq!(count(room.run("jwks --all-certificates chain.pem").ok()), 2);
}

#[test]
fn dates_of_a_certificate_count_if_they_are_to() {
    let room = Room::new();
    room.run("keygen --alg ES256 --out-private k.jwk --out-public k.pem").ok();
    let validity = [&[0x30, 30, 0x17, 13][..], b"260101000000Z", &[0x17, 13], b"270101000000Z"].concat();
    let cert = STANDARD.encode(dated_certificate("ca", "k", &der(&room, "k.pem"), &validity));
    room.write("cert.pem", format!("-----BEGIN CERTIFICATE-----\n{cert}\n-----END CERTIFICATE-----\n"));
    let token = room.run_with(&["sign", "--key", "k.jwk", "--claims", "{}", "--no-iat"]).ok();
    room.write("token", token);
    let at = |now: i64, more: &str| {
        let rules = "--alg ES256 --allow-missing-exp --format ndjson";
        names(&room.run(&format!("verify --pem cert.pem {rules} --now {now} {more} @token")).stdout)
    };
    assert_eq!(at(1_780_000_000, "--certificate-validity"), ["accepted"]);
    assert_eq!(at(1_760_000_000, "--certificate-validity"), ["key_not_yet_valid"]);
    assert_eq!(at(1_800_000_000, "--certificate-validity"), ["key_retired"]);
    assert_eq!(at(1_800_000_000, ""), ["accepted"]);
    // An audit goes by when the token was used, and the x5c of a JWK counts as well.
    let token = room.read("token");
    let uses = [1_780_000_000, 1_760_000_000, 1_800_000_000]
        .map(|time: i64| format!("{{\"time\":{time},\"token\":\"{}\"}}\n", token.trim()));
    room.write("a.ndjson", uses.concat());
    let x5c = format!("\"x5c\":[\"{cert}\"],\"kty\"");
    let jwk = room.run("jwks k.pem").ok().replacen("\"kty\"", &x5c, 1);
    assert!(jwk.contains("x5c"), "{jwk}");
    room.write("x5c.json", jwk);
    for keys in ["cert.pem", "x5c.json"] {
        let audit = |more: &str| {
            let rules = "--alg ES256 --allow-missing-exp --quiet --out -";
            names(&room.run(&format!("audit a.ndjson --keys {keys} {rules} {more}")).ok())
        };
        assert_eq!(
            audit("--certificate-validity"),
            ["accepted", "key_not_yet_valid", "key_retired"],
            "{keys}"
        );
        assert_eq!(audit(""), ["accepted"; 3], "{keys}");
    }
}

#[test]
fn long_headers_are_taken_when_allowed() {
    let room = Room::with_key();
    let header = format!("{{\"x5c\":[\"{}\"]}}", "A".repeat(7000));
    let claims = r#"{"aud":"a","exp":1700000100}"#;
    let token = room
        .run_with(&["sign", "--key", "key.jwk", "--no-iat", "--header", &header, "--claims", claims])
        .ok();
    room.write("token", token);
    assert_eq!(names(&room.run(&format!("{VERIFY} @token")).stdout), ["header_too_long"]);
    assert_eq!(names(&room.run(&format!("{VERIFY} --max-header-bytes 10000 @token")).ok()), ["accepted"]);
    let audit =
        "audit token --format lines --keys jwks.json --alg ES256 --aud a --now 1700000000 --quiet --out -";
    assert_eq!(names(&room.run(audit).ok()), ["header_too_long"]);
    assert_eq!(names(&room.run(&format!("{audit} --max-header-bytes 10000")).ok()), ["accepted"]);
    room.run(&format!("{VERIFY} --max-header-bytes 0 @token")).fails_with(&["--max-header-bytes"]);
}
