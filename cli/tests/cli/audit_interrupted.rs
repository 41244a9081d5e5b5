//! `jotctl audit` that is stopped: what it leaves, and how it goes on.

use crate::audit::{NDJSON, RULES, audit, generated, room_with_log};
use crate::support::{Room, parquet_rows};

#[test]
fn interrupted_run_goes_on_to_the_same_output() {
    let room = generated(9000, "");
    for name in ["rows.ndjson", "rows.csv", "rows.parquet"] {
        audit(&room, &format!("{NDJSON} --out {name}")).ok();
        let summary = room.read("summary.json");
        let whole = format!("whole-{name}");
        std::fs::rename(room.path(name), room.path(&whole)).unwrap();
        std::fs::remove_file(room.path("summary.json")).unwrap();
        for (stop, resume) in [("1", ""), ("1", "--resume")] {
            let ran =
                audit(&room, &format!("{NDJSON} --out {name} --threads 1 --stop-after {stop} {resume}"));
            assert_eq!(ran.code, 130, "{ran:?}");
            assert!(ran.stderr.contains("--resume continues"), "{ran:?}");
            assert!(!room.path(name).exists() && !room.path("summary.json").exists());
            // What there is can be read.
            let partial = format!("{name}.partial");
            assert!(!name.ends_with("parquet") || parquet_rows(&room, &partial).num_rows() > 0);
            assert!(room.path(&partial).exists());
            // Fewer lines than the first chunk has are no reason to stop again.
            if resume.is_empty() {
                audit(&room, &format!("{NDJSON} --out {name} --resume --leeway 5"))
                    .fails_with(&["another command"]);
            }
        }
        audit(&room, &format!("{NDJSON} --out {name} --resume --threads 3")).ok();
        let is_same = match name {
            // A row group ends where a state was written.
            "rows.parquet" => parquet_rows(&room, name) == parquet_rows(&room, &whole),
            _ => room.read(name) == room.read(&whole),
        };
        assert!(is_same, "{name}");
        assert_eq!(room.read("summary.json"), summary, "{name}");
        for left in [".partial", ".resume"] {
            assert!(!room.path(&format!("{name}{left}")).exists(), "{left}");
        }
    }
    audit(&room, &format!("{NDJSON} --resume")).fails_with(&["nothing to resume"]);
}

#[cfg(unix)]
#[test]
fn signal_ends_a_run_that_waits_for_input() {
    use std::io::Write as _;
    use std::process::Stdio;

    let room = Room::with_key();
    let mut child = room
        .command()
        .args("audit - --format lines --now 7 --keys jwks.json --alg ES256 --out rows.ndjson".split(' '))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than the reader takes at once, so that something was judged.
    input.write_all("a.b.c\n".repeat(400_000).as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let ran = crate::support::ran(child.wait_with_output().unwrap());
    drop(input);
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(room.path("rows.ndjson.partial").exists() && !room.path("rows.ndjson").exists());
}

/// What ends a run leaves something that the next one goes on from.
#[cfg(unix)]
#[test]
fn run_that_was_killed_goes_on_to_the_same_output() {
    use std::io::Write as _;
    use std::process::Stdio;

    for (signal, code) in [("-TERM", Some(130)), ("-KILL", None)] {
        let room = room_with_log();
        let log = room.read("log/access.ndjson").repeat(4);
        room.write("long.ndjson", &log);
        let options = "--token authorization --time time --status status --address address --checkpoint 0";
        let command = |out: &str| {
            format!("audit - {options} {RULES} --fingerprint-key fingerprint.key --out {out} --threads 1")
        };
        room.run_reading(&log, &command("whole.ndjson")).ok();
        let mut child = room
            .command()
            .args(command("rows.ndjson").split_whitespace())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let half = log.len() / 2;
        input.write_all(&log.as_bytes()[..half]).unwrap();
        let state = room.path("rows.ndjson.resume");
        for _ in 0..600 {
            if state.exists() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        assert!(state.exists(), "{signal}: no state was written");
        let id = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        drop(input);
        assert_eq!(output.status.code(), code, "{output:?}");
        let hidden = std::fs::read_dir(room.path("")).unwrap();
        let hidden =
            hidden.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0, "{signal}");
        assert!(room.path("rows.ndjson.partial").exists() && !room.path("rows.ndjson").exists());
        let again = command("rows.ndjson").replace("--force", "");
        let again = again.replace("summary.json", "again.json");
        room.run_reading(&log, &again).fails_with(&["rows.ndjson.resume", "--resume"]);
        room.run_reading(&log, &format!("{} --resume", command("rows.ndjson"))).ok();
        assert!(room.read("rows.ndjson") == room.read("whole.ndjson"), "{signal}");
        let left = ["rows.ndjson.resume", "rows.ndjson.resume.new", "rows.ndjson.partial"];
        assert!(left.iter().all(|name| !room.path(name).exists()), "{signal}");
    }
}

#[test]
fn output_is_whole_or_not_there() {
    let room = Room::with_key();
    room.write("a.ndjson", "{\"token\":\"a.b.c\",\"time\":1}\n");
    room.write("b.ndjson.gz", [0x1f, 0x8b, 8, 0, 1]);
    let rules = "--keys jwks.json --alg ES256 --quiet";
    let left = || {
        let names = std::fs::read_dir(room.path("")).unwrap().map(|entry| entry.unwrap().file_name());
        names
            .filter(|name| name.to_string_lossy().contains("rows") || name.to_string_lossy().starts_with('.'))
            .count()
    };
    room.run(&format!("audit b.ndjson.gz {rules} --out rows.ndjson")).fails_with(&["b.ndjson.gz"]);
    assert_eq!(left(), 0);
    room.run(&format!("audit a.ndjson {rules} --out rows.ndjson")).ok();
    room.run(&format!("audit a.ndjson {rules} --out rows.ndjson")).fails_with(&["rows.ndjson", "--force"]);
    room.run(&format!("audit a.ndjson {rules} --out rows.txt")).fails_with(&[".parquet", "--out-format"]);
    room.run(&format!("audit nothing*.log {rules}")).fails_with(&["nothing*.log"]);
    room.run(&format!("audit a.ndjson {rules} --token nowhere --log-format combined"))
        .fails_with(&["nginx-auth"]);
    room.run("audit a.ndjson --keys nowhere.json --alg ES256").fails_with(&["nowhere.json"]);
}
