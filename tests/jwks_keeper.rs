//! What a keeper of remote keys does, rule by rule.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use jot::jwks::{Answer, Budget, Change, Field, Keeper, KeeperOptions, Poll, Ticket, UnknownKid};
use jot::{Alg, Code, KeySet, UnixSeconds};

const URL: &str = "https://issuer.example/jwks";
const START: i64 = 1_800_000_000;
/// Points of Ed25519, of RFC 8032 §7.1.
const POINTS: [&str; 3] = [
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU",
];

fn at(seconds: i64) -> UnixSeconds {
    UnixSeconds(START + seconds)
}

fn jwk(index: usize) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"k{index}","x":"{}"}}"#, POINTS[index])
}

fn jwks(keys: &[usize]) -> String {
    let keys: Vec<String> = keys.iter().map(|index| jwk(*index)).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn kids(set: &KeySet) -> Vec<&str> {
    set.keys().iter().filter_map(|key| key.kid()).collect()
}

fn keeper(options: KeeperOptions) -> Keeper {
    Keeper::of_keys(URL, options, 7).unwrap()
}

/// Polls for a fetch that must be due, and gives its ticket and URL.
#[track_caller]
fn fetch(keeper: &mut Keeper, now: i64) -> (Ticket, String) {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => (request.ticket, request.url.to_owned()),
        Poll::Sleep(until) => panic!("nothing is due until {}", until.0 - START),
    }
}

#[track_caller]
fn sleep(keeper: &mut Keeper, now: i64) -> i64 {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => panic!("a fetch of {} is due", request.url),
        Poll::Sleep(until) => until.0 - START,
    }
}

fn ok<'a>(fields: &'a [Field<'a>], body: &'a str) -> Answer<'a> {
    Answer::Response { status: 200, fields, body: body.as_bytes() }
}

fn status(status: u16) -> Answer<'static> {
    Answer::Response { status, fields: &[], body: b"" }
}

/// Lets a keeper fetch these keys.
#[track_caller]
fn filled(keeper: &mut Keeper, now: i64, keys: &[usize]) -> Change {
    let (ticket, _) = fetch(keeper, now);
    keeper.answer(ticket, ok(&[], &jwks(keys)), at(now))
}

#[track_caller]
fn assert_failed(change: &Change, code: Code) {
    assert!(matches!(change, Change::Failed(error) if error.code() == code), "{change:?}, not {code}");
}

#[test]
fn first_fetch_is_due_at_once_and_until_it_ends_there_are_no_keys() {
    let mut keeper = keeper(KeeperOptions::default());
    assert_eq!(keeper.keys(at(0)).err(), Some(Code::KeysNotYet));
    let change = filled(&mut keeper, 0, &[0, 1]);
    assert!(matches!(change, Change::Keys(set) if kids(&set) == ["k0", "k1"]));
    assert_eq!(keeper.keys(at(0)).unwrap().len(), 2);
}

#[test]
fn refresh_comes_ahead_of_the_end_and_within_bounds() {
    for (fields, fresh) in [
        (&[][..], 600),
        (&[("Cache-Control", "max-age=1000")], 1_000),
        (&[("Cache-Control", "max-age=1")], 60),
        (&[("Cache-Control", "max-age=99999999")], 3_600),
        (&[("Cache-Control", "no-store")], 60),
    ] {
        let mut dues = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let mut keeper = Keeper::of_keys(URL, KeeperOptions::default(), seed).unwrap();
            let (ticket, _) = fetch(&mut keeper, 0);
            keeper.answer(ticket, ok(fields, &jwks(&[0])), at(0));
            dues.insert(sleep(&mut keeper, 0));
        }
        let (first, last) = (*dues.first().unwrap(), *dues.last().unwrap());
        assert!(first * 10 >= fresh * 8 && last * 10 <= fresh * 9, "{fields:?}: {first} to {last}");
        assert!(dues.len() > 4, "processes do not ask at the same time");
    }
}

