//! The state machine that follows a signed list.

use std::sync::Arc;

use super::change::ListChange;
use super::health::ListHealth;
use super::options::ListOptions;
use super::signed::SignedList;
use crate::error::{Code, Error};
use crate::jwks::{
    Answer, Field, Freshness, Poll, Request, Resource, Seed, Ticket, Url, field, freshness, retry_after,
};
use crate::revocation::Revocations;
use crate::scratch::Scratch;
use crate::time::UnixSeconds;
use crate::verifier::Verifier;

/// The longest pause after failures, in seconds: revocations are worth more requests than
/// keys.
const LONGEST_PAUSE: u32 = 30;

/// Follows a list that an issuer serves as a signed JWT.
///
/// It has no thread, clock, socket or randomness. [`poll`](Self::poll) returns what to
/// do, and [`answer`](Self::answer) takes the outcome. The verifier says which lists
/// count; replace its keys when the issuer's change.
///
/// ```
/// # use std::sync::Arc;
/// # use jot::{Alg, Code, KeySet, Policy, Revocations, Scratch, SignHeader, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
/// # let keys = KeySet::new([signer.key().verifying_key()?]);
/// # let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(keys.clone()).build()?;
/// use jot::jwks::{Answer, Poll};
/// use jot::lists::{ListChange, ListKeeper, ListOptions};
///
/// let policy = Policy::revocation_list([Alg::ES256]);
/// let lists = Arc::new(Verifier::builder(policy).issuer("https://issuer.example", keys).build()?);
/// let url = "https://issuer.example/revocations";
/// let mut keeper = ListKeeper::<Revocations>::new(url, lists, ListOptions::default(), 1)?;
///
/// let now = UnixSeconds(1_800_000_000);
/// verifier.set_revocations(keeper.revocations(now)); // nothing is accepted so far
/// let Poll::Fetch(request) = keeper.poll(now) else { panic!("the first fetch is due at once") };
/// let ticket = request.ticket;
/// # let mut revoked = Revocations::default();
/// # revoked.revoke_session("s-17", None)?;
/// # let claims = revoked.to_claims("https://issuer.example", now, UnixSeconds(1_800_000_600), 60);
/// # let body = signer.sign_claims_with(&SignHeader::default().typ(Revocations::TYP), claims)?;
/// let answer = Answer::Response { status: 200, fields: &[], body: body.as_bytes() };
/// assert!(matches!(keeper.answer(ticket, answer, now), ListChange::List(list) if list.len() == 1));
/// verifier.set_revocations(keeper.revocations(now));
/// # let token = signer.sign_claims(r#"{"sid":"s-17","exp":1800000600}"#)?;
/// assert_eq!(verifier.verdict(&token, now, &mut Scratch::new()).code(), Code::SidRevoked);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ListKeeper<L: SignedList> {
    verifier: Arc<Verifier>,
    options: ListOptions,
    seed: Seed,
    /// By which a list names itself.
    name: Url,
    /// Where it is fetched.
    url: Url,
    resource: Resource,
    in_force: Option<InForce<L>>,
    /// Whether the request under way asked for changes only.
    is_conditional: bool,
    error: Option<Error>,
    number: u64,
    clock: Option<i64>,
    fetches: u64,
    successes: u64,
}

#[derive(Clone, Debug)]
struct InForce<L> {
    list: Arc<L>,
    issued_at: i64,
    expires_at: Option<i64>,
    /// Its `ttl`.
    ttl: Option<u32>,
    /// The JWT.
    token: Box<[u8]>,
}

