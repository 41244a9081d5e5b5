//! Token Status Lists, fetched over TLS from an issuer that behaves, and from one that does
//! not.
#![cfg(feature = "status-list")]
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
    Alg, CacheSize, Code, KeySet, Policy, Scratch, SignHeader, Signer, SigningKey, StatusList, UnixSeconds,
    Verifier,
};
use jot_fetch::{Error, Fetcher, RemoteKeys, RemoteStatusLists, StatusPlaces};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);
const ISSUER: &str = "https://i";
/// The list of 16 tokens in the draft, of which number 3 is revoked and 2 is not.
const DRAFT: &str = r#"{"bits":1,"lst":"eNrbuRgAAhcBXQ"}"#;
/// A list of 8 tokens, all of which are valid.
const VALID: &str = r#"{"bits":1,"lst":"eNpjAAAAAQAB"}"#;

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::ES256).unwrap().with_kid(kid)
}

fn jwks(keys: &[&SigningKey]) -> String {
    let keys = keys.iter().map(|key| key.verifying_key().unwrap());
    KeySet::new(keys).to_jwks().unwrap()
}

fn token(key: &SigningKey, uri: &str, index: u32) -> String {
    let status = format!(r#"{{"status_list":{{"idx":{index},"uri":"{uri}"}}}}"#);
    let claims = format!(r#"{{"iss":"{ISSUER}","status":{status},"exp":{}}}"#, UnixSeconds::now().0 + 600);
    Signer::new(key.clone()).sign_claims(claims).unwrap()
}

/// A list that lives for so many seconds.
fn list(key: &SigningKey, uri: &str, entries: &str, lives: i64) -> String {
    let UnixSeconds(now) = UnixSeconds::now();
    let claims =
        format!(r#"{{"sub":"{uri}","iat":{now},"exp":{},"ttl":1,"status_list":{entries}}}"#, now + lives);
    Signer::new(key.clone()).sign_claims_with(&SignHeader::default().typ(StatusList::TYP), claims).unwrap()
}

struct Followed {
    site: Site,
    key: SigningKey,
    fetcher: Fetcher,
    keys: RemoteKeys,
    verifier: Arc<Verifier>,
    lists: RemoteStatusLists,
}

/// An issuer with lists below `/status/`, and a verifier that follows them.
fn follow(settle: impl FnOnce(StatusPlaces) -> StatusPlaces, options: ListOptions) -> Followed {
    let (site, key) = (Site::open(), key("a"));
    site.put("/keys", Page::ok(jwks(&[&key])));
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let keys = fetcher.keys(&site.url("/keys"), Some(ISSUER), KeeperOptions::default()).unwrap();
    let policy = Policy::new([Alg::ES256]).check_status();
    let verifier = keys.verifier(policy, |builder| builder.cache(CacheSize::Entries(1000))).unwrap();
    let places = settle(StatusPlaces::new([site.url("/status/")]));
    let lists = fetcher.status_lists(places, &keys, [Alg::ES256], options.poll_every(1, 1, 1)).unwrap();
    lists.feed(&verifier).unwrap();
    keys.wait(LONG).unwrap();
    Followed { site, key, fetcher, keys, verifier, lists }
}

impl Followed {
    fn put(&self, path: &str, entries: &str, lives: i64) {
        self.site.put(path, Page::ok(list(&self.key, &self.site.url(path), entries, lives)));
    }

    fn token(&self, path: &str, index: u32) -> String {
        token(&self.key, &self.site.url(path), index)
    }

    fn code(&self, token: &str) -> Code {
        self.verifier.verdict(token, UnixSeconds::now(), &mut Scratch::new()).code()
    }

    /// The code, after a wait for a list that is on its way.
    fn code_in_time(&self, token: &str) -> Code {
        let code = self.code(token);
        self.lists.retry(code, LONG).map_or_else(|code| code, |()| self.code(token))
    }
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
fn list_is_followed_from_the_first_token_on_that_names_it() {
    let it = follow(|places| places, ListOptions::default());
    it.put("/status/1", DRAFT, 600);
    let (good, bad) = (it.token("/status/1", 2), it.token("/status/1", 3));
    assert!(it.lists.uris().is_empty() && it.site.requests("/status/1").is_empty());
    assert_eq!(it.code(&good), Code::StatusListNotYet);
    assert_eq!(it.code_in_time(&good), Code::Accepted);
    assert_eq!([it.code(&good), it.code(&bad)], [Code::Accepted, Code::StatusRevoked]);
    assert_eq!(it.lists.uris(), [it.site.url("/status/1")]);
    let head = it.site.requests("/status/1")[0].to_ascii_lowercase();
    assert!(head.contains("accept: application/statuslist+jwt"), "{head}");

    // The issuer changes its mind, for a token in the cache, too.
    it.put("/status/1", VALID, 600);
    eventually("the other list", || it.code(&bad) == Code::Accepted);
    it.put("/status/1", DRAFT, 600);
    eventually("the first list", || it.code(&bad) == Code::StatusRevoked);
    assert_eq!(it.code(&good), Code::Accepted);
    let one = it.lists.list(&it.site.url("/status/1")).unwrap();
    assert_eq!((one.health().entries, one.reason()), (16, None));
    assert!(it.lists.list("https://elsewhere").is_none());
}

#[test]
fn only_tokens_whose_signature_holds_have_lists_followed_and_only_in_their_places() {
    let it = follow(|places| places.most(2), ListOptions::default());
    let forged = token(&key("a"), &it.site.url("/status/1"), 2);
    assert_eq!(it.code(&forged), Code::SignatureInvalid);
    for uri in [it.site.url("/other/1"), it.site.url("/status/"), "http://localhost/status/1".to_owned()] {
        assert_eq!(it.code(&token(&it.key, &uri, 2)), Code::StatusListUnknown, "{uri}");
    }
    assert!(it.lists.uris().is_empty());
    // No more than were allowed.
    for path in ["/status/1", "/status/2", "/status/2"] {
        assert_eq!(it.code(&it.token(path, 2)), Code::StatusListNotYet);
    }
    assert_eq!(it.lists.refused(), 0);
    let refused = it.code(&it.token("/status/3", 2));
    assert_eq!((refused, refused.http_status()), (Code::StatusListUnknown, 503));
    assert_eq!((it.lists.uris().len(), it.lists.refused()), (2, 1));
}

#[test]
fn list_that_nobody_names_is_forgotten_and_one_in_use_is_not() {
    let it = follow(|places| places.forget_after(2).most(2), ListOptions::default());
    it.put("/status/1", DRAFT, 600);
    it.put("/status/2", DRAFT, 600);
    it.put("/status/3", DRAFT, 600);
    let used = it.token("/status/1", 2);
    assert_eq!(it.code_in_time(&used), Code::Accepted);
    assert_eq!(it.code_in_time(&it.token("/status/2", 2)), Code::Accepted);
    let third = it.token("/status/3", 2);
    // A token in the cache keeps its list; the other one makes room.
    eventually("room", || {
        assert_eq!(it.code(&used), Code::Accepted);
        it.code(&third) == Code::Accepted
    });
    assert_eq!(it.lists.uris(), [it.site.url("/status/1"), it.site.url("/status/3")]);
    assert!(it.verifier.status_list(&it.site.url("/status/2")).is_none());
}

#[test]
fn list_that_cannot_be_had_is_never_accepted_and_told_when_it_ends() {
    let it = follow(|places| places, ListOptions::default());
    let (path, url) = ("/status/1", it.site.url("/status/1"));
    let token = it.token(path, 2);
    // There is none.
    assert_eq!(it.code_in_time(&token), Code::StatusListNotYet);
    // It is that of another URI, of another key, another kind of token.
    let other = key("a");
    for (page, code) in [
        (list(&it.key, &it.site.url("/status/2"), DRAFT, 600), Code::StatusListInvalid),
        (list(&other, &url, DRAFT, 600), Code::SignatureInvalid),
        (it.token(path, 2), Code::TypMismatch),
    ] {
        it.site.put(path, Page::ok(page));
        let one = it.lists.list(&url).unwrap();
        eventually("the answer", || {
            one.refresh_now().unwrap();
            one.health().error.map(|error| error.code()) == Some(code)
        });
        assert_eq!(it.code(&token), Code::StatusListNotYet);
    }
    it.put(path, DRAFT, 3);
    it.lists.refresh_now().unwrap();
    eventually("the list", || it.code(&token) == Code::Accepted);
    it.site.put(path, Page::Answer(503, vec![("Retry-After", "30".to_owned())], String::new()));
    eventually("the end of the list", || it.code(&token) == Code::StatusListStale);
    assert_eq!(it.lists.retry(Code::StatusListStale, LONG), Err(Code::StatusListStale));
    assert_eq!(it.lists.wait(Duration::ZERO).unwrap_err(), Error::NotInTime(Code::StatusListStale));
}

#[test]
fn look_says_whether_a_wait_may_help_and_a_wait_that_the_token_decides() {
    let it = follow(|places| places, ListOptions::default());
    let (url, look) = (it.site.url("/status/slow"), Duration::ZERO);
    it.site.put("/status/slow", Page::Slow(Duration::from_secs(3), list(&it.key, &url, DRAFT, 600)));
    it.put("/status/1", DRAFT, 600);
    let not_yet = Code::StatusListNotYet;
    assert_eq!(it.lists.retry(not_yet, look), Ok(()), "there is no list");
    let good = it.token("/status/1", 2);
    assert_eq!(it.code_in_time(&good), Code::Accepted);
    assert_eq!(it.lists.retry(not_yet, look), Ok(()), "there is nothing to wait for");
    // An answer that says that there is no list is one.
    assert_eq!(it.code_in_time(&it.token("/status/none", 2)), not_yet);
    assert_eq!(it.lists.retry(not_yet, look), Ok(()), "there is nothing to wait for");
    assert_eq!(it.code(&it.token("/status/slow", 2)), not_yet);
    assert_eq!(it.lists.retry(not_yet, look), Err(not_yet), "a list is on its way");
    assert_eq!(it.lists.retry(Code::Expired, look), Err(Code::Expired));
    // The list of the token may have come although the other one did not.
    assert_eq!(it.lists.retry(not_yet, Duration::from_millis(1)), Ok(()));
}

#[test]
fn list_with_a_uri_of_its_own_is_there_before_the_first_token() {
    let it = follow(|places| places, ListOptions::default());
    it.put("/one", DRAFT, 600);
    let places = StatusPlaces::new([it.site.url("/one")]);
    let one = it.fetcher.status_lists(places, &it.keys, [Alg::ES256], ListOptions::default()).unwrap();
    one.feed(&it.verifier).unwrap();
    one.feed(&it.verifier).unwrap();
    one.wait(LONG).unwrap();
    assert_eq!(it.code(&it.token("/one", 3)), Code::StatusRevoked);
    // The verifier keeps what it has.
    drop(one);
    assert_eq!(it.code(&it.token("/one", 2)), Code::Accepted);

    let refused = |uri: &str, algs: &[Alg]| {
        let places = StatusPlaces::new([uri]);
        match it.fetcher.status_lists(places, &it.keys, algs.iter().copied(), ListOptions::default()) {
            Err(Error::Keys(error)) => Some(error.code()),
            _ => None,
        }
    };
    assert_eq!(refused("http://a.example/", &[Alg::ES256]), Some(Code::UrlRefused));
    assert_eq!(refused("https://a.example/", &[]), Some(Code::AlgorithmsEmpty));
}

#[test]
fn verifier_with_keys_of_its_own_says_which_lists_count_and_keeps_them_followed() {
    let it = follow(|places| places, ListOptions::default());
    let set = KeySet::new([it.key.verifying_key().unwrap()]);
    let judge = Verifier::builder(Policy::status_list([Alg::ES256])).keys(set).build().unwrap();
    let places = StatusPlaces::new([it.site.url("/mine/")]);
    let options = ListOptions::default().start_without();
    let mine = it.fetcher.status_lists_with(places, Arc::new(judge), options).unwrap();
    mine.feed(&it.verifier).unwrap();
    drop(mine);
    it.put("/mine/1", DRAFT, 600);
    let bad = it.token("/mine/1", 3);
    // The options let tokens pass until the list is there.
    assert_eq!(it.code(&bad), Code::Accepted);
    eventually("the list", || it.code(&bad) == Code::StatusRevoked);
}