#[test]
fn unchanged_keys_are_asked_for_by_their_tag_and_confirmed() {
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    let fields = [("ETag", "\"a\""), ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
    keeper.answer(ticket, ok(&fields, &jwks(&[0])), at(0));
    let due = sleep(&mut keeper, 0);
    let Poll::Fetch(request) = keeper.poll(at(due)) else { panic!("it is due") };
    assert_eq!(request.etag, Some("\"a\""));
    assert_eq!(request.last_modified, Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let ticket = request.ticket;
    assert!(matches!(keeper.answer(ticket, status(304), at(due)), Change::Confirmed));
    assert!(sleep(&mut keeper, due) > due);
    assert_eq!(keeper.health().last_success, Some(at(due)));
    assert_eq!(keeper.history()[0].last_seen(), at(due));
}

#[test]
fn not_modified_is_no_answer_to_who_did_not_ask_for_changes() {
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    assert_failed(&keeper.answer(ticket, status(304), at(0)), Code::FetchStatus);
    keeper.refresh_now(at(0));
    filled(&mut keeper, 0, &[0]);
    keeper.refresh_now(at(0));
    let (ticket, _) = fetch(&mut keeper, 0);
    assert_failed(&keeper.answer(ticket, status(304), at(0)), Code::FetchStatus);
}

#[test]
fn unknown_kid_asks_for_one_fetch_in_a_cool_down_and_failures_count() {
    let mut keeper = keeper(KeeperOptions::default().cool_down(30));
    let mut budget = Budget::default();
    filled(&mut keeper, 0, &[0]);
    // The cool-down does not count from the start.
    assert_eq!(keeper.unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    let (ticket, _) = fetch(&mut keeper, 1);
    // While it is under way, others wait for the same answer.
    assert_eq!(keeper.unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    assert_failed(&keeper.answer(ticket, Answer::Failed, at(2)), Code::FetchFailed);
    let retry = sleep(&mut keeper, 2);
    for second in 2..retry.min(31) {
        assert_eq!(keeper.unknown_kid(&mut budget, at(second)), UnknownKid::Refused, "{second}");
    }
    assert!(keeper.health().refused > 0);
    // The retry on schedule does not start the cool-down anew.
    let (ticket, _) = fetch(&mut keeper, retry);
    keeper.answer(ticket, ok(&[], &jwks(&[0])), at(retry));
    assert_eq!(keeper.unknown_kid(&mut budget, at(30)), UnknownKid::Refused);
    assert_eq!(keeper.unknown_kid(&mut budget, at(31)), UnknownKid::Pending);
    fetch(&mut keeper, 31);
}

#[test]
fn issuers_share_one_budget() {
    let mut budget = Budget::new(1, 60);
    let mut keepers = [keeper(KeeperOptions::default()), keeper(KeeperOptions::default())];
    for keeper in &mut keepers {
        filled(keeper, 0, &[0]);
    }
    assert_eq!(keepers[0].unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    assert_eq!(keepers[1].unknown_kid(&mut budget, at(1)), UnknownKid::Refused);
    assert_eq!(keepers[1].unknown_kid(&mut budget, at(61)), UnknownKid::Pending);
}

#[test]
fn old_keys_are_served_for_as_long_as_is_allowed() {
    for (stale, last_second) in [(Some(0), 599), (Some(900), 899), (None, 1_000_000)] {
        let mut keeper = keeper(KeeperOptions::default().serve_stale_for(stale));
        filled(&mut keeper, 0, &[0]);
        assert!(keeper.keys(at(last_second)).is_ok(), "{stale:?}");
        if stale.is_some() {
            assert_eq!(keeper.keys(at(last_second + 1)).err(), Some(Code::KeysStale), "{stale:?}");
        }
    }
}

#[test]
fn failing_server_is_left_alone_longer_and_longer() {
    let mut keeper = keeper(KeeperOptions::default());
    let mut now = 0;
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let (ticket, _) = fetch(&mut keeper, now);
        assert_failed(&keeper.answer(ticket, status(500), at(now)), Code::FetchStatus);
        let next = sleep(&mut keeper, now);
        pauses.push(next - now);
        now = next;
    }
    assert!(pauses[0] <= 2 && pauses[4] >= 16 && pauses[11] >= 300 && pauses[11] <= 375, "{pauses:?}");
    // It may ask for more patience, within the same bound.
    let (ticket, _) = fetch(&mut keeper, now);
    let busy = Answer::Response { status: 429, fields: &[("Retry-After", "999999")], body: b"" };
    keeper.answer(ticket, busy, at(now));
    assert!((300..=375).contains(&(sleep(&mut keeper, now) - now)));
    assert_eq!(keeper.health().failures, 13);
}

#[test]
fn answer_replaces_the_keys_only_if_it_has_some_to_use() {
    let mut keeper =
        keeper(KeeperOptions::default().limits(2_000, 2).algorithms([Alg::EdDSA].into_iter().collect()));
    filled(&mut keeper, 0, &[0]);
    let secret = r#"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#;
    let p256 = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    let long = format!("{}{}", jwks(&[1]), " ".repeat(2_000));
    for (body, code) in [
        ("<html>", Code::KeyTextIsPage),
        (r#"{"keys":[]}"#, Code::KeySetEmpty),
        (secret, Code::KeySetEmpty),
        (p256, Code::KeyNotForAlg),
        (&long, Code::ReplyTooLong),
        (&jwks(&[0, 1, 2]), Code::KeysTooMany),
    ] {
        let now = sleep(&mut keeper, 0);
        let (ticket, _) = fetch(&mut keeper, now);
        assert_failed(&keeper.answer(ticket, ok(&[], body), at(now)), code);
        assert_eq!(kids(keeper.keys(at(now)).unwrap()), ["k0"]);
        assert_eq!(keeper.health().error.map(|error| error.code()), Some(code));
        keeper.refresh_now(at(0));
        let (ticket, _) = fetch(&mut keeper, 0);
        assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[0])), at(0)), Change::Confirmed));
    }
}

