//! The fetcher of programs that make none.

use std::sync::{Arc, Weak};

use jot::jwks::{Keeper, KeeperOptions};

use crate::error::Error;
use crate::fetcher::Fetcher;
use crate::lock::{Guarded, lock};
use crate::remote::RemoteKeys;
use crate::seed::seed;

/// It lives for as long as somebody has keys of it.
static SHARED: Guarded<Weak<Fetcher>> = Guarded::new(Weak::new());

impl RemoteKeys {
    /// Follows the keys that an issuer's OpenID configuration names, with the settings that
    /// most programs want and with one thread for all that is followed so. It ends when the
    /// last of them is dropped; a verifier keeps those that it has.
    ///
    /// ```no_run
    /// use jot::{Alg, Policy, Verifier};
    /// use jot_fetch::RemoteKeys;
    ///
    /// let keys = RemoteKeys::discover("https://issuer.example")?;
    /// let policy = Policy::new([Alg::RS256]).audience("api");
    /// let verifier = Verifier::builder(policy).issuer("https://issuer.example", keys).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Fetcher::discover`](crate::Fetcher::discover), which takes options.
    pub fn discover(issuer: &str) -> Result<Self, Error> {
        let keeper = Keeper::of_issuer(issuer, KeeperOptions::default(), seed())?;
        follow(Some(issuer), keeper)
    }

    /// Follows the keys at a URL; otherwise it works like [`discover`](Self::discover).
    ///
    /// # Errors
    /// Those of [`Fetcher::keys`](crate::Fetcher::keys).
    pub fn at(url: &str) -> Result<Self, Error> {
        let keeper = Keeper::of_keys(url, KeeperOptions::default(), seed())?;
        follow(None, keeper)
    }
}

fn follow(issuer: Option<&str>, keeper: Keeper) -> Result<RemoteKeys, Error> {
    let shared = shared()?;
    shared.follow(issuer, keeper, Some(Arc::clone(&shared)))
}

fn shared() -> Result<Arc<Fetcher>, Error> {
    let held = lock();
    let mut place = SHARED.of(&held);
    if let Some(shared) = place.upgrade() {
        return Ok(shared);
    }
    let mut shared = Fetcher::builder().build()?;
    shared.is_shared = true;
    let shared = Arc::new(shared);
    *place = Arc::downgrade(&shared);
    Ok(shared)
}
