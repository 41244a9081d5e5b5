//! The status lists of an issuer, as a program sees them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jot::{Code, StatusList, UnixSeconds, Verifier};

use crate::error::Error;
use crate::followed_list::FollowedList;
use crate::followed_lists::FollowedLists;
use crate::lock::{Held, lock};
use crate::remote::RemoteKeys;
use crate::remote_list::RemoteList;
use crate::threads::{Threads, Wake as _};

/// One status list.
pub type RemoteStatusList = RemoteList<StatusList>;

/// The Token Status Lists of an issuer (draft-ietf-oauth-status-list), followed by a
/// [`Fetcher`](crate::Fetcher) for as long as this, a clone of it or a verifier with them
/// lives. With the feature `status-list`.
///
/// ```no_run
/// use jot::jwks::KeeperOptions;
/// use jot::lists::ListOptions;
/// use jot::{Alg, Policy};
/// use jot_fetch::{Fetcher, StatusPlaces};
///
/// let fetcher = Fetcher::builder().build()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let policy = Policy::new([Alg::ES256]).audience("api").check_status();
/// let verifier = keys.verifier(policy, |builder| builder)?;
///
/// let places = StatusPlaces::new(["https://issuer.example/status/"]);
/// let lists = fetcher.status_lists(places, &keys, [Alg::ES256], ListOptions::default())?;
/// lists.feed(&verifier)?; // from now on; the first token of a list is 503
/// # Ok::<(), jot_fetch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RemoteStatusLists {
    followed: Arc<FollowedLists>,
    threads: Arc<Threads>,
    /// Those of the issuer, which the thread does not keep.
    keys: Option<RemoteKeys>,
}

impl RemoteStatusLists {
    pub(crate) const fn new(
        followed: Arc<FollowedLists>,
        threads: Arc<Threads>,
        keys: Option<RemoteKeys>,
    ) -> Self {
        Self { followed, threads, keys }
    }

    /// Hands the lists to a verifier, now and whenever they change, and those that its tokens
    /// name. Its policy says whether they count ([`Policy::check_status`]). Until a list was
    /// fetched and after its end, tokens that name it are rejected with `status_list_not_yet`
    /// or `status_list_stale`, which are answered with 503, unless the options say otherwise.
    ///
    /// [`Policy::check_status`]: jot::Policy::check_status
    ///
    /// # Errors
    /// [`Error::Thread`]; [`Error::Keys`] with `status_lists_full`.
    pub fn feed(&self, verifier: &Arc<Verifier>) -> Result<(), Error> {
        // The lock is held, so that no change comes in between.
        self.followed.feed(&self.threads.started()?, verifier)
    }

    /// Follows the list at this URI, as if a token had named it; returns `false` if it is in
    /// no place, or if there are as many lists as there may be. It is for those whose tokens
    /// are verified elsewhere: a list that they do not ask for again within half the time
    /// after which lists are forgotten may be forgotten.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn follow(&self, uri: &str) -> Result<bool, Error> {
        self.followed.want(&self.threads.started()?, uri)
    }

    /// Starts the threads of this process, unless it has them: for a child of a `fork`
    /// that calls nothing else here, so that it follows the lists, too.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn start(&self) -> Result<(), Error> {
        self.threads.started().map(drop)
    }

    /// Waits until every list that is followed is in force, no longer than `longest`.
    ///
    /// # Errors
    /// [`Error::NotInTime`] with `status_list_not_yet` or `status_list_stale`;
    /// [`Error::Thread`].
    pub fn wait(&self, longest: Duration) -> Result<(), Error> {
        let code = |held: &Held, list: &FollowedList<StatusList>| {
            list.state.of(held).keeper.list(UnixSeconds::now()).err()
        };
        let held = self.wait_for_each(longest, |held, list| code(held, list).is_none())?;
        let lists = self.followed.lists(&held);
        match lists.iter().find_map(|(_, list)| code(&held, list)) {
            Some(code) => Err(Error::NotInTime(code)),
            None => Ok(()),
        }
    }

    /// Says what becomes of a token that was rejected with this code, because its list may be
    /// on its way. `Ok` means: verify it again; that verdict is final.
    ///
    /// With `status_list_not_yet` it waits for the first answers of the lists that have had
    /// none, no longer than `longest`. With zero it only looks.
    ///
    /// # Errors
    /// `status_list_not_yet` if it only looks and a list has had no answer, so that a wait may
    /// help; and every other code as it came, at once.
    pub fn retry(&self, refused: Code, longest: Duration) -> Result<(), Code> {
        if refused != Code::StatusListNotYet {
            return Err(refused);
        }
        let is_answered =
            |held: &Held, list: &FollowedList<StatusList>| list.state.of(held).progress.answers > 0;
        let held = self.wait_for_each(longest, is_answered).map_err(|_| refused)?;
        // After a wait the token's own list may be there, whichever other is not.
        let is_looking = longest.is_zero();
        let all_answered = || self.followed.lists(&held).iter().all(|(_, list)| is_answered(&held, list));
        if is_looking && !all_answered() { Err(refused) } else { Ok(()) }
    }

    /// Asks for a fetch of each list as soon as possible.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub fn refresh_now(&self) -> Result<(), Error> {
        let held = self.threads.started()?;
        for (_, list) in self.followed.lists(&held) {
            list.state.of(&held).keeper.refresh_now(UnixSeconds::now());
        }
        self.threads.wake();
        Ok(())
    }

    /// Returns the URIs of the lists that are followed, in their order.
    #[must_use]
    pub fn uris(&self) -> Vec<String> {
        self.followed.lists(&lock()).into_iter().map(|(uri, _)| uri).collect()
    }

    /// Returns the list at this URI, if it is followed: how it does, and its JWT for the next
    /// start.
    #[must_use]
    pub fn list(&self, uri: &str) -> Option<RemoteStatusList> {
        let found = self.followed.lists(&lock()).into_iter().find(|(of, _)| of == uri)?.1;
        Some(RemoteList::new(found, Arc::clone(&self.threads), self.keys.clone()))
    }

    /// Returns how often a token named a list that could not be followed because there were
    /// as many as there may be.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.followed.refused(&lock())
    }

    /// Waits until something is so of each list.
    fn wait_for_each(
        &self,
        longest: Duration,
        is_so: impl Fn(&Held, &FollowedList<StatusList>) -> bool,
    ) -> Result<Held, Error> {
        let mut held = self.threads.started()?;
        let deadline = Instant::now().checked_add(longest);
        for (_, list) in self.followed.lists(&held) {
            let left = deadline.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            held = held.wait_until(&list.changed, left, |held| is_so(held, &list));
        }
        Ok(held)
    }
}
