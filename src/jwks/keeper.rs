//! The state machine that follows an issuer's keys.

use std::sync::Arc;

use super::budget::Budget;
use super::discovery::Discovery;
use super::exchange::{Answer, Change, Poll, Request, Ticket, UnknownKid, What};
use super::health::Health;
use super::history::{History, SeenKey};
use super::options::KeeperOptions;
use super::resource::Resource;
use super::seed::Seed;
use super::url::Url;
use crate::error::{Code, Error};
use crate::key::{KeySet, VerifyingKey};
use crate::time::UnixSeconds;

/// JWK Sets (RFC 7517 §8.5.2), and whatever else a server calls them.
const ACCEPT: &str = "application/jwk-set+json, application/json;q=0.9, */*;q=0.1";

/// Where keys come from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// This URL.
    Keys,
    /// The `jwks_uri` of an issuer's metadata.
    Metadata { discovery: Box<Discovery>, resource: Resource },
}

/// Follows the keys that an issuer publishes at a URL.
///
/// It has no thread, clock, socket or randomness. [`poll`](Self::poll) returns what to
/// do, and [`answer`](Self::answer) takes the outcome. So the same state machine serves
/// a program with a thread, an event loop or a gateway's own client.
///
/// ```
/// use jot::UnixSeconds;
/// use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
///
/// let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// let now = UnixSeconds(1_800_000_000);
/// let Poll::Fetch(request) = keeper.poll(now) else { panic!("the first fetch is due at once") };
/// assert_eq!(request.url, "https://issuer.example/jwks");
///
/// let body = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// let ticket = request.ticket;
/// let answer = Answer::Response { status: 200, fields: &[("Cache-Control", "max-age=600")], body };
/// assert!(matches!(keeper.answer(ticket, answer, now), Change::Keys(set) if set.len() == 1));
/// assert!(matches!(keeper.poll(now), Poll::Sleep(until) if (480..=540).contains(&(until.0 - now.0))));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Keeper {
    pub(super) options: KeeperOptions,
    pub(super) seed: Seed,
    pub(super) origin: Origin,
    /// Where the keys are; unknown until the metadata were read.
    pub(super) url: Option<Url>,
    pub(super) keys: Resource,
    pub(super) set: Option<Arc<KeySet>>,
    /// The keys of the set that the last answer lacked. They are removed if the next
    /// answer lacks them too.
    pub(super) absent: Vec<VerifyingKey>,
    /// The last fetch that an unknown `kid` caused.
    pub(super) on_demand: Option<i64>,
    pub(super) history: History,
    pub(super) error: Option<Error>,
    pub(super) number: u64,
    pub(super) clock: Option<i64>,
    pub(super) successes: u64,
    pub(super) fetches: u64,
    pub(super) refused: u64,
}

impl Keeper {
    /// Follows the keys at a URL. `seed` is any number that differs between
    /// processes, so that they do not all ask at the same time.
    ///
    /// # Errors
    /// [`Code::UrlRefused`] unless the URL is one of `https`.
    pub fn of_keys(url: &str, options: KeeperOptions, seed: u64) -> Result<Self, Error> {
        let url = Url::parse(url, options.allow_loopback)?;
        Ok(Self::new(Origin::Keys, Some(url), options, seed))
    }

    pub(super) fn new(origin: Origin, url: Option<Url>, options: KeeperOptions, seed: u64) -> Self {
        Self {
            options,
            seed: Seed(seed),
            origin,
            url,
            keys: Resource::new(),
            set: None,
            absent: Vec::new(),
            on_demand: None,
            history: History::default(),
            error: None,
            number: 0,
            clock: None,
            successes: 0,
            fetches: 0,
            refused: 0,
        }
    }

