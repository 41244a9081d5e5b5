//! A child of a fork fetches with a thread of its own.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod children;
#[allow(dead_code, reason = "fetch.rs uses the rest of it")]
mod site;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use children::in_child;
use jot::jwks::KeeperOptions;
use jot::{Alg, KeySet, SigningKey};
use jot_fetch::{Fetcher, RemoteKeys};
use site::{Page, Site};

const LONG: Duration = Duration::from_secs(20);

/// Waits until the keys were fetched again.
fn fetches(keys: &RemoteKeys) -> bool {
    let before = keys.health().successes;
    keys.refresh_now().unwrap();
    let end = Instant::now() + LONG;
    while keys.health().successes == before && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    keys.health().successes > before
}

// One test alone: a fork copies the locks of other tests' threads as they are.
#[test]
fn child_of_a_fork_has_its_own_thread_and_connections_and_no_lock_of_its_parent() {
    let site = Site::open();
    let key = SigningKey::generate(Alg::ES256).unwrap();
    let jwks = KeySet::new([key.verifying_key().unwrap()]).to_jwks().unwrap();
    site.put("/keys", Page::ok(jwks));
    let fetcher = Fetcher::builder().authorities(site.authority()).proxy("").build().unwrap();
    let keys = fetcher.keys(&site.url("/keys"), None, KeeperOptions::default()).unwrap();
    keys.wait(LONG).unwrap();
    let connections = site.connections();

    assert!(in_child(|| fetches(&keys)), "the child fetched nothing");
    assert_eq!(site.connections(), connections + 1, "the child wrote into its parent's connection");
    assert!(fetches(&keys), "the parent fetched nothing");

    // Children do not all fetch when their parent does: one in a hundred does by chance.
    let planned = keys.health().next_fetch;
    let others = (0..6).filter(|_| in_child(|| keys.start().is_ok() && keys.health().next_fetch != planned));
    assert!(others.count() > 0, "every child has its parent's plan");

    // Whatever a thread of the parent is about to do, its child finds the lock free.
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let _ = keys.health();
            }
        });
        let hung = (0..200).position(|_| !in_child(|| keys.health().fetches > 0));
        stop.store(true, Ordering::Relaxed);
        assert_eq!(hung, None);
    });
}
