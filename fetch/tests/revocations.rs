//! Lists of revocations, fetched over TLS from an issuer that behaves, and from one that
//! does not.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod site;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::KeeperOptions;
use jot::lists::ListOptions;
use jot::{
    Alg, Code, KeySet, Policy, Revocations, Scratch, SignHeader, Signer, SigningKey, UnixSeconds, Verifier,
};
use jot_fetch::{Error, Fetcher, RemoteKeys, RemoteRevocations};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);
const ISSUER: &str = "https://i";

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::ES256).unwrap().with_kid(kid)
}

fn jwks(keys: &[&SigningKey]) -> String {
    let keys = keys.iter().map(|key| key.verifying_key().unwrap());
    KeySet::new(keys).to_jwks().unwrap()
}

fn token(key: &SigningKey, sid: &str) -> String {
    let claims = format!(r#"{{"iss":"{ISSUER}","sid":"{sid}","exp":{}}}"#, UnixSeconds::now().0 + 600);
    Signer::new(key.clone()).sign_claims(claims).unwrap()
}

/// A list that revokes one session, and lives for so many seconds.
fn list(key: &SigningKey, sid: &str, lives: i64) -> String {
    let mut list = Revocations::default();
    list.revoke_session(sid, None).unwrap();
    let now = UnixSeconds::now();
    let claims = list.to_claims(ISSUER, now, UnixSeconds(now.0 + lives), 1);
    Signer::new(key.clone()).sign_claims_with(&SignHeader::default().typ(Revocations::TYP), claims).unwrap()
}

/// Keys of an issuer, a verifier with them, and its revocations.
fn follow(site: &Site, options: ListOptions) -> (Fetcher, RemoteKeys, Arc<Verifier>, RemoteRevocations) {
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let keys = fetcher.keys(&site.url("/keys"), Some(ISSUER), KeeperOptions::default()).unwrap();
    let verifier = keys.verifier(Policy::new([Alg::ES256]), |builder| builder).unwrap();
    let options = options.poll_every(1, 1, 1);
    let revoked = fetcher.revocations(&site.url("/revoked"), &keys, [Alg::ES256], options).unwrap();
    revoked.feed(&verifier).unwrap();
    (fetcher, keys, verifier, revoked)
}

fn code(verifier: &Verifier, token: &str) -> Code {
    verifier.verdict(token, UnixSeconds::now(), &mut Scratch::new()).code()
}

/// Waits until something is so.
#[track_caller]
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < end, "{what} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn revocation_is_obeyed_after_the_next_fetch() {
    let site = Site::open();
    let key = key("a");
    site.put("/keys", Page::ok(jwks(&[&key])));
    let (_fetcher, _keys, verifier, revoked) = follow(&site, ListOptions::default());
    let (one, two) = (token(&key, "one"), token(&key, "two"));
    // There are keys, and no list.
    eventually("the keys", || code(&verifier, &one) == Code::RevocationsNotYet);
    assert_eq!(revoked.wait(Duration::ZERO).unwrap_err(), Error::NotInTime(Code::RevocationsNotYet));
    let tagged = vec![("ETag", "\"1\"".to_owned())];
    site.put("/revoked", Page::Answer(200, tagged, list(&key, "one", 600)));
    assert_eq!(revoked.wait(LONG).unwrap().len(), 1);
    assert_eq!([code(&verifier, &one), code(&verifier, &two)], [Code::SidRevoked, Code::Accepted]);
    site.put("/revoked", Page::ok(list(&key, "two", 600)));
    eventually("the other list", || code(&verifier, &two) == Code::SidRevoked);
    assert_eq!(code(&verifier, &one), Code::Accepted);
    let requests: Vec<String> =
        site.requests("/revoked").iter().map(|head| head.to_ascii_lowercase()).collect();
    assert!(requests[0].contains("accept: application/revocations+jwt"), "{}", requests[0]);
    assert!(requests.iter().any(|head| head.contains("if-none-match: \"1\"")), "{requests:?}");
    assert!(site.requests("/keys")[0].to_ascii_lowercase().contains("accept: application/jwk-set+json"));
    assert_eq!((revoked.health().entries, revoked.reason()), (1, None));
}

