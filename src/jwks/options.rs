//! The options of a keeper.

use super::freshness::{Freshness, Lifetime};
use crate::alg::AlgSet;
use crate::key::KeyOptions;

/// How a [`Keeper`](super::Keeper) follows a key set. Times are in seconds.
///
/// ```
/// use jot::jwks::KeeperOptions;
///
/// // Fail closed: without an answer in time no key is used.
/// let options = KeeperOptions::default().serve_stale_for(Some(0)).cool_down(10);
/// ```
#[derive(Clone, Debug)]
pub struct KeeperOptions {
    pub(super) fresh: Lifetime,
    pub(super) serve_stale_for: Option<u32>,
    pub(super) cool_down: u32,
    pub(super) timeout: u32,
    pub(super) most_bytes: usize,
    pub(super) most_keys: usize,
    pub(super) most_remembered: usize,
    pub(super) absent_twice: bool,
    pub(super) allow_loopback: bool,
    pub(super) algorithms: Option<AlgSet>,
    pub(super) keys: KeyOptions,
}

impl Default for KeeperOptions {
    /// Fetches every 10 minutes unless the server says otherwise, but at most once a
    /// minute and at least once an hour. Uses old keys for a day.
    fn default() -> Self {
        Self {
            fresh: Lifetime::new(600, 60, 3_600),
            serve_stale_for: Some(86_400),
            cool_down: 30,
            timeout: 5,
            most_bytes: 1 << 20,
            most_keys: 256,
            most_remembered: 1_024,
            absent_twice: false,
            allow_loopback: false,
            algorithms: None,
            keys: KeyOptions::default(),
        }
    }
}

impl KeeperOptions {
    /// Sets how long an answer is fresh if it does not say so itself, and the bounds if
    /// it does. The order of the two bounds does not matter; each is at least 1.
    #[must_use]
    pub fn fresh_for(mut self, default: u32, least: u32, most: u32) -> Self {
        self.fresh = Lifetime::new(default, least, most);
        self
    }

    /// Sets how long keys stay in use, counted from the last success, if they cannot be
    /// fetched again: until they are no longer fresh (0), for a time, or for ever
    /// (`None`).
    #[must_use]
    pub const fn serve_stale_for(mut self, seconds: Option<u32>) -> Self {
        self.serve_stale_for = seconds;
        self
    }

    /// Sets how long after a fetch for an unknown `kid` no other such fetch is made.
    #[must_use]
    pub const fn cool_down(mut self, seconds: u32) -> Self {
        self.cool_down = seconds;
        self
    }

    /// Sets how long a whole fetch may take.
    #[must_use]
    pub const fn timeout(mut self, seconds: u32) -> Self {
        self.timeout = seconds;
        self
    }

    /// Sets the largest answer in bytes and the most keys in it; longer ones are
    /// refused as a whole.
    #[must_use]
    pub const fn limits(mut self, bytes: usize, keys: usize) -> Self {
        self.most_bytes = bytes;
        self.most_keys = keys;
        self
    }

    /// Sets how many keys the history remembers, those in force not counted.
    #[must_use]
    pub const fn history(mut self, keys: usize) -> Self {
        self.most_remembered = keys;
        self
    }

    /// Removes a key only after two answers in a row without it. This is for issuers
    /// whose servers do not all change at once. By default a key is refused after the
    /// first answer without it.
    #[must_use]
    pub const fn absent_twice(mut self) -> Self {
        self.absent_twice = true;
        self
    }

    /// Allows `http` to this machine, for tests and for proxies beside the program.
    #[must_use]
    pub const fn allow_loopback(mut self) -> Self {
        self.allow_loopback = true;
        self
    }

    /// Refuses answers in which no key verifies with one of these algorithms, those of
    /// the policy.
    #[must_use]
    pub const fn algorithms(mut self, algorithms: AlgSet) -> Self {
        self.algorithms = Some(algorithms);
        self
    }

    /// Sets how the keys are read.
    #[must_use]
    pub fn keys(mut self, options: KeyOptions) -> Self {
        self.keys = options;
        self
    }

    pub(super) const fn allows_loopback(&self) -> bool {
        self.allow_loopback
    }

    pub(super) const fn key_options(&self) -> &KeyOptions {
        &self.keys
    }

    /// Returns for how long an answer is fresh.
    pub(super) fn seconds(&self, freshness: Freshness) -> u32 {
        self.fresh.of(freshness)
    }
}
