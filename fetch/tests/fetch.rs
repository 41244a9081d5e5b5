//! Keys fetched over TLS from an issuer that behaves, and from one that does not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[allow(dead_code, reason = "fork.rs uses the rest of it")]
mod site;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::KeeperOptions;
use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
use jot_fetch::{Error, Fetcher, RemoteKeys};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::ES256).unwrap().with_kid(kid)
}

fn jwks(keys: &[&SigningKey]) -> String {
    let keys = keys.iter().map(|key| key.verifying_key().unwrap());
    KeySet::new(keys).to_jwks().unwrap()
}

fn token(key: &SigningKey, issuer: &str) -> String {
    let claims = format!(r#"{{"iss":"{issuer}","exp":{}}}"#, UnixSeconds::now().0 + 600);
    Signer::new(key.clone()).sign_claims(claims.as_bytes()).unwrap()
}

fn fetcher(site: &Site) -> Fetcher {
    Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap()
}

fn code(verifier: &Verifier, token: &str) -> Code {
    let mut scratch = Scratch::new();
    let verdict = verifier.verify(token, UnixSeconds::now(), &mut scratch);
    verdict.map_or_else(|refused| refused.code(), |_| Code::Accepted)
}

fn verifier(keys: &RemoteKeys) -> Arc<Verifier> {
    keys.verifier(Policy::new([Alg::ES256]), |builder| builder).unwrap()
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
fn issuer_is_found_and_its_tokens_are_accepted() {
    let site = Site::open();
    let issuer = site.url("/tenant");
    let first = key("a");
    let document = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{}"}}"#, site.url("/keys"));
    site.put("/tenant/.well-known/openid-configuration", Page::ok(document));
    site.put("/keys", Page::ok(jwks(&[&first])));
    let fetcher = fetcher(&site);
    let keys = fetcher.discover(&issuer, KeeperOptions::default()).unwrap();
    let verifier = verifier(&keys);
    assert_eq!(keys.wait(LONG).unwrap().len(), 1);
    assert_eq!(code(&verifier, &token(&first, &issuer)), Code::Accepted);
    assert_eq!((keys.issuer(), keys.reason()), (Some(&*issuer), None));
    assert!(site.requests("/keys")[0].to_ascii_lowercase().contains("accept: application/jwk-set+json"));
}

#[test]
fn verifier_follows_the_issuers_that_its_builder_was_given() {
    let site = Site::open();
    let (first, second, ours) = (key("a"), key("b"), key("c"));
    site.put("/a", Page::ok(jwks(&[&first])));
    site.put("/b", Page::ok(jwks(&[&second])));
    let fetcher = fetcher(&site);
    let options = || KeeperOptions::default().fresh_for(1, 1, 1);
    let follow = |path| fetcher.keys(&site.url(path), None, options()).unwrap();
    let (a, b) = (follow("/a"), follow("/b"));
    let verifier = Verifier::builder(Policy::new([Alg::ES256]))
        .issuer("https://a", &a)
        .issuer("https://own", KeySet::new([ours.verifying_key().unwrap()]))
        .issuer("https://b", b)
        .build()
        .unwrap();
    // No keys yet is nobody's fault but the server's, unlike an unknown issuer.
    assert!(matches!(code(&verifier, &token(&key("x"), "https://b")), Code::KeysNotYet | Code::KidUnknown));
    assert_eq!(code(&verifier, &token(&ours, "https://own")), Code::Accepted);
    a.wait(LONG).unwrap();
    eventually("keys that nobody but the verifier has", || {
        code(&verifier, &token(&second, "https://b")) == Code::Accepted
    });
    assert_eq!(code(&verifier, &token(&first, "https://a")), Code::Accepted);
    // A key of one issuer is none of another's.
    assert_eq!(code(&verifier, &token(&first, "https://b")), Code::KidUnknown);
    site.put("/a", Page::ok(jwks(&[&second])));
    a.refresh_now().unwrap();
    eventually("the rotation", || code(&verifier, &token(&second, "https://a")) == Code::Accepted);
    assert_eq!(code(&verifier, &token(&first, "https://a")), Code::KidUnknown);

    // Nobody but the verifier has the keys of b, and then nobody at all.
    eventually("another fetch", || site.requests("/b").len() > 1);
    drop(verifier);
    let (before, of_a) = (site.requests("/b").len(), site.requests("/a").len());
    eventually("fetches of a", || site.requests("/a").len() > of_a + 2);
    // One may have been under way.
    assert!(site.requests("/b").len() <= before + 1, "the keys of b are followed for nobody");
}

#[test]
fn keys_of_who_made_no_fetcher_share_one_and_end_with_the_last_of_them() {
    // Nobody listens there; what counts is who asks.
    let (one, other) =
        (RemoteKeys::discover("https://localhost:1").unwrap(), RemoteKeys::at("https://localhost:1"));
    let other = other.unwrap();
    assert_eq!((one.issuer(), other.issuer()), (Some("https://localhost:1"), None));
    let verifier =
        Verifier::builder(Policy::new([Alg::ES256])).issuer("https://localhost:1", one).build().unwrap();
    assert_eq!(code(&verifier, &token(&key("a"), "https://localhost:1")), Code::KeysNotYet);
    let fails = || other.health().error.map(|error| error.code()) == Some(Code::FetchFailed);
    eventually("the failure", fails);
    #[cfg(target_os = "linux")]
    {
        let threads = || {
            let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
            let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
            names.filter(|name| name.trim() == "jot-fetch").count()
        };
        // Other tests of this file have threads of that name, too.
        assert!(threads() >= 1);
    }
    drop(verifier);
    drop(other);
    let refused = RemoteKeys::discover("http://issuer.example").unwrap_err();
    assert!(matches!(refused, Error::Keys(error) if error.code() == Code::UrlRefused));
}

#[test]
fn resource_leads_to_the_keys_of_its_server() {
    let site = Site::open();
    let (api, server) = (site.url("/api"), site.url("/as"));
    let first = key("a");
    let document = format!(r#"{{"resource":"{api}","authorization_servers":["{server}"]}}"#);
    site.put("/.well-known/oauth-protected-resource/api", Page::ok(document));
    let document = format!(r#"{{"issuer":"{server}","jwks_uri":"{}"}}"#, site.url("/keys"));
    site.put("/.well-known/oauth-authorization-server/as", Page::ok(document));
    site.put("/keys", Page::ok(jwks(&[&first])));
    let fetcher = fetcher(&site);
    let keys = fetcher.discover_resource(&api, KeeperOptions::default()).unwrap();
    keys.wait(LONG).unwrap();
    assert_eq!(keys.keeper().issuer(), Some(&*server));
    let verifier = Verifier::builder(Policy::new([Alg::ES256])).issuer(&server, keys).build().unwrap();
    assert_eq!(code(&verifier, &token(&first, &server)), Code::Accepted);
    assert_eq!(code(&verifier, &token(&first, "https://other")), Code::IssMismatch);
}

#[test]
fn new_key_is_fetched_when_a_token_asks_for_it_and_a_flood_is_not() {
    let site = Site::open();
    let (first, second, forged) = (key("a"), key("b"), key("c"));
    let fields = vec![("ETag", "\"1\"".to_owned())];
    site.put("/keys", Page::Answer(200, fields, jwks(&[&first])));
    let fetcher = fetcher(&site);
    let keys = fetcher.keys(&site.url("/keys"), Some("https://i"), KeeperOptions::default()).unwrap();
    let verifier = verifier(&keys);
    keys.wait(LONG).unwrap();

    site.put("/keys", Page::ok(jwks(&[&second])));
    let wanted = token(&second, "https://i");
    assert_eq!(keys.retry(code(&verifier, &wanted), LONG), Ok(()));
    assert_eq!(code(&verifier, &wanted), Code::Accepted);
    // The first key was removed, and is refused at once.
    assert_eq!(code(&verifier, &token(&first, "https://i")), Code::KidUnknown);
    assert!(site.requests("/keys")[1].to_ascii_lowercase().contains("if-none-match: \"1\""));

    let forged = token(&forged, "https://i");
    for _ in 0..1_000 {
        // Another look, in case that a fetch ended a moment ago; and no other.
        assert_eq!(keys.retry(code(&verifier, &forged), LONG), Ok(()));
        assert_eq!(code(&verifier, &forged), Code::KidUnknown);
    }
    assert_eq!(keys.retry(Code::Expired, LONG), Err(Code::Expired));
    assert_eq!(site.requests("/keys").len(), 2);
    assert!(keys.health().refused >= 1_000);
}

#[test]
fn token_that_no_fetch_can_decide_is_not_the_callers_fault() {
    let site = Site::open();
    let (first, second) = (key("a"), key("b"));
    site.put("/keys", Page::Answer(502, Vec::new(), String::new()));
    let fetcher = fetcher(&site);
    let options = KeeperOptions::default().timeout(2).cool_down(0);
    let keys = fetcher.keys(&site.url("/keys"), None, options).unwrap();
    let verifier = verifier(&keys);
    let unknown = code(&verifier, &token(&first, "x"));
    assert_eq!(unknown, Code::KeysNotYet);
    assert_eq!(keys.retry(unknown, LONG), Err(Code::FetchStatus));
    assert_eq!(Code::FetchStatus.http_status(), 503);

    site.put("/keys", Page::ok(jwks(&[&first])));
    keys.refresh_now().unwrap();
    keys.wait(LONG).unwrap();
    site.put("/keys", Page::Slow(Duration::from_secs(1), jwks(&[&first])));
    let unknown = code(&verifier, &token(&second, "x"));
    assert_eq!(unknown, Code::KidUnknown);
    assert_eq!(keys.retry(unknown, Duration::from_millis(1)), Err(Code::FetchTimeout));
    assert_eq!(code(&verifier, &token(&first, "x")), Code::Accepted, "nobody else waits");
}

#[test]
fn key_that_is_published_while_a_fetch_is_under_way_is_found() {
    let site = Site::open();
    let (first, second) = (key("a"), key("b"));
    site.put("/keys", Page::ok(jwks(&[&first])));
    let fetcher = fetcher(&site);
    let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    let verifier = verifier(&keys);
    keys.wait(LONG).unwrap();
    // This answer is written before the second key is published, and comes after it.
    site.put("/keys", Page::Slow(Duration::from_secs(1), jwks(&[&first])));
    keys.refresh_now().unwrap();
    eventually("the request", || site.requests("/keys").len() == 2);
    site.put("/keys", Page::ok(jwks(&[&second])));
    let wanted = token(&second, "x");
    assert_eq!(keys.retry(code(&verifier, &wanted), LONG), Ok(()));
    assert_eq!(code(&verifier, &wanted), Code::Accepted);
}

#[test]
fn bad_issuer_is_named_and_leaves_the_keys_alone() {
    let site = Site::open();
    let first = key("a");
    let fetcher = fetcher(&site);
    let options = || KeeperOptions::default().timeout(1).limits(100_000, 10);
    for (page, expected) in [
        (Page::Answer(500, Vec::new(), String::new()), Code::FetchStatus),
        (
            Page::Answer(302, vec![("Location", "https://evil.example/".to_owned())], String::new()),
            Code::FetchRedirect,
        ),
        (Page::ok("<html>Log in</html>"), Code::KeyTextIsPage),
        (Page::ok(r#"{"keys":[]}"#), Code::KeySetEmpty),
        (Page::Slow(Duration::from_secs(3), jwks(&[&first])), Code::FetchTimeout),
        (Page::Cut(jwks(&[&first])), Code::FetchFailed),
        (Page::Endless, Code::ReplyTooLong),
    ] {
        site.put("/keys", Page::ok(jwks(&[&first])));
        let keys = fetcher.keys(&site.url("/keys"), None, options()).unwrap();
        let verifier = verifier(&keys);
        keys.wait(LONG).unwrap();
        site.put("/keys", page.clone());
        keys.refresh_now().unwrap();
        eventually("the failure", || keys.health().error.is_some());
        assert_eq!(keys.health().error.map(|error| error.code()), Some(expected), "{page:?}");
        assert!(keys.reason().is_some());
        assert_eq!(code(&verifier, &token(&first, "x")), Code::Accepted);
    }
}

#[test]
fn certificate_of_an_unknown_authority_brings_no_keys() {
    let site = Site::open();
    site.put("/keys", Page::ok(jwks(&[&key("a")])));
    let strangers = Fetcher::builder().proxy("").build().unwrap();
    let keys = strangers.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    let verifier = verifier(&keys);
    eventually("the failure", || keys.health().error.is_some());
    assert_eq!(keys.health().error.map(|error| error.code()), Some(Code::FetchFailed));
    assert!(keys.reason().unwrap().contains("certificate"), "{:?}", keys.reason());
    assert_eq!(code(&verifier, &token(&key("a"), "x")), Code::KeysNotYet);
    let waited = keys.wait(Duration::from_millis(10)).unwrap_err();
    assert_eq!(waited, Error::NotInTime(Code::KeysNotYet));
    assert!(site.requests("/keys").is_empty(), "the request went out all the same");
}

#[test]
fn keys_that_ran_out_are_told_and_come_back() {
    let site = Site::open();
    let first = key("a");
    site.put("/keys", Page::ok(jwks(&[&first])));
    let fetcher = fetcher(&site);
    let options = KeeperOptions::default().fresh_for(1, 1, 1).serve_stale_for(Some(2));
    let keys = fetcher.keys(&site.url("/keys"), None, options).unwrap();
    let verifier = verifier(&keys);
    keys.wait(LONG).unwrap();
    let ours = token(&first, "x");
    assert_eq!(code(&verifier, &ours), Code::Accepted);
    site.put("/keys", Page::Answer(503, Vec::new(), String::new()));
    eventually("the end of the keys", || code(&verifier, &ours) == Code::KeysStale);
    site.put("/keys", Page::ok(jwks(&[&first])));
    eventually("the keys", || code(&verifier, &ours) == Code::Accepted);
}

#[test]
fn threads_end_with_the_fetcher_and_wrong_settings_are_named() {
    let site = Site::open();
    site.put("/keys", Page::ok(jwks(&[&key("a")])));
    let fetcher = fetcher(&site);
    let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    keys.wait(LONG).unwrap();
    drop(fetcher);
    // A thread that went on would make this request.
    keys.refresh_now().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(site.requests("/keys").len(), 1);
    assert!(keys.wait(LONG).is_ok(), "what was fetched stays");

    let no_certificate = Fetcher::builder().authorities("x").build().unwrap_err();
    assert!(no_certificate.to_string().starts_with("authorities: "), "{no_certificate}");
    let no_url = Fetcher::builder().build().unwrap().keys("http://a.example", None, KeeperOptions::default());
    assert!(matches!(no_url.unwrap_err(), Error::Keys(error) if error.code() == Code::UrlRefused));
}
