//! Which answers do not count, and that they change nothing.

use jot::jwks::Answer;
use jot::lists::{ListChange, ListKeeper, ListOptions};
use jot::{Alg, Code, Policy, Revocations, SignHeader};

use super::kit::{
    ISSUER, URL, at, claims, failure, fetch, in_force, keeper, list, serve, signed, signer, sleep, verifier,
};

/// What a keeper with a list says of another body; the list stays.
#[track_caller]
fn refused(body: &str) -> Code {
    let mut keeper = keeper(ListOptions::default().limits(1000, 1));
    serve(&mut keeper, 0, &[], &list("a", 0, 1000, 100));
    let code = failure(serve(&mut keeper, 90, &[], body));
    assert_eq!(in_force(&keeper, 90).unwrap(), "a");
    assert_eq!(keeper.health().error.map(|error| error.code()), Some(code));
    let again = sleep(&mut keeper, 90);
    assert!((91..=92).contains(&again), "{again}");
    code
}

#[test]
fn list_that_is_none_or_not_good_is_refused() {
    let good = claims("b", 90, 1000, 100);
    assert_eq!(refused(&(signed(&good) + "?")), Code::SignatureEncoding);
    let others = signer(8).sign_claims_with(&SignHeader::default().typ(Revocations::TYP), good.as_bytes());
    assert_eq!(refused(&others.unwrap()), Code::SignatureInvalid);
    assert_eq!(refused(&signed(&good.replace("issuer.", "other."))), Code::IssMismatch);
    assert_eq!(refused(&list("b", 0, 90, 100)), Code::Expired);
    assert_eq!(refused(&list("b", 91, 1000, 100)), Code::IssuedInFuture);
    assert_eq!(refused(&list("b", -1, 1000, 100)), Code::RevocationsOlder);
    assert_eq!(refused(&signed(&good.replace("revocations", "r"))), Code::RevocationsInvalid);
    assert_eq!(refused(&signed(&good.replace("jti", "x"))), Code::RevocationsInvalid);
    let two = good.replace("[{", r#"[{"sid":"s"},{"#);
    assert_eq!(refused(&signed(&two)), Code::RevocationsFull);
    assert_eq!(refused(&list(&"b".repeat(1000), 90, 1000, 100)), Code::ReplyTooLong);
    assert_eq!(refused("<html>Log in</html>"), Code::TokenSegments);
    assert_eq!(refused(""), Code::TokenEmpty);
}

#[test]
fn other_token_of_the_issuer_does_not_pass_for_a_list_whatever_the_policy_is() {
    let lax = verifier(Policy::new([Alg::HS256]));
    let new = || ListKeeper::<Revocations>::new(URL, lax.clone(), ListOptions::default(), 1).unwrap();
    let claims = format!(r#"{{"iss":"{ISSUER}","iat":{0},"exp":{1},"revocations":[]}}"#, at(0).0, at(9).0);
    for (typ, expected) in [
        (None, Err(Code::TypMismatch)),
        (Some("JWT"), Err(Code::TypMismatch)),
        (Some("xrevocations+jwt"), Err(Code::TypMismatch)),
        (Some("revocations+jwt"), Ok(())),
        (Some("application/Revocations+JWT"), Ok(())),
    ] {
        let header = typ.map_or_else(SignHeader::default, |typ| SignHeader::default().typ(typ));
        let body = signer(7).sign_claims_with(&header, claims.as_bytes()).unwrap();
        let mut keeper = new();
        let taken = match serve(&mut keeper, 0, &[], &body) {
            ListChange::List(_) => Ok(()),
            other => Err(failure(other)),
        };
        assert_eq!(taken, expected, "{typ:?}");
    }
    let without = signed(&claims.replace("\"iat\"", "\"x\""));
    assert_eq!(failure(serve(&mut new(), 0, &[], &without)), Code::ClaimMissing);
}

#[test]
fn status_and_redirects_are_as_for_keys() {
    let mut keeper = keeper(ListOptions::default());
    let with = |status, fields| Answer::Response { status, fields, body: b"" };
    let mut now = 0;
    for (answer, code) in [
        (with(500, &[]), Code::FetchStatus),
        (with(304, &[]), Code::FetchStatus),
        (with(302, &[]), Code::FetchRedirect),
        (with(302, &[("Location", "https://evil.example/")]), Code::FetchRedirect),
        (Answer::TimedOut, Code::FetchTimeout),
        (with(503, &[("Retry-After", "100000")]), Code::FetchStatus),
    ] {
        let (ticket, _) = fetch(&mut keeper, now);
        assert_eq!(failure(keeper.answer(ticket, answer, at(now))), code);
        now = sleep(&mut keeper, now);
    }
    // The longest pause is that of a server that wants to be left alone for longer.
    assert!((30..=38).contains(&(now - sleep_before(&keeper))), "{now}");
    let (ticket, _) = fetch(&mut keeper, now);
    let moved = with(307, &[("Location", "/elsewhere")]);
    assert!(matches!(keeper.answer(ticket, moved, at(now)), ListChange::Elsewhere));
    let jot::jwks::Poll::Fetch(request) = keeper.poll(at(now)) else { panic!("nothing is due") };
    assert_eq!(request.url, "https://issuer.example/elsewhere");
    let plain = verifier(Policy::revocation_list([Alg::HS256]));
    let refused = ListKeeper::<Revocations>::new("http://localhost/r", plain, ListOptions::default(), 1);
    assert_eq!(refused.unwrap_err().code(), Code::UrlRefused);
}

/// The instant of the last failure, by the pause that it planned.
fn sleep_before(keeper: &ListKeeper<Revocations>) -> i64 {
    // Five failures waited at most 1, 2, 4, 8 and 16 seconds, and a quarter more.
    let health = keeper.health();
    assert_eq!((health.failures, health.successes), (6, 0));
    (health.next_fetch.0 - at(0).0) - 30
}
