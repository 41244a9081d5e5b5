//! What a program makes to follow issuers.

use std::num::NonZeroU8;
use std::sync::{Arc, Weak};

#[cfg(doc)]
use jot::Policy;
use jot::jwks::{Budget, Keeper, KeeperOptions};
use jot::lists::{ListKeeper, ListOptions};
use jot::{Alg, Revocations, Verifier};

#[cfg(feature = "tokio")]
use crate::asynchronous::AsyncFetcher;
use crate::client::Settings;
use crate::error::Error;
use crate::follow::Follow;
use crate::followed::Followed;
use crate::followed_list::FollowedList;
#[cfg(feature = "status-list")]
use crate::followed_lists::FollowedLists;
use crate::judge;
#[cfg(feature = "status-list")]
use crate::lock::lock;
use crate::remote::{Kept, RemoteKeys};
use crate::remote_list::{RemoteList, RemoteRevocations};
use crate::seed::seed;
#[cfg(feature = "status-list")]
use crate::status_lists::RemoteStatusLists;
#[cfg(feature = "status-list")]
use crate::status_places::StatusPlaces;
use crate::threads::Threads;

/// Collects what a [`Fetcher`] trusts and how it connects.
#[derive(Clone, Debug)]
pub struct FetcherBuilder {
    settings: Settings,
    threads: NonZeroU8,
    budget: Budget,
}

impl FetcherBuilder {
    /// Trusts these authorities (PEM) and no others; by default those of the `webpki-roots`
    /// crate, which are Mozilla's.
    #[must_use]
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.authorities = Some(pem.into());
        self
    }

    /// Shows this certificate chain to servers; both arguments are PEM.
    #[must_use]
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.settings.client_certificate = Some((chain.into(), key.into()));
        self
    }

    /// Connects through this proxy; an empty URL means none. By default the variables
    /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxy = Some(url.into());
        self
    }

    /// Sets the number of threads; one by default. With more, a slow issuer does not
    /// delay another one.
    #[must_use]
    pub const fn threads(mut self, threads: NonZeroU8) -> Self {
        self.threads = threads;
        self
    }

    /// Sets how many fetches unknown `kid`s may cause, over all issuers.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Makes the fetcher. Its threads start with the first issuer that it follows.
    ///
    /// # Errors
    /// [`Error::Settings`].
    pub fn build(self) -> Result<Fetcher, Error> {
        let Self { settings, threads, budget } = self;
        Ok(Fetcher { threads: Arc::new(Threads::new(settings, threads, budget)?), is_shared: false })
    }

    /// Makes a fetcher for programs on tokio, which has no threads. It knows no proxy.
    ///
    /// # Errors
    /// [`Error::Settings`].
    #[cfg(feature = "tokio")]
    pub fn build_async(self) -> Result<AsyncFetcher, Error> {
        AsyncFetcher::new(&self.settings, self.budget)
    }
}

/// Follows any number of issuers on threads of its own, which end when it is dropped.
///
/// A child of a `fork` has no threads; its fetcher starts its own with the first call
/// of [`RemoteKeys`] or of this type, such as [`RemoteKeys::start`], with connections of
/// their own.
///
/// ```no_run
/// use std::time::Duration;
///
/// use jot::jwks::KeeperOptions;
/// use jot::{Alg, Policy, Scratch, UnixSeconds, Verifier};
/// use jot_fetch::Fetcher;
///
/// let fetcher = Fetcher::builder().build()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let policy = Policy::new([Alg::RS256, Alg::ES256]).audience("api");
/// let verifier = Verifier::builder(policy).issuer("https://issuer.example", &keys).build()?;
/// keys.wait(Duration::from_secs(5))?;
///
/// let mut scratch = Scratch::new();
/// let accepted = verifier.verify("eyJ…", UnixSeconds::now(), &mut scratch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Fetcher {
    threads: Arc<Threads>,
    /// Whether it is that of all who made none.
    pub(crate) is_shared: bool,
}

impl Fetcher {
    /// Starts with the settings that most programs want.
    #[must_use]
    pub fn builder() -> FetcherBuilder {
        FetcherBuilder { settings: Settings::default(), threads: NonZeroU8::MIN, budget: Budget::default() }
    }

    /// Follows the keys at a URL. `issuer` is the `iss` of its tokens, if they have one.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`].
    pub fn keys(&self, url: &str, issuer: Option<&str>, options: KeeperOptions) -> Result<RemoteKeys, Error> {
        self.follow(issuer, Keeper::of_keys(url, options, seed())?, None)
    }

