//! `jotctl audit` on logs whose totals are known.

use std::path::Path;

use serde_json::Value;

use crate::support::{Ran, Room, objects};

/// The keys of a log that `gen-log` made, and the rules that it was made for.
pub(crate) const RULES: &str = "--keys https://login.example=log/snapshots/login \
    --keys https://accounts.example=log/keys/accounts.json --keys https://id.example=log/snapshots/id \
    --alg ES256,RS256,EdDSA --aud api --quiet --summary summary.json --force";

pub(crate) const NDJSON: &str =
    "log/access.ndjson --status status --time time --address address --token authorization";

pub(crate) fn generated(lines: u32, options: &str) -> Room {
    let room = Room::new();
    let repeat = lines / 250;
    room.run(&format!("gen-log --out log --lines {lines} --seed 3 --repeat {repeat} {options}")).ok();
    room.write("fingerprint.key", [7; 32]);
    room
}

pub(crate) fn audit(room: &Room, options: &str) -> Ran {
    room.run(&format!("audit {options} {RULES} --fingerprint-key fingerprint.key"))
}

pub(crate) fn room_with_log() -> Room {
    generated(2500, "")
}

fn json(room: &Room, name: &str) -> Value {
    serde_json::from_str(&room.read(name)).unwrap()
}

/// Asserts that the summary has the totals that the log was made for.
fn assert_expected(room: &Room, what: &str) {
    let (expected, found) = (json(room, "log/expected.json"), json(room, "summary.json"));
    for member in ["lines", "rows", "accepted", "refused", "codes", "findings"] {
        assert_eq!(found[member], expected[member], "{what}: {member}");
    }
    assert_eq!(found["unreadable"]["lines"], expected["unreadable"], "{what}");
}

#[test]
fn totals_are_those_of_the_log_in_every_format() {
    for (made, read) in [
        ("", NDJSON.to_owned()),
        ("--compress gzip", "log/*.gz".to_owned()),
        ("--compress zstd", "log/access.ndjson.zst --token /authorization --time /time".to_owned()),
        ("--format csv", "log/access.csv".to_owned()),
        ("--format nginx", "log/access.log --log-format nginx-auth".to_owned()),
        ("--format envoy", "log/access.log --log-format envoy-auth".to_owned()),
    ] {
        let room = generated(2500, made);
        audit(&room, &read).ok();
        assert_expected(&room, made);
    }
}

#[test]
fn answer_does_not_depend_on_threads_or_cache() {
    let room = room_with_log();
    audit(&room, &format!("{NDJSON} --threads 1 --out one.ndjson")).ok();
    let (rows, summary) = (room.read("one.ndjson"), room.read("summary.json"));
    assert_expected(&room, "one thread");
    for running in ["--threads 3", "--threads 2 --cache-entries 0", "--threads 1 --cache-entries 10"] {
        audit(&room, &format!("{NDJSON} {running} --out many.ndjson")).ok();
        assert!(room.read("many.ndjson") == rows, "{running}");
        assert_eq!(room.read("summary.json"), summary, "{running}");
    }
}

