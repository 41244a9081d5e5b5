//! The keys of one issuer, as a program sees them.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use jot::jwks::{Health, Keeper, UnknownKid};
use jot::{Code, KeySet, Policy, Rejection, UnixSeconds, Verifier, VerifierBuilder};

use crate::error::Error;
use crate::followed::Followed;
use crate::lock::lock;
use crate::threads::Threads;

/// The keys of one issuer, followed by a [`Fetcher`](crate::Fetcher) for as long as this
/// or a clone of it lives.
#[derive(Clone, Debug)]
pub struct RemoteKeys {
    followed: Arc<Followed>,
    threads: Arc<Threads>,
}

impl RemoteKeys {
    pub(crate) const fn new(followed: Arc<Followed>, threads: Arc<Threads>) -> Self {
        Self { followed, threads }
    }

    /// Builds a verifier with these keys; `settle` may add a cache, a backend and other
    /// issuers. Until there are keys its tokens are rejected with `keys_not_yet`.
    ///
    /// # Errors
    /// Those of [`VerifierBuilder::build`].
    pub fn verifier(
        &self,
        policy: Policy,
        settle: impl FnOnce(VerifierBuilder) -> VerifierBuilder,
    ) -> Result<Arc<Verifier>, Error> {
        let builder = Verifier::builder(policy);
        let builder = match self.issuer() {
            Some(issuer) => builder.issuer(issuer, KeySet::not_yet()),
            None => builder.keys(KeySet::not_yet()),
        };
        let verifier = Arc::new(settle(builder).build()?);
        self.feed(&verifier)?;
        Ok(verifier)
    }

    /// Hands these keys to a verifier, now and whenever they change. It must know the
    /// issuer, for instance with [`KeySet::not_yet`].
    ///
    /// # Errors
    /// [`Error::Keys`] with `issuer_unknown`; [`Error::Thread`].
    pub fn feed(&self, verifier: &Arc<Verifier>) -> Result<(), Error> {
        self.threads.start()?;
        // The lock is held, so that no change comes in between.
        let mut state = lock(&self.followed.state);
        let keys = lock(&self.followed.keeper).keys(UnixSeconds::now()).cloned();
        let set = keys.unwrap_or_else(|code| {
            Arc::new(if code == Code::KeysStale { KeySet::stale() } else { KeySet::not_yet() })
        });
        verifier.replace_keys(self.issuer(), set)?;
        state.verifiers.push(Arc::downgrade(verifier));
        Ok(())
    }

    /// Returns the `iss` of the tokens that these keys verify, if it was given.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.followed.issuer.as_deref()
    }

    /// Waits until there are keys.
    ///
    /// # Errors
    /// [`Error::NotInTime`] with `keys_not_yet` or `keys_stale`; [`Error::Thread`].
    pub fn wait(&self, longest: Duration) -> Result<Arc<KeySet>, Error> {
        self.threads.start()?;
        let deadline = Instant::now().checked_add(longest);
        let mut state = lock(&self.followed.state);
        loop {
            let code = match lock(&self.followed.keeper).keys(UnixSeconds::now()) {
                Ok(keys) => return Ok(Arc::clone(keys)),
                Err(code) => code,
            };
            let left = deadline.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Error::NotInTime(code));
            }
            let waited = self.followed.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Says whether a rejected token is worth another try, because its key may have been
    /// published a moment ago. Asks for a fetch, within the cool-down and the budget, and
    /// waits for it no longer than `longest`. `false` for every other rejection, at once.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use jot::{Scratch, UnixSeconds, Verifier};
    /// # fn example(keys: &jot_fetch::RemoteKeys, verifier: &Verifier, token: &str) {
    /// let mut scratch = Scratch::new();
    /// let verdict = match verifier.verify(token, UnixSeconds::now(), &mut scratch) {
    ///     Err(refused) if keys.fetched_for(&refused, Duration::from_secs(2)) => {
    ///         verifier.verify(token, UnixSeconds::now(), &mut scratch)
    ///     }
    ///     verdict => verdict,
    /// };
    /// # }
    /// ```
    #[must_use]
    pub fn fetched_for(&self, refused: &Rejection, longest: Duration) -> bool {
        if refused.code() != Code::KidUnknown || self.threads.start().is_err() {
            return false;
        }
        let mut state = lock(&self.followed.state);
        let before = state.answers;
        let answer =
            lock(&self.followed.keeper).unknown_kid(&mut lock(&self.threads.budget), UnixSeconds::now());
        if answer == UnknownKid::Refused {
            return false;
        }
        // A thread that ends a fetch wants this lock.
        drop(state);
        self.threads.notify();
        state = lock(&self.followed.state);
        let deadline = Instant::now().checked_add(longest);
        while state.answers == before {
            let left = deadline.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            let waited = self.followed.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.reason.is_none()
    }

    /// Asks for a fetch because a token's `kid` is in no key, within the cool-down and the
    /// budget; returns whether one is due or under way, and waits for nothing.
    pub fn ask(&self) -> bool {
        let _ = self.threads.start();
        let mut budget = lock(&self.threads.budget);
        let answer = lock(&self.followed.keeper).unknown_kid(&mut budget, UnixSeconds::now());
        drop(budget);
        self.threads.notify();
        answer == UnknownKid::Pending
    }

    /// Waits for the end of the next fetch after the first `seen` ones, and returns how
    /// many there were and the keys in force; `None` if there was none in time.
    ///
    /// # Errors
    /// Within: [`Error::Fetch`] if the last fetch failed. Keys that were fetched before
    /// stay in use.
    pub fn wait_for_fetch(&self, seen: u64, longest: Duration) -> Option<(u64, Result<Arc<KeySet>, Error>)> {
        let _ = self.threads.start();
        let deadline = Instant::now().checked_add(longest);
        let mut state = lock(&self.followed.state);
        while state.answers <= seen {
            let left = deadline.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return None;
            }
            let waited = self.followed.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let keeper = lock(&self.followed.keeper);
        let result = match (keeper.health().error, keeper.keys(UnixSeconds::now())) {
            (Some(error), _) => Err(Error::Fetch(error.code(), state.reason.clone().unwrap_or_default())),
            (None, Ok(keys)) => Ok(Arc::clone(keys)),
            (None, Err(code)) => Err(Error::NotInTime(code)),
        };
        Some((state.answers, result))
    }

    /// Asks for a fetch as soon as possible.
    pub fn refresh_now(&self) {
        let _ = self.threads.start();
        lock(&self.followed.keeper).refresh_now(UnixSeconds::now());
        self.threads.notify();
    }

    /// Returns how the keys do, for metrics.
    #[must_use]
    pub fn health(&self) -> Health {
        lock(&self.followed.keeper).health()
    }

    /// Returns what was wrong with the last fetch, in words.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        lock(&self.followed.state).reason.clone()
    }

    /// Runs a function over the keeper, for its history and its state to save.
    pub fn with_keeper<R>(&self, look: impl FnOnce(&Keeper) -> R) -> R {
        look(&lock(&self.followed.keeper))
    }
}
