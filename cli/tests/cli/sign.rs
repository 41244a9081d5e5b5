use crate::support::{NOW, Room, part};

fn sign(room: &Room, more: &[&str]) -> String {
    let arguments = [&["sign", "--key", "key.jwk", "--now", "1700000000"], more].concat();
    room.run_with(&arguments).ok().trim_end().to_owned()
}

#[test]
fn sign_adds_iat_behind_the_claims_as_written() {
    let room = Room::with_key();
    let token = sign(&room, &["--claims", r#"{ "n" : 1e2, "\u0061": 1 }"#]);
    assert_eq!(part(&token, 1), format!(r#"{{ "n" : 1e2, "\u0061": 1,"iat":{NOW}}}"#));
    assert_eq!(part(&token, 0), r#"{"alg":"ES256","typ":"JWT","kid":"k1"}"#);
    let own = sign(&room, &["--claims", r#"{"iat":5}"#]);
    assert_eq!(part(&own, 1), r#"{"iat":5}"#);
    assert_eq!(part(&sign(&room, &["--no-iat", "--claims", "{}"]), 1), "{}");
    assert_eq!(part(&sign(&room, &["--iat", "7", "--claims", "{}"]), 1), r#"{"iat":7}"#);
}

#[test]
fn sign_adds_the_dates_asked_for() {
    let room = Room::with_key();
    let token = sign(&room, &["--no-iat", "--expires-in", "1h", "--not-before", "15m", "--claims", "{}"]);
    assert_eq!(part(&token, 1), format!(r#"{{"nbf":{},"exp":{}}}"#, NOW + 900, NOW + 3600));
    let token = sign(&room, &["--no-iat", "--not-before", "77", "--claims", "{}"]);
    assert_eq!(part(&token, 1), r#"{"nbf":77}"#);
}

#[test]
fn sign_refuses_dates_that_the_claims_have() {
    let room = Room::with_key();
    for (option, value, name) in
        [("--expires-in", "1h", "exp"), ("--not-before", "0s", "nbf"), ("--iat", "1", "iat")]
    {
        let claims = format!(r#"{{"{name}":1}}"#);
        room.run_with(&["sign", "--key", "key.jwk", "--claims", &claims, option, value])
            .fails_with(&[option, name]);
    }
}

#[test]
fn sign_writes_the_header_asked_for() {
    let room = Room::with_key();
    let more = ["--claims", "{}", "--typ", "at+jwt", "--kid", "k2", "--header", r#"{"tenant":7}"#];
    assert_eq!(part(&sign(&room, &more), 0), r#"{"alg":"ES256","typ":"at+jwt","kid":"k2","tenant":7}"#);
    let bare = sign(&room, &["--claims", "{}", "--no-typ"]);
    assert_eq!(part(&bare, 0), r#"{"alg":"ES256","kid":"k1"}"#);
    room.run_with(&["sign", "--key", "key.jwk", "--claims", "{}", "--header", r#"{"alg":"none"}"#])
        .fails_with(&["header_to_sign_invalid (111)"]);
}

#[test]
fn sign_reads_claims_from_anywhere() {
    let room = Room::with_key();
    room.write("claims.json", "{\"a\":1}\n");
    assert_eq!(part(&sign(&room, &["--no-iat", "--claims", "@claims.json"]), 1), "{\"a\":1}\n".trim_end());
    let token = room.run_reading("{\"b\":2}", "sign --key key.jwk --no-iat --claims -").ok();
    assert_eq!(part(token.trim_end(), 1), "{\"b\":2}");
    let token = room.run_reading(room.read("key.jwk"), "sign --key - --no-iat --claims {}").ok();
    assert_eq!(part(token.trim_end(), 1), "{}");
    room.run("sign --key - --claims -").fails_with(&["--key", "--claims"]);
    room.run("sign --key key.jwk --claims @none.json").fails_with(&["none.json"]);
}

#[test]
fn sign_refuses_claims_that_are_no_object() {
    let room = Room::with_key();
    for claims in ["[]", "7", "{", "", r#"{"a":1,"a":2}"#, "{} {}"] {
        room.run_with(&["sign", "--key", "key.jwk", "--claims", claims])
            .fails_with(&["claims_to_sign_invalid (110)"]);
    }
}

#[test]
fn sign_takes_one_fitting_key() {
    let room = Room::with_key();
    room.run("sign --claims {}").fails_with(&["--key"]);
    room.run("sign --claims {} --key key.jwk --secret-file key.jwk").fails_with(&["--secret-file"]);
    room.run("sign --claims {} --key public.jwk").fails_with(&["public.jwk", "key_not_private (418)"]);
    room.run("sign --claims {} --key jwks.json").fails_with(&["jwks.json", "JWK Set"]);
    room.run("sign --claims {} --key key.jwk --alg ES384").fails_with(&["key.jwk", "key_alg_mismatch (406)"]);
    room.run("sign --claims {} --secret-file key.jwk").fails_with(&["key_secret_is_key_text (416)"]);
    room.run("sign --key key.jwk --claims {} --expires-in 5").fails_with(&["--expires-in", "90s"]);
    room.run("keygen --alg RS256 --out-private rsa.pem").ok();
    let token = room.run("sign --claims {} --key rsa.pem --alg PS384").ok();
    assert_eq!(part(&token, 0), r#"{"alg":"PS384","typ":"JWT"}"#);
}
