//! A list, as a program sees it.

use std::sync::Arc;
use std::time::Duration;

use jot::lists::{ListHealth, SignedList};
use jot::{Revocations, UnixSeconds, Verifier};

use crate::error::Error;
use crate::followed_list::{FollowedList, ListState};
use crate::lock::{Held, lock};
use crate::progress::Kept as _;
use crate::remote::RemoteKeys;
use crate::threads::{Threads, Wake as _};

/// A list that an issuer serves as a signed JWT, followed by a [`Fetcher`](crate::Fetcher)
/// for as long as this or a clone of it lives.
///
/// ```no_run
/// use jot::jwks::KeeperOptions;
/// use jot::lists::ListOptions;
/// use jot::{Alg, Policy};
/// use jot_fetch::Fetcher;
///
/// let fetcher = Fetcher::builder().build()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let verifier = keys.verifier(Policy::new([Alg::ES256]).audience("api"), |builder| builder)?;
///
/// let url = "https://issuer.example/revocations";
/// let revoked = fetcher.revocations(url, &keys, [Alg::ES256], ListOptions::default())?;
/// revoked.feed(&verifier)?; // from now on; until the first list its tokens are 503
/// # Ok::<(), jot_fetch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RemoteList<L: SignedList> {
    followed: Arc<FollowedList<L>>,
    threads: Arc<Threads>,
    /// Those of the issuer, which the thread does not keep.
    _keys: Option<RemoteKeys>,
}

/// The revocations of an issuer.
pub type RemoteRevocations = RemoteList<Revocations>;

impl<L: SignedList> RemoteList<L> {
    pub(crate) const fn new(
        followed: Arc<FollowedList<L>>,
        threads: Arc<Threads>,
        keys: Option<RemoteKeys>,
    ) -> Self {
        Self { followed, threads, _keys: keys }
    }

    /// Hands the list to a verifier, now and whenever it changes. Before the first list and
    /// after the end of the last one, tokens are rejected with `revocations_not_yet` or
    /// `revocations_stale`, or the codes of status lists, which are answered with 503, unless
    /// the options say otherwise.
    ///
    /// # Errors
    /// [`Error::Thread`]; [`Error::Keys`] with `status_lists_full`.
    pub fn feed(&self, verifier: &Arc<Verifier>) -> Result<(), Error> {
        // The lock is held, so that no change comes in between.
        let held = self.threads.started()?;
        Ok(self.followed.state.of(&held).feed(verifier)?)
    }

    /// Starts the threads of this process, unless it has them: for a child of a `fork`
    /// that calls nothing else here, so that it follows the list, too.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn start(&self) -> Result<(), Error> {
        self.threads.started().map(drop)
    }

    /// Waits until there is a list in force, no longer than `longest`.
    ///
    /// # Errors
    /// [`Error::NotInTime`] with `revocations_not_yet` or `revocations_stale`, or the codes of
    /// status lists; [`Error::Thread`].
    pub fn wait(&self, longest: Duration) -> Result<Arc<L>, Error> {
        let held = self.threads.started()?;
        let held = self.wait_until(held, longest, |state| state.usable().is_ok());
        self.followed.state.of(&held).usable().map_err(Error::NotInTime)
    }

    /// Waits for the end of the next fetch after the first `seen` ones, and returns how
    /// many there were and the list in force; `None` if there was none in time.
    ///
    /// # Errors
    /// Within: [`Error::Fetch`] if the last fetch failed or its list was rejected. The list
    /// in force stays.
    pub fn wait_for_fetch(&self, seen: u64, longest: Duration) -> Option<(u64, Result<Arc<L>, Error>)> {
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

    /// Returns how the list does, for metrics.
    #[must_use]
    pub fn health(&self) -> ListHealth {
        self.followed.state.of(&lock()).keeper.health()
    }

    /// Returns what was wrong with the last fetch, in words.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.followed.state.of(&lock()).progress.reason.clone()
    }

    /// Returns the JWT of the list in force, for the next start.
    #[must_use]
    pub fn token(&self) -> Option<Vec<u8>> {
        self.followed.state.of(&lock()).keeper.token().map(<[u8]>::to_vec)
    }

    /// Goes on from the [`token`](Self::token) of another process, until the first fetch
    /// ends. The keys that it was signed with must be there.
    ///
    /// # Errors
    /// [`Error::Keys`] with why the list is rejected; [`Error::Thread`].
    pub fn restore(&self, token: &[u8]) -> Result<(), Error> {
        let held = self.threads.started()?;
        Ok(self.followed.state.of(&held).restore(token)?)
    }

    fn wait_until(&self, held: Held, longest: Duration, is_so: impl Fn(&ListState<L>) -> bool) -> Held {
        held.wait_until(&self.followed.changed, longest, |held| is_so(&self.followed.state.of(held)))
    }
}

impl RemoteRevocations {
    /// Returns what a verifier is to be given now; see
    /// [`ListKeeper::revocations`](jot::lists::ListKeeper::revocations).
    #[must_use]
    pub fn revocations(&self) -> Arc<Revocations> {
        self.followed.state.of(&lock()).keeper.revocations(UnixSeconds::now())
    }
}
