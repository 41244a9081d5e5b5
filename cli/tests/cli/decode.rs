use crate::support::{NOW, Room, segment};

const NONE: &str = "eyJhbGciOiJub25lIn0";

fn token(header: &str, claims: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", segment(header), segment(claims))
}

#[test]
fn decode_shows_header_claims_and_dates_as_unverified() {
    let room = Room::new();
    let claims = format!(r#"{{"sub":"alice","iat":{},"exp":{}}}"#, NOW - 60, NOW + 3 * 3600);
    let token = token(r#"{"alg":"XYZ","kid":"k"}"#, &claims, "AAAA");
    let text = room.run(&format!("decode --now {NOW} {token}")).ok();
    assert!(text.starts_with("UNVERIFIED"), "{text}");
    for line in [
        "  \"alg\": \"XYZ\",",
        "  \"sub\": \"alice\",",
        "iat: 2023-11-14T22:12:20Z (1 minute ago)",
        "exp: 2023-11-15T01:13:20Z (in 3 hours)",
        "3 bytes, not verified",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(!text.contains(&token));
}

#[test]
fn decode_prints_one_json_object() {
    let room = Room::new();
    let claims = "{ \"exp\" : 1.5e3,\n \"a\":1, \"a\":1e400 }";
    let token = token(r#"{"alg":"none"}"#, claims, "");
    assert_eq!(
        room.run(&format!("decode --json {token}")).ok(),
        concat!(
            r#"{"verified":false,"header":{"alg":"none"},"claims":{"exp":1.5e3,"a":1,"a":1e400},"#,
            r#""dates":{"exp":"1970-01-01T00:25:00Z"},"signature_bytes":0,"faults":[]}"#,
            "\n"
        )
    );
    let text = room.run(&format!("decode {token}")).ok();
    assert!(text.contains("The member \"a\" is repeated"), "{text}");
    assert!(text.contains("none: the token is unsecured"), "{text}");
}

#[test]
fn decode_reads_files_and_stdin() {
    let room = Room::with_key();
    let token = room.good_token();
    room.write("token", format!("{token}\r\n"));
    assert!(room.run("decode @token").ok().contains("\"sub\": \"s\""));
    assert!(room.run_reading(token, "decode -").ok().contains("\"sub\": \"s\""));
    room.run("decode @nothing").fails_with(&["nothing"]);
    room.run("decode").fails_with(&["<TOKEN>"]);
}

#[test]
fn decode_shows_what_is_whole_of_what_is_no_token() {
    let room = Room::new();
    let (header, claims) = (segment(r#"{"alg":"RS256","kid":"k"}"#), segment(r#"{"sub":"alice"}"#));
    let jwe = segment(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
    for (token, code, seen) in [
        (
            format!("{jwe}.AA.AA.AA.AA"),
            "token_encrypted (208)",
            [r#""enc": "A256GCM""#, "encrypted: the token is a JWE"],
        ),
        (format!("{header}.{claims}"), "token_segments (201)", [r#""kid": "k""#, r#""sub": "alice""#]),
        (
            format!("{header}.{}", &claims[..8]),
            "token_segments (201)",
            [r#""kid": "k""#, "not a JSON object"],
        ),
        (header.clone(), "token_segments (201)", [r#""kid": "k""#, "missing: the token was cut"]),
        (format!("{header}.{claims}.AA.AA"), "token_segments (201)", [r#""kid": "k""#, r#""sub": "alice""#]),
        (
            format!("Bearer {header}.{claims}.AA"),
            "token_wrapped (209)",
            [r#""kid": "k""#, "1 bytes, not verified"],
        ),
        (
            format!("\"{header}.{claims}.AA\"\n"),
            "token_wrapped (209)",
            [r#""kid": "k""#, r#""sub": "alice""#],
        ),
        (format!("{header}==.{claims}.AA"), "token_padded (210)", [r#""kid": "k""#, r#""sub": "alice""#]),
        (format!("{header}.{claims}.AA=="), "token_padded (210)", [r#""kid": "k""#, "not strict base64url"]),
    ] {
        let ran = room.run_with(&["decode", &token]);
        assert_eq!(ran.code, 1, "{token} {ran:?}");
        assert!(
            ran.stderr.contains(code) && seen.iter().all(|part| ran.stdout.contains(part)),
            "{token} {ran:?}"
        );
        assert!(!ran.stdout.contains("unsecured"), "{token} {ran:?}");
    }
    let stripped = room.run_with(&["decode", &format!("{header}.{claims}.")]);
    assert!(stripped.stdout.contains("missing: it was cut off or removed"), "{stripped:?}");
}

#[test]
fn decode_is_strict_and_shows_what_it_can() {
    let room = Room::new();
    let good = segment("{}");
    for (token, code) in [
        (String::new(), "token_empty (200)"),
        ("a.b".to_owned(), "token_segments (201)"),
        ("a.b.c.d.e".to_owned(), "token_segments (201)"),
        (r#"{"payload":""}"#.to_owned(), "token_json_serialization (202)"),
        (format!("{good}=.{good}."), "token_padded (210)"),
        (format!("{NONE}.e30=."), "payload_encoding (204)"),
        (format!("{NONE}.e31."), "payload_encoding (204)"),
        (format!("{NONE}.{good}.+"), "signature_encoding (205)"),
        (format!("{}.{good}.", segment("[]")), "header_not_object (301)"),
        (format!("{}.{good}.", segment("{")), "header_json (300)"),
        (format!("{NONE}.{}.", segment(b"\xff")), "claims_json (600)"),
        (format!("{NONE}.{}.", segment("\"text\"")), "claims_not_object (601)"),
    ] {
        let ran = room.run_with(&["decode", &token]);
        assert_eq!(ran.code, 1, "{token} {ran:?}");
        assert!(ran.stderr.starts_with("jotctl: ") && ran.stderr.contains(code), "{token} {ran:?}");
    }
    let ran = room.run(&format!("decode --json {NONE}.e30=."));
    assert!(ran.stdout.contains(r#""header":{"alg":"none"},"claims":{}"#), "{ran:?}");
    assert!(ran.stdout.contains(r#""faults":["payload_encoding"]"#), "{ran:?}");
}

#[test]
fn decode_does_not_let_a_token_steer_the_terminal() {
    let room = Room::new();
    let token = token("{\"alg\":\"\u{9b}2J\"}", "{\"sub\":\"\u{202e}\u{7f}\u{fc}\"}", "");
    for arguments in ["decode", "decode --json"] {
        let text = room.run(&format!("{arguments} {token}")).ok();
        assert!(text.chars().all(|c| c == '\n' || c == '\u{fc}' || (' '..='~').contains(&c)), "{text}");
        assert!(text.contains("\\u009b2J") && text.contains("\\u202e\\u007f\u{fc}"), "{text}");
    }
}

#[test]
fn decode_tells_what_is_wrong_with_dates_and_signatures() {
    let room = Room::new();
    let header = r#"{"alg":"RS256"}"#;
    let claims = format!(r#"{{"exp":{},"nbf":"{NOW}","iat":null}}"#, NOW * 1000);
    let text = room.run(&format!("decode --now {NOW} {}", token(header, &claims, ""))).ok();
    for line in [
        "exp: 1700000000000 (beyond the year 9999), which looks like milliseconds, of 2023-11-14T22:13:20Z (in 53815 years)",
        "nbf: not a number; a verifier rejects it as a date",
        "iat: not a number; a verifier rejects it as a date",
        "missing: it was cut off or removed",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    let json = room.run(&format!("decode --json {}", token(header, &claims, ""))).ok();
    assert!(json.contains(r#""dates":{"exp":"1700000000000 (beyond the year 9999)"}"#), "{json}");
}

#[test]
fn usage_points_to_the_help_once() {
    let ran = Room::new().run("verify --alg rs256");
    assert_eq!((ran.code, ran.stderr.matches("--help").count()), (2, 1), "{ran:?}");
}
