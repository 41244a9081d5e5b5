//! A child of a fork fetches with a thread of its own.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

#[allow(dead_code, reason = "fetch.rs uses the rest of it")]
mod site;

use std::time::{Duration, Instant};

use jot::jwks::KeeperOptions;
use jot::{Alg, KeySet, SigningKey};
use jot_fetch::Fetcher;
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);

// One test alone: a fork copies the locks of other threads as they are.
#[test]
fn child_of_a_fork_starts_its_own_thread() {
    let site = Site::open();
    let key = SigningKey::generate(Alg::ES256).unwrap();
    let jwks = KeySet::new([key.verifying_key().unwrap()]).to_jwks().unwrap();
    site.put("/keys", Page::ok(jwks));
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    keys.wait(LONG).unwrap();
    // The thread sleeps again soon after it handed over the keys.
    std::thread::sleep(Duration::from_millis(200));

    // SAFETY: the child calls nothing that needs the threads which it does not have,
    // and ends by _exit.
    #[allow(unsafe_code, reason = "a fork is what is tested")]
    let child = unsafe { libc::fork() };
    if child == 0 {
        let before = keys.health().successes;
        keys.refresh_now();
        let end = Instant::now() + LONG;
        while keys.health().successes == before && Instant::now() < end {
            let _ = keys.wait(Duration::from_millis(20));
            std::thread::sleep(Duration::from_millis(20));
        }
        let code = i32::from(keys.health().successes == before);
        // SAFETY: it ends the process at once.
        #[allow(unsafe_code, reason = "the harness must not go on twice")]
        unsafe {
            libc::_exit(code)
        }
    }
    let mut status = 0;
    // SAFETY: `status` is an integer of this function.
    #[allow(unsafe_code, reason = "the child's answer")]
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!((waited, status), (child, 0), "the child fetched nothing");
    // The parent's thread goes on.
    keys.refresh_now();
    let end = Instant::now() + LONG;
    while keys.health().successes < 2 {
        assert!(Instant::now() < end, "the parent fetched nothing");
        std::thread::sleep(Duration::from_millis(20));
    }
}