#[test]
fn rows_say_what_was_true_at_the_time_of_use() {
    let room = Room::with_key();
    let token = room.token(r#"{"iss":"i","sub":"s","jti":"j","aud":"a","iat":1000,"exp":2000}"#);
    let line = |time: i64, token: &str| format!("{{\"t\":{time},\"s\":200,\"token\":\"{token}\"}}\n");
    let cut: String = token.chars().take(60).collect();
    let log = [
        line(1500, &format!("Bearer {token}")),
        line(2030, &token),
        line(500, &token),
        line(1500, "-"),
        line(1500, &cut),
        "garbage\n".to_owned(),
        line(1500, &format!("\\\\x22{token}\\\\x22")),
    ]
    .concat();
    room.write("a.ndjson", log);
    room.run("audit a.ndjson --keys jwks.json --alg ES256 --aud a --token token --time t --status s --quiet --out rows.ndjson --max-unread 20").ok();
    let text = room.read("rows.ndjson");
    assert!(!text.contains(&token), "a row has the token");
    let rows = objects(&text);
    let column = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(
        column("name"),
        ["accepted", "expired", "issued_in_future", "token_null", "token_segments", "accepted"]
    );
    assert_eq!(column("line"), [1, 2, 3, 4, 5, 7]);
    assert_eq!(column("code"), [0, 692, 672, 207, 201, 0]);
    assert_eq!(column("signature_ok"), [true, true, true, false, false, true]);
    let (yes, no, null) = (Value::from(true), Value::from(false), Value::Null);
    assert_eq!(column("time_ok"), [&yes, &no, &no, &null, &null, &yes].map(Clone::clone));
    assert_eq!(column("valid_at_use"), [true, false, false, false, false, true]);
    assert_eq!(
        column("expired_by_seconds"),
        [null.clone(), 30.into(), null.clone(), null.clone(), null.clone(), null.clone()]
    );
    assert_eq!(column("truncated_suspect"), [false, false, false, false, true, false]);
    let first = &rows[0];
    assert_eq!(
        (&first["alg"], &first["kid"], &first["issuer"]),
        (&"ES256".into(), &"k1".into(), &"i".into())
    );
    assert_eq!(
        (&first["subject"], &first["jti"], &first["key_state"]),
        (&"s".into(), &"j".into(), &"active".into())
    );
    assert_eq!(
        (&first["used_at"], &first["status"], &first["expires_at"]),
        (&1500.into(), &200.into(), &2000.into())
    );
    assert_eq!(first["fingerprint"], rows[5]["fingerprint"]);
    assert_eq!(first["fingerprint"].as_str().unwrap().len(), 32);
    assert_eq!(rows[3]["fingerprint"], null);
}

#[test]
fn key_verifies_in_its_time_only() {
    let room = Room::with_key();
    let token = room.token(r#"{"exp":9000000000}"#);
    room.write(
        "log",
        ["2026-01-15", "2026-02-15", "2026-03-15"].map(|day| format!("{day}T00:00:00Z\t{token}\n")).concat(),
    );
    let names = |keys: &str| {
        let options = "--format tsv --token 2 --time 1 --alg ES256 --quiet --out - --cache-entries 9";
        let rows = objects(&room.run(&format!("audit log --keys {keys} {options}")).ok());
        rows.iter()
            .map(|row| {
                format!("{} {}", row["name"].as_str().unwrap(), row["key_state"].as_str().unwrap_or("-"))
            })
            .collect::<Vec<_>>()
    };
    std::fs::create_dir(room.path("past")).unwrap();
    let jwks = room.read("jwks.json");
    room.run("keygen --alg ES256 --kid k1 --out-private other.jwk --out-public other-public.jwk").ok();
    room.run("jwks other-public.jwk --out past/2026-01-01.json").ok();
    room.write("past/jwks-2026-02-01T00-00-00Z.json", &jwks);
    room.run("jwks other-public.jwk --out past/1772323200.json").ok();
    // The kid was another key's before and is it again.
    assert_eq!(names("past"), ["key_not_yet_valid not_yet_valid", "accepted active", "key_retired retired"]);
    let dated = jwks.replacen("\"kty\"", "\"exp\":1771113600,\"kty\"", 1);
    room.write("dated.json", dated);
    assert_eq!(names("dated.json"), ["accepted active", "key_retired retired", "key_retired retired"]);
    room.write("other.json", room.read("other-public.jwk").replace("\"k1\"", "\"k2\""));
    assert_eq!(names("other.json"), ["kid_unknown unknown"; 3]);
}

#[test]
fn parquet_is_written_and_read() {
    let room = room_with_log();
    audit(&room, &format!("{NDJSON} --out rows.parquet --unsafe-include-token")).ok();
    assert_expected(&room, "NDJSON");
    let codes = json(&room, "summary.json")["codes"].clone();
    audit(&room, "rows.parquet --token token --time used_at --status status --address address").ok();
    let summary = json(&room, "summary.json");
    assert_eq!((&summary["codes"], &summary["unreadable"]["lines"]), (&codes, &0.into()));
    let expected = json(&room, "log/expected.json");
    assert_eq!(summary["findings"], expected["findings"]);
}

#[test]
fn json_is_the_summary_on_standard_output() {
    let room = room_with_log();
    let rules = RULES.replace("--quiet --summary summary.json --force", "--fingerprint-key fingerprint.key");
    let run = |options: &str| room.run(&format!("audit {NDJSON} {rules} {options}"));
    let ran = run("--json --summary summary.json --out rows.ndjson");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout == room.read("summary.json") && ran.stdout.contains("\"unknown_kid\""));
    // The exit code and what it is about are the same as without.
    for options in ["--fail-on accepted-invalid", "--fail-on accepted-invalid>100000"] {
        let (machine, person) = (run(&format!("--json {options}")), run(&format!("--quiet {options}")));
        assert_eq!((machine.code, &machine.stderr), (person.code, &person.stderr), "{options}");
        assert!(machine.stdout == ran.stdout && person.stdout.is_empty(), "{options}");
    }
    // It is whole or not there.
    let ran = run("--json --stop-after 1 --threads 1");
    assert_eq!((ran.code, ran.stdout.as_str()), (130, ""), "{ran:?}");
    run("--json --resume").ok();
    run("--summary -").fails_with(&["--summary", "--json"]);
    run("--json --out -").fails_with(&["--json", "--out"]);
    run("--json --report -").fails_with(&["--json", "--report"]);
}

#[test]
fn findings_set_the_exit_code() {
    let room = room_with_log();
    let code = |limits: &str| audit(&room, &format!("{NDJSON} --fail-on {limits}"));
    let ran = code("accepted-invalid,expired>3");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("found: accepted-invalid: ") && ran.stderr.contains(", more than 3"));
    assert_eq!(code("unknown-kid>100000").code, 0);
    assert_eq!(code("signature_invalid,claims_json").code, 1);
    assert_eq!(code("claims_json").code, 0);
    code("nonsense").fails_with(&["nonsense", "neither a finding"]);
}

