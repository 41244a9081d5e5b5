//! What `jotctl verify` writes, and what it never does.

use crate::support::{NOW, Room, VERIFY, objects};

#[test]
fn ndjson_has_its_members_in_their_order() {
    let room = Room::with_key();
    let good = room.good_token();
    let bad = format!("{good}AAAA");
    let late = room.token(r#"{"iss":"i","sub":"s\u009b","aud":"a","exp":1600000000.5}"#);
    let text = format!("{good}\n{bad}\nx\n{late}\n");
    let ran = room.run_reading(&text, VERIFY);
    let wanted = format!(
        concat!(
            r#"{{"line":1,"code":0,"name":"accepted","signature_ok":true,"alg":"ES256","kid":"k1","iss":"i","sub":"s","exp":{exp}}}"#,
            "\n",
            r#"{{"line":2,"code":500,"name":"signature_invalid","signature_ok":false,"alg":"ES256","kid":"k1"}}"#,
            "\n",
            r#"{{"line":3,"code":201,"name":"token_segments","signature_ok":false}}"#,
            "\n",
            r#"{{"line":4,"code":692,"name":"expired","signature_ok":true,"claim":"exp","alg":"ES256","kid":"k1","iss":"i","sub":"s\u009b","exp":1600000000}}"#,
            "\n",
        ),
        exp = NOW + 100
    );
    assert_eq!(ran.stdout, wanted);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
}

#[test]
fn text_has_one_harmless_line_per_token() {
    let room = Room::with_key();
    let good = room.good_token();
    let odd = room.token(r#"{"aud":"a","sub":"\u001b[2J\n\u202e","exp":1700000100}"#);
    let verify = "verify --jwks jwks.json --alg ES256 --aud a --now 1700000000";
    let ran = room.run_reading(format!("{good}\n{odd}\n{good}AAAA\n"), verify);
    let lines: Vec<_> = ran.stdout.lines().collect();
    let first = r#"1: accepted, alg ES256, kid "k1", iss "i", sub "s", exp 2023-11-14T22:15:00Z"#;
    assert_eq!((lines[0], lines.len()), (first, 3));
    assert!(lines[1].contains(r#"sub "\u{1b}[2J\n\u{202e}""#), "{}", lines[1]);
    assert!(lines[2].starts_with("3: rejected: signature_invalid (500): The JWS Signature"), "{}", lines[2]);
    assert!(!ran.stdout.contains(&good));
}

#[test]
fn summary_counts_verdicts_on_stderr() {
    let room = Room::with_key();
    let good = room.good_token();
    let text = format!("{{\"t\":\"{good}\"}}\n{{\"t\":\"{good}\"}}\n{{\"t\":\"x\"}}\n{{}}\n");
    let verify = "verify --jwks jwks.json --alg ES256 --aud a --now 1700000000 --field t";
    for more in ["", "--quiet", "-q --format ndjson"] {
        let ran = room.run_reading(&text, &format!("{verify} {more}"));
        assert_eq!((ran.code, ran.stdout.is_empty()), (1, !more.is_empty()), "{more}");
        let rows: Vec<Vec<_>> = ran
            .stderr
            .lines()
            .filter(|line| line.starts_with("| "))
            .map(|line| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect())
            .collect();
        assert_eq!(
            rows,
            [
                vec!["verdict", "code", "tokens", "share"],
                vec!["accepted", "0", "2", "50.0 %"],
                vec!["token_segments", "201", "1", "25.0 %"],
                vec!["unreadable", "1", "25.0 %"],
                vec!["total", "4"],
            ]
        );
        assert!(ran.stderr.trim_end().ends_with("per second"), "{}", ran.stderr);
    }
    let ran = room.run_reading(&text, &format!("{verify} --no-summary"));
    assert_eq!(ran.stderr, "");
}

#[test]
fn one_token_needs_no_summary() {
    let room = Room::with_key();
    let ran = room.run(&format!(
        "verify --jwks jwks.json --alg ES256 --aud a --now 1700000000 --quiet {}",
        room.good_token()
    ));
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
}

#[test]
fn tokens_are_never_printed() {
    let room = Room::with_key();
    let good = room.good_token();
    let payload = good.split('.').nth(1).unwrap().to_owned();
    for token in [good.clone(), format!("{good}AAAA"), format!("--{good}"), format!("a b {good}")] {
        for format in ["text", "ndjson"] {
            let base = ["verify", "--jwks", "jwks.json", "--alg", "ES256", "--aud", "a", "--format", format];
            let ran = room.run_with(&[&base[..], &[token.as_str()]].concat());
            assert!(!ran.stdout.contains(&payload) && !ran.stderr.contains(&payload), "{ran:?}");
        }
    }
    for command in ["keygen", "sign", "completions"] {
        let ran = room.run(&format!("{command} {good}"));
        assert!(ran.code == 2 && !ran.stderr.contains(&payload), "{ran:?}");
    }
}

#[test]
fn a_file_name_cannot_break_the_lines() {
    let room = Room::with_key();
    let good = room.good_token();
    room.write("a\nb", &good);
    let base = ["verify", "--jwks", "jwks.json", "--alg", "ES256", "--any-audience", "--now", "1700000000"];
    let ran = room.run_with(&[&base[..], &["@a\nb", "@a\nb"]].concat());
    assert!(ran.stdout.lines().count() == 2 && ran.stdout.starts_with("a\\nb:1: accepted"), "{ran:?}");
    let ran = room.run_with(&[&base[..], &["--format", "ndjson", "@a\nb", "@a\nb"]].concat());
    assert_eq!(objects(&ran.ok())[1]["source"], "a\nb");
    room.run_with(&[&base[..], &["@no\nne"]].concat()).fails_with(&["no\\nne"]);
}

#[test]
fn dates_in_milliseconds_are_told() {
    let room = Room::with_key();
    let exp = (NOW + 100) * 1000;
    let token = room.token(&format!(r#"{{"aud":"a","exp":{exp}}}"#));
    let nbf = room.token(&format!(r#"{{"aud":"a","nbf":{exp},"exp":{}}}"#, NOW + 100));
    let rules = VERIFY.replace("--format ndjson", "");
    let ran = room.run(&format!("{rules} {token} {token} {nbf} {}", room.good_token()));
    let told =
        format!("exp {exp} (beyond the year 9999), which looks like milliseconds, of 2023-11-14T22:15:00Z");
    assert_eq!(ran.stdout.matches(&told).count(), 2, "{ran:?}");
    let warning = "jotctl: warning: exp, nbf or iat: 3 tokens with a date that looks like milliseconds; it must be in seconds\n";
    assert_eq!(ran.stderr, warning);
    assert_eq!(room.run(&format!("{rules} {}", room.good_token())).stderr, "");
}

#[test]
fn key_dates_in_milliseconds_are_told() {
    let room = Room::with_key();
    let jwk = room.read("public.jwk").trim_end().replacen('{', r#"{"exp":1798761600000,"#, 1);
    room.write("dated.json", format!("{{\"keys\":[{jwk}]}}"));
    room.write("tokens", room.good_token());
    let ran = room.run(&format!(
        "audit tokens --format lines --keys dated.json --alg ES256 --aud a --now {NOW} --quiet --out -"
    ));
    let warning = "jotctl: warning: dated.json: the exp of key \"k1\" looks like milliseconds, of 2027-01-01T00:00:00Z; it must be in seconds\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, warning));
}
