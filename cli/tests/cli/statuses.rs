use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::site::{Page, Site};
use crate::support::Room;

const LONG: Duration = Duration::from_secs(20);

/// A room with the authority of a site in `ca.pem`, whose key the site serves.
fn room(site: &Site) -> Room {
    let room = Room::with_key();
    room.write("ca.pem", site.authority());
    site.put("/keys", Page::ok(room.read("jwks.json")));
    room
}

/// The list of the draft, of 16 tokens, signed with the room's key.
fn list(room: &Room, uri: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = format!(
        r#"{{"sub":"{uri}","iat":{now},"exp":{},"ttl":1,"status_list":{{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}}}"#,
        now.saturating_add(600)
    );
    room.run_reading(&claims, "sign --key key.jwk --typ statuslist+jwt --no-iat --claims -").ok()
}

/// The arguments that every command needs.
fn with(site: &Site) -> String {
    format!("--jwks-url {} --alg ES256 --ca ca.pem --proxy=", site.url("/keys"))
}

#[test]
fn statuses_are_counted_and_faults_are_told() {
    let site = Site::open();
    let room = room(&site);
    let (uri, with) = (site.url("/status/1"), with(&site));
    site.put("/status/1", Page::ok(list(&room, &uri)));
    let shown = room.run(&format!("statuses show {uri} {with}")).ok();
    assert_eq!(shown, format!("{uri}\tinvalid=9 valid=7\n"));
    assert_eq!(
        room.run(&format!("statuses show {uri} --jwks jwks.json --alg ES256 --ca ca.pem --proxy=")).ok(),
        shown
    );
    site.put("/status/2", Page::ok(list(&room, &uri)));
    room.run(&format!("statuses show {} {with}", site.url("/status/2"))).fails_with(&["status_list_invalid"]);
    room.run(&format!("statuses show {} {with}", site.url("/status/"))).fails_with(&["is no URI of a list"]);
    room.run(&format!("statuses watch {uri} {with}")).fails_with(&["--out"]);
    room.run(&format!("statuses show {uri} --alg ES256")).fails_with(&["--issuer"]);
}

#[cfg(unix)]
#[test]
fn watch_writes_the_lists_that_it_is_asked_for() {
    let site = Site::open();
    let room = room(&site);
    for path in ["/given", "/status/1"] {
        site.put(path, Page::ok(list(&room, &site.url(path))));
    }
    let told = std::process::Command::new("mkfifo").arg(room.path("ask")).status().unwrap();
    assert!(told.success());
    let arguments = format!(
        "statuses watch {} {} {} --poll 1 --out lists --ask ask --state state",
        site.url("/given"),
        site.url("/status/"),
        with(&site)
    );
    let begin = || room.command().args(arguments.split_whitespace()).stderr(Stdio::piped()).spawn().unwrap();
    let end = |mut child: std::process::Child| {
        assert!(std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        said
    };
    let files = || {
        let Ok(entries) = std::fs::read_dir(room.path("lists")) else { return Vec::new() };
        entries.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok()).collect::<Vec<_>>()
    };
    let eventually = |what: &str, is_so: &dyn Fn() -> bool| {
        let end = Instant::now() + LONG;
        while !is_so() {
            assert!(Instant::now() < end, "{what}: {:?}", files());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let has =
        |path: &str| files().iter().any(|text| text.contains(&format!("\"sub\":\"{}\"", site.url(path))));
    let child = begin();
    eventually("the list that was named", &|| has("/given"));
    assert!(!has("/status/1"));
    // Two lines, one of which is no list of these places.
    let asked = format!("https://elsewhere.example/1\n{}\n", site.url("/status/1"));
    std::fs::write(room.path("ask"), asked).unwrap();
    eventually("the list that was asked for", &|| has("/status/1"));
    assert_eq!(files().len(), 2);
    assert!(
        files().iter().all(|text| text.contains("\"lst\":\"eNrbuRgAAhcBXQ\"") && text.contains("\"exp\":"))
    );
    site.put("/status/1", Page::Answer(503, Vec::new(), String::new()));
    let state = || std::fs::read_to_string(room.path("state")).unwrap_or_default();
    eventually("the state of the one that fails", &|| state().contains("error fetch_status\n"));
    let said = end(child);
    assert!(said.contains("wrote the statuses") && said.contains("what was written stays"), "{said}");

    // Another process follows what it finds.
    site.put("/status/1", Page::ok(list(&room, &site.url("/status/1")).replace("eyJ", "eyI")));
    std::fs::remove_file(room.path("state")).unwrap();
    let child = begin();
    eventually("the state of what was found", &|| state().contains("error "));
    assert!(has("/status/1"), "a list in the place of which there is none stays");
    site.put("/keys", Page::Answer(503, Vec::new(), String::new()));
    end(child);
    let child = begin();
    eventually("keys that cannot be had", &|| state().contains("error fetch_status\n"));
    let said = end(child);
    assert!(said.contains("warning: the keys of the lists: "), "{said}");
}
