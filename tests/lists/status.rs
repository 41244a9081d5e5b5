//! Status lists: what differs from other lists.

use std::sync::Arc;

use jot::jwks::{Answer, Poll};
use jot::lists::{ListChange, ListKeeper, ListOptions};
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, SignHeader, StatusList, Verifier, VerifyingKey};

use super::kit::{START, at, signer};

const URL: &str = "https://issuer.example/status/1";

fn verifier(policy: Policy) -> Arc<Verifier> {
    let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default()).unwrap();
    Arc::new(Verifier::builder(policy).keys(KeySet::new([key])).build().unwrap())
}

fn keeper(options: ListOptions) -> ListKeeper<StatusList> {
    ListKeeper::new(URL, verifier(Policy::status_list([Alg::HS256])), options, 7).unwrap()
}

/// A list of 16 tokens, of which the fourth is revoked.
fn list(sub: &str, iat: i64, dates: &str) -> String {
    let list = r#""status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}"#;
    let claims = format!(r#"{{"sub":"{sub}","iat":{},{dates}{list}}}"#, START + iat);
    signer(7).sign_claims_with(&SignHeader::default().typ(StatusList::TYP), claims).unwrap()
}

fn serve(keeper: &mut ListKeeper<StatusList>, now: i64, body: &str) -> Result<(), Code> {
    let ticket = match keeper.poll(at(now)) {
        Poll::Fetch(request) => {
            assert!(request.accept.starts_with("application/statuslist+jwt"), "{}", request.accept);
            request.ticket
        }
        Poll::Sleep(until) => panic!("nothing is due until {}", until.0 - START),
    };
    let answer = Answer::Response { status: 200, fields: &[], body: body.as_bytes() };
    match keeper.answer(ticket, answer, at(now)) {
        ListChange::List(_) | ListChange::Confirmed => Ok(()),
        ListChange::Failed(error) => Err(error.code()),
        other => panic!("{other:?}"),
    }
}

/// The code of a token with this index, of a verifier that is fed at this instant.
fn code(keeper: &ListKeeper<StatusList>, now: i64, index: u32) -> Code {
    let verifier = verifier(Policy::new([Alg::HS256]).check_status());
    keeper.feed(&verifier, at(now)).unwrap();
    let token = format!(
        r#"{{"exp":{},"status":{{"status_list":{{"idx":{index},"uri":"{URL}"}}}}}}"#,
        START + 1_000_000
    );
    let token = signer(7).sign_claims(token).unwrap();
    verifier.verdict(token.as_bytes(), at(now), &mut Scratch::new()).code()
}

#[test]
fn list_is_awaited_in_force_and_stale() {
    let mut keeper = keeper(ListOptions::default());
    assert_eq!(code(&keeper, 0, 2), Code::StatusListNotYet);
    let dates = format!(r#""exp":{},"ttl":100,"#, START + 1000);
    assert_eq!(serve(&mut keeper, 0, &list(URL, 0, &dates)), Ok(()));
    assert_eq!(keeper.health().entries, 16);
    assert_eq!([code(&keeper, 999, 2), code(&keeper, 999, 3)], [Code::Accepted, Code::StatusRevoked]);
    assert_eq!(code(&keeper, 1000, 2), Code::StatusListStale);
    assert_eq!(keeper.list(at(1000)).map(|_| ()), Err(Code::StatusListStale));
}

#[test]
fn tokens_pass_before_the_first_list_if_the_options_say_so() {
    let mut keeper = keeper(ListOptions::default().start_without());
    assert_eq!(code(&keeper, 0, 3), Code::Accepted);
    let dates = format!(r#""exp":{},"#, START + 1000);
    assert_eq!(serve(&mut keeper, 0, &list(URL, 0, &dates)), Ok(()));
    assert_eq!(code(&keeper, 0, 3), Code::StatusRevoked);
    assert_eq!(code(&keeper, 1000, 3), Code::StatusListStale);
}

/// "retrieve a fresh copy if (time status was resolved + ttl < current time)"
#[test]
fn list_without_exp_is_in_use_for_its_ttl() {
    let mut keeper = keeper(ListOptions::default());
    assert_eq!(serve(&mut keeper, 0, &list(URL, 0, r#""ttl":100,"#)), Ok(()));
    let Poll::Sleep(due) = keeper.poll(at(0)) else { panic!("a fetch is due") };
    assert!((80..=90).contains(&(due.0 - START)), "{due:?}");
    assert_eq!([code(&keeper, 99, 2), code(&keeper, 100, 2)], [Code::Accepted, Code::StatusListStale]);
}

/// "the client MUST reject a response unless the requested timestamp is within the valid time
/// of the returned token"
#[test]
fn list_of_the_past_is_asked_for_and_judged_as_of_its_instant() {
    let past = || ListOptions::default().as_of(at(5000));
    let dates = |end: i64| format!(r#""exp":{},"ttl":100,"#, START + end);
    let mut keeper = keeper(past());
    let Poll::Fetch(request) = keeper.poll(at(9000)) else { panic!("a fetch is due") };
    assert_eq!(request.url, format!("{URL}?time={}", START + 5000));
    let ticket = request.ticket;
    let body = list(URL, 4000, &dates(6000));
    let answer = Answer::Response { status: 200, fields: &[], body: body.as_bytes() };
    assert!(matches!(keeper.answer(ticket, answer, at(9000)), ListChange::List(_)));
    // It was over long ago, and is what it was.
    assert_eq!([code(&keeper, 90_000, 2), code(&keeper, 90_000, 3)], [Code::Accepted, Code::StatusRevoked]);
    let Poll::Sleep(until) = keeper.poll(at(9000)) else { panic!("it is fetched again at once") };
    assert!(until > at(9030), "{until:?}");
    for (iat, end, wanted) in [
        (5001, 9000, Err(Code::IssuedInFuture)),
        (8000, 99_000, Err(Code::IssuedInFuture)),
        (4000, 5000, Err(Code::Expired)),
        (5000, 5001, Ok(())),
    ] {
        let mut keeper = self::keeper(past());
        assert_eq!(serve(&mut keeper, 9000, &list(URL, iat, &dates(end))), wanted, "{iat} to {end}");
    }
    let with_query = ListKeeper::<StatusList>::new(
        "https://issuer.example/status?list=1",
        verifier(Policy::status_list([Alg::HS256])),
        past(),
        7,
    );
    let mut with_query = with_query.unwrap();
    let Poll::Fetch(request) = with_query.poll(at(9000)) else { panic!("a fetch is due") };
    assert_eq!(request.url, format!("https://issuer.example/status?list=1&time={}", START + 5000));
}

#[test]
fn list_of_another_uri_or_an_older_one_is_refused() {
    let mut keeper = keeper(ListOptions::default());
    let dates = format!(r#""exp":{},"ttl":100,"#, START + 9000);
    let other = list("https://issuer.example/status/2", 0, &dates);
    assert_eq!(serve(&mut keeper, 0, &other), Err(Code::StatusListInvalid));
    assert_eq!(code(&keeper, 0, 2), Code::StatusListNotYet);
    assert_eq!(serve(&mut keeper, 10, &list(URL, 5, &dates)), Ok(()));
    assert_eq!(serve(&mut keeper, 100, &list(URL, 4, &dates)), Err(Code::RevocationsOlder));
    assert_eq!(
        keeper.restore(list(URL, 4, &dates).as_bytes(), at(100)).unwrap_err().code(),
        Code::RevocationsOlder
    );
    assert_eq!(code(&keeper, 100, 3), Code::StatusRevoked);
}

#[test]
fn list_has_the_entries_that_the_options_allow() {
    let dates = format!(r#""exp":{},"#, START + 9000);
    let mut keeper = keeper(ListOptions::default().limits(10_000, 8));
    assert_eq!(serve(&mut keeper, 0, &list(URL, 0, &dates)), Err(Code::StatusListTooLong));
}