    /// Returns what to do at this instant. Call it after every answer, after every
    /// [`UnknownKid::Pending`], and at the end of a sleep.
    ///
    /// At most one request is under way at a time. If its answer does not come, the
    /// keeper gives it up one second after its time.
    pub fn poll(&mut self, now: UnixSeconds) -> Poll<'_> {
        let now = self.tick(now);
        self.give_up(now);
        let Some(what) = self.due(now) else {
            return Poll::Sleep(UnixSeconds(self.next()));
        };
        self.number = self.number.wrapping_add(1);
        self.fetches = self.fetches.saturating_add(1);
        let (number, options) = (self.number, &self.options);
        let (resource, url) = match (what, &mut self.origin, &self.url) {
            (What::Metadata, Origin::Metadata { discovery, resource }, _) => (resource, discovery.url()),
            (_, _, Some(url)) => (&mut self.keys, url),
            // `due` names nothing that has no URL.
            _ => return Poll::Sleep(UnixSeconds(i64::MAX)),
        };
        resource.begin(number, now, options.timeout);
        Poll::Fetch(Request {
            ticket: Ticket { what, number },
            url: resource.url(url).as_str(),
            accept: ACCEPT,
            etag: resource.etag.as_deref(),
            last_modified: resource.last_modified.as_deref(),
            timeout: options.timeout,
            most_bytes: options.most_bytes,
        })
    }

    /// Takes the outcome of a fetch.
    pub fn answer(&mut self, ticket: Ticket, answer: Answer<'_>, now: UnixSeconds) -> Change {
        let now = self.tick(now);
        let is_awaited = match (ticket.what, &mut self.origin) {
            (What::Metadata, Origin::Metadata { resource, .. }) => resource.end(ticket.number),
            (What::Metadata, Origin::Keys) => false,
            (What::Keys, _) => self.keys.end(ticket.number),
        };
        if !is_awaited {
            return Change::Late;
        }
        let taken = match answer {
            Answer::Failed => Err((Error::new(Code::FetchFailed), None)),
            Answer::TimedOut => Err((Error::new(Code::FetchTimeout), None)),
            Answer::Response { status, fields, body } => self.take(ticket.what, status, fields, body, now),
        };
        match taken {
            Ok(change) => {
                self.error = None;
                change
            }
            Err((error, wait)) => {
                self.fail(ticket.what, error, wait, now);
                Change::Failed(error)
            }
        }
    }

    /// Returns what to do about a token whose `kid` no key has: its issuer may have
    /// published a new key.
    ///
    /// This causes at most one fetch in a cool-down, which begins with the last such
    /// fetch even if it failed, and no fetch beyond the budget that all issuers share.
    /// Do not call it for tokens without a `kid` or for signatures that do not hold.
    pub fn unknown_kid(&mut self, budget: &mut Budget, now: UnixSeconds) -> UnknownKid {
        let clock = self.tick(now);
        self.give_up(clock);
        if self.is_under_way() || self.due(clock).is_some() {
            return UnknownKid::Pending;
        }
        let cool = |last: i64| clock < last.saturating_add(i64::from(self.options.cool_down));
        if self.on_demand.is_some_and(cool) || !budget.take(now) {
            self.refused = self.refused.saturating_add(1);
            return UnknownKid::Refused;
        }
        self.on_demand = Some(clock);
        self.ask(clock);
        UnknownKid::Pending
    }

    /// Goes on with other options. How long an answer is fresh is said by those in force
    /// when it comes.
    pub fn set_options(&mut self, options: KeeperOptions) {
        self.options = options;
    }

    /// Asks for a fetch as soon as possible, whatever the cool-down says. For
    /// operators, not for requests.
    pub fn refresh_now(&mut self, now: UnixSeconds) {
        let now = self.tick(now);
        self.ask(now);
    }

    /// Takes another seed, and plans the next fetch anew: for the child of a `fork`, whose
    /// copy of a keeper would otherwise fetch whenever its parent and siblings do.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = Seed(seed);
        self.keys.plan_anew(&mut self.seed);
        if let Origin::Metadata { resource, .. } = &mut self.origin {
            resource.plan_anew(&mut self.seed);
        }
    }

    /// Returns the keys that may be used at this instant.
    ///
    /// # Errors
    /// [`Code::KeysNotYet`] until the first answer; [`Code::KeysStale`] once the keys
    /// could not be refreshed for too long.
    pub fn keys(&self, now: UnixSeconds) -> Result<&Arc<KeySet>, Code> {
        let set = self.set.as_ref().ok_or(Code::KeysNotYet)?;
        let is_usable = self.keys.is_usable(now.0, self.options.serve_stale_for);
        if is_usable { Ok(set) } else { Err(Code::KeysStale) }
    }

    /// Returns the set to verify with at this instant: the keys, or
    /// [`KeySet::not_yet`] or [`KeySet::stale`], with which tokens have the codes of
    /// [`keys`](Self::keys).
    #[must_use]
    pub fn set(&self, now: UnixSeconds) -> Arc<KeySet> {
        match self.keys(now) {
            Ok(keys) => Arc::clone(keys),
            Err(Code::KeysStale) => Arc::new(KeySet::stale()),
            Err(_) => Arc::new(KeySet::not_yet()),
        }
    }

    /// Returns the state of the keeper.
    #[must_use]
    pub fn health(&self) -> Health {
        Health {
            last_success: self.keys.last_success(),
            fresh_until: self.set.as_ref().map(|_| UnixSeconds(self.keys.fresh_until())),
            next_fetch: UnixSeconds(self.next()),
            error: self.error,
            failures: self.keys.failures(),
            fetches: self.fetches,
            successes: self.successes,
            refused: self.refused,
            keys: self.set.as_ref().map_or(0, |set| set.len()),
        }
    }

    /// Returns every key that was seen, in the order in which they came.
    #[must_use]
    pub fn history(&self) -> &[SeenKey] {
        &self.history.seen
    }

    /// Returns the key set at each instant at which it changed: the snapshots that an
    /// audit of the past reads.
    #[must_use]
    pub fn snapshots(&self) -> Vec<(UnixSeconds, KeySet)> {
        self.history.snapshots()
    }

    pub(super) const fn url(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    pub(super) fn keys_in_force(&self) -> &[VerifyingKey] {
        self.set.as_ref().map(|set| set.keys()).unwrap_or_default()
    }

    /// Continues with the state that another process saved.
    pub(super) fn resume(&mut self, url: Option<Url>, keys: Resource, set: Arc<KeySet>, seen: Vec<SeenKey>) {
        self.url = url.or(self.url.take());
        (self.keys, self.set, self.history) = (keys, Some(set), History { seen });
    }

    /// Records the time. If the clock was set back, all planned instants are moved back
    /// too: otherwise they would wait for the old time.
    fn tick(&mut self, now: UnixSeconds) -> i64 {
        let UnixSeconds(now) = now;
        match self.clock {
            None => self.keys.clamped(now),
            Some(clock) if now < clock => {
                let back = clock.saturating_sub(now);
                self.keys.moved_back(back);
                if let Origin::Metadata { resource, .. } = &mut self.origin {
                    resource.moved_back(back);
                }
                self.on_demand = self.on_demand.map(|last| last.saturating_sub(back));
            }
            Some(_) => {}
        }
        self.clock = Some(now);
        now
    }

    /// Gives up a fetch whose answer did not come.
    fn give_up(&mut self, now: i64) {
        let metadata_lost = self.metadata().is_some_and(|resource| resource.is_lost(now));
        for (what, is_lost) in [(What::Metadata, metadata_lost), (What::Keys, self.keys.is_lost(now))] {
            if is_lost {
                self.fail(what, Error::new(Code::FetchTimeout), None, now);
            }
        }
    }

    /// Returns what is due, unless a fetch is under way.
    fn due(&self, now: i64) -> Option<What> {
        if self.is_under_way() {
            return None;
        }
        match &self.origin {
            // The metadata come first: they have the URL of the keys.
            Origin::Metadata { resource, .. } if resource.is_due(now) => Some(What::Metadata),
            _ => (self.url.is_some() && self.keys.is_due(now)).then_some(What::Keys),
        }
    }

    fn is_under_way(&self) -> bool {
        self.metadata().is_some_and(Resource::is_under_way) || self.keys.is_under_way()
    }

    fn metadata(&self) -> Option<&Resource> {
        match &self.origin {
            Origin::Metadata { resource, .. } => Some(resource),
            Origin::Keys => None,
        }
    }

    /// Returns when the fetch under way is given up, or when the next one is due.
    fn next(&self) -> i64 {
        let keys = (self.url.is_some() || self.keys.is_under_way()).then_some(&self.keys);
        let resources = || self.metadata().into_iter().chain(keys);
        let under_way = resources().find(|resource| resource.is_under_way());
        under_way.map(Resource::next).or(resources().map(Resource::next).min()).unwrap_or(i64::MAX)
    }

    fn ask(&mut self, now: i64) {
        match &mut self.origin {
            Origin::Metadata { resource, .. } if self.url.is_none() => resource.ask(now),
            _ => self.keys.ask(now),
        }
    }
}
