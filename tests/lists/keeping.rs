//! When a list is fetched, and how long it is in force.

use jot::jwks::{Answer, Poll};
use jot::lists::{ListChange, ListOptions};
use jot::{Alg, Code, Policy, Revocations, Scratch};

use super::kit::{
    at, claims, failure, fetch, in_force, keeper, list, serve, signed, signer, sleep, verifier,
};

#[test]
fn list_is_fetched_at_once_and_again_before_its_time() {
    let mut keeper = keeper(ListOptions::default());
    let Poll::Fetch(request) = keeper.poll(at(0)) else { panic!("nothing is due") };
    assert!(request.accept.starts_with("application/revocations+jwt,"), "{}", request.accept);
    assert_eq!((request.timeout, request.most_bytes, request.etag), (5, 8 << 20, None));
    let (ticket, body) = (request.ticket, list("a", 0, 1000, 100));
    let answer = Answer::Response { status: 200, fields: &[], body: body.as_bytes() };
    assert!(matches!(keeper.answer(ticket, answer, at(0)), ListChange::List(list) if list.len() == 1));
    assert_eq!(in_force(&keeper, 0).unwrap(), "a");
    let due = sleep(&mut keeper, 0);
    assert!((80..=90).contains(&due), "{due}");
    let health = keeper.health();
    assert_eq!((health.entries, health.failures, health.fetches, health.successes), (1, 0, 1, 1));
    assert_eq!((health.issued_at, health.expires_at), (Some(at(0)), Some(at(1000))));
    assert_eq!((health.last_success, health.error), (Some(at(0)), None));
    // The same list, for longer.
    assert!(matches!(serve(&mut keeper, due, &[], &list("a", due, 2000, 100)), ListChange::Confirmed));
    assert_eq!(keeper.health().expires_at, Some(at(2000)));
}

#[test]
fn time_until_the_next_fetch_is_said_by_the_list_within_bounds() {
    let due = |options: ListOptions, claims: &str, fields: &[(&str, &str)]| {
        let mut keeper = keeper(options);
        assert!(matches!(serve(&mut keeper, 0, fields, &signed(claims)), ListChange::List(_)));
        sleep(&mut keeper, 0)
    };
    let options = || ListOptions::default().poll_every(200, 100, 1000);
    let of_ttl = |ttl: u32| due(options(), &claims("a", 0, 9000, ttl), &[("Cache-Control", "max-age=300")]);
    assert!((400..=450).contains(&of_ttl(500)));
    assert!((80..=90).contains(&of_ttl(1)));
    assert!((800..=900).contains(&of_ttl(90_000)));
    let silent = claims("a", 0, 9000, 5).replace("\"ttl\":5,", "");
    assert!((240..=270).contains(&due(options(), &silent, &[("Cache-Control", "max-age=300")])));
    assert!((160..=180).contains(&due(options(), &silent, &[])));
    assert!((80..=90).contains(&due(options(), &silent, &[("Cache-Control", "no-store")])));
    // It does not end before there is another one, whatever the bounds are.
    assert!((40..=45).contains(&due(options(), &claims("a", 0, 50, 500), &[])));
    assert_eq!(due(options(), &claims("a", 0, 1, 500), &[]), 1);
}

#[test]
fn list_goes_out_of_use_when_it_has_expired_and_no_other_came() {
    for (stale, end) in [(Some(0), Some(1000)), (Some(300), Some(1300)), (None, None)] {
        let mut keeper = keeper(ListOptions::default().serve_stale_for(stale));
        serve(&mut keeper, 0, &[], &list("a", 0, 1000, 3600));
        let due = sleep(&mut keeper, 0);
        assert!((800..=900).contains(&due), "{due}");
        let mut now = due;
        while now < 990 {
            let (ticket, _) = fetch(&mut keeper, now);
            assert_eq!(failure(keeper.answer(ticket, Answer::Failed, at(now))), Code::FetchFailed);
            let until = sleep(&mut keeper, now);
            assert!(until - now <= 38, "it waits for {} s", until - now);
            now = until;
        }
        let last = end.unwrap_or(9_999_999) - 1;
        assert_eq!(in_force(&keeper, last).unwrap(), "a");
        if let Some(end) = end {
            assert_eq!(in_force(&keeper, end), Err(Code::RevocationsStale));
            assert_eq!(keeper.revocations(at(end)).to_text(), Revocations::stale().to_text());
        }
        // Whoever polls learns of the end in time.
        keeper.refresh_now(at(995));
        let _ = fetch(&mut keeper, 995);
        let wakes = sleep(&mut keeper, 995);
        assert_eq!(wakes, if stale == Some(0) { 1000 } else { 1001 });
        // And another list is as good as the first.
        let again = sleep(&mut keeper, 1999);
        assert!(matches!(serve(&mut keeper, again, &[], &list("b", 2000, 3000, 60)), ListChange::List(_)));
        assert_eq!(in_force(&keeper, again).unwrap(), "b");
    }
}