#[test]
fn list_that_cannot_be_had_is_told_when_it_ends_and_comes_back() {
    let site = Site::open();
    let key = key("a");
    site.put("/keys", Page::ok(jwks(&[&key])));
    site.put("/revoked", Page::ok(list(&key, "one", 4)));
    let (fetcher, keys, verifier, revoked) = follow(&site, ListOptions::default());
    let url = site.url("/revoked");
    let going_on = ListOptions::default().serve_stale_for(None);
    let lax = fetcher.revocations(&url, &keys, [Alg::ES256], going_on).unwrap();
    let other = keys.verifier(Policy::new([Alg::ES256]), |builder| builder).unwrap();
    lax.feed(&other).unwrap();
    let (one, two) = (token(&key, "one"), token(&key, "two"));
    lax.wait(LONG).unwrap();
    revoked.wait(LONG).unwrap();
    assert_eq!(code(&verifier, &two), Code::Accepted);
    // It is left alone for longer than the list lives.
    site.put("/revoked", Page::Answer(503, vec![("Retry-After", "30".to_owned())], String::new()));
    eventually("the end of the list", || code(&verifier, &two) == Code::RevocationsStale);
    assert_eq!([code(&other, &one), code(&other, &two)], [Code::SidRevoked, Code::Accepted]);
    let (_, failed) = revoked.wait_for_fetch(1, LONG).unwrap();
    assert_eq!(failed.unwrap_err(), Error::Fetch(Code::FetchStatus, "the status is 503".to_owned()));
    site.put("/revoked", Page::ok(list(&key, "one", 600)));
    revoked.refresh_now().unwrap();
    eventually("another list", || code(&verifier, &two) == Code::Accepted);
    assert_eq!(code(&verifier, &one), Code::SidRevoked);
}

#[test]
fn list_that_a_new_key_signed_has_its_key_fetched() {
    let site = Site::open();
    let (first, second) = (key("a"), key("b"));
    site.put("/keys", Page::ok(jwks(&[&first])));
    site.put("/revoked", Page::ok(list(&first, "one", 600)));
    let (_fetcher, keys, verifier, revoked) = follow(&site, ListOptions::default());
    revoked.wait(LONG).unwrap();
    site.put("/keys", Page::ok(jwks(&[&second])));
    site.put("/revoked", Page::ok(list(&second, "two", 600)));
    // No token of the second key comes; its list alone asks for it.
    eventually("the list", || revoked.health().error.is_none() && keys.health().fetches == 2);
    eventually("the list", || code(&verifier, &token(&second, "two")) == Code::SidRevoked);
    assert_eq!(site.requests("/keys").len(), 2);
}

#[test]
fn list_is_not_fetched_before_there_are_keys_and_bad_arguments_are_named() {
    let site = Site::open();
    let key = key("a");
    site.put("/keys", Page::Answer(500, Vec::new(), String::new()));
    site.put("/revoked", Page::ok(list(&key, "one", 600)));
    let (fetcher, keys, _verifier, revoked) = follow(&site, ListOptions::default());
    eventually("the failure", || keys.health().failures > 0);
    assert!(site.requests("/revoked").is_empty(), "a list that cannot be verified was fetched");
    site.put("/keys", Page::ok(jwks(&[&key])));
    revoked.wait(LONG).unwrap();
    // Another process goes on with the same list.
    let saved = revoked.token().unwrap();
    let next = fetcher.revocations(&site.url("/none"), &keys, [Alg::ES256], ListOptions::default()).unwrap();
    next.restore(&saved).unwrap();
    assert_eq!(next.revocations(), revoked.revocations());
    assert!(next.restore(b"x").is_err());

    let unnamed = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    let refused = |keys: &RemoteKeys, url: &str| match fetcher
        .revocations(url, keys, [Alg::ES256], ListOptions::default())
        .unwrap_err()
    {
        Error::Keys(error) => Some(error.code()),
        _ => None,
    };
    assert_eq!(refused(&unnamed, &site.url("/revoked")), Some(Code::IssuerRequired));
    assert_eq!(refused(&keys, "http://a.example"), Some(Code::UrlRefused));
}

#[test]
fn verifier_with_keys_of_its_own_says_which_lists_count() {
    let site = Site::open();
    let (ours, theirs) = (key("a"), key("a"));
    site.put("/revoked", Page::ok(list(&theirs, "one", 600)));
    let set = KeySet::new([ours.verifying_key().unwrap()]);
    let lists = Verifier::builder(Policy::revocation_list([Alg::ES256])).issuer(ISSUER, set).build().unwrap();
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let url = site.url("/revoked");
    let revoked = fetcher.revocations_with(&url, Arc::new(lists), ListOptions::default()).unwrap();
    let (_, refused) = revoked.wait_for_fetch(0, LONG).unwrap();
    let told = refused.unwrap_err().to_string();
    assert!(told.starts_with("signature_invalid"), "{told}");
    site.put("/revoked", Page::ok(list(&ours, "one", 600)));
    assert_eq!(revoked.wait(LONG).unwrap().len(), 1);
    drop(fetcher);
    assert!(revoked.wait(LONG).is_ok(), "what was fetched stays");
}
