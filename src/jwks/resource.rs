//! One thing that is fetched again and again: when, and what is known of it.

use super::freshness::{Field, field};
use super::seed::Seed;
use super::url::Url;
use crate::error::{Code, Error};
use crate::time::UnixSeconds;

/// The thousandths of its freshness after which an answer is refreshed at the soonest.
const SOONEST: u64 = 800;

/// How often a fetch may be sent to another path of the same origin.
const MOST_REDIRECTS: u32 = 3;

/// When a resource is fetched. All instants are of the keeper's clock.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// When the next fetch is due, unless one is under way.
    due: i64,
    /// The number of the fetch under way, and when it is given up.
    under_way: Option<(u64, i64)>,
    failures: u32,
    last_success: Option<i64>,
    fresh_until: i64,
    /// What the server called the answer in force (RFC 9110 §8.8).
    pub(crate) etag: Option<Box<str>>,
    pub(crate) last_modified: Option<Box<str>>,
    /// Where the answers of this round sent the next fetch, and how many did.
    redirect: Option<Url>,
    redirects: u32,
}

impl Resource {
    /// Starts with a fetch that is due at once.
    pub(crate) const fn new() -> Self {
        Self {
            due: i64::MIN,
            under_way: None,
            failures: 0,
            last_success: None,
            fresh_until: i64::MIN,
            etag: None,
            last_modified: None,
            redirect: None,
            redirects: 0,
        }
    }

    /// Starts with an answer of an earlier process; the next fetch is due at once.
    pub(crate) fn restored(last_success: i64, fresh_until: i64) -> Self {
        Self { last_success: Some(last_success), fresh_until, ..Self::new() }
    }

    /// Moves every instant by as much as the clock was set back.
    pub(crate) fn moved_back(&mut self, seconds: i64) {
        let moved = |instant: &mut i64| *instant = instant.saturating_sub(seconds);
        moved(&mut self.due);
        moved(&mut self.fresh_until);
        self.last_success.iter_mut().for_each(moved);
        self.under_way.iter_mut().for_each(|(_, lost)| moved(lost));
    }

    /// Holds what was restored to a clock that reads earlier than it did.
    pub(crate) fn clamped(&mut self, now: i64) {
        let ahead = self.last_success.map_or(0, |last| last.saturating_sub(now));
        if ahead > 0 {
            self.moved_back(ahead);
        }
    }

    pub(crate) const fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    pub(crate) const fn is_due(&self, now: i64) -> bool {
        self.due <= now
    }

    /// Returns when something is to be done next.
    pub(crate) fn next(&self) -> i64 {
        self.under_way.map_or(self.due, |(_, lost)| lost)
    }

    /// Returns `true` if the fetch under way was given up.
    pub(crate) fn is_lost(&self, now: i64) -> bool {
        self.under_way.is_some_and(|(_, lost)| lost <= now)
    }

    pub(crate) fn begin(&mut self, number: u64, now: i64, timeout: u32) {
        self.under_way = Some((number, now.saturating_add(i64::from(timeout)).saturating_add(1)));
    }

    /// Ends the fetch with this number; returns `false` if it is not the one under
    /// way, because it was given up.
    pub(crate) fn end(&mut self, number: u64) -> bool {
        let is_this = self.under_way.is_some_and(|(under_way, _)| under_way == number);
        if is_this {
            self.under_way = None;
        }
        is_this
    }

    /// Asks for a fetch at once.
    pub(crate) fn ask(&mut self, now: i64) {
        self.due = self.due.min(now);
    }

    /// Sends the next fetch, which is due now, elsewhere, unless that happened too
    /// often; returns whether it did.
    fn redirect(&mut self, to: Url, now: i64) -> bool {
        let is_one_more = self.redirects < MOST_REDIRECTS;
        if is_one_more {
            self.redirects = self.redirects.saturating_add(1);
            self.redirect = Some(to);
            self.ask(now);
        }
        is_one_more
    }

