use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::site::{Page, Site};
use crate::support::Room;

const LONG: Duration = Duration::from_secs(20);
const ISSUER: &str = "https://issuer.example";

/// A room with the authority of a site in `ca.pem`, whose key the site serves.
fn room(site: &Site) -> Room {
    let room = Room::with_key();
    room.write("ca.pem", site.authority());
    site.put("/keys", Page::ok(room.read("jwks.json")));
    room
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A list of one session, signed with the room's key.
fn list(room: &Room, sid: &str, exp: u64) -> String {
    let claims = format!(
        r#"{{"iss":"{ISSUER}","iat":{},"exp":{exp},"ttl":1,"revocations":[{{"sid":"{sid}"}}]}}"#,
        now()
    );
    room.run_reading(&claims, "sign --key key.jwk --typ revocations+jwt --no-iat --claims -").ok()
}

/// The arguments that every command needs.
fn with(site: &Site) -> String {
    let keys = site.url("/keys");
    format!("--jwks-url {keys} --iss {ISSUER} --alg ES256 --ca ca.pem --proxy=")
}

#[test]
fn list_is_shown_fetched_and_obeyed() {
    let site = Site::open();
    let room = room(&site);
    let exp = now() + 600;
    site.put("/revoked", Page::ok(list(&room, "s-17", exp)));
    let (url, with) = (site.url("/revoked"), with(&site));
    let text = format!("{{\"usable_until\":{exp}}}\n{{\"sid\":\"s-17\"}}\n");
    assert_eq!(room.run(&format!("revocations show {url} {with}")).ok(), text);
    assert_eq!(room.run(&format!("revocations fetch {url} {with} --stale 60 --out list")).ok(), "");
    assert_eq!(room.read("list"), text.replace(&exp.to_string(), &(exp + 60).to_string()));
    room.run(&format!("revocations fetch {url} {with} --out list")).fails_with(&["list", "exists"]);

    let token = |sid: &str| {
        let claims = format!(r#"{{"iss":"{ISSUER}","sid":"{sid}","exp":9999999999}}"#);
        room.run_reading(&claims, "sign --key key.jwk --no-iat --claims -").ok()
    };
    room.write("tokens", token("s-17") + &token("s-18"));
    let verified = room.run(&format!("verify {with} --revocations-url {url} --format ndjson @tokens"));
    assert_eq!(verified.code, 1, "{verified:?}");
    let codes = crate::support::names(&verified.stdout);
    assert_eq!(codes, ["sid_revoked", "accepted"]);
    let keys = site.url("/keys");
    let unnamed =
        format!("verify --jwks-url {keys} --alg ES256 --ca ca.pem --proxy= --revocations-url {url}");
    room.run(&format!("{unnamed} @tokens")).fails_with(&["--revocations-url", "--iss"]);
}

/// A list of 16 tokens, of which number 3 is revoked and 2 is not.
fn statuses(room: &Room, uri: &str) -> String {
    let list = r#""status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}"#;
    let claims = format!(r#"{{"sub":"{uri}","iat":{},{list}}}"#, now());
    room.run_reading(&claims, "sign --key key.jwk --typ statuslist+jwt --no-iat --claims -").ok()
}

#[test]
fn status_lists_are_read_fetched_and_obeyed() {
    let site = Site::open();
    let room = room(&site);
    let with = with(&site);
    let token = |status: &str| {
        let claims = format!(r#"{{"iss":"{ISSUER}",{status}"exp":9999999999}}"#);
        room.run_reading(&claims, "sign --key key.jwk --no-iat --claims -").ok()
    };
    let of = |path: &str, index: u32| {
        let uri = site.url(path);
        token(&format!(r#""status":{{"status_list":{{"idx":{index},"uri":"{uri}"}}}},"#))
    };
    for path in ["/status/1", "/one"] {
        site.put(path, Page::ok(statuses(&room, &site.url(path))));
    }
    let (below, one) = (site.url("/status/"), site.url("/one"));
    room.write(
        "tokens",
        of("/status/1", 2) + &of("/status/1", 3) + &of("/one", 3) + &of("/one", 99) + &token(""),
    );
    let codes = |arguments: &str| {
        let verified = room.run(&format!("verify {with} --format ndjson {arguments} @tokens"));
        crate::support::names(&verified.stdout)
    };
    let revoked = "status_revoked";
    assert_eq!(
        codes(&format!("--status-list {below} --status-list {one}")),
        ["accepted", revoked, revoked, "status_invalid", "accepted"]
    );
    assert_eq!(site.requests("/status/1").len(), 1, "the list was fetched for each token");
    let unknown = "status_list_unknown";
    assert_eq!(
        codes(&format!("--status-list {below} --require-status")),
        ["accepted", revoked, unknown, unknown, "status_missing"]
    );
    // Without lists the status of tokens does not count.
    assert_eq!(codes(""), ["accepted"; 5]);

    // From a file.
    room.write("list.jwt", statuses(&room, &one));
    assert_eq!(codes("--status-list list.jwt")[2..4], [revoked, "status_invalid"]);
    room.write("list.jwt", token(""));
    let verify = |arguments: &str| room.run(&format!("verify {with} {arguments} @tokens"));
    verify("--status-list list.jwt").fails_with(&["list.jwt", "typ"]);
    verify("--status-list none.jwt").fails_with(&["none.jwt"]);
    verify(&format!("--status-list {}", site.url("/none"))).fails_with(&["/none", "404"]);
    verify("--require-status").fails_with(&["--status-list"]);
    verify("--status-list http://a.example/").fails_with(&["--status-list", "url_refused"]);
}

#[test]
fn list_that_does_not_count_is_refused_and_nothing_is_written() {
    let site = Site::open();
    let room = room(&site);
    let (url, with) = (site.url("/revoked"), with(&site));
    let fetch = || room.run(&format!("revocations fetch {url} {with} --out list"));
    fetch().fails_with(&["/revoked", "fetch_status (454)", "404"]);
    site.put("/revoked", Page::ok(list(&room, "s", now() - 1)));
    fetch().fails_with(&["/revoked", "expired (692)"]);
    site.put("/revoked", Page::ok("<html>Log in</html>"));
    fetch().fails_with(&["/revoked", "token_segments (201)"]);
    let other = list(&room, "s", now() + 600);
    site.put("/revoked", Page::ok(other));
    room.run(&format!(
        "revocations fetch {url} --iss https://other --jwks jwks.json --alg ES256 --ca ca.pem --proxy="
    ))
    .fails_with(&["iss_mismatch (612)"]);
    room.run(&format!("revocations fetch {url} --jwks jwks.json --alg ES256")).fails_with(&["--iss"]);
    room.run(&format!("revocations fetch {url} --alg ES256")).fails_with(&["--issuer"]);
    assert!(!room.path("list").exists());
}

#[cfg(unix)]
#[test]
fn watch_writes_what_is_revoked_and_that_the_list_is_stale() {
    let site = Site::open();
    let room = room(&site);
    site.put("/revoked", Page::ok(list(&room, "one", now() + 600)));
    let arguments = format!(
        "revocations watch {} {} --poll 1 --out live --state state",
        site.url("/revoked"),
        with(&site)
    );
    let mut child = room.command().args(arguments.split_whitespace()).stderr(Stdio::piped()).spawn().unwrap();
    let eventually_in = |file: &str, part: &str| {
        let end = Instant::now() + LONG;
        while !std::fs::read_to_string(room.path(file)).is_ok_and(|text| text.contains(part)) {
            assert!(Instant::now() < end, "{part} was not written");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let eventually = |part: &str| eventually_in("live", part);
    eventually("\"one\"");
    site.put("/revoked", Page::ok(list(&room, "two", now() + 4)));
    eventually("\"two\"");
    site.put("/revoked", Page::Answer(503, Vec::new(), String::new()));
    eventually("{\"absent\":\"revocations_stale\"}");
    eventually_in("state", "error fetch_status\n");
    assert!(room.read("state").contains("fetched_at "), "it was fetched before");
    site.put("/revoked", Page::ok(list(&room, "three", now() + 600)));
    eventually("\"three\"");
    eventually_in("state", "failures 0\n");
    assert!(!room.read("state").contains("error"));
    let told = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("wrote 1 entry\n") && said.contains("the list is stale"), "{said}");
    assert!(said.contains("fetch_status (454)") && said.contains("what was written stays"), "{said}");
}
