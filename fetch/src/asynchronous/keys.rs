//! The keys of one issuer, as a program on tokio sees them.

use std::sync::Arc;
use std::time::Duration;

use jot::jwks::{Health, Keeper, UnknownKid};
use jot::{Code, KeyFeed, KeySet, KeySlot, KeySource, UnixSeconds, Verifier};

use super::follower::{Follower, Task, deadline};
use crate::error::Error;
use crate::followed::Followed;
use crate::followed_list::Signers;
use crate::lock::{Held, lock};
use crate::progress::Kept as _;
use crate::retry::{self, Asked};
use crate::threads::Wake as _;

/// The keys of one issuer, followed by a task for as long as this or a clone of it lives;
/// a verifier that was built with them has one.
///
/// ```no_run
/// # use std::time::Duration;
/// # use jot::{Code, Scratch, UnixSeconds, Verifier};
/// # async fn example(keys: &jot_fetch::AsyncKeys, verifier: &Verifier, token: &str) -> Code {
/// let code = || match verifier.verify(token, UnixSeconds::now(), &mut Scratch::new()) {
///     Ok(_) => Code::Accepted,
///     Err(refused) => refused.code(),
/// };
/// // A key that was published a moment ago.
/// match keys.retry(code(), Duration::from_secs(2)).await {
///     Ok(()) => code(),
///     Err(code) => code,
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AsyncKeys {
    follower: Arc<Follower<Followed>>,
    _task: Arc<Task>,
}

/// Brings the keys to a verifier, which follows them for as long as it lives.
impl KeyFeed for AsyncKeys {
    fn feed(&self, slot: KeySlot) -> Result<(), jot::Error> {
        self.follower.followed.fill(&lock(), slot)
    }
}

impl Signers for AsyncKeys {
    fn are_awaited(&self, held: &Held) -> bool {
        self.follower.followed.are_awaited(held)
    }

    fn ask_for_key(&self, held: &Held) {
        let _ = retry::ask(&self.follower.followed, held, &*self.follower);
    }
}

impl From<AsyncKeys> for KeySource {
    fn from(keys: AsyncKeys) -> Self {
        Self::of_feed(Arc::new(keys))
    }
}

impl From<&AsyncKeys> for KeySource {
    fn from(keys: &AsyncKeys) -> Self {
        Self::from(keys.clone())
    }
}

impl AsyncKeys {
    pub(super) const fn new(follower: Arc<Follower<Followed>>, task: Arc<Task>) -> Self {
        Self { follower, _task: task }
    }

    /// Hands these keys to a verifier that has them under this name, now and whenever they
    /// change; `None` is its only key set.
    ///
    /// # Errors
    /// [`Error::Keys`] with `issuer_unknown`.
    pub fn feed_as(&self, verifier: &Verifier, issuer: Option<&str>) -> Result<(), Error> {
        Ok(self.follower.followed.fill(&lock(), verifier.key_slot(issuer)?)?)
    }

    /// Returns the `iss` of the tokens that these keys verify, if it was given.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.follower.followed.issuer.as_deref()
    }

    /// Waits until there are keys.
    ///
    /// # Errors
    /// [`Error::NotInTime`] with `keys_not_yet` or `keys_stale`.
    pub async fn wait(&self, longest: Duration) -> Result<Arc<KeySet>, Error> {
        self.follower
            .wait_until(deadline(longest), |followed, held| followed.state.of(held).usable().is_ok())
            .await;
        self.follower.followed.state.of(&lock()).usable().map_err(Error::NotInTime)
    }

    /// Says what becomes of a token that was rejected with this code, as
    /// [`RemoteKeys::retry`](crate::RemoteKeys::retry) does.
    ///
    /// # Errors
    /// The code to answer with.
    pub async fn retry(&self, refused: Code, longest: Duration) -> Result<(), Code> {
        if !Asked::may_help(refused) {
            return Err(refused);
        }
        let (follower, end) = (&*self.follower, deadline(longest));
        for _ in 0..2 {
            let Some(asked) = Asked::new(&follower.followed, &lock(), follower) else { break };
            follower.wait_until(end, |followed, held| asked.is_over(&followed.state.of(held))).await;
            if asked.outcome(&follower.followed.state.of(&lock()))? {
                return Ok(());
            }
        }
        retry::without_fetch(&follower.followed, &lock(), refused)
    }

    /// Asks for a fetch because a token's `kid` is in no key, within the cool-down and the
    /// budget; returns whether one is due or under way, and waits for nothing.
    #[must_use]
    pub fn ask(&self) -> bool {
        retry::ask(&self.follower.followed, &lock(), &*self.follower) == UnknownKid::Pending
    }

    /// Asks for a fetch as soon as possible.
    pub fn refresh_now(&self) {
        self.follower.followed.state.of(&lock()).keeper.refresh_now(UnixSeconds::now());
        self.follower.wake();
    }

    /// Returns how the keys do, for metrics.
    #[must_use]
    pub fn health(&self) -> Health {
        self.follower.followed.state.of(&lock()).keeper.health()
    }

    /// Returns what was wrong with the last fetch, in words.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        self.follower.followed.state.of(&lock()).progress.reason.clone()
    }

    /// Goes on from what [`Keeper::save`] of another process returned, until the first
    /// fetch ends.
    ///
    /// # Errors
    /// [`Error::Keys`] with `saved_keys_invalid`.
    pub fn restore(&self, saved: &str) -> Result<(), Error> {
        let held = lock();
        let mut state = self.follower.followed.state.of(&held);
        state.keeper.restore(saved)?;
        self.follower.followed.tell(&mut state);
        Ok(())
    }

    /// Returns a copy of the keeper, for its history and its state to save.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        self.follower.followed.state.of(&lock()).keeper.clone()
    }
}