#[test]
fn tokens_wait_for_the_first_list_unless_they_need_not() {
    let strict = keeper(ListOptions::default());
    let open = keeper(ListOptions::default().start_without());
    assert_eq!(in_force(&strict, 0), Err(Code::RevocationsNotYet));
    assert_eq!(in_force(&open, 0), Err(Code::RevocationsNotYet));
    let verifier = verifier(Policy::new([Alg::HS256]));
    let token = signer(7).sign_claims(r#"{"iss":"https://issuer.example","exp":1800009999}"#).unwrap();
    let mut scratch = Scratch::new();
    let mut code = |keeper: &jot::lists::ListKeeper<Revocations>| {
        verifier.set_revocations(keeper.revocations(at(0)));
        verifier.verdict(&token, at(0), &mut scratch).code()
    };
    assert_eq!([code(&strict), code(&open)], [Code::RevocationsNotYet, Code::Accepted]);
    assert_eq!(Code::RevocationsNotYet.http_status(), 503);
}

#[test]
fn unchanged_list_is_confirmed_but_lives_no_longer() {
    let mut keeper = keeper(ListOptions::default());
    let tag = [("ETag", "\"1\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
    serve(&mut keeper, 0, &tag, &list("a", 0, 1000, 100));
    let mut now = sleep(&mut keeper, 0);
    let unchanged = Answer::Response { status: 304, fields: &[], body: b"" };
    while now < 900 {
        let (ticket, etag) = fetch(&mut keeper, now);
        assert_eq!(etag.as_deref(), Some("\"1\""), "at {now}");
        assert!(matches!(keeper.answer(ticket, unchanged, at(now)), ListChange::Confirmed));
        now = sleep(&mut keeper, now);
    }
    // It will end before the next fetch, so the whole list is needed.
    let (ticket, etag) = fetch(&mut keeper, now);
    assert_eq!(etag, None, "at {now}");
    assert_eq!(failure(keeper.answer(ticket, unchanged, at(now))), Code::FetchStatus);
    assert_eq!(in_force(&keeper, 999).unwrap(), "a");
    assert_eq!(in_force(&keeper, 1000), Err(Code::RevocationsStale));
}

#[test]
fn clock_that_is_set_back_and_late_answers_do_no_harm() {
    let mut keeper = keeper(ListOptions::default());
    serve(&mut keeper, 0, &[], &list("a", -100, 1000, 100));
    let due = sleep(&mut keeper, 0);
    assert_eq!(sleep(&mut keeper, -50), due - 50);
    assert_eq!(in_force(&keeper, -50).unwrap(), "a");
    let (late, _) = fetch(&mut keeper, due);
    // It is given up after its time, and a failure is followed by a pause.
    assert_eq!(sleep(&mut keeper, due), due + 6);
    let again = sleep(&mut keeper, due + 6);
    assert!((1..=2).contains(&(again - due - 6)), "{again}");
    assert_eq!(keeper.health().error.map(|error| error.code()), Some(Code::FetchTimeout));
    let body = list("b", 0, 1000, 100);
    let answer = Answer::Response { status: 200, fields: &[], body: body.as_bytes() };
    assert!(matches!(keeper.answer(late, answer, at(due + 7)), ListChange::Late));
    assert_eq!(in_force(&keeper, due + 7).unwrap(), "a");
}

#[test]
fn list_of_an_earlier_process_is_checked_and_fetched_again() {
    let mut first = keeper(ListOptions::default());
    assert_eq!(first.token(), None);
    serve(&mut first, 0, &[], &list("a", 0, 1000, 100));
    let saved = first.token().unwrap().to_owned();
    let mut next = keeper(ListOptions::default());
    assert!(matches!(next.restore(&saved, at(999)), Ok(ListChange::List(_))));
    assert_eq!(in_force(&next, 999).unwrap(), "a");
    fetch(&mut next, 999);
    let mut late = keeper(ListOptions::default());
    assert_eq!(late.restore(&saved, at(1000)).unwrap_err().code(), Code::Expired);
    let mut forged = saved;
    let last = forged.len() - 2;
    forged[last] ^= 1;
    assert_eq!(late.restore(&forged, at(0)).unwrap_err().code(), Code::SignatureInvalid);
    assert_eq!(in_force(&late, 0), Err(Code::RevocationsNotYet));
}
