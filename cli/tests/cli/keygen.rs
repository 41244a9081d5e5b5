use crate::support::Room;

fn json(room: &Room, name: &str) -> serde_json::Value {
    serde_json::from_str(&room.read(name)).unwrap()
}

#[test]
fn keygen_writes_both_keys_with_the_kid() {
    let room = Room::new();
    let ran = room.run("keygen --alg ES256 --kid k1 --out-private a.jwk --out-public b.json");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    let (private, public) = (json(&room, "a.jwk"), json(&room, "b.json"));
    assert_eq!((&private["kid"], &private["alg"]), (&"k1".into(), &"ES256".into()));
    assert!(private["d"].is_string() && public["d"].is_null());
    assert_eq!((&private["x"], &public["kid"]), (&public["x"], &"k1".into()));
    assert!(!ran.stderr.contains(private["d"].as_str().unwrap()));
}

#[test]
fn keygen_takes_the_thumbprint_for_kid() {
    let room = Room::new();
    for alg in ["EdDSA", "HS512", "RS256"] {
        room.run(&format!("keygen --alg {alg} --out-private {alg}.jwk")).ok();
        let kid = json(&room, &format!("{alg}.jwk"))["kid"].as_str().unwrap().to_owned();
        assert_eq!(kid.len(), 43, "{alg}");
    }
    let secret = json(&room, "HS512.jwk");
    assert_eq!((&secret["kty"], secret["k"].as_str().unwrap().len()), (&"oct".into(), 86));
}

#[test]
fn keygen_writes_pem_by_the_name_and_a_jwk_to_stdout() {
    let room = Room::new();
    let printed = room.run("keygen --alg RS256 --rsa-bits 3072 --out-private a.pem --out-public -").ok();
    let public: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(public["n"].as_str().unwrap().len(), 512);
    assert!(room.read("a.pem").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    room.run("keygen --alg ES384 --out-private b.pem --out-public c.pem").ok();
    assert!(room.read("c.pem").starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert!(room.run("keygen --alg HS256 --out-private -").ok().contains("\"k\":"));
}

#[cfg(unix)]
#[test]
fn private_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let room = Room::with_key();
    let mode = |name| room.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("key.jwk"), 0o600);
    assert_ne!(mode("public.jwk") & 0o400, 0);
    room.run("keygen --alg ES256 --out-private key.jwk --force").ok();
    assert_eq!(mode("key.jwk"), 0o600);
}

#[test]
fn files_are_not_overwritten_unless_forced() {
    let room = Room::with_key();
    let before = room.read("key.jwk");
    room.run("keygen --alg ES256 --out-private key.jwk").fails_with(&["key.jwk", "exists", "--force"]);
    room.run("keygen --alg ES256 --out-private new.jwk --out-public public.jwk")
        .fails_with(&["public.jwk", "exists"]);
    assert!(!room.path("new.jwk").exists());
    assert_eq!(room.read("key.jwk"), before);
    room.run("keygen --alg ES256 --out-private key.jwk --force").ok();
    assert_ne!(room.read("key.jwk"), before);
}

#[test]
fn no_file_is_left_when_writing_fails() {
    let room = Room::with_key();
    room.run("keygen --alg ES256 --out-private no/such/key.jwk").fails_with(&["no/such/key.jwk"]);
    let mut files: Vec<_> =
        room.path("").read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["jwks.json", "key.jwk", "public.jwk"]);
}

#[test]
fn keygen_refuses_what_makes_no_sense() {
    let room = Room::new();
    room.run("keygen --alg HS256 --out-private a.jwk --out-public b.jwk")
        .fails_with(&["--out-public", "secret"]);
    room.run("keygen --alg HS256 --out-private a.pem").fails_with(&["a.pem", "cannot be written as PEM"]);
    room.run("keygen --alg ES256 --rsa-bits 2048 --out-private a.jwk").fails_with(&["--rsa-bits", "ES256"]);
    room.run("keygen --alg RS256 --rsa-bits 1024 --out-private a.jwk").fails_with(&["1024"]);
    room.run("keygen --alg ES256 --out-private a.key").fails_with(&["a.key", ".pem"]);
    room.run("keygen --alg ES256 --out-private a.jwk --out-public a.jwk").fails_with(&["same file"]);
    room.run("keygen --alg none --out-private a.jwk").fails_with(&["alg_none (312)"]);
    room.run("keygen --alg es256 --out-private a.jwk").fails_with(&["alg_unknown (313)"]);
    room.run("keygen --alg ES256").fails_with(&["--out-private"]);
    assert_eq!(room.path("").read_dir().unwrap().count(), 0);
}
