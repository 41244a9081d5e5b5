use std::time::{Duration, Instant};

use crate::site::{Page, Site};
use crate::support::Room;

const LONG: Duration = Duration::from_secs(20);

/// A room with the authority of a site in `ca.pem`.
fn room(site: &Site) -> Room {
    let room = Room::with_key();
    room.write("ca.pem", site.authority());
    room
}

/// The files of a directory, in order.
fn files(room: &Room, directory: &str) -> Vec<String> {
    let entries = std::fs::read_dir(room.path(directory)).unwrap().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn keys_are_shown_and_fetched() {
    let site = Site::open();
    let room = room(&site);
    site.put("/keys", Page::ok(room.read("jwks.json")));
    let (url, connect) = (site.url("/keys"), "--ca ca.pem --proxy=");
    let shown = room.run(&format!("keys show {url} {connect}")).ok();
    let thumbprint = jot::KeySet::from_jwks(&room.read("jwks.json"), &jot::KeyOptions::default()).unwrap();
    let thumbprint = thumbprint.keys()[0].thumbprint();
    assert_eq!(shown, format!("\"k1\"\tEC\tES256\t{thumbprint}\n"));

    assert_eq!(room.run(&format!("keys fetch {url} {connect} --out new.json --history past")).ok(), "");
    assert_eq!(room.read("new.json"), room.read("jwks.json"));
    let snapshots = files(&room, "past");
    assert_eq!(snapshots.len(), 1);
    // The same keys need no other snapshot.
    room.run(&format!("keys fetch {url} {connect} --out new.json --history past --force")).ok();
    assert_eq!(files(&room, "past"), snapshots);
    room.run(&format!("keys fetch {url} {connect} --out new.json")).fails_with(&["new.json", "exists"]);
    // What was kept is what an audit reads.
    room.run("gen-log --out log --lines 20").ok();
    let audit = room.run("audit log/access.ndjson --keys past --alg ES256 --any-audience");
    assert_eq!(audit.code, 0, "{audit:?}");
}

#[test]
fn issuer_names_its_keys() {
    let site = Site::open();
    let room = room(&site);
    let issuer = site.url("/tenant");
    let document = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{}"}}"#, site.url("/keys"));
    site.put("/tenant/.well-known/openid-configuration", Page::ok(document));
    site.put("/keys", Page::ok(room.read("jwks.json")));
    let shown = room.run(&format!("keys show --issuer {issuer} --ca ca.pem --proxy=")).ok();
    assert!(shown.starts_with("\"k1\"\t"), "{shown}");
}

#[test]
fn tokens_are_verified_with_the_keys_of_an_issuer() {
    let site = Site::open();
    let room = room(&site);
    let issuer = site.url("");
    let document = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{}"}}"#, site.url("/keys"));
    site.put("/.well-known/openid-configuration", Page::ok(document));
    site.put("/keys", Page::ok(room.read("jwks.json")));
    let token = |issuer: &str| {
        let claims = format!(r#"{{"iss":"{issuer}","exp":9999999999}}"#);
        room.run_reading(&claims, "sign --key key.jwk --no-iat --claims -").ok()
    };
    room.write("own", token(&issuer));
    room.write("other", token("https://other.example"));
    let rules = "--alg ES256 --ca ca.pem --proxy= --quiet --no-summary";
    let url = site.url("/keys");
    for (keys, file, code) in [
        (format!("--issuer {issuer}"), "own", 0),
        (format!("--issuer {issuer}"), "other", 1),
        (format!("--issuer {issuer} --iss https://other.example"), "other", 0),
        (format!("--jwks-url {url}"), "other", 0),
    ] {
        let ran = room.run(&format!("verify {keys} {rules} @{file}"));
        assert_eq!(ran.code, code, "{keys} {file}: {ran:?}");
    }
    room.run(&format!("verify --jwks-url {} {rules} @own", site.url("/none")))
        .fails_with(&["fetch_status (454)"]);
    room.run(&format!("verify --jwks-url {url} --issuer {issuer} {rules} @own"))
        .fails_with(&["cannot be used with"]);
}

#[test]
fn failure_is_told_with_its_reason_and_nothing_is_written() {
    let site = Site::open();
    let room = room(&site);
    site.put("/html", Page::ok("<html>Log in</html>"));
    let connect = "--ca ca.pem --proxy=";
    let fetch = |path: &str| room.run(&format!("keys fetch {} {connect} --out out.json", site.url(path)));
    fetch("/html").fails_with(&["/html", "key_text_is_page (427)"]);
    fetch("/nothing").fails_with(&["/nothing", "fetch_status (454)", "404"]);
    room.run(&format!("keys fetch {} --proxy= --out out.json", site.url("/html")))
        .fails_with(&["fetch_failed (452)", "certificate"]);
    room.run("keys fetch http://issuer.example/keys").fails_with(&["url_refused (460)"]);
    room.run("keys fetch").fails_with(&["<URL|--issuer <URL>>"]);
    assert!(!room.path("out.json").exists());
}

#[test]
fn watch_follows_the_keys_until_it_is_told_to_stop() {
    let site = Site::open();
    let room = room(&site);
    room.run("keygen --alg ES256 --kid k2 --out-private other.jwk --out-public other-public.jwk").ok();
    room.run("jwks public.jwk other-public.jwk --out both.json").ok();
    site.put("/keys", Page::ok(room.read("jwks.json")));
    let url = site.url("/keys");
    let arguments = format!(
        "keys watch {url} --ca ca.pem --proxy= --out live.json --history past --max-age 1 --state state"
    );
    let mut child = room
        .command()
        .args(arguments.split_whitespace())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let eventually = |name: &str| {
        let end = Instant::now() + LONG;
        while std::fs::read_to_string(room.path("live.json")).ok() != Some(room.read(name)) {
            assert!(Instant::now() < end, "{name} was not written");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    eventually("jwks.json");
    site.put("/keys", Page::ok(room.read("both.json")));
    eventually("both.json");
    site.put("/keys", Page::ok("<html>"));
    let state = |line: &str| {
        let end = Instant::now() + LONG;
        let read = || std::fs::read_to_string(room.path("state")).unwrap_or_default();
        while !read().lines().any(|found| found.starts_with(line)) {
            assert!(Instant::now() < end, "{line}: {}", read());
            std::thread::sleep(Duration::from_millis(50));
        }
        read()
    };
    // What nginx and people read: how the last fetch went, and since when these keys are known.
    let text = state("error key_text_is_page");
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{name}: {text}")).parse::<u64>().unwrap()
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(number("failures") >= 1 && now.abs_diff(number("fetched_at")) < 60, "{text}");
    assert!(now.abs_diff(number("next_fetch")) < 60, "{text}");
    eventually("both.json");
    site.put("/keys", Page::ok(room.read("both.json")));
    assert!(!state("failures 0").contains("error"));
    let told = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("wrote 1 key\n") && said.contains("wrote 2 keys\n"), "{said}");
    assert!(said.contains("key_text_is_page (427)") && said.contains("what was written stays"), "{said}");
    assert_eq!(files(&room, "past").len(), 2);
}

#[cfg(unix)]
#[test]
fn watch_fetches_for_who_asks_and_notes_when_it_did() {
    let site = Site::open();
    let room = room(&site);
    site.put("/keys", Page::ok(room.read("jwks.json")));
    let fifo = room.path("ask");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let arguments =
        format!("keys watch {} --ca ca.pem --proxy= --out live.json --ask ask", site.url("/keys"));
    let mut child = room.command().args(arguments.split_whitespace()).spawn().unwrap();
    let eventually = |is_so: &dyn Fn() -> bool| {
        let end = Instant::now() + LONG;
        while !is_so() {
            assert!(Instant::now() < end, "{} requests", site.requests("/keys").len());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let written = || std::fs::metadata(room.path("live.json")).and_then(|file| file.modified()).ok();
    eventually(&|| written().is_some());
    let first = written();
    // Asking again within the cool-down costs nothing.
    for _ in 0..3 {
        std::fs::write(&fifo, "?").unwrap();
        eventually(&|| site.requests("/keys").len() == 2 && written() > first);
    }
    assert_eq!(site.requests("/keys").len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}