    /// Follows the keys that an issuer's OpenID configuration names.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub fn discover(&self, issuer: &str, options: KeeperOptions) -> Result<RemoteKeys, Error> {
        self.follow(Some(issuer), Keeper::of_issuer(issuer, options, seed())?, None)
    }

    /// Follows the keys of the authorization server that a protected resource names; see
    /// [`Keeper::of_resource`].
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub fn discover_resource(&self, resource: &str, options: KeeperOptions) -> Result<RemoteKeys, Error> {
        self.follow(None, Keeper::of_resource(resource, options, seed())?, None)
    }

    pub(crate) fn follow(
        &self,
        issuer: Option<&str>,
        keeper: Keeper,
        kept: Option<Arc<Self>>,
    ) -> Result<RemoteKeys, Error> {
        let followed = Arc::new(Followed::new(issuer, keeper));
        self.threads.follow(Arc::downgrade(&followed) as Weak<dyn Follow>)?;
        Ok(RemoteKeys::new(followed, Arc::clone(&self.threads), kept.map(|kept| kept as Kept)))
    }

    /// Follows the revocations that an issuer serves as a signed JWT at a URL
    /// (docs/revocation.md). `keys` are those of the issuer, with its name; a list counts
    /// if one of them signed it with one of these algorithms.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`, or with `issuer_required` for keys without the
    /// name of their issuer; [`Error::Thread`].
    pub fn revocations(
        &self,
        url: &str,
        keys: &RemoteKeys,
        algorithms: impl IntoIterator<Item = Alg>,
        options: ListOptions,
    ) -> Result<RemoteRevocations, Error> {
        self.revocations_as(url, keys, keys.issuer(), algorithms, options)
    }

    /// Works like [`revocations`](Self::revocations) for keys that do not know the name of
    /// their issuer.
    ///
    /// # Errors
    /// Those of [`revocations`](Self::revocations).
    pub fn revocations_as(
        &self,
        url: &str,
        keys: &RemoteKeys,
        issuer: Option<&str>,
        algorithms: impl IntoIterator<Item = Alg>,
        options: ListOptions,
    ) -> Result<RemoteRevocations, Error> {
        let lists = judge::of_revocations(issuer, algorithms)?;
        keys.feed_as(&lists, issuer)?;
        self.follow_list(url, lists, Some(keys.clone()), options)
    }

    /// Works like [`revocations`](Self::revocations) with a verifier of the caller's, such
    /// as one with keys that are not followed. Make it with [`Policy::revocation_list`].
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`].
    pub fn revocations_with(
        &self,
        url: &str,
        lists: Arc<Verifier>,
        options: ListOptions,
    ) -> Result<RemoteRevocations, Error> {
        self.follow_list(url, lists, None, options)
    }

    fn follow_list(
        &self,
        url: &str,
        lists: Arc<Verifier>,
        keys: Option<RemoteKeys>,
        options: ListOptions,
    ) -> Result<RemoteRevocations, Error> {
        let keeper = ListKeeper::<Revocations>::new(url, lists, options, seed())?;
        let followed = Arc::new(FollowedList::new(keeper, keys.as_ref().map(RemoteKeys::loose)));
        self.threads.follow(Arc::downgrade(&followed) as Weak<dyn Follow>)?;
        Ok(RemoteList::new(followed, Arc::clone(&self.threads), keys))
    }

    /// Follows the status lists of an issuer at these places
    /// (draft-ietf-oauth-status-list). `keys` are those of the issuer of the lists; a list
    /// counts if one of them signed it with one of these algorithms, and if its `sub` is its
    /// URI. Several of these may be fed to one verifier, for issuers with other keys.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`, or with `algorithms_empty`; [`Error::Thread`].
    #[cfg(feature = "status-list")]
    pub fn status_lists(
        &self,
        places: StatusPlaces,
        keys: &RemoteKeys,
        algorithms: impl IntoIterator<Item = Alg>,
        options: ListOptions,
    ) -> Result<RemoteStatusLists, Error> {
        let judge = judge::of_status_lists(algorithms)?;
        keys.feed_as(&judge, None)?;
        self.follow_lists(places, judge, Some(keys.clone()), options)
    }

    /// Works like [`status_lists`](Self::status_lists) with a verifier of the caller's, such
    /// as one with keys that are not followed. Make it with [`Policy::status_list`].
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`].
    #[cfg(feature = "status-list")]
    pub fn status_lists_with(
        &self,
        places: StatusPlaces,
        lists: Arc<Verifier>,
        options: ListOptions,
    ) -> Result<RemoteStatusLists, Error> {
        self.follow_lists(places, lists, None, options)
    }

    #[cfg(feature = "status-list")]
    fn follow_lists(
        &self,
        places: StatusPlaces,
        judge: Arc<Verifier>,
        keys: Option<RemoteKeys>,
        options: ListOptions,
    ) -> Result<RemoteStatusLists, Error> {
        let threads = Arc::clone(&self.threads);
        let loose = keys.as_ref().map(RemoteKeys::loose);
        let followed = Arc::new(FollowedLists::new(places, judge, loose, options, Arc::clone(&threads))?);
        let held = lock();
        followed.begin(&held)?;
        threads.add(&held, Arc::downgrade(&followed) as Weak<dyn Follow>)?;
        drop(held);
        Ok(RemoteStatusLists::new(followed, threads, keys))
    }
}

/// Ends the threads; a fetch under way is waited for, no longer than its timeout.
impl Drop for Fetcher {
    fn drop(&mut self) {
        // Who has a verifier and nothing else does not expect that its end takes time.
        self.threads.stop(!self.is_shared);
    }
}
