//! Keys fetched by tasks, from an issuer that behaves, and from one that does not.
#![cfg(feature = "tokio")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[allow(dead_code, reason = "fetch.rs uses the rest of it")]
mod site;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::KeeperOptions;
use jot::lists::ListOptions;
use jot::{
    Alg, Code, KeySet, Policy, Revocations, Scratch, SignHeader, Signer, SigningKey, UnixSeconds, Verifier,
};
use jot_fetch::{AsyncFetcher, AsyncKeys, Error, Fetcher};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::ES256).unwrap().with_kid(kid)
}

fn jwks(keys: &[&SigningKey]) -> String {
    KeySet::new(keys.iter().map(|key| key.verifying_key().unwrap())).to_jwks().unwrap()
}

fn token(key: &SigningKey, issuer: &str) -> String {
    let claims = format!(r#"{{"iss":"{issuer}","exp":{}}}"#, UnixSeconds::now().0 + 600);
    Signer::new(key.clone()).sign_claims(claims.as_bytes()).unwrap()
}

fn fetcher(site: &Site) -> AsyncFetcher {
    Fetcher::builder().authorities(site.authority()).build_async().unwrap()
}

fn code(verifier: &Verifier, token: &str) -> Code {
    let mut scratch = Scratch::new();
    let verdict = verifier.verify(token, UnixSeconds::now(), &mut scratch);
    verdict.map_or_else(|refused| refused.code(), |_| Code::Accepted)
}

fn verifier(issuer: &str, keys: &AsyncKeys) -> Verifier {
    Verifier::builder(Policy::new([Alg::ES256])).issuer(issuer, keys).build().unwrap()
}

/// Runs a test on a runtime of one thread, where whoever blocks it blocks everything.
fn run<F: Future<Output = ()>>(test: impl FnOnce(Site) -> F) {
    let site = Site::open();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test(site));
}

async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < end, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn issuer_is_found_and_a_rotation_is_followed_by_tasks() {
    run(async |site| {
        let issuer = site.url("/tenant");
        let (first, second, forged) = (key("a"), key("b"), key("c"));
        let document = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{}"}}"#, site.url("/keys"));
        site.put("/tenant/.well-known/openid-configuration", Page::ok(document));
        site.put("/keys", Page::Answer(200, vec![("ETag", "\"1\"".to_owned())], jwks(&[&first])));
        let keys = fetcher(&site).discover(&issuer, KeeperOptions::default()).unwrap();
        let verifier = verifier(&issuer, &keys);
        assert_eq!(code(&verifier, &token(&first, &issuer)), Code::KeysNotYet);
        assert_eq!(keys.wait(LONG).await.unwrap().len(), 1);
        assert_eq!(code(&verifier, &token(&first, &issuer)), Code::Accepted);

        site.put("/keys", Page::ok(jwks(&[&second])));
        let wanted = token(&second, &issuer);
        assert_eq!(keys.retry(code(&verifier, &wanted), LONG).await, Ok(()));
        assert_eq!(code(&verifier, &wanted), Code::Accepted);
        assert_eq!(code(&verifier, &token(&first, &issuer)), Code::KidUnknown);
        let head = site.requests("/keys")[1].to_ascii_lowercase();
        assert!(head.contains("if-none-match: \"1\"") && head.contains("accept: application/jwk-set+json"));

        let forged = token(&forged, &issuer);
        for _ in 0..1_000 {
            assert_eq!(keys.retry(code(&verifier, &forged), LONG).await, Ok(()));
            assert_eq!(code(&verifier, &forged), Code::KidUnknown);
        }
        assert_eq!(keys.retry(Code::Expired, LONG).await, Err(Code::Expired));
        assert_eq!(site.requests("/keys").len(), 2);
        assert!(keys.health().refused >= 1_000 && !keys.ask());
    });
}