#[test]
fn removed_key_goes_at_once_or_with_the_second_answer_without_it() {
    let mut at_once = keeper(KeeperOptions::default());
    let mut twice = keeper(KeeperOptions::default().absent_twice());
    for (keeper, after_first) in [(&mut at_once, &["k1"][..]), (&mut twice, &["k1", "k0"])] {
        filled(keeper, 0, &[0, 1]);
        keeper.refresh_now(at(1));
        filled(keeper, 1, &[1]);
        assert_eq!(kids(keeper.keys(at(1)).unwrap()), after_first);
        keeper.refresh_now(at(2));
        filled(keeper, 2, &[1]);
        assert_eq!(kids(keeper.keys(at(2)).unwrap()), ["k1"]);
    }
    // A key that comes back is there again.
    twice.refresh_now(at(3));
    filled(&mut twice, 3, &[1, 0]);
    twice.refresh_now(at(4));
    filled(&mut twice, 4, &[1]);
    assert_eq!(kids(twice.keys(at(4)).unwrap()), ["k1", "k0"]);
}

#[test]
fn late_answer_changes_nothing() {
    let mut keeper = keeper(KeeperOptions::default().timeout(5));
    let (lost, _) = fetch(&mut keeper, 0);
    assert_eq!(sleep(&mut keeper, 5), 6);
    let retry = sleep(&mut keeper, 6);
    assert_eq!(keeper.health().error.map(|error| error.code()), Some(Code::FetchTimeout));
    let (ticket, _) = fetch(&mut keeper, retry);
    assert!(matches!(keeper.answer(lost, ok(&[], &jwks(&[0])), at(retry)), Change::Late));
    assert_eq!(keeper.keys(at(retry)).err(), Some(Code::KeysNotYet));
    assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[1])), at(retry)), Change::Keys(_)));
    assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[0])), at(retry)), Change::Late));
}

#[test]
fn clock_that_is_set_back_delays_nothing() {
    let mut keeper = keeper(KeeperOptions::default());
    filled(&mut keeper, 100_000, &[0]);
    let due = sleep(&mut keeper, 100_000) - 100_000;
    assert_eq!(sleep(&mut keeper, 0), due);
    let (ticket, _) = fetch(&mut keeper, due);
    assert!(sleep(&mut keeper, -50_000) <= -50_000 + 6);
    keeper.answer(ticket, Answer::Failed, at(-50_000));
    // Nor does a cool-down last longer.
    let mut budget = Budget::default();
    assert_eq!(keeper.unknown_kid(&mut budget, at(-50_000)), UnknownKid::Pending);
    filled(&mut keeper, -50_000, &[0]);
    assert_eq!(keeper.unknown_kid(&mut budget, at(-90_000)), UnknownKid::Refused);
    assert_eq!(keeper.unknown_kid(&mut budget, at(-90_000 + 30)), UnknownKid::Pending);
}

fn discovery(issuer: &str, uri: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{uri}"}}"#)
}

