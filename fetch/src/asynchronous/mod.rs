//! Keys for programs on tokio: tasks in the place of threads.

mod client;
mod follower;
mod keys;

use std::sync::Arc;

use jot::jwks::{Budget, Keeper, KeeperOptions};
use tokio::runtime::Handle;

use crate::client::Settings;
use crate::error::Error;
use crate::followed::Followed;
use crate::lock::Guarded;
use crate::seed::seed;
use client::Client;
use follower::{Common, Follower};
pub use keys::AsyncKeys;

/// Follows any number of issuers on tasks of a tokio runtime, one for each, which end when
/// nobody has the keys any more. With the feature `tokio`.
///
/// It makes one connection for each fetch, and connects to issuers directly: the variables
/// for proxies are not looked at.
///
/// ```no_run
/// use std::time::Duration;
///
/// use jot::jwks::KeeperOptions;
/// use jot::{Alg, Policy, Verifier};
/// use jot_fetch::Fetcher;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let fetcher = Fetcher::builder().build_async()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let policy = Policy::new([Alg::RS256]).audience("api");
/// let verifier = Verifier::builder(policy).issuer("https://issuer.example", &keys).build()?;
/// keys.wait(Duration::from_secs(5)).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct AsyncFetcher {
    common: Arc<Common>,
}

impl AsyncFetcher {
    pub(crate) fn new(settings: &Settings, budget: Budget) -> Result<Self, Error> {
        let client = Client::new(settings)?;
        Ok(Self { common: Arc::new(Common { client, budget: Guarded::new(budget) }) })
    }

    /// Follows the keys at a URL. `issuer` is the `iss` of its tokens, if they have one.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`] outside of a runtime.
    pub fn keys(&self, url: &str, issuer: Option<&str>, options: KeeperOptions) -> Result<AsyncKeys, Error> {
        self.follow(issuer, Keeper::of_keys(url, options, seed())?)
    }

    /// Follows the keys that an issuer's OpenID configuration names.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub fn discover(&self, issuer: &str, options: KeeperOptions) -> Result<AsyncKeys, Error> {
        self.follow(Some(issuer), Keeper::of_issuer(issuer, options, seed())?)
    }

    /// Follows the keys of the authorization server that a protected resource names; see
    /// [`Keeper::of_resource`].
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub fn discover_resource(&self, resource: &str, options: KeeperOptions) -> Result<AsyncKeys, Error> {
        self.follow(None, Keeper::of_resource(resource, options, seed())?)
    }

    fn follow(&self, issuer: Option<&str>, keeper: Keeper) -> Result<AsyncKeys, Error> {
        let runtime = Handle::try_current().map_err(|error| Error::Thread(error.to_string()))?;
        let common = Arc::clone(&self.common);
        let (follower, task) = Follower::start(Followed::new(issuer, keeper), common, &runtime);
        Ok(AsyncKeys::new(follower, Arc::new(task)))
    }
}
