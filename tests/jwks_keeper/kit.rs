//! A keeper, what it is asked, and what it is answered.

use jot::jwks::{Answer, Change, Field, Keeper, KeeperOptions, Poll, Ticket};
use jot::{Code, KeySet, UnixSeconds};

pub(crate) const URL: &str = "https://issuer.example/jwks";
pub(crate) const START: i64 = 1_800_000_000;
/// Points of Ed25519, of RFC 8032 §7.1.
pub(crate) const POINTS: [&str; 3] = [
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU",
];

pub(crate) fn at(seconds: i64) -> UnixSeconds {
    UnixSeconds(START + seconds)
}

pub(crate) fn jwk(index: usize) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"k{index}","x":"{}"}}"#, POINTS[index])
}

pub(crate) fn jwks(keys: &[usize]) -> String {
    let keys: Vec<String> = keys.iter().map(|index| jwk(*index)).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

pub(crate) fn kids(set: &KeySet) -> Vec<&str> {
    set.keys().iter().filter_map(|key| key.kid()).collect()
}

pub(crate) fn keeper(options: KeeperOptions) -> Keeper {
    Keeper::of_keys(URL, options, 7).unwrap()
}

/// Polls for a fetch that must be due, and gives its ticket and URL.
#[track_caller]
pub(crate) fn fetch(keeper: &mut Keeper, now: i64) -> (Ticket, String) {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => (request.ticket, request.url.to_owned()),
        Poll::Sleep(until) => panic!("nothing is due until {}", until.0 - START),
    }
}

#[track_caller]
pub(crate) fn sleep(keeper: &mut Keeper, now: i64) -> i64 {
    match keeper.poll(at(now)) {
        Poll::Fetch(request) => panic!("a fetch of {} is due", request.url),
        Poll::Sleep(until) => until.0 - START,
    }
}

pub(crate) fn ok<'a>(fields: &'a [Field<'a>], body: &'a str) -> Answer<'a> {
    Answer::Response { status: 200, fields, body: body.as_bytes() }
}

pub(crate) fn status(status: u16) -> Answer<'static> {
    Answer::Response { status, fields: &[], body: b"" }
}

/// Lets a keeper fetch these keys.
#[track_caller]
pub(crate) fn filled(keeper: &mut Keeper, now: i64, keys: &[usize]) -> Change {
    let (ticket, _) = fetch(keeper, now);
    keeper.answer(ticket, ok(&[], &jwks(keys)), at(now))
}

#[track_caller]
pub(crate) fn assert_failed(change: &Change, code: Code) {
    assert!(matches!(change, Change::Failed(error) if error.code() == code), "{change:?}, not {code}");
}
