//! A child of a fork goes on with the status lists of its parent, by a plan of its own.
#![cfg(all(unix, feature = "status-list"))]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod children;
#[allow(dead_code, reason = "other tests use the rest of it")]
mod site;

use std::sync::Arc;
use std::time::{Duration, Instant};

use children::in_child;
use jot::jwks::KeeperOptions;
use jot::lists::ListOptions;
use jot::{
    Alg, Code, KeySet, Policy, Scratch, SignHeader, Signer, SigningKey, StatusList, UnixSeconds, Verifier,
};
use jot_fetch::{Fetcher, RemoteStatusLists, StatusPlaces};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);

/// A token whose status a list at this URI says.
fn token(signer: &Signer, uri: &str) -> String {
    let status = format!(r#"{{"status_list":{{"idx":2,"uri":"{uri}"}}}}"#);
    let claims = format!(r#"{{"status":{status},"exp":{}}}"#, UnixSeconds::now().0 + 600);
    signer.sign_claims(claims).unwrap()
}

/// A list of valid tokens that is fetched again after some 40 minutes.
fn list(signer: &Signer, uri: &str) -> String {
    let UnixSeconds(now) = UnixSeconds::now();
    let entries = r#"{"bits":1,"lst":"eNpjAAAAAQAB"}"#;
    let claims =
        format!(r#"{{"sub":"{uri}","iat":{now},"exp":{},"ttl":3000,"status_list":{entries}}}"#, now + 9_000);
    signer.sign_claims_with(&SignHeader::default().typ(StatusList::TYP), claims).unwrap()
}

/// Judges a token, after a wait for its list.
fn code(verifier: &Verifier, lists: &RemoteStatusLists, token: &str) -> Code {
    let judge = || verifier.verdict(token, UnixSeconds::now(), &mut Scratch::new()).code();
    let code = judge();
    lists.retry(code, LONG).map_or_else(|code| code, |()| judge())
}

// One test alone: a fork copies the locks of other tests' threads as they are.
#[test]
fn child_of_a_fork_fetches_the_list_that_its_parent_awaits_and_plans_the_next_one_anew() {
    let site = Site::open();
    let key = SigningKey::generate(Alg::ES256).unwrap();
    site.put("/keys", Page::ok(KeySet::new([key.verifying_key().unwrap()]).to_jwks().unwrap()));
    let (signer, url) = (Signer::new(key), site.url("/status/1"));
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    let verifier = keys.verifier(Policy::new([Alg::ES256]).check_status(), |builder| builder).unwrap();
    // A fetch that does not end is given up so late that the test would have ended.
    let options = ListOptions::default().timeout(120);
    let places = StatusPlaces::new([site.url("/status/")]);
    let lists = fetcher.status_lists(places, &keys, [Alg::ES256], options).unwrap();
    lists.feed(&verifier).unwrap();
    keys.wait(LONG).unwrap();

    let (token, body) = (token(&signer, &url), list(&signer, &url));
    site.put("/status/1", Page::Slow(Duration::from_secs(3), body.clone()));
    let judge =
        |verifier: &Arc<Verifier>| verifier.verdict(&token, UnixSeconds::now(), &mut Scratch::new()).code();
    assert_eq!(judge(&verifier), Code::StatusListNotYet);
    let end = Instant::now() + LONG;
    while site.requests("/status/1").is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(1));
    }
    // The parent's fetch is under way, and its answer is not for its child.
    site.put("/status/1", Page::ok(body));
    assert_eq!(judge(&verifier), Code::StatusListNotYet);
    assert!(in_child(|| code(&verifier, &lists, &token) == Code::Accepted), "the child has no list");
    assert_eq!(site.requests("/status/1").len(), 2);
    assert_eq!(code(&verifier, &lists, &token), Code::Accepted);

    // Children do not all fetch when their parent does: one in a hundred does by chance.
    let list = lists.list(&url).unwrap();
    let planned = list.health().next_fetch;
    let others = (0..6).filter(|_| in_child(|| list.start().is_ok() && list.health().next_fetch != planned));
    assert!(others.count() > 0, "every child has its parent's plan");
}
