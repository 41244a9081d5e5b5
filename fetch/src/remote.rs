//! The keys of one issuer, as a program sees them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::jwks::{Health, Keeper, UnknownKid};
use jot::{Code, KeyFeed, KeySet, KeySlot, KeySource, Policy, UnixSeconds, Verifier, VerifierBuilder};

use crate::error::Error;
use crate::followed::{Followed, State};
use crate::followed_list::Signers;
use crate::lock::{Held, lock};
use crate::progress::Kept as _;
use crate::retry::{self, Asked};
use crate::threads::{Threads, Wake as _};

/// The keys of one issuer, followed by a [`Fetcher`](crate::Fetcher) for as long as this
/// or a clone of it lives.
#[derive(Clone, Debug)]
pub struct RemoteKeys {
    followed: Arc<Followed>,
    threads: Arc<Threads>,
    /// The fetcher, if nobody else keeps it. It goes last.
    _kept: Option<Kept>,
}

/// What lives as long as the keys.
pub(crate) type Kept = Arc<dyn fmt::Debug + Send + Sync>;

/// Brings the keys to a verifier, which follows them for as long as it lives.
impl KeyFeed for RemoteKeys {
    fn feed(&self, slot: KeySlot) -> Result<(), jot::Error> {
        self.fill(slot).map_err(|error| match error {
            Error::Keys(error) => error,
            _ => jot::Error::from(Code::ThreadsMissing),
        })
    }
}

impl Signers for RemoteKeys {
    fn are_awaited(&self, held: &Held) -> bool {
        self.followed.are_awaited(held)
    }

    fn ask_for_key(&self, held: &Held) {
        let _ = self.asked(held);
    }
}

impl From<RemoteKeys> for KeySource {
    fn from(keys: RemoteKeys) -> Self {
        Self::of_feed(Arc::new(keys))
    }
}

impl From<&RemoteKeys> for KeySource {
    fn from(keys: &RemoteKeys) -> Self {
        Self::from(keys.clone())
    }
}

