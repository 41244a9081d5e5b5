//! What ended runs leave, and who may go on from it.

use std::process::Stdio;

use crate::support::{Room, parquet_rows};

const RULES: &str = "--format lines --now 7 --keys jwks.json --alg ES256 --quiet --checkpoint 0";

/// Lines that are longer together than some chunks.
fn long_lines(count: usize) -> String {
    (0..count).map(|line| format!("a.b.{:0240}\n", line % 1000)).collect()
}

/// Runs an audit that reads a log from a pipe, and kills it when it has written a state
/// with other lines than `before`; returns the lines of the state.
#[cfg(unix)]
fn kill_behind(room: &Room, command: &str, log: &str, before: u64) -> u64 {
    use std::io::Write as _;

    let mut child = room
        .command()
        .args(command.split_whitespace())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(log.as_bytes()).unwrap();
    let lines = || {
        let state = std::fs::read(room.path("rows.parquet.resume")).ok()?;
        serde_json::from_slice::<serde_json::Value>(&state).ok()?["lines"].as_u64()
    };
    for _ in 0..600 {
        if lines().is_some_and(|lines| lines > before) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    lines().filter(|lines| *lines > before).expect("a state was written")
}

/// A run with rows in Parquet that is killed, and killed again after it went on, comes to
/// the rows of a run that was not.
#[cfg(unix)]
#[test]
fn killed_run_with_parquet_goes_on() {
    let room = Room::with_key();
    room.write("fingerprint.key", [7; 32]);
    let log = long_lines(40_000);
    let rules = format!("{RULES} --fingerprint-key fingerprint.key");
    room.run_reading(&log, &format!("audit - {rules} --out whole.parquet")).ok();
    let command = format!("audit - {rules} --out rows.parquet");
    let first = kill_behind(&room, &command, &log[..log.len() / 4], 0);
    let second = kill_behind(&room, &format!("{command} --resume"), &log[..log.len() / 2], first);
    assert!(first < second && second < 40_000);
    let mut left: Vec<_> = std::fs::read_dir(room.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("rows") || name.starts_with('.'))
        .collect();
    left.sort();
    assert!(
        left.starts_with(&["rows.parquet.partial".to_owned(), "rows.parquet.resume".to_owned()]),
        "{left:?}"
    );
    room.run_reading(&log, &command).fails_with(&["rows.parquet.resume", "--resume"]);
    room.run_reading(&log, &format!("{command} --resume")).ok();
    assert!(parquet_rows(&room, "rows.parquet") == parquet_rows(&room, "whole.parquet"));
    assert!(!room.path("rows.parquet.partial").exists() && !room.path("rows.parquet.resume").exists());
}

/// What is less than the state says, or something else, is not gone on with.
#[cfg(unix)]
#[test]
fn killed_run_refuses_rows_that_are_not_its_own() {
    let room = Room::with_key();
    let log = long_lines(10_000);
    let command = format!("audit - {RULES} --out rows.parquet");
    kill_behind(&room, &command, &log, 0);
    let rows = std::fs::read(room.path("rows.parquet.partial")).unwrap();
    let resumed = || room.run_reading(&log, &format!("{command} --resume"));
    room.write("rows.parquet.partial", &rows[..20]);
    resumed().fails_with(&["rows.parquet.partial", "shorter than it was"]);
    std::fs::remove_file(room.path("rows.parquet.partial")).unwrap();
    resumed().fails_with(&["rows.parquet.partial"]);
    room.write("rows.parquet.partial", &rows);
    let state = room.read("rows.parquet.resume");
    let damaged = state.replacen("\"out_groups\":\"", "\"out_groups\":\"?", 1);
    assert!(damaged != state);
    room.write("rows.parquet.resume", damaged);
    resumed().fails_with(&["rows.parquet.partial"]);
    room.write("rows.parquet.resume", state);
    resumed().ok();
}

#[test]
fn state_of_another_version_is_refused_by_name() {
    let room = Room::with_key();
    room.write("log", "a.b.c\n");
    let state = r#"{"form":2,"command":"00","next":{"source":0},"tally":{}}"#;
    room.write("rows.ndjson.resume", state);
    let audit = |options: &str| room.run(&format!("audit log {RULES} --out rows.ndjson {options}"));
    audit("").fails_with(&["rows.ndjson.resume", "--resume", "--force"]);
    audit("--resume").fails_with(&["rows.ndjson.resume", "another version of jotctl", "--force"]);
    room.write("rows.ndjson.resume", "{\"form\":\"x\"}");
    audit("--resume").fails_with(&["rows.ndjson.resume", "already exists"]);
    room.write("rows.ndjson.resume", state);
    audit("--force").ok();
    assert!(!room.path("rows.ndjson.resume").exists());
}

#[test]
fn outputs_are_opened_first_and_are_no_sources() {
    let room = Room::with_key();
    room.write("log", "a.b.c\n");
    room.write("other", "a.b.c\n");
    for name in ["rows.ndjson", "rows.csv", "rows.parquet"] {
        let ran = room.run_reading("", &format!("audit - {RULES} --out nowhere/{name}"));
        ran.fails_with(&["nowhere"]);
        for out in [format!("--out log --out-format {}", &name[5..]), format!("--out {name} --summary log")] {
            let ran = room.run(&format!("audit other log {RULES} {out} --force"));
            ran.fails_with(&["log"]);
            assert_eq!(room.read("log"), "a.b.c\n");
        }
        for beside in [".partial", ".resume"] {
            let source = format!("{name}{beside}");
            room.write(&source, "a.b.c\n");
            let ran = room.run(&format!("audit {source} {RULES} --out {name} --force"));
            ran.fails_with(&[&source]);
            assert_eq!(room.read(&source), "a.b.c\n");
            std::fs::remove_file(room.path(&source)).unwrap();
        }
    }
}
