//! Token Status Lists as they were when tokens were used, and dates of certificates.

use crate::site::{Page, Site};
use crate::support::{Room, names};

/// When the lists of this file begin.
const START: i64 = 1_800_000_000;

/// 16 good tokens, and the same with number 3 revoked.
const GOOD: &str = "eNpjYAAAAAIAAQ";
const REVOKED: &str = "eNrbuRgAAhcBXQ";

/// A list that speaks of these seconds after the start.
fn list(room: &Room, uri: &str, seconds: std::ops::Range<i64>, lst: &str) -> String {
    let claims = format!(
        r#"{{"sub":"{uri}","iat":{},"exp":{},"status_list":{{"bits":1,"lst":"{lst}"}}}}"#,
        START.saturating_add(seconds.start),
        START.saturating_add(seconds.end)
    );
    room.run_reading(&claims, "sign --key key.jwk --typ statuslist+jwt --no-iat --claims -").ok()
}

fn token(room: &Room, status: &str) -> String {
    room.token(&format!(r#"{{{status}"exp":9000000000}}"#))
}

fn entry(room: &Room, uri: &str, index: u32) -> String {
    token(room, &format!(r#""status":{{"status_list":{{"idx":{index},"uri":"{uri}"}}}},"#))
}

fn log(uses: &[(i64, &str)]) -> String {
    let line = |(second, token): &(i64, &str)| {
        format!("{{\"time\":{},\"token\":\"{}\"}}\n", START.saturating_add(*second), token.trim())
    };
    uses.iter().map(line).collect()
}

const AUDIT: &str = "audit a.ndjson --keys jwks.json --alg ES256 --out - --threads 1 --quiet";

#[test]
fn status_counts_as_it_was_when_the_token_was_used() {
    let room = Room::with_key();
    let uri = "https://issuer.example/status/1";
    room.write("before.jwt", list(&room, uri, 0..1000, GOOD));
    room.write("after.jwt", list(&room, uri, 1000..2000, REVOKED));
    let (good, bad, far) = (entry(&room, uri, 2), entry(&room, uri, 3), entry(&room, uri, 99));
    let (other, bare) = (entry(&room, "https://issuer.example/2", 2), token(&room, ""));
    let odd = token(&room, r#""status":{"status_list":{"idx":-1,"uri":"a"}},"#);
    let uses = [
        (-1, &*bad),
        (0, &bad),
        (999, &bad),
        (1000, &bad),
        (1999, &good),
        (2000, &good),
        (10, &far),
        (10, &other),
        (10, &odd),
        (10, &bare),
    ];
    room.write("a.ndjson", log(&uses));
    let codes = |arguments: &str| names(&room.run(&format!("{AUDIT} {arguments}")).ok());
    let both = "--status-list before.jwt --status-list after.jwt";
    let not_yet = "status_list_not_yet";
    let wanted = [
        not_yet,
        "accepted",
        "accepted",
        "status_revoked",
        "accepted",
        not_yet,
        "status_invalid",
        "status_list_unknown",
        "status_invalid",
        "accepted",
    ];
    assert_eq!(codes(both), wanted);
    assert_eq!(codes(&format!("{both} --require-status"))[9], "status_missing");
    assert_eq!(codes(""), ["accepted"; 10], "without lists it does not count");
    room.run(&format!("{AUDIT} --require-status")).fails_with(&["--status-list"]);
    room.run(&format!("{AUDIT} --status-list none.jwt")).fails_with(&["none.jwt"]);
    room.write("token.jwt", token(&room, r#""iat":1,"#));
    room.run(&format!("{AUDIT} --status-list token.jwt")).fails_with(&["token.jwt", "typ"]);
    room.run("keygen --alg ES256 --kid other --out-private key.jwk --out-public x.jwk --force").ok();
    room.write("forged.jwt", list(&room, uri, 0..1000, GOOD));
    room.run(&format!("{AUDIT} --status-list forged.jwt")).fails_with(&["forged.jwt", "kid"]);
}

#[test]
fn list_is_fetched_as_of_the_use_and_once_for_its_time() {
    let site = Site::open();
    let room = Room::with_key();
    room.write("ca.pem", site.authority());
    let uri = site.url("/status/1");
    let at = |second: i64| format!("/status/1?time={}", START + second);
    let now = list(&room, &uri, 5000..9000, REVOKED);
    site.put("/status/1", Page::ok(now.clone()));
    site.put(&at(10), Page::ok(list(&room, &uri, 0..1000, GOOD)));
    site.put(&at(1500), Page::ok(list(&room, &uri, 1000..2000, REVOKED)));
    // Of a server that does not know the parameter.
    site.put(&at(3000), Page::ok(now));
    let token = entry(&room, &uri, 3);
    let uses = [10, 500, 1500, 1501, 20, 3000, 4000, 4001, 4002].map(|second| (second, &*token));
    room.write("a.ndjson", log(&uses));
    let ran = room.run(&format!(
        "{AUDIT} --status-list {} --ca ca.pem --proxy= --summary s.json",
        site.url("/status/")
    ));
    let (good, revoked, not_yet) = ("accepted", "status_revoked", "status_list_not_yet");
    assert_eq!(
        names(&ran.stdout),
        [good, good, revoked, revoked, good, not_yet, not_yet, not_yet, not_yet],
        "{ran:?}"
    );
    assert_eq!([site.requests(&at(10)).len(), site.requests(&at(1500)).len()], [1, 1]);
    assert_eq!(site.requests("/status/1").len(), 0, "nobody asks for the list of today");
    assert!(ran.stderr.contains("issued_in_future") && ran.stderr.contains("404"), "{ran:?}");
    // A list that could not be had three times is not asked for again.
    assert_eq!([4000, 4001, 4002].map(|second| site.requests(&at(second)).len()), [1, 1, 0]);
}
