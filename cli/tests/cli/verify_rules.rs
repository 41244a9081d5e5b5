//! Every rule of `jotctl verify`, met and broken.

use crate::support::{NOW, Room, names, objects, segment};

const CLAIMS: &str = r#"{"iss":"i","sub":"s","aud":"a","exp":1700000100,"iat":1699999950,"azp":"p","scope":"r w",
    "t":{"id":42,"a/b":true},"roles":["x"],"https://c.example/d.e":"v"}"#;

/// Verifies one token and returns the exit code and the verdict's name.
fn verdict(room: &Room, token: &str, more: &[&str]) -> (i32, String) {
    let base = ["verify", "--jwks", "jwks.json", "--format", "ndjson", "--now", "1700000000", token];
    let ran = room.run_with(&[&base, more].concat());
    assert!(!ran.stdout.contains(token) && !ran.stderr.contains(token), "{more:?}");
    match names(&ran.stdout).as_slice() {
        [name] => (ran.code, name.clone()),
        _ => panic!("{more:?}: {ran:?}"),
    }
}

#[test]
fn every_rule_accepts_and_rejects_with_its_code() {
    let room = Room::with_key();
    let sign = ["sign", "--key", "key.jwk", "--typ", "at+jwt", "--claims", CLAIMS];
    let token = room.run_with(&sign).ok().trim_end().to_owned();
    let rows: &[(&[&str], &str)] = &[
        (&["--aud", "a"], "accepted"),
        (&["--aud", "b"], "aud_mismatch"),
        (&["--aud", "b", "--aud", "a"], "accepted"),
        (&[], "aud_unexpected"),
        (&["--any-audience"], "accepted"),
        (&["--any-audience", "--iss", "i"], "accepted"),
        (&["--any-audience", "--iss", "j"], "iss_mismatch"),
        (&["--any-audience", "--iss", "j", "--iss", "i"], "accepted"),
        (&["--any-audience", "--iss", "j", "--iss", "k"], "issuer_unknown"),
        (&["--any-audience", "--sub", "s"], "accepted"),
        (&["--any-audience", "--sub", "t"], "sub_mismatch"),
        (&["--any-audience", "--typ", "application/AT+JWT"], "accepted"),
        (&["--any-audience", "--typ", "JWT"], "typ_mismatch"),
        (&["--any-audience", "--azp", "p"], "accepted"),
        (&["--any-audience", "--azp", "q"], "azp_mismatch"),
        (&["--any-audience", "--scope", "r", "--scope", "w"], "accepted"),
        (&["--any-audience", "--scope", "r", "--scope", "x"], "scope_insufficient"),
        (&["--any-audience", "--require", "sub", "--require", "t"], "accepted"),
        (&["--any-audience", "--require", "sub", "--require", "nothing"], "claim_missing"),
        (&["--any-audience", "--claim", "sub equals s", "--claim", "/t/id equals 42"], "accepted"),
        (
            &["--any-audience", "--claim", "sub equals \"s\"", "--claim", "/t/id any_of 41 43"],
            "claim_mismatch",
        ),
        (&["--any-audience", "--claim", "/t/id equals \"42\""], "claim_mismatch"),
        (&["--any-audience", "--claim", "/t/a~1b equals true"], "accepted"),
        (&["--any-audience", "--claim", "https://c.example/d.e equals \"v\""], "accepted"),
        (&["--any-audience", "--claim", "iat equals 1699999950.0"], "accepted"),
        (&["--any-audience", "--claim", "t.id equals 42"], "claim_missing"),
        (&["--any-audience", "--claim", "roles contains x"], "accepted"),
        (&["--any-audience", "--claim", "roles not contains y"], "accepted"),
        (&["--any-audience", "--claim", "roles contains y"], "claim_mismatch"),
        (&["--any-audience", "--max-age", "50"], "accepted"),
        (&["--any-audience", "--max-age", "49"], "too_old"),
        (&["--any-audience", "--max-token-bytes", "20"], "token_too_long"),
        (&["--profile", "id-token", "--iss", "i", "--aud", "p", "--aud", "a"], "accepted"),
        (&["--profile", "id-token", "--iss", "i", "--aud", "a"], "azp_mismatch"),
        (&["--profile", "access-token", "--iss", "i", "--aud", "a"], "claim_missing"),
    ];
    for (more, name) in rows {
        let code = i32::from(*name != "accepted");
        let more = [&["--alg", "ES384,ES256"], *more].concat();
        assert_eq!(verdict(&room, &token, &more), (code, (*name).to_owned()), "{more:?}");
    }
}

