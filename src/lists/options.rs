//! The options of a keeper of a list.

use crate::jwks::{Freshness, Lifetime};
use crate::time::UnixSeconds;

/// How a list is followed. Times are in seconds.
///
/// ```
/// use jot::lists::ListOptions;
///
/// let options = ListOptions::default()
///     .poll_every(30, 5, 600) // seconds: default, least, most
///     .serve_stale_for(Some(300)) // go on with the last list for so long after its exp
///     .limits(1 << 20, 10_000); // bytes, entries
/// ```
#[derive(Clone, Debug)]
pub struct ListOptions {
    poll: Lifetime,
    pub(super) serve_stale_for: Option<u32>,
    pub(super) start_without: bool,
    pub(super) timeout: u32,
    pub(super) most_bytes: usize,
    pub(super) most_entries: Option<usize>,
    pub(super) allow_loopback: bool,
    pub(super) as_of: Option<UnixSeconds>,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            poll: Lifetime::new(60, 5, 3_600),
            serve_stale_for: Some(0),
            start_without: false,
            timeout: 5,
            most_bytes: 8 << 20,
            most_entries: None,
            allow_loopback: false,
            as_of: None,
        }
    }
}

impl ListOptions {
    /// Sets after how many seconds a list is fetched again that does not say so itself
    /// (60), and the bounds for those that do, by `ttl` or else by header fields: 5 and
    /// 3600. Values that contradict each other are brought into order. A list that ends
    /// sooner than the least is fetched sooner, but never twice within a second.
    #[must_use]
    pub fn poll_every(mut self, default: u32, least: u32, most: u32) -> Self {
        self.poll = Lifetime::new(default, least, most);
        self
    }

    /// Sets how long the last list stays in use after its `exp` if no other can be had:
    /// 0 seconds by default, after which tokens are rejected with
    /// [`Code::RevocationsStale`]. With `None` it stays in use for ever.
    ///
    /// The issuer set the `exp` so that whoever holds up the delivery of a list undoes its
    /// revocations no longer than that. Each second here is one more.
    ///
    /// [`Code::RevocationsStale`]: crate::Code::RevocationsStale
    #[must_use]
    pub const fn serve_stale_for(mut self, seconds: Option<u32>) -> Self {
        self.serve_stale_for = seconds;
        self
    }

    /// Lets tokens pass that no list vouches for before the first list was fetched. By
    /// default they are rejected with [`Code::RevocationsNotYet`].
    ///
    /// [`Code::RevocationsNotYet`]: crate::Code::RevocationsNotYet
    #[must_use]
    pub const fn start_without(mut self) -> Self {
        self.start_without = true;
        self
    }

    /// Sets how long a whole fetch may take: 5 seconds by default.
    #[must_use]
    pub const fn timeout(mut self, seconds: u32) -> Self {
        self.timeout = seconds;
        self
    }

    /// Sets the longest answer (8 MiB by default) and the most entries that it may have: by
    /// default 100,000, and 16,777,216 in a status list, which has a few bits for each. The
    /// limit of the verifier's policy counts, too.
    #[must_use]
    pub const fn limits(mut self, bytes: usize, entries: usize) -> Self {
        self.most_bytes = bytes;
        self.most_entries = Some(entries);
        self
    }

    /// Allows `http` to this machine, for tests and for proxies beside the program.
    #[must_use]
    pub const fn allow_loopback(mut self) -> Self {
        self.allow_loopback = true;
        self
    }

    /// Asks for the list as it was at an instant of the past, for audits (the parameter
    /// `time` of draft-ietf-oauth-status-list, "Historical Resolution"). It is judged as of
    /// that instant, and does not go out of use: what the server has today in its place is
    /// rejected by its `iat` or its `exp`.
    #[must_use]
    pub const fn as_of(mut self, instant: UnixSeconds) -> Self {
        self.as_of = Some(instant);
        self
    }

    /// Returns after how many seconds a list is to be fetched again.
    pub(super) fn seconds(&self, ttl: Option<u32>, fields: Freshness) -> u32 {
        self.poll.of(ttl.map_or(fields, Freshness::For))
    }
}
