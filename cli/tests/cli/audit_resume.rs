//! What ended runs leave, and who may go on from it.

use std::process::Stdio;

use crate::support::Room;

const RULES: &str = "--format lines --now 7 --keys jwks.json --alg ES256 --quiet --checkpoint 0";

/// Rows in Parquet cannot be gone on with after a crash, and that is said.
#[cfg(unix)]
#[test]
fn killed_run_with_parquet_says_that_it_cannot_go_on() {
    use std::io::Write as _;

    let room = Room::with_key();
    let log = "a.b.c\n".repeat(400_000);
    room.write("log", &log);
    let mut child = room
        .command()
        .args(format!("audit - {RULES} --out rows.parquet").split(' '))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(log.as_bytes()).unwrap();
    let staged = room.path("rows.parquet.partial.new");
    for _ in 0..600 {
        if staged.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut left: Vec<_> = std::fs::read_dir(room.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("rows") || name.starts_with('.'))
        .collect();
    left.sort();
    assert_eq!(left, ["rows.parquet.partial.new"]);
    let ran = room.run(&format!("audit log {RULES} --out rows.parquet --resume"));
    ran.fails_with(&["rows.parquet.resume", "Parquet", "start anew", "NDJSON or CSV"]);
    room.run(&format!("audit log {RULES} --out rows.parquet")).ok();
    assert!(room.path("rows.parquet").exists() && !staged.exists());
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
        for beside in [".partial", ".partial.new", ".resume"] {
            let source = format!("{name}{beside}");
            room.write(&source, "a.b.c\n");
            let ran = room.run(&format!("audit {source} {RULES} --out {name} --force"));
            ran.fails_with(&[&source]);
            assert_eq!(room.read(&source), "a.b.c\n");
            std::fs::remove_file(room.path(&source)).unwrap();
        }
    }
}