#[test]
fn slow_issuer_holds_up_who_waits_for_it_and_nobody_else() {
    run(async |site| {
        let (first, second) = (key("a"), key("b"));
        site.put("/keys", Page::ok(jwks(&[&first])));
        let keys = fetcher(&site).keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
        let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(&keys).build().unwrap();
        keys.wait(LONG).await.unwrap();
        site.put("/keys", Page::Slow(Duration::from_secs(1), jwks(&[&second])));
        let (waits, ours) = (keys.clone(), token(&first, "x"));
        let waiting = tokio::spawn(async move { waits.retry(Code::KidUnknown, LONG).await });
        let begun = Instant::now();
        eventually("the request", || site.requests("/keys").len() == 2).await;
        for _ in 0..100 {
            assert_eq!(code(&verifier, &ours), Code::Accepted, "nobody else waits");
            tokio::task::yield_now().await;
        }
        assert!(!waiting.is_finished() && begun.elapsed() < Duration::from_secs(1));
        assert_eq!(keys.retry(Code::KidUnknown, Duration::from_millis(1)).await, Err(Code::FetchTimeout));
        assert_eq!(waiting.await.unwrap(), Ok(()));
        assert_eq!(code(&verifier, &token(&second, "x")), Code::Accepted);
    });
}

#[test]
fn bad_issuer_is_named_and_leaves_the_keys_alone() {
    run(async |site| {
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
            (Page::Slow(Duration::from_secs(3), jwks(&[&first])), Code::FetchTimeout),
            (Page::Cut(jwks(&[&first])), Code::FetchFailed),
            (Page::Endless, Code::ReplyTooLong),
        ] {
            site.put("/keys", Page::ok(jwks(&[&first])));
            let keys = fetcher.keys(&site.url("/keys"), None, options()).unwrap();
            let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(&keys).build().unwrap();
            keys.wait(LONG).await.unwrap();
            site.put("/keys", page.clone());
            keys.refresh_now();
            eventually("the failure", || keys.health().error.is_some()).await;
            assert_eq!(keys.health().error.map(|error| error.code()), Some(expected), "{page:?}");
            assert!(keys.reason().is_some());
            assert_eq!(code(&verifier, &token(&first, "x")), Code::Accepted);
        }
    });
}

#[test]
fn certificate_of_an_unknown_authority_brings_no_keys() {
    run(async |site| {
        let strangers = Fetcher::builder().build_async().unwrap();
        let keys = strangers.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
        eventually("the failure", || keys.health().error.is_some()).await;
        assert_eq!(keys.health().error.map(|error| error.code()), Some(Code::FetchFailed));
        assert!(keys.reason().unwrap().contains("certificate"), "{:?}", keys.reason());
        let waited = keys.wait(Duration::from_millis(10)).await.unwrap_err();
        assert_eq!(waited, Error::NotInTime(Code::KeysNotYet));
        assert!(site.requests("/keys").is_empty(), "the request went out all the same");
    });
}

#[test]
fn task_ends_with_the_last_of_the_keys() {
    run(async |site| {
        site.put("/keys", Page::ok(jwks(&[&key("a")])));
        let options = KeeperOptions::default().fresh_for(1, 1, 1);
        let keys = fetcher(&site).keys(&site.url("/keys"), None, options).unwrap();
        let verifier = verifier("https://i", &keys);
        drop(keys);
        eventually("the verifier's fetches", || site.requests("/keys").len() > 1).await;
        drop(verifier);
        let before = site.requests("/keys").len();
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        // One may have been under way.
        assert!(site.requests("/keys").len() <= before + 1);

        // One that sleeps for minutes is not waited for either.
        let keys = fetcher(&site).keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
        keys.wait(LONG).await.unwrap();
        let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        eventually("the end of the connection's task", || alive() == 1).await;
        drop(keys);
        eventually("the end of the task", || alive() == 0).await;
    });
}

#[test]
fn wrong_settings_and_places_are_named() {
    let outside = Fetcher::builder().build_async().unwrap();
    let refused = outside.discover("https://issuer.example", KeeperOptions::default()).unwrap_err();
    assert!(matches!(&refused, Error::Thread(reason) if reason.contains("runtime")), "{refused}");
    let refused = Fetcher::builder().authorities("x").build_async().unwrap_err();
    assert!(refused.to_string().starts_with("authorities: "), "{refused}");
    let refused = Fetcher::builder().proxy("http://proxy.example").build_async().unwrap_err();
    assert!(refused.to_string().starts_with("proxy: "), "{refused}");
    let refused = Fetcher::builder().client_certificate("x", "y").build_async().unwrap_err();
    assert!(refused.to_string().starts_with("client_certificate: "), "{refused}");
}

/// A list that revokes the sessions with these names, and lives for so many seconds.
fn revocations(key: &SigningKey, issuer: &str, sid: &str, lives: i64) -> String {
    let mut list = Revocations::default();
    list.revoke_session(sid, None).unwrap();
    let now = UnixSeconds::now();
    let claims = list.to_claims(issuer, now, UnixSeconds(now.0 + lives), 1);
    Signer::new(key.clone()).sign_claims_with(&SignHeader::default().typ(Revocations::TYP), claims).unwrap()
}

