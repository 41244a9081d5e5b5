//! What stands at an output's place, and what becomes of it.

#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use crate::missing::missing;
use crate::support::{Room, ran};

const AUDIT: &str =
    "audit tokens.txt --format lines --alg ES256 --any-audience --quiet --force --now 1700000000";

/// Makes a device, or says why the test is left out: only root may, and not
/// everywhere.
fn device(room: &Room, name: &str, minor: &str) -> bool {
    let path = room.path(name);
    let made = Command::new("mknod").arg(&path).args(["c", "1", minor]).output();
    let is_made =
        made.is_ok_and(|made| made.status.success()) && OpenOptions::new().write(true).open(&path).is_ok();
    if !is_made {
        missing("device");
    }
    is_made
}

fn audit_room() -> Room {
    let room = Room::with_key();
    room.write("tokens.txt", room.good_token() + "\n");
    room.write("secret", "sixteen bytes and more");
    fs::create_dir(room.path("snapshots")).unwrap();
    fs::copy(room.path("jwks.json"), room.path("snapshots/2020-01-01.json")).unwrap();
    room
}

fn listed(room: &Room) -> Vec<String> {
    let entries = room.path("").read_dir().unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn device_is_written_and_stays_a_device() {
    let room = audit_room();
    if !device(&room, "device", "3") || !device(&room, "full", "7") {
        return;
    }
    symlink("device", room.path("link")).unwrap();
    let before = listed(&room);
    for arguments in [
        "jwks public.jwk --out device --force",
        "jwks public.jwk --out device",
        "jwks public.jwk --out link --force",
        "keygen --alg ES256 --out-private device --out-public link --force",
        &format!("{AUDIT} --keys jwks.json --out device --out-format ndjson --summary link --report device"),
        &format!("{AUDIT} --keys jwks.json --out device --out-format parquet"),
        &format!("{AUDIT} --keys jwks.json --state device"),
    ] {
        assert_eq!(room.run(arguments).ok(), "", "{arguments}");
        assert!(room.path("device").metadata().unwrap().file_type().is_char_device(), "{arguments}");
        assert!(room.path("link").symlink_metadata().unwrap().is_symlink(), "{arguments}");
        assert_eq!(listed(&room), before, "{arguments}");
    }
    room.run("jwks public.jwk --out full --force").fails_with(&["full: No space left"]);
    let stopped = room.run(&format!("{AUDIT} --keys jwks.json --out device --out-format csv --stop-after 1"));
    assert_eq!(stopped.code, 130, "{stopped:?}");
    assert!(stopped.stderr.contains("output to device cannot be resumed"), "{stopped:?}");
    room.run(&format!("{AUDIT} --keys jwks.json --out device --out-format csv --resume"))
        .fails_with(&["device: output to this place cannot be resumed"]);
    assert_eq!(listed(&room), before);
}

#[test]
fn fifo_is_written_and_stays_a_fifo() {
    let room = Room::with_key();
    let fifo = room.path("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let reader = std::thread::spawn({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    room.run("jwks public.jwk --out fifo --force").ok();
    assert_eq!(reader.join().unwrap(), room.read("jwks.json"));
    assert!(fifo.metadata().unwrap().file_type().is_fifo());
}

#[test]
fn standard_output_by_its_name_is_standard_output() {
    let room = Room::with_key();
    let wanted = room.read("jwks.json");
    symlink("/dev/stdout", room.path("link")).unwrap();
    for name in ["-", "/dev/stdout", "/dev/fd/1", "link"] {
        assert_eq!(room.run(&format!("jwks public.jwk --out {name} --force")).ok(), wanted, "{name}");
        // Also where that is a file, of which the shell holds a descriptor.
        room.write("out", "before\n");
        let out = OpenOptions::new().append(true).open(room.path("out")).unwrap();
        let arguments = ["jwks", "public.jwk", "--out", name];
        assert!(room.command().args(arguments).stdout(out).status().unwrap().success(), "{name}");
        assert_eq!(room.read("out"), format!("before\n{wanted}"), "{name}");
    }
    room.write("err", "before\n");
    let err = OpenOptions::new().append(true).open(room.path("err")).unwrap();
    let arguments = ["jwks", "public.jwk", "--out", "/dev/stderr", "--force"];
    assert!(room.command().args(arguments).stderr(err).status().unwrap().success());
    assert_eq!(room.read("err"), format!("before\n{wanted}"));
}

#[test]
fn sockets_and_directories_are_refused() {
    let room = Room::with_key();
    let _listener = UnixListener::bind(room.path("socket")).unwrap();
    fs::create_dir(room.path("folder")).unwrap();
    room.run("jwks public.jwk --out socket --force").fails_with(&["socket: a socket"]);
    room.run("jwks public.jwk --out folder --force").fails_with(&["folder: a directory"]);
    symlink("loop", room.path("loop")).unwrap();
    room.run("jwks public.jwk --out loop --force").fails_with(&["loop: too many symbolic links"]);
    assert!(room.path("socket").metadata().unwrap().file_type().is_socket());
}

#[test]
fn no_output_is_one_of_the_inputs() {
    let room = audit_room();
    symlink("key.jwk", room.path("link.jwk")).unwrap();
    fs::hard_link(room.path("key.jwk"), room.path("hard.jwk")).unwrap();
    let inputs = ["key.jwk", "tokens.txt", "jwks.json", "secret", "snapshots/2020-01-01.json"];
    let before = inputs.map(|name| room.read(name));
    for name in ["key.jwk", "./key.jwk", "link.jwk", "hard.jwk"] {
        room.run(&format!("jwks public.jwk key.jwk --out {name} --force"))
            .fails_with(&[name, "also reads it; give --out another name"]);
    }
    for (input, how) in [("link.jwk", "key.jwk"), ("hard.jwk", "key.jwk"), ("tokens.txt", "./tokens.txt")] {
        room.run(&format!("jwks {input} --out {how} --force")).fails_with(&["also reads it"]);
    }
    for option in ["--out", "--summary", "--report", "--state"] {
        for name in inputs.get(1..).unwrap() {
            let keys = "--keys i=jwks.json --keys j=snapshots --fingerprint-key secret";
            let more = if option == "--out" { "--out-format ndjson" } else { "" };
            room.run(&format!("{AUDIT} {keys} {option} {name} {more}"))
                .fails_with(&[name, &format!("also reads it; give {option} another name")]);
        }
    }
    // What an interrupted run would leave behind the name of the rows.
    fs::copy(room.path("tokens.txt"), room.path("rows.csv.partial")).unwrap();
    room.run(&format!("{AUDIT} rows.csv.partial --keys jwks.json --out rows.csv"))
        .fails_with(&["rows.csv.partial: this command also reads it"]);
    // Standard input.
    let input = File::open(room.path("tokens.txt")).unwrap();
    let arguments = AUDIT.replace("tokens.txt", "-") + " --keys jwks.json --out-format csv --out tokens.txt";
    let output = room.command().args(arguments.split_whitespace()).stdin(input).output().unwrap();
    ran(output).fails_with(&["tokens.txt: this command also reads it"]);
    assert_eq!(inputs.map(|name| room.read(name)), before);
}

#[test]
fn no_file_is_written_twice() {
    let room = audit_room();
    room.write("a.jwk", "old");
    symlink("a.jwk", room.path("b.jwk")).unwrap();
    room.run("keygen --alg ES256 --out-private a.jwk --out-public b.jwk --force")
        .fails_with(&["b.jwk: the same file as --out-private; give --out-public another name"]);
    room.run("keygen --alg ES256 --out-private - --out-public -").fails_with(&["the same file"]);
    room.run(&format!("{AUDIT} --keys jwks.json --summary s.json --report ./s.json"))
        .fails_with(&["./s.json: the same file as --summary; give --report another name"]);
    room.run(&format!("{AUDIT} --keys jwks.json --out rows.csv --summary rows.csv.partial"))
        .fails_with(&["the same file as --out"]);
    assert_eq!(room.read("a.jwk"), "old");
}

#[test]
fn links_are_followed_and_stay() {
    let room = Room::with_key();
    fs::create_dir_all(room.path("there/deep")).unwrap();
    room.write("there/deep/set.json", "old");
    symlink("deep/set.json", room.path("there/link")).unwrap();
    symlink("there/link", room.path("first")).unwrap();
    room.run("jwks public.jwk --out first").fails_with(&["first: already exists"]);
    room.run("jwks public.jwk --out first --force").ok();
    assert_eq!(fs::read_link(room.path("first")).unwrap(), Path::new("there/link"));
    assert_eq!(fs::read_link(room.path("there/link")).unwrap(), Path::new("deep/set.json"));
    assert_eq!(room.read("there/deep/set.json"), room.read("jwks.json"));
    // One that leads nowhere yet.
    symlink("there/new.json", room.path("dangling")).unwrap();
    room.run("jwks public.jwk --out dangling").fails_with(&["dangling: already exists"]);
    room.run("jwks public.jwk --out dangling --force").ok();
    assert_eq!(room.read("there/new.json"), room.read("jwks.json"));
    assert!(room.path("dangling").symlink_metadata().unwrap().is_symlink());
}

#[test]
fn interrupted_rows_go_on_behind_a_link() {
    let room = audit_room();
    fs::create_dir(room.path("there")).unwrap();
    symlink("there/rows.csv", room.path("rows.csv")).unwrap();
    let command = format!("{AUDIT} --keys jwks.json --out rows.csv");
    assert_eq!(room.run(&format!("{command} --stop-after 1")).code, 130);
    assert!(room.path("there/rows.csv.partial").exists());
    room.run(&format!("{command} --resume")).ok();
    assert_eq!(fs::read_link(room.path("rows.csv")).unwrap(), Path::new("there/rows.csv"));
    assert_eq!(room.read("there/rows.csv").lines().count(), 2);
    assert!(!room.path("there/rows.csv.partial").exists() && !room.path("rows.csv.resume").exists());
}

#[test]
fn mode_and_owner_of_a_replaced_file_stay() {
    let room = Room::with_key();
    let mode = |name: &str| room.path(name).metadata().unwrap().mode() & 0o7777;
    let set =
        |name: &str, mode| fs::set_permissions(room.path(name), fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(mode("key.jwk"), 0o600);
    for wanted in [0o640, 0o664, 0o600, 0o444] {
        set("jwks.json", wanted);
        room.run("jwks public.jwk --out jwks.json --force").ok();
        assert_eq!(mode("jwks.json"), wanted);
    }
    // A private key is never left to everybody.
    for (before, after) in [(0o640, 0o640), (0o400, 0o400), (0o644, 0o640), (0o666, 0o660)] {
        set("key.jwk", before);
        room.run("keygen --alg ES256 --out-private key.jwk --force").ok();
        assert_eq!(mode("key.jwk"), after);
    }
    if std::os::unix::fs::chown(room.path("jwks.json"), Some(1234), Some(2345)).is_err() {
        // Only root may give a file to others.
        return missing("root");
    }
    room.run("jwks public.jwk --out jwks.json --force").ok();
    let data = room.path("jwks.json").metadata().unwrap();
    assert_eq!((data.uid(), data.gid(), mode("jwks.json")), (1234, 2345, 0o444));
}

#[test]
fn state_replaces_nothing_but_a_state() {
    let room = audit_room();
    let command = AUDIT.replace(" --force", "") + " --keys jwks.json --state diary --stop-after 1";
    room.write("diary", "dear diary");
    room.run(&command).fails_with(&["diary: already exists; use --force to overwrite it"]);
    assert_eq!(room.read("diary"), "dear diary");
    fs::remove_file(room.path("diary")).unwrap();
    assert_eq!(room.run(&command).code, 130);
    room.run(&command).fails_with(&["diary: an interrupted run left this", "--resume", "--force"]);
    assert_eq!(room.run(&format!("{command} --force")).code, 130);
}