#[test]
fn unreadable_lines_are_counted_and_sampled() {
    let room = Room::with_key();
    room.write(
        "a.ndjson",
        "{\"token\":\"-\",\"time\":1}\n\n[]\n{\"token\":\"-\",\"time\":\"noon\"}\n{\"token\":\"-\"}\n",
    );
    let ran = room.run("audit a.ndjson --keys jwks.json --alg ES256 --summary s.json");
    assert!(ran.stderr.contains("a.ndjson:3: the line is not a JSON object"), "{ran:?}");
    let summary = json(&room, "s.json");
    assert_eq!((&summary["rows"], &summary["unreadable"]["lines"]), (&3.into(), &1.into()));
    let lines = |samples: &Value| {
        let samples = samples.as_array().unwrap().iter();
        samples.map(|sample| sample["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&summary["unreadable"]["samples"]), [3]);
    assert_eq!(lines(&summary["records"]["flaw_samples"]), [4, 5]);
    let long = format!(
        "{{\"token\":\"-\",\"time\":1,\"x\":\"{}\"}}\n{{\"token\":\"-\",\"time\":1}}\n",
        "x".repeat(4_000_000)
    );
    room.write("b.ndjson", long);
    room.run(
        "audit b.ndjson --keys jwks.json --alg ES256 --summary s.json --token token --time time --max-unread 60 --force",
    )
    .ok();
    let summary = json(&room, "s.json");
    assert_eq!((&summary["rows"], &summary["unreadable"]["lines"]), (&1.into(), &1.into()));
}

/// Nobody keeps his token out of an audit by what else he sends.
#[test]
fn lines_with_odd_text_of_strangers_are_judged() {
    let room = room_with_log();
    let token = room.read("log/access.ndjson").lines().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line["authorization"].as_str().filter(|value| value.starts_with("Bearer ")).map(str::to_owned)
    });
    let token = token.unwrap();
    let mut log = Vec::new();
    for agent in [
        &b"\"agent\""[..],
        b"\"\xff\xfe\"",
        b"\"\\ud800\"",
        format!("{}{}", "[".repeat(500), "]".repeat(500)).as_bytes(),
        b"1,\"agent\":2",
    ] {
        log.extend(format!("{{\"time\":1767226000,\"authorization\":\"{token}\",\"agent\":").bytes());
        log.extend(agent);
        log.extend(b"}\n");
    }
    room.write("odd.ndjson", log);
    audit(&room, "odd.ndjson --out rows.ndjson").ok();
    let rows = objects(&room.read("rows.ndjson"));
    assert_eq!((rows.len(), rows[0]["fingerprint"].is_string()), (5, true));
    assert!(rows.iter().all(|row| row["fingerprint"] == rows[0]["fingerprint"]), "{rows:?}");
}

#[test]
fn columns_are_left_out_or_hashed_when_asked_for() {
    let room = room_with_log();
    audit(&room, &format!("{NDJSON} --out plain.ndjson")).ok();
    audit(&room, &format!("{NDJSON} --out redacted.ndjson --omit address,jti --hash subject,issuer")).ok();
    let (plain, redacted) = (objects(&room.read("plain.ndjson")), objects(&room.read("redacted.ndjson")));
    assert_eq!(plain.len(), redacted.len());
    let mut names = std::collections::BTreeMap::new();
    for (plain, redacted) in plain.iter().zip(&redacted) {
        assert_eq!(plain["code"], redacted["code"]);
        assert!(redacted["address"].is_null() && redacted["jti"].is_null());
        let hashed = names.entry(plain["subject"].to_string()).or_insert_with(|| redacted["subject"].clone());
        assert_eq!(*hashed, redacted["subject"]);
        assert_eq!(plain["subject"].is_null(), redacted["subject"].is_null());
    }
    assert!(!room.read("redacted.ndjson").contains("user-") && !room.read("summary.json").contains("user-"));
}

#[test]
fn same_seed_gives_the_same_log() {
    let (a, b) = (generated(500, ""), generated(500, ""));
    for name in ["log/access.ndjson", "log/expected.json", "log/keys/login.json", "log/keys/id.json"] {
        assert!(a.read(name) == b.read(name), "{name}");
    }
    let other = Room::new();
    other.run("gen-log --out log --lines 500 --seed 4").ok();
    assert!(a.read("log/access.ndjson") != other.read("log/access.ndjson"));
    assert_eq!(other.read("log/access.ndjson").lines().count(), 500);
}

#[test]
fn places_are_tried_before_anything_is_read() {
    let room = Room::with_key();
    room.write("a.ndjson", "{\"token\":\"a.b.c\",\"time\":1}\n");
    for option in ["--state no/state", "--summary no/summary.json", "--report no/report.html"] {
        let ran =
            room.run(&format!("audit a.ndjson --keys jwks.json --alg ES256 --out rows.ndjson {option}"));
        ran.fails_with(&["no/"]);
        assert!(!room.path("rows.ndjson").exists() && !room.path("rows.ndjson.partial").exists());
    }
}

/// The page's examples run as they stand, and no option is without one.
#[cfg(unix)]
#[test]
fn examples_of_the_page_run() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/audit.md")).unwrap();
    let blocks: String =
        page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let room = Room::new();
    for command in ["audit", "gen-log"] {
        let help = room.run(&format!("{command} --help")).ok();
        let listed = help.split("Examples:").next().unwrap();
        let lines = listed.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        for option in lines.filter_map(|line| line.split_once("--").map(|found| found.1)) {
            let name = option.split([' ', '[', '<', ',']).next().unwrap();
            assert!(
                name == "help" || blocks.contains(&format!("--{name}")),
                "{command} --{name} has no example"
            );
        }
    }
    let tools = Path::new(env!("CARGO_BIN_EXE_jotctl")).parent().unwrap().to_owned();
    let run = std::process::Command::new("bash")
        .args(["-euo", "pipefail", "-c", &blocks])
        .current_dir(room.path(""))
        .env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(room.path("report.html").exists() && room.path("rows.parquet").exists());
}
