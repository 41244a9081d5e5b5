//! Where the keys of a verifier come from.

use std::fmt;
use std::sync::{Arc, Weak};

use super::shared::Shared;
use crate::error::Error;
use crate::key::KeySet;

/// Keys that change while verifiers have them, such as those that a thread follows.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use jot::{Alg, Error, KeyFeed, KeySet, KeySlot, KeySource, Policy, SigningKey, Verifier};
///
/// #[derive(Debug, Default)]
/// struct Mine(Mutex<Vec<KeySlot>>);
///
/// impl KeyFeed for Mine {
///     fn feed(&self, slot: KeySlot) -> Result<(), Error> {
///         self.0.lock().unwrap().push(slot);
///         Ok(())
///     }
/// }
///
/// let mine = Arc::new(Mine::default());
/// let source = KeySource::of_feed(Arc::clone(&mine));
/// let verifier = Verifier::builder(Policy::new([Alg::ES256])).issuer("https://issuer", source).build()?;
/// // Later, and whenever they change:
/// let keys = Arc::new(KeySet::new([SigningKey::generate(Alg::ES256)?.verifying_key()?]));
/// mine.0.lock().unwrap().retain(|slot| slot.replace(Arc::clone(&keys)) != Ok(false));
/// assert_eq!(verifier.keys(None).map(|set| set.len()), Some(1));
/// # Ok::<(), Error>(())
/// ```
pub trait KeyFeed: fmt::Debug + Send + Sync {
    /// Takes a place for keys: fill it now, if there are any, and whenever they change,
    /// until [`KeySlot::replace`] returns `false`. Without keys yet, leave it as it is.
    ///
    /// The verifier keeps the feed for as long as it lives.
    ///
    /// # Errors
    /// What keeps the keys from coming. The verifier is then not built.
    fn feed(&self, slot: KeySlot) -> Result<(), Error>;
}

/// The place of a key set in a verifier, which it does not keep alive.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
/// # let set = |alg| Ok::<_, jot::Error>(KeySet::new([SigningKey::generate(alg)?.verifying_key()?]));
/// # let (old, new) = (set(Alg::ES256)?, set(Alg::ES256)?);
/// let verifier = Verifier::builder(Policy::new([Alg::ES256])).issuer("https://issuer", old).build()?;
/// let slot = verifier.key_slot(Some("https://issuer"))?;
/// assert_eq!(slot.replace(new), Ok(true));
///
/// drop(verifier);
/// assert_eq!(slot.replace(KeySet::stale()), Ok(false)); // nobody verifies with them any more
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeySlot {
    of: Weak<Shared>,
    index: u32,
}

impl KeySlot {
    pub(super) fn new(of: &Arc<Shared>, index: u32) -> Self {
        Self { of: Arc::downgrade(of), index }
    }

    /// Replaces the keys, as [`Verifier::replace_keys`](crate::Verifier::replace_keys) does.
    /// Returns `false` if the verifier is gone: the slot can be forgotten.
    ///
    /// # Errors
    /// [`Code::KeysEmpty`](crate::Code::KeysEmpty); the old keys stay in use.
    pub fn replace(&self, keys: impl Into<Arc<KeySet>>) -> Result<bool, Error> {
        let Some(shared) = self.of.upgrade() else { return Ok(false) };
        shared.replace_keys(Some(self.index), keys.into())?;
        Ok(true)
    }
}

/// Where the keys of an issuer come from: a [`KeySet`], or a [`KeyFeed`] such as the
/// `RemoteKeys` of the crate `jot-fetch`.
///
/// ```
/// use jot::{KeySet, KeySource, SigningKey, Alg};
///
/// let source = KeySource::from(KeySet::new([SigningKey::generate(Alg::ES256)?.verifying_key()?]));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeySource {
    /// What there is before the feed brings more.
    pub(super) set: Arc<KeySet>,
    pub(super) feed: Option<Arc<dyn KeyFeed>>,
}

impl KeySource {
    /// Takes keys from a feed. Until it brings some, tokens are rejected with
    /// [`Code::KeysNotYet`](crate::Code::KeysNotYet).
    #[must_use]
    pub fn of_feed(feed: Arc<impl KeyFeed + 'static>) -> Self {
        Self { set: Arc::new(KeySet::not_yet()), feed: Some(feed) }
    }
}

impl From<Arc<KeySet>> for KeySource {
    fn from(set: Arc<KeySet>) -> Self {
        Self { set, feed: None }
    }
}

impl From<KeySet> for KeySource {
    fn from(set: KeySet) -> Self {
        Self::from(Arc::new(set))
    }
}
