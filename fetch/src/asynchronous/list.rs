//! A list, as a program on tokio sees it.

use std::sync::Arc;
use std::time::Duration;

use jot::lists::{ListHealth, SignedList};
use jot::{Revocations, UnixSeconds, Verifier};

use super::follower::{Follower, Task, deadline};
use crate::error::Error;
use crate::followed_list::FollowedList;
use crate::lock::lock;
use crate::progress::Kept as _;
use crate::threads::Wake as _;

/// A list that an issuer serves as a signed JWT, followed by a task for as long as this or a
/// clone of it lives.
///
/// ```no_run
/// use jot::jwks::KeeperOptions;
/// use jot::lists::ListOptions;
/// use jot::{Alg, Policy, Verifier};
/// use jot_fetch::Fetcher;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let fetcher = Fetcher::builder().build_async()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let policy = Policy::new([Alg::ES256]).audience("api");
/// let verifier = Verifier::builder(policy).issuer("https://issuer.example", &keys).build()?;
///
/// let url = "https://issuer.example/revocations";
/// let revoked = fetcher.revocations(url, &keys, [Alg::ES256], ListOptions::default())?;
/// revoked.feed(&verifier.into())?; // from now on; until the first list its tokens are 503
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AsyncList<L: SignedList> {
    follower: Arc<Follower<FollowedList<L>>>,
    _task: Arc<Task>,
}

/// The revocations of an issuer.
pub type AsyncRevocations = AsyncList<Revocations>;

/// One status list.
#[cfg(feature = "status-list")]
pub type AsyncStatusList = AsyncList<jot::StatusList>;

impl<L: SignedList> AsyncList<L> {
    pub(super) const fn new(follower: Arc<Follower<FollowedList<L>>>, task: Arc<Task>) -> Self {
        Self { follower, _task: task }
    }

    /// Hands the list to a verifier, as [`RemoteList::feed`](crate::RemoteList::feed) does.
    ///
    /// # Errors
    /// [`Error::Keys`] with `status_lists_full`.
    pub fn feed(&self, verifier: &Arc<Verifier>) -> Result<(), Error> {
        Ok(self.follower.followed.state.of(&lock()).feed(verifier)?)
    }

    /// Waits until there is a list in force, no longer than `longest`.
    ///
    /// # Errors
    /// [`Error::NotInTime`] with `revocations_not_yet` or `revocations_stale`, or the codes of
    /// status lists.
    pub async fn wait(&self, longest: Duration) -> Result<Arc<L>, Error> {
        self.follower
            .wait_until(deadline(longest), |followed, held| followed.state.of(held).usable().is_ok())
            .await;
        self.follower.followed.state.of(&lock()).usable().map_err(Error::NotInTime)
    }

    /// Asks for a fetch as soon as possible.
    pub fn refresh_now(&self) {
        self.follower.followed.state.of(&lock()).keeper.refresh_now(UnixSeconds::now());
        self.follower.wake();
    }

    /// Returns how the list does, for metrics.
    #[must_use]
    pub fn health(&self) -> ListHealth {
        self.follower.followed.state.of(&lock()).keeper.health()
    }

    /// Returns what was wrong with the last fetch, in words.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.follower.followed.state.of(&lock()).progress.reason.clone()
    }

    /// Returns the JWT of the list in force, for the next start.
    #[must_use]
    pub fn token(&self) -> Option<Vec<u8>> {
        self.follower.followed.state.of(&lock()).keeper.token().map(<[u8]>::to_vec)
    }

    /// Goes on from the [`token`](Self::token) of another process, until the first fetch
    /// ends. The keys that it was signed with must be there.
    ///
    /// # Errors
    /// [`Error::Keys`] with why the list is rejected.
    pub fn restore(&self, token: &[u8]) -> Result<(), Error> {
        Ok(self.follower.followed.state.of(&lock()).restore(token)?)
    }
}