#[test]
fn revocations_are_followed_by_tasks_with_keys_that_are_too() {
    run(async |site| {
        let issuer = site.url("/tenant");
        let (first, second) = (key("a"), key("b"));
        let session = |key: &SigningKey, sid: &str| {
            let exp = UnixSeconds::now().0 + 600;
            let claims = format!(r#"{{"iss":"{issuer}","sid":"{sid}","exp":{exp}}}"#);
            Signer::new(key.clone()).sign_claims(claims).unwrap()
        };
        site.put("/keys", Page::Answer(500, Vec::new(), String::new()));
        site.put("/revoked", Page::ok(revocations(&first, &issuer, "one", 600)));
        let fetcher = fetcher(&site);
        let options = KeeperOptions::default().cool_down(1);
        let keys = fetcher.keys(&site.url("/keys"), Some(&issuer), options).unwrap();
        let verifier = Arc::new(verifier(&issuer, &keys));
        let options = ListOptions::default().poll_every(1, 1, 1);
        let revoked = fetcher.revocations(&site.url("/revoked"), &keys, [Alg::ES256], options).unwrap();
        revoked.feed(&verifier).unwrap();
        let not_yet = revoked.wait(Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(not_yet, Error::NotInTime(Code::RevocationsNotYet));
        assert!(site.requests("/revoked").is_empty(), "a list that cannot be verified was fetched");
        site.put("/keys", Page::ok(jwks(&[&first])));
        assert_eq!(revoked.wait(LONG).await.unwrap().len(), 1);
        let codes = |key: &SigningKey| ["one", "two"].map(|sid| code(&verifier, &session(key, sid)));
        assert_eq!(codes(&first), [Code::SidRevoked, Code::Accepted]);

        // A list of a new key has that key fetched; one that ends is told.
        site.put("/keys", Page::ok(jwks(&[&second])));
        site.put("/revoked", Page::ok(revocations(&second, &issuer, "two", 4)));
        eventually("the other list", || codes(&second) == [Code::Accepted, Code::SidRevoked]).await;
        let saved = revoked.token().unwrap();
        site.put("/revoked", Page::Answer(503, vec![("Retry-After", "30".to_owned())], String::new()));
        eventually("its end", || codes(&second) == [Code::RevocationsStale; 2]).await;
        assert!(revoked.health().failures > 0 && revoked.reason().unwrap().contains("503"));
        assert!(revoked.restore(b"x").is_err() && revoked.restore(&saved).is_err(), "it has ended");
        site.put("/revoked", Page::ok(revocations(&second, &issuer, "one", 600)));
        revoked.refresh_now();
        eventually("another list", || codes(&second) == [Code::SidRevoked, Code::Accepted]).await;
    });
}

#[cfg(feature = "status-list")]
#[test]
fn status_list_is_followed_by_a_task() {
    use jot::StatusList;

    run(async |site| {
        let key = key("a");
        let uri = site.url("/status");
        site.put("/keys", Page::ok(jwks(&[&key])));
        let UnixSeconds(now) = UnixSeconds::now();
        let list = r#""status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}"#;
        let list = format!(r#"{{"sub":"{uri}","iat":{now},{list}}}"#);
        let header = SignHeader::default().typ(StatusList::TYP);
        site.put("/status", Page::ok(Signer::new(key.clone()).sign_claims_with(&header, list).unwrap()));
        let fetcher = fetcher(&site);
        let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
        let policy = Policy::new([Alg::ES256]).require_status();
        let verifier = Arc::new(Verifier::builder(policy).keys(&keys).build().unwrap());
        let status = fetcher.status_list(&uri, &keys, [Alg::ES256], ListOptions::default()).unwrap();
        status.feed(&verifier).unwrap();
        assert_eq!(status.wait(LONG).await.unwrap().len(), 16);
        let token = |index: u32| {
            let status = format!(r#"{{"status_list":{{"idx":{index},"uri":"{uri}"}}}}"#);
            let claims = format!(r#"{{"status":{status},"exp":{}}}"#, now + 600);
            Signer::new(key.clone()).sign_claims(claims).unwrap()
        };
        let codes = [2, 3].map(|index| code(&verifier, &token(index)));
        assert_eq!(codes, [Code::Accepted, Code::StatusRevoked]);
    });
}