impl RemoteKeys {
    pub(crate) const fn new(followed: Arc<Followed>, threads: Arc<Threads>, kept: Option<Kept>) -> Self {
        Self { followed, threads, _kept: kept }
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
            Some(issuer) => builder.issuer(issuer, self),
            None => builder.keys(self),
        };
        Ok(Arc::new(settle(builder).build()?))
    }

    /// Hands these keys to a verifier, now and whenever they change. It must know the
    /// issuer, for instance with [`KeySet::not_yet`].
    ///
    /// # Errors
    /// [`Error::Keys`] with `issuer_unknown`; [`Error::Thread`].
    pub fn feed(&self, verifier: &Verifier) -> Result<(), Error> {
        self.feed_as(verifier, self.issuer())
    }

    /// Works like [`feed`](Self::feed) for a verifier that has these keys under another
    /// name; `None` is its only key set.
    ///
    /// # Errors
    /// Those of [`feed`](Self::feed).
    pub fn feed_as(&self, verifier: &Verifier, issuer: Option<&str>) -> Result<(), Error> {
        self.fill(verifier.key_slot(issuer)?)
    }

    fn fill(&self, slot: KeySlot) -> Result<(), Error> {
        let held = self.threads.started()?;
        Ok(self.followed.fill(&held, slot)?)
    }

    /// Starts the threads of this process, unless it has them: for a child of a `fork`
    /// that calls nothing else here, so that it follows the keys, too.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn start(&self) -> Result<(), Error> {
        self.threads.started().map(drop)
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
        let held = self.threads.started()?;
        let held = self.wait_until(held, longest, |state| state.usable().is_ok());
        self.followed.state.of(&held).usable().map_err(Error::NotInTime)
    }

    /// Says what becomes of a token that was rejected with this code, because its key may
    /// have been published a moment ago. `Ok` means: verify it again; that verdict is
    /// final.
    ///
    /// With `kid_unknown`, `keys_not_yet` and `keys_stale` it asks for a fetch, within
    /// the cool-down and the budget, and waits for its end no longer than `longest`.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use jot::{Code, Scratch, UnixSeconds, Verifier};
    /// # fn example(keys: &jot_fetch::RemoteKeys, verifier: &Verifier, token: &str) -> Code {
    /// let mut scratch = Scratch::new();
    /// let mut code = || match verifier.verify(token, UnixSeconds::now(), &mut scratch) {
    ///     Ok(_) => Code::Accepted,
    ///     Err(refused) => refused.code(),
    /// };
    /// match keys.retry(code(), Duration::from_secs(2)) {
    ///     Ok(()) => code(),
    ///     Err(code) => code,
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// The code to answer with: that of the fetch if it failed, which is 503;
    /// `fetch_timeout` if it did not end in time; `keys_not_yet` and `keys_stale` if none
    /// was due; and every other code as it came, at once.
    pub fn retry(&self, refused: Code, longest: Duration) -> Result<(), Code> {
        if !Asked::may_help(refused) {
            return Err(refused);
        }
        let mut held = self.threads.started().map_err(|_| refused)?;
        let end = Instant::now().checked_add(longest);
        for _ in 0..2 {
            let Some(asked) = Asked::new(&self.followed, &held, &*self.threads) else { break };
            let left = end.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            held = self.wait_until(held, left, |state| asked.is_over(state));
            if asked.outcome(&self.followed.state.of(&held))? {
                return Ok(());
            }
        }
        retry::without_fetch(&self.followed, &held, refused)
    }

    /// Asks for a fetch because a token's `kid` is in no key, within the cool-down and the
    /// budget; returns whether one is due or under way, and waits for nothing.
    pub fn ask(&self) -> bool {
        self.threads.started().is_ok_and(|held| self.asked(&held) == UnknownKid::Pending)
    }

    /// Waits for the end of the next fetch after the first `seen` ones, and returns how
    /// many there were and the keys in force; `None` if there was none in time.
    ///
    /// # Errors
    /// Within: [`Error::Fetch`] if the last fetch failed. Keys that were fetched before
    /// stay in use.
    pub fn wait_for_fetch(&self, seen: u64, longest: Duration) -> Option<(u64, Result<Arc<KeySet>, Error>)> {
        let held = self.threads.started().unwrap_or_else(|_| lock());
        let held = self.wait_until(held, longest, |state| state.fetched(seen).is_some());
        self.followed.state.of(&held).fetched(seen)
    }

    /// Asks for a fetch as soon as possible.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn refresh_now(&self) -> Result<(), Error> {
        let held = self.threads.started()?;
        self.followed.state.of(&held).keeper.refresh_now(UnixSeconds::now());
        self.threads.wake();
        Ok(())
    }

    /// Returns how the keys do, for metrics.
    #[must_use]
    pub fn health(&self) -> Health {
        self.followed.state.of(&lock()).keeper.health()
    }

    /// Returns what was wrong with the last fetch, in words.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.followed.state.of(&lock()).progress.reason.clone()
    }

    /// Goes on from what [`Keeper::save`] of another process returned, until the first
    /// fetch ends.
    ///
    /// # Errors
    /// [`Error::Keys`] with `saved_keys_invalid`; [`Error::Thread`].
    pub fn restore(&self, saved: &str) -> Result<(), Error> {
        let held = self.threads.started()?;
        let mut state = self.followed.state.of(&held);
        state.keeper.restore(saved)?;
        self.followed.tell(&mut state);
        Ok(())
    }

    /// Returns the set to verify with now; see [`Keeper::set`].
    #[must_use]
    pub fn set(&self) -> Arc<KeySet> {
        self.followed.state.of(&lock()).keeper.set(UnixSeconds::now())
    }

    /// Returns a copy of the keeper, for its history and its state to save.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        self.followed.state.of(&lock()).keeper.clone()
    }

    /// Asks for a fetch, and wakes a thread for it.
    pub(crate) fn asked(&self, held: &Held) -> UnknownKid {
        retry::ask(&self.followed, held, &*self.threads)
    }

    /// Returns these keys for a thread, which must not be who ends the threads.
    pub(crate) fn loose(&self) -> Self {
        Self { followed: Arc::clone(&self.followed), threads: Arc::clone(&self.threads), _kept: None }
    }

    fn wait_until(&self, held: Held, longest: Duration, is_so: impl Fn(&State) -> bool) -> Held {
        held.wait_until(&self.followed.changed, longest, |held| is_so(&self.followed.state.of(held)))
    }
}
