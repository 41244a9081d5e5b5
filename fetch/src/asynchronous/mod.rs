//! Keys and lists for programs on tokio: tasks in the place of threads.

mod client;
mod follower;
mod keys;
mod list;

use std::sync::Arc;

use jot::jwks::{Budget, Keeper, KeeperOptions};
use jot::lists::{ListKeeper, ListOptions, SignedList};
use jot::{Alg, Verifier};
use tokio::runtime::Handle;

use crate::client::Settings;
use crate::error::Error;
use crate::followed::Followed;
use crate::followed_list::FollowedList;
use crate::judge;
use crate::lock::Guarded;
use crate::seed::seed;
use client::Client;
use follower::{Common, Follower};
pub use keys::AsyncKeys;
#[cfg(feature = "status-list")]
pub use list::AsyncStatusList;
pub use list::{AsyncList, AsyncRevocations};

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
        Ok(AsyncKeys::new(follower, task))
    }

    /// Follows the revocations of an issuer, as [`Fetcher::revocations`] does.
    ///
    /// [`Fetcher::revocations`]: crate::Fetcher::revocations
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`, or with `issuer_required` for keys without the
    /// name of their issuer; [`Error::Thread`] outside of a runtime.
    pub fn revocations(
        &self,
        url: &str,
        keys: &AsyncKeys,
        algorithms: impl IntoIterator<Item = Alg>,
        options: ListOptions,
    ) -> Result<AsyncRevocations, Error> {
        let judge = judge::of_revocations(keys.issuer(), algorithms)?;
        keys.feed_as(&judge, keys.issuer())?;
        self.follow_list(url, judge, Some(keys.clone()), options)
    }

    /// Follows the status list at a URI. Lists at URIs that only tokens name are followed on
    /// threads ([`Fetcher::status_lists`]), or by a program's own
    /// [`StatusFeed`](jot::StatusFeed).
    ///
    /// [`Fetcher::status_lists`]: crate::Fetcher::status_lists
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`] outside of a runtime.
    #[cfg(feature = "status-list")]
    pub fn status_list(
        &self,
        uri: &str,
        keys: &AsyncKeys,
        algorithms: impl IntoIterator<Item = Alg>,
        options: ListOptions,
    ) -> Result<AsyncStatusList, Error> {
        let judge = judge::of_status_lists(algorithms)?;
        keys.feed_as(&judge, None)?;
        self.follow_list(uri, judge, Some(keys.clone()), options)
    }

    /// Follows a list of either kind that a verifier of the caller's judges, such as one with
    /// keys that are not followed: make it with
    /// [`Policy::revocation_list`](jot::Policy::revocation_list) or with that of status lists.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`] outside of a runtime.
    pub fn list_with<L: SignedList>(
        &self,
        url: &str,
        judge: Arc<Verifier>,
        options: ListOptions,
    ) -> Result<AsyncList<L>, Error> {
        self.follow_list(url, judge, None, options)
    }

    fn follow_list<L: SignedList>(
        &self,
        url: &str,
        judge: Arc<Verifier>,
        keys: Option<AsyncKeys>,
        options: ListOptions,
    ) -> Result<AsyncList<L>, Error> {
        let runtime = Handle::try_current().map_err(|error| Error::Thread(error.to_string()))?;
        let followed = FollowedList::new(ListKeeper::new(url, judge, options, seed())?, keys);
        let (follower, task) = Follower::start(followed, Arc::clone(&self.common), &runtime);
        Ok(AsyncList::new(follower, task))
    }
}