#[test]
fn issuer_is_enough_when_its_metadata_name_the_keys() {
    let issuer = "https://issuer.example/tenant";
    let mut keeper = Keeper::of_issuer(issuer, KeeperOptions::default(), 7).unwrap();
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://issuer.example/tenant/.well-known/openid-configuration");
    let change = keeper.answer(
        ticket,
        ok(&[("Cache-Control", "max-age=3600")], &discovery(issuer, "https://keys.example/1")),
        at(0),
    );
    assert!(matches!(change, Change::Elsewhere));
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://keys.example/1");
    keeper.answer(ticket, ok(&[("ETag", "\"a\"")], &jwks(&[0])), at(0));
    // When the keys are gone there, the metadata are asked where they are.
    let due = sleep(&mut keeper, 0);
    let mut moved = due;
    loop {
        let (ticket, url) = fetch(&mut keeper, moved);
        if url == "https://keys.example/1" {
            assert_failed(&keeper.answer(ticket, status(404), at(moved)), Code::FetchStatus);
        } else {
            let change =
                keeper.answer(ticket, ok(&[], &discovery(issuer, "https://keys.example/2")), at(moved));
            assert!(matches!(change, Change::Elsewhere));
            break;
        }
        moved = sleep(&mut keeper, moved);
        assert!(moved < due + 10, "the metadata were not asked");
    }
    let Poll::Fetch(request) = keeper.poll(at(moved)) else { panic!("the keys are due") };
    assert_eq!((request.url, request.etag), ("https://keys.example/2", None));
    let server = Keeper::of_authorization_server(issuer, KeeperOptions::default(), 7);
    let (_, url) = fetch(&mut server.unwrap(), 0);
    assert_eq!(url, "https://issuer.example/.well-known/oauth-authorization-server/tenant");
}