impl<L: SignedList> ListKeeper<L> {
    /// Follows the list at a URL. `verifier` accepts the list: for revocations, make it
    /// with [`Policy::revocation_list`](crate::Policy::revocation_list) and the keys of
    /// the issuer. `seed` is any number that differs between processes, so that they do
    /// not all ask at the same time.
    ///
    /// # Errors
    /// [`Code::UrlRefused`] unless the URL is one of `https`.
    pub fn new(url: &str, verifier: Arc<Verifier>, options: ListOptions, seed: u64) -> Result<Self, Error> {
        let name = Url::parse(url, options.allow_loopback)?;
        let url = match options.as_of {
            Some(UnixSeconds(instant)) => {
                let sign = if url.contains('?') { '&' } else { '?' };
                Url::parse(&format!("{url}{sign}time={instant}"), options.allow_loopback)?
            }
            None => name.clone(),
        };
        Ok(Self {
            verifier,
            options,
            seed: Seed(seed),
            name,
            url,
            resource: Resource::new(),
            in_force: None,
            is_conditional: false,
            error: None,
            number: 0,
            clock: None,
            fetches: 0,
            successes: 0,
        })
    }

    /// Returns what to do at this instant. Call it after every answer and at the end of a
    /// sleep, which is also the instant at which a list goes out of use.
    ///
    /// At most one request is under way at a time. If its answer does not come, the
    /// keeper gives it up one second after its time.
    pub fn poll(&mut self, now: UnixSeconds) -> Poll<'_> {
        let now = self.tick(now);
        if self.resource.is_lost(now) {
            self.fail(Error::new(Code::FetchTimeout), None, now);
        }
        if self.resource.is_under_way() || !self.resource.is_due(now) {
            let lapses = self.lapses().filter(|end| *end > now);
            let next = self.resource.next();
            return Poll::Sleep(UnixSeconds(lapses.map_or(next, |end| end.min(next))));
        }
        self.number = self.number.wrapping_add(1);
        self.fetches = self.fetches.saturating_add(1);
        self.is_conditional = self.asks_for_changes(now);
        self.resource.begin(self.number, now, self.options.timeout);
        let is_sent = |_: &&str| self.is_conditional;
        Poll::Fetch(Request {
            ticket: Ticket::of_list(self.number),
            url: self.resource.url(&self.url).as_str(),
            accept: L::ACCEPT,
            etag: self.resource.etag.as_deref().filter(is_sent),
            last_modified: self.resource.last_modified.as_deref().filter(is_sent),
            timeout: self.options.timeout,
            most_bytes: self.options.most_bytes,
        })
    }

    /// Takes the outcome of a fetch.
    pub fn answer(&mut self, ticket: Ticket, answer: Answer<'_>, now: UnixSeconds) -> ListChange<L> {
        let now = self.tick(now);
        if !self.resource.end(ticket.is_of()) {
            return ListChange::Late;
        }
        let (taken, wait) = match answer {
            Answer::Failed => (Err(Error::new(Code::FetchFailed)), None),
            Answer::TimedOut => (Err(Error::new(Code::FetchTimeout)), None),
            Answer::Response { status, fields, body } => {
                (self.take(status, fields, body, now), retry_after(fields))
            }
        };
        match taken {
            Ok(change) => {
                self.error = None;
                change
            }
            Err(error) => {
                self.fail(error, wait, now);
                ListChange::Failed(error)
            }
        }
    }

    fn take(
        &mut self,
        status: u16,
        fields: &[Field<'_>],
        body: &[u8],
        now: i64,
    ) -> Result<ListChange<L>, Error> {
        match status {
            200 => {
                let change = self.read(body, now)?;
                self.resource.etag = field(fields, "etag").map(Box::from);
                self.resource.last_modified = field(fields, "last-modified").map(Box::from);
                self.succeed(freshness(fields), now);
                Ok(change)
            }
            304 if self.is_conditional => {
                self.succeed(freshness(fields), now);
                Ok(ListChange::Confirmed)
            }
            301 | 302 | 303 | 307 | 308 => {
                self.resource.follow(&self.url, fields, self.options.allow_loopback, now)?;
                Ok(ListChange::Elsewhere)
            }
            _ => Err(Error::new(Code::FetchStatus)),
        }
    }

    /// Puts a list in force.
    fn read(&mut self, body: &[u8], now: i64) -> Result<ListChange<L>, Error> {
        if body.len() > self.options.most_bytes {
            return Err(Error::new(Code::ReplyTooLong));
        }
        let token = body.trim_ascii();
        let mut scratch = Scratch::new();
        let judged_at = self.options.as_of.unwrap_or(UnixSeconds(now));
        let verified = self
            .verifier
            .verify(token, judged_at, &mut scratch)
            .map_err(|rejection| Error::new(rejection.code()))?;
        // The verifier's policy may have been made for other tokens.
        let typ = verified.header().typ().unwrap_or_default();
        let typ = typ.strip_prefix("application/").unwrap_or(typ);
        if !typ.eq_ignore_ascii_case(L::TYP) {
            return Err(Error::new(Code::TypMismatch));
        }
        let claims = verified.claims();
        let issued_at = claims.issued_at().ok_or(Error::of_member(Code::ClaimMissing, "iat"))?.floor().0;
        if self.in_force.as_ref().is_some_and(|old| issued_at < old.issued_at) {
            return Err(Error::new(Code::RevocationsOlder));
        }
        let most_entries = self.options.most_entries.unwrap_or(L::MOST_ENTRIES);
        let list = L::read(&claims, self.name.as_str(), most_entries)?;
        let ttl = claims.claim("ttl").and_then(|ttl| ttl.as_number()).and_then(|ttl| ttl.as_i64());
        let expires_at = claims.expires_at().map(|instant| instant.floor().0);
        let ttl = ttl.map(|seconds| u32::try_from(seconds.max(0)).unwrap_or(u32::MAX));
        let same = self.in_force.as_ref().map(|old| Arc::clone(&old.list)).filter(|old| **old == list);
        let is_same = same.is_some();
        let list = same.unwrap_or_else(|| Arc::new(list));
        let token = token.into();
        self.in_force = Some(InForce { list: Arc::clone(&list), issued_at, expires_at, ttl, token });
        Ok(if is_same { ListChange::Confirmed } else { ListChange::List(list) })
    }

    /// Goes on with the JWT that another process [saved](Self::token). The first fetch is
    /// due at once all the same.
    ///
    /// # Errors
    /// Why the list is rejected; the keeper is then as it was.
    pub fn restore(&mut self, token: &[u8], now: UnixSeconds) -> Result<ListChange<L>, Error> {
        let now = self.tick(now);
        self.read(token, now)
    }

    /// Returns the JWT of the list in force, which needs no other protection than its
    /// signature.
    #[must_use]
    pub fn token(&self) -> Option<&[u8]> {
        self.in_force.as_ref().map(|in_force| &*in_force.token)
    }

    /// Asks for a fetch as soon as possible.
    pub fn refresh_now(&mut self, now: UnixSeconds) {
        let now = self.tick(now);
        self.resource.ask(now);
    }

    /// Takes another seed, and plans the next fetch anew: for the child of a `fork`, whose
    /// copy of a keeper would otherwise fetch whenever its parent and siblings do.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = Seed(seed);
        self.resource.plan_anew(&mut self.seed);
    }

    /// Returns the list that may be used at this instant.
    ///
    /// # Errors
    /// [`Code::RevocationsNotYet`] until the first list; [`Code::RevocationsStale`] when
    /// the last one is too old. For a status list [`Code::StatusListNotYet`] and
    /// [`Code::StatusListStale`].
    pub fn list(&self, now: UnixSeconds) -> Result<&Arc<L>, Code> {
        let in_force = self.in_force.as_ref().ok_or(L::NOT_YET)?;
        let is_usable = self.lapses().is_none_or(|end| now.0 < end);
        if is_usable { Ok(&in_force.list) } else { Err(L::STALE) }
    }

    /// Returns what verifiers are to have at this instant: the list, or what stands in its
    /// place, with which tokens have the codes of [`list`](Self::list).
    #[must_use]
    pub fn current(&self, now: UnixSeconds) -> Arc<L> {
        match self.list(now) {
            Ok(list) => Arc::clone(list),
            Err(code) => {
                let passes = self.options.start_without && code == L::NOT_YET;
                Arc::new(L::missing(self.name.as_str(), (!passes).then_some(code)))
            }
        }
    }

    /// Gives a verifier what it is to have at this instant.
    ///
    /// # Errors
    /// `StatusListsFull` of a verifier with too many other status lists.
    pub fn feed(&self, verifier: &Verifier, now: UnixSeconds) -> Result<(), Error> {
        self.current(now).set(verifier)
    }

    /// Returns the state of the keeper.
    #[must_use]
    pub fn health(&self) -> ListHealth {
        let in_force = self.in_force.as_ref();
        ListHealth {
            last_success: self.resource.last_success(),
            issued_at: in_force.map(|in_force| UnixSeconds(in_force.issued_at)),
            expires_at: in_force.and_then(|in_force| in_force.expires_at).map(UnixSeconds),
            usable_until: self.lapses().map(UnixSeconds),
            next_fetch: UnixSeconds(self.resource.next()),
            error: self.error,
            failures: self.resource.failures(),
            fetches: self.fetches,
            successes: self.successes,
            entries: in_force.map_or(0, |in_force| in_force.list.entries()),
        }
    }

    /// Returns the verifier that accepts the lists.
    #[must_use]
    pub const fn verifier(&self) -> &Arc<Verifier> {
        &self.verifier
    }

    /// Returns `true` if a 304 helps: not if the list in force will end before the next
    /// fetch, because only another list has another `exp`.
    fn asks_for_changes(&self, now: i64) -> bool {
        let Some(in_force) = &self.in_force else { return false };
        let seconds = self.options.seconds(in_force.ttl, Freshness::Unknown);
        let lasts = |end: i64| end.saturating_sub(now) > i64::from(seconds);
        self.resource.is_conditional() && in_force.expires_at.is_none_or(lasts)
    }

    /// Returns when the list in force goes out of use.
    fn lapses(&self) -> Option<i64> {
        if self.options.as_of.is_some() {
            return None;
        }
        let (in_force, stale) = (self.in_force.as_ref()?, self.options.serve_stale_for?);
        let end = in_force.expires_at.unwrap_or(self.resource.fresh_until());
        Some(end.saturating_add(i64::from(stale)))
    }

    fn succeed(&mut self, fields: Freshness, now: i64) {
        self.successes = self.successes.saturating_add(1);
        let Some(in_force) = &self.in_force else { return };
        let seconds = self.options.seconds(in_force.ttl, fields);
        // It should not end before there is another one.
        let ends = in_force.expires_at.filter(|_| self.options.as_of.is_none());
        let left = ends.map_or(i64::MAX, |end| end.saturating_sub(now).max(1));
        let seconds = seconds.min(u32::try_from(left).unwrap_or(u32::MAX));
        self.resource.succeeded(now, seconds, &mut self.seed);
    }

    fn fail(&mut self, error: Error, wait: Option<u32>, now: i64) {
        self.error = Some(error);
        self.resource.failed(now, wait, LONGEST_PAUSE, &mut self.seed);
    }

    /// Records the time. If the clock was set back, all planned instants are moved back
    /// too; the dates of a list are not planned here.
    fn tick(&mut self, now: UnixSeconds) -> i64 {
        let UnixSeconds(now) = now;
        if let Some(clock) = self.clock.filter(|clock| now < *clock) {
            self.resource.moved_back(clock.saturating_sub(now));
        }
        self.clock = Some(now);
        now
    }
}

impl ListKeeper<Revocations> {
    /// Returns what to give to
    /// [`Verifier::set_revocations`](crate::Verifier::set_revocations) at this instant: the
    /// list, or [`Revocations::not_yet`] or [`Revocations::stale`], with which tokens have
    /// the codes of [`list`](Self::list).
    #[must_use]
    pub fn revocations(&self, now: UnixSeconds) -> Arc<Revocations> {
        self.current(now)
    }
}