#[test]
fn dates_are_judged_at_now_with_leeway() {
    let room = Room::with_key();
    let token = room.token(&format!(r#"{{"nbf":{},"exp":{}}}"#, NOW - 10, NOW + 100));
    let at = |now: i64, leeway: &str| {
        let arguments = format!(
            "verify --jwks jwks.json --alg ES256 --format ndjson --now {now} --leeway {leeway} {token}"
        );
        names(&room.run(&arguments).stdout).concat()
    };
    assert_eq!(at(NOW, "0"), "accepted");
    assert_eq!(at(NOW + 100, "0"), "expired");
    assert_eq!(at(NOW + 100, "1"), "accepted");
    assert_eq!(at(NOW - 11, "0"), "not_yet_valid");
    assert_eq!(at(NOW - 11, "1"), "accepted");
    // Without --now the system's clock is asked.
    let ran = room.run(&format!("verify --jwks jwks.json --alg ES256 --format ndjson {token}"));
    assert_eq!((ran.code, names(&ran.stdout).concat()), (1, "expired".to_owned()));
}

#[test]
fn tokens_without_exp_are_accepted_only_when_allowed() {
    let room = Room::with_key();
    let token = room.token("{}");
    assert_eq!(verdict(&room, &token, &["--alg", "ES256"]), (1, "exp_missing".to_owned()));
    let allowed = ["--alg", "ES256", "--allow-missing-exp"];
    assert_eq!(verdict(&room, &token, &allowed), (0, "accepted".to_owned()));
}

#[test]
fn rejections_before_the_signature_have_their_codes() {
    let room = Room::with_key();
    let good = room.good_token();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = head.split_once('.').unwrap();
    let with_header = |json: &str| format!("{}.{payload}.{signature}", segment(json));
    for (token, name) in [
        (format!("{header}.{}.{signature}", segment("{}")), "signature_invalid"),
        (format!("{head}.{signature}="), "token_padded"),
        (format!("{good} "), "token_wrapped"),
        (format!("Bearer {good}"), "token_wrapped"),
        (head.to_owned(), "token_segments"),
        (with_header(r#"{"alg":"none"}"#), "alg_none"),
        (with_header(r#"{"alg":"XX"}"#), "alg_unknown"),
        (with_header(r#"{"alg":"HS256"}"#), "alg_not_allowed"),
        (with_header(r#"{"alg":"ES256","kid":"k2"}"#), "kid_unknown"),
        (with_header(r#"{"alg":"ES256","alg":"ES256"}"#), "header_repeated"),
        (with_header(r#"{"alg":"ES256","crit":["x"],"x":1}"#), "crit_unknown"),
    ] {
        let ran = verdict(&room, &token, &["--alg", "ES256", "--aud", "a"]);
        assert_eq!(ran, (1, name.to_owned()), "{token}");
    }
}

#[test]
fn rejection_names_the_claim_and_the_byte() {
    let room = Room::with_key();
    let run = |token: &str, more: &str| {
        let base = "verify --jwks jwks.json --alg ES256 --now 1700000000 --format ndjson";
        objects(&room.run(&format!("{base} {more} {token}")).stdout).remove(0)
    };
    let verdict = run(&room.good_token(), "--aud a --require tenant");
    assert_eq!((&verdict["claim"], &verdict["signature_ok"]), (&"tenant".into(), &true.into()));
    assert_eq!(verdict["code"], 650);
    let verdict = run(&format!("{}.e30.AAAA", segment("{\"a\":}")), "");
    assert_eq!((&verdict["name"], &verdict["signature_ok"]), (&"header_json".into(), &false.into()));
    assert_eq!((&verdict["offset"], verdict.get("alg")), (&5.into(), None));
}

#[test]
fn contradicting_and_missing_rules_are_wrong_usage() {
    let room = Room::with_key();
    let fails = |more: &str, words: &[&str]| {
        room.run(&format!("verify --jwks jwks.json {more} a.b.c")).fails_with(words);
    };
    fails("", &["--alg"]);
    fails("--alg none", &["alg_none (312)"]);
    fails("--alg ES256,XX", &["alg_unknown (313)"]);
    fails("--alg RS256", &["--alg", "no key"]);
    fails("--alg ES256 --aud a --any-audience", &["--any-audience"]);
    fails("--alg ES256 --aud=", &["policy_invalid (104)", "[audience]"]);
    fails("--alg ES256 --iss=", &["policy_invalid (104)", "[issuer]"]);
    fails("--alg ES256 --iss a --iss a", &["issuer_repeated (102)"]);
    fails("--alg ES256 --claim a", &["--claim", "condition_test", "present, equals"]);
    fails("--alg ES256 --claim a=1", &["--claim", "Write `a equals 1`."]);
    fails("--alg ES256 --claim /a/b=", &["--claim", "Write `/a/b equals \"\"`."]);
    fails("--alg ES256 --claim-contains a=1", &["--claim-contains"]);
    fails("--alg ES256 --profile id-token --aud a", &["--iss"]);
    fails("--alg ES256 --profile access-token --iss i", &["--aud"]);
    fails("--alg ES256 --profile id-token --aud a --iss i --allow-missing-exp", &["--allow-missing-exp"]);
    fails("--alg ES256 --leeway -1", &["-1"]);
    fails("--alg ES256 --max-token-bytes 0", &["--max-token-bytes"]);
    fails("--alg ES256 --field a --whole", &["--field"]);
}