#[test]
fn metadata_of_another_issuer_or_host_are_refused() {
    let issuer = "https://issuer.example";
    for (document, code) in [
        (discovery("https://issuer.example/", "https://issuer.example/jwks"), Code::DiscoveryIssuer),
        (discovery("https://evil.example", "https://issuer.example/jwks"), Code::DiscoveryIssuer),
        (discovery(issuer, "http://issuer.example/jwks"), Code::UrlRefused),
        (r#"{"issuer":"https://issuer.example"}"#.to_owned(), Code::DiscoveryInvalid),
        (r#"{"jwks_uri":"https://issuer.example/jwks"}"#.to_owned(), Code::DiscoveryInvalid),
        ("[]".to_owned(), Code::DiscoveryInvalid),
        ("<html>".to_owned(), Code::DiscoveryInvalid),
    ] {
        let mut keeper = Keeper::of_issuer(issuer, KeeperOptions::default(), 7).unwrap();
        let (ticket, _) = fetch(&mut keeper, 0);
        assert_failed(&keeper.answer(ticket, ok(&[], &document), at(0)), code);
    }
}

#[test]
fn redirect_is_followed_within_its_origin_and_three_times() {
    let answer = |keeper: &mut Keeper, now, location: &str| {
        let (ticket, _) = fetch(keeper, now);
        let fields = [("Location", location)];
        keeper.answer(ticket, Answer::Response { status: 302, fields: &fields, body: b"" }, at(now))
    };
    for location in ["https://other.example/jwks", "//other.example/jwks", "http://issuer.example/k", "k", ""]
    {
        let mut keeper = keeper(KeeperOptions::default());
        assert_failed(&answer(&mut keeper, 0, location), Code::FetchRedirect);
    }
    let mut keeper = keeper(KeeperOptions::default());
    for location in ["/a", "https://issuer.example/b", "/c"] {
        assert!(matches!(answer(&mut keeper, 0, location), Change::Elsewhere));
    }
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://issuer.example/c");
    let again = Answer::Response { status: 302, fields: &[("Location", "/d")], body: b"" };
    assert_failed(&keeper.answer(ticket, again, at(0)), Code::FetchRedirect);
    // The next round begins where the keys are meant to be.
    let retry = sleep(&mut keeper, 0);
    assert_eq!(fetch(&mut keeper, retry).1, URL);
}

#[test]
fn history_tells_which_keys_were_there_when() {
    let mut keeper = keeper(KeeperOptions::default().history(1));
    for (now, keys) in [(0, &[0, 1][..]), (100, &[1, 2]), (200, &[2])] {
        keeper.refresh_now(at(now));
        filled(&mut keeper, now, keys);
    }
    let seen: Vec<_> = keeper
        .history()
        .iter()
        .map(|seen| (seen.key().kid().unwrap(), seen.first_seen().0 - START, seen.last_seen().0 - START))
        .collect();
    // Of those that are gone only the last one is remembered.
    assert_eq!(seen, [("k1", 0, 100), ("k2", 100, 200)]);
    let snapshots: Vec<_> =
        keeper.snapshots().iter().map(|(at, set)| (at.0 - START, kids(set).join(" "))).collect();
    assert_eq!(snapshots, [(0, "k1".to_owned()), (100, "k1 k2".to_owned()), (101, "k2".to_owned())]);
}

#[test]
fn history_forgets_first_what_was_gone_first() {
    let mut keeper = keeper(KeeperOptions::default().history(1));
    for (now, keys) in [(0, &[0, 1][..]), (50, &[0]), (100, &[2])] {
        keeper.refresh_now(at(now));
        filled(&mut keeper, now, keys);
    }
    let seen: Vec<_> = keeper.history().iter().map(|seen| seen.key().kid().unwrap()).collect();
    assert_eq!(seen, ["k0", "k2"]);
}

#[test]
fn object_of_pem_by_kid_is_read() {
    let key = jot::SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap();
    let pem = key.to_pem().unwrap().replace('\n', "\\n");
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    let body = format!(r#"{{"a":"{pem}","b":"-----BEGIN x"}}"#);
    let Change::Keys(set) = keeper.answer(ticket, ok(&[], &body), at(0)) else { panic!("keys") };
    assert_eq!((kids(&set), set.skipped().len()), (vec!["a"], 1));
}

#[test]
fn saved_keys_go_on_and_nothing_else_is_taken_for_them() {
    let mut first = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut first, 0);
    first.answer(ticket, ok(&[("ETag", "\"\\u0000a\"")], &jwks(&[0, 1])), at(0));
    first.refresh_now(at(50));
    filled(&mut first, 50, &[1]);
    let text = first.save();
    let mut next = keeper(KeeperOptions::default());
    assert!(matches!(next.restore(&text), Ok(Change::Keys(set)) if kids(&set) == ["k1"]));
    assert_eq!(next.save(), text);
    // The first fetch is due at once; meanwhile, and for as long as before, the keys hold.
    fetch(&mut next, 60);
    assert!(next.keys(at(50 + 86_399)).is_ok());
    assert_eq!(next.keys(at(50 + 86_400)).err(), Some(Code::KeysStale));
    assert_eq!(next.history().len(), 2);
    for bad in [
        "",
        "{}",
        &text.replace("\"version\":1", "\"version\":2"),
        &text.replace("https://issuer.example/jwks", "https://other.example/jwks"),
        &text.replace("\"last_success\"", "\"x\""),
        &text.replace(POINTS[1], "AAAA"),
        &text.replace("{\"jwk\"", "{\"until\":\"x\",\"jwk\""),
    ] {
        let mut other = keeper(KeeperOptions::default());
        assert_eq!(
            other.restore(bad).map_err(|error| error.code()).err(),
            Some(Code::SavedKeysInvalid),
            "{bad}"
        );
        assert_eq!(other.keys(at(0)).err(), Some(Code::KeysNotYet));
    }
    // A clock that is behind the one of the saved state gives no more time than it had.
    let mut behind = keeper(KeeperOptions::default());
    behind.restore(&text).unwrap();
    sleep_or_fetch(&mut behind, -1_000);
    assert_eq!(behind.keys(at(-1_000 + 86_400)).err(), Some(Code::KeysStale));
}

fn sleep_or_fetch(keeper: &mut Keeper, now: i64) {
    let _ = matches!(keeper.poll(at(now)), Poll::Fetch(_));
}

#[test]
fn other_options_apply_from_the_next_answer_on() {
    let mut keeper = keeper(KeeperOptions::default());
    filled(&mut keeper, 0, &[0]);
    assert_eq!(keeper.keys(at(80_000)).map(|keys| keys.len()), Ok(1));
    keeper.set_options(KeeperOptions::default().fresh_for(60, 60, 60).serve_stale_for(Some(100)));
    assert_eq!(keeper.keys(at(80_000)).map(|keys| keys.len()), Err(Code::KeysStale));
    keeper.refresh_now(at(10));
    let (ticket, _) = fetch(&mut keeper, 10);
    keeper.answer(ticket, ok(&[], &jwks(&[0])), at(10));
    assert!((10 + 48..=10 + 54).contains(&sleep(&mut keeper, 10)));
}
