//! A full disk, a database that is read-only, a clock that is set back: clear errors, and
//! recovery without help.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::kit::{Home, PASSWORD, Service, claims, until};

/// A command in a space of its own, where `mount` changes what is at the database's place.
fn mounted(home: &Home, mount: &str, arguments: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-ec"]);
    let (jotd, settings, data) = (env!("CARGO_BIN_EXE_jotd"), home.path("jotd.toml"), home.path("db"));
    command.arg(format!("{mount}; exec {jotd} {arguments} --config {}", settings.display()));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("DATA", data);
    command
}

/// Writes until nothing more can be.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    for size in [4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

#[test]
fn full_disk_is_503_and_heals() {
    let home = Home::new("");
    if !home.database.is_sqlite() {
        return;
    }
    home.add_user("alice");
    // A disk of a megabyte, with the database on it.
    let mount = "cp -a $DATA $DATA.1; mount -t tmpfs -o size=1m tmpfs $DATA; cp -a $DATA.1/. $DATA";
    let service = Service::start(mounted(&home, mount, "serve"));
    let (access, refresh) = service.tokens("alice");
    let filler = service.path(&home.path("db/filler"));
    fill(&filler);
    let mut newest = refresh;
    // The last page of the log may still have room.
    until("the disk is full", || {
        let reply = service.refresh(&newest);
        if reply.status == 200 {
            newest = reply.text("refresh_token");
            return false;
        }
        assert_eq!(reply.fault(), (503, "temporarily_unavailable".to_owned()));
        assert!(reply.header("retry-after").is_some());
        true
    });
    assert_eq!(service.login("alice", PASSWORD).status, 503);
    assert_eq!((service.get("/healthz").status, service.judge(&access)), (200, "accepted"));
    fs::remove_file(&filler).unwrap();
    assert_eq!(service.refresh(&newest).status, 200, "nothing was lost");
    assert_eq!(service.login("alice", PASSWORD).status, 200);
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn read_only_database_is_told_at_the_start() {
    let home = Home::new("");
    if !home.database.is_sqlite() {
        return;
    }
    home.add_user("alice");
    let mount = "mount --bind $DATA $DATA; mount -o remount,bind,ro $DATA";
    for arguments in ["serve", "check", "user list"] {
        let output = mounted(&home, mount, arguments).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}: {text}");
        assert!(
            text.contains("jotd: the database: ") && text.contains("jotd.db cannot be written"),
            "{arguments}: {text}"
        );
    }
    assert_eq!(home.serve().login("alice", PASSWORD).status, 200);
}

#[test]
fn clock_that_is_set_back_an_hour_logs_nobody_out() {
    let home = Home::new("");
    home.add_user("alice");
    let time = home.path("time");
    let library =
        Path::new("/usr/lib").join(format!("{}-linux-gnu/faketime/libfaketime.so.1", std::env::consts::ARCH));
    assert!(library.exists(), "there is no faketime: scripts/setup-server.sh installs it");
    let service = home.serve_with(&[
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", time.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]);
    let (access, refresh) = service.tokens("alice");
    fs::write(&time, "-1h").unwrap();
    let renewed = service.refresh(&refresh);
    assert_eq!(renewed.status, 200, "{renewed:?}");
    let issued = |token: &str| claims(token)["iat"].as_i64().unwrap();
    assert!(issued(&renewed.text("access_token")) < issued(&access) - 3000, "its clock is another");
    assert_eq!(service.login("alice", PASSWORD).status, 200);
    assert_eq!(service.get("/readyz").status, 200);
    fs::remove_file(&time).unwrap();
    let again = service.refresh(&renewed.text("refresh_token"));
    assert_eq!(again.status, 200, "{again:?}");
    for token in [&access, &again.text("access_token")] {
        assert_eq!(service.judge(token), "accepted");
    }
}