    /// Takes a redirect, which may lead to another path of the same origin. The resource
    /// itself is at `url`.
    ///
    /// # Errors
    /// [`Code::FetchRedirect`]
    pub(crate) fn follow(
        &mut self,
        url: &Url,
        fields: &[Field<'_>],
        allow_loopback: bool,
        now: i64,
    ) -> Result<(), Error> {
        let refused = Error::new(Code::FetchRedirect);
        let location = field(fields, "location").ok_or(refused)?;
        let to = match location.strip_prefix('/') {
            // Two slashes begin another authority (RFC 3986 §4.2).
            Some(rest) if !rest.starts_with('/') => format!("{}{location}", url.origin()),
            _ => location.to_owned(),
        };
        let to = Url::parse(&to, allow_loopback).map_err(|_| refused)?;
        let is_followed = to.origin() == url.origin() && self.redirect(to, now);
        if is_followed { Ok(()) } else { Err(refused) }
    }

    /// Goes on at once with the next of several documents.
    pub(crate) fn go_on(&mut self, now: i64) {
        (self.redirect, self.redirects) = (None, 0);
        self.ask(now);
    }

    /// Returns the URL to ask, where the resource itself is at `url`.
    pub(crate) fn url<'u>(&'u self, url: &'u Url) -> &'u Url {
        self.redirect.as_ref().unwrap_or(url)
    }

    /// Asks for a fetch no later than another one.
    pub(crate) fn ask_with(&mut self, other: &Self) {
        self.due = self.due.min(other.due);
    }

    /// Takes note of an answer that may be used for `seconds`; refreshes ahead of
    /// its end, at 80 to 90 % of the time, so that many processes do not ask at once.
    pub(crate) fn succeeded(&mut self, now: i64, seconds: u32, seed: &mut Seed) {
        (self.redirect, self.redirects, self.failures) = (None, 0, 0);
        self.last_success = Some(now);
        self.fresh_until = now.saturating_add(i64::from(seconds));
        self.due = ahead(now, seconds, seed);
    }

    /// Plans the next fetch anew, unless something else than the end of freshness led to
    /// the plan.
    pub(crate) fn plan_anew(&mut self, seed: &mut Seed) {
        let Some(last) = self.last_success else { return };
        let seconds = u32::try_from(self.fresh_until.saturating_sub(last)).unwrap_or(0);
        let is_ahead = self.due >= last.saturating_add(thousandths(seconds, SOONEST));
        if is_ahead && self.failures == 0 {
            self.due = ahead(last, seconds, seed);
        }
    }

    /// Takes note of a failure; waits 1, 2, 4 … seconds and up to a quarter more, or
    /// as long as the server asks, but no longer than `longest`.
    pub(crate) fn failed(&mut self, now: i64, asked_for: Option<u32>, longest: u32, seed: &mut Seed) {
        (self.redirect, self.redirects, self.under_way) = (None, 0, None);
        let pause = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX).min(longest);
        self.failures = self.failures.saturating_add(1);
        let pause = asked_for.unwrap_or(0).clamp(pause, longest);
        let more = thousandths(pause, seed.below(251));
        self.due = now.saturating_add(i64::from(pause)).saturating_add(more);
    }

    /// Returns `true` if the server was asked for changes only.
    pub(crate) const fn is_conditional(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }

    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) fn last_success(&self) -> Option<UnixSeconds> {
        self.last_success.map(UnixSeconds)
    }

    pub(crate) const fn fresh_until(&self) -> i64 {
        self.fresh_until
    }

    /// Returns `true` if what was fetched last may still be used.
    pub(crate) fn is_usable(&self, now: i64, serve_stale_for: Option<u32>) -> bool {
        match (self.last_success, serve_stale_for) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(last), Some(stale)) => now < self.fresh_until.max(last.saturating_add(i64::from(stale))),
        }
    }
}

/// Returns when to refresh an answer of `now` that is fresh for `seconds`.
fn ahead(now: i64, seconds: u32, seed: &mut Seed) -> i64 {
    let share = SOONEST.saturating_add(seed.below(101));
    now.saturating_add(thousandths(seconds, share).max(1))
}

fn thousandths(seconds: u32, share: u64) -> i64 {
    let part = u64::from(seconds).saturating_mul(share) / 1000;
    i64::try_from(part).unwrap_or(i64::MAX)
}
