//! Making a guard.

use std::sync::Arc;

use jot::{UnixSeconds, Verifier};

use crate::fault::GuardFault;
use crate::guard::{Guard, Shared};

/// The settings of a [`Guard`]; [`Guard::builder`] begins.
#[derive(Debug)]
#[must_use]
pub struct GuardBuilder {
    shared: Shared,
    scopes: Vec<String>,
}

impl Guard {
    /// Begins the settings of a guard.
    pub fn builder(verifier: impl Into<Arc<Verifier>>) -> GuardBuilder {
        GuardBuilder::new(verifier.into())
    }
}

impl GuardBuilder {
    pub(crate) fn new(verifier: Arc<Verifier>) -> Self {
        let realm = "protected".into();
        let clock = UnixSeconds::now;
        let shared = Shared { verifier, realm, resource_metadata: None, describe: true, clock, retry: None };
        Self { shared, scopes: Vec::new() }
    }

    /// Sets the realm of challenges; `protected` by default.
    pub fn realm(mut self, realm: &str) -> Self {
        self.shared.realm = realm.into();
        self
    }

    /// Names the URL of the resource's metadata in challenges (RFC 9728 §5.1), where clients
    /// learn which authorization servers give tokens. Serving the document is up to the
    /// application.
    pub fn resource_metadata(mut self, url: &str) -> Self {
        self.shared.resource_metadata = Some(url.into());
        self
    }

    /// Demands a scope of every token; see [`Guard::with_scopes`].
    pub fn scope(mut self, scope: &str) -> Self {
        self.scopes.push(scope.to_owned());
        self
    }

    /// Leaves out what is wrong with a token: challenges have no `error_description` then.
    pub fn without_description(mut self) -> Self {
        self.shared.describe = false;
        self
    }

    /// Takes the time from `now` and not from the system's clock, for tests.
    pub fn clock(mut self, now: fn() -> UnixSeconds) -> Self {
        self.shared.clock = now;
        self
    }

    /// Has these keys, which the verifier follows, fetched when a token names one that is not
    /// known yet, and lets the request wait no longer than `longest`, without blocking a thread.
    /// Several issuers' keys are asked in turn. jot-fetch bounds how often it fetches, whatever
    /// tokens come.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// use jot::jwks::KeeperOptions;
    /// use jot::{Alg, Policy, Verifier};
    /// use jot_fetch::Fetcher;
    /// use jot_tower::Guard;
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let fetcher = Fetcher::builder().build_async()?;
    /// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
    /// let policy = Policy::new([Alg::ES256]).audience("api");
    /// let verifier = Verifier::builder(policy).issuer("https://issuer.example", &keys).build()?;
    /// let guard = Guard::builder(verifier).keys([keys], Duration::from_secs(2)).build()?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "fetch")]
    pub fn keys(
        mut self,
        keys: impl IntoIterator<Item = jot_fetch::AsyncKeys>,
        longest: std::time::Duration,
    ) -> Self {
        let fetched = crate::fetch::Fetched { keys: keys.into_iter().collect(), longest };
        self.shared.retry = Some(Box::new(Arc::new(fetched)));
        self
    }

    /// # Errors
    /// [`GuardFault`]: the realm or the URL cannot stand in a header, or a scope is none.
    pub fn build(self) -> Result<Guard, GuardFault> {
        let Self { shared, scopes } = self;
        for text in std::iter::once(&shared.realm).chain(&shared.resource_metadata) {
            if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                return Err(GuardFault::Unprintable(text.to_string()));
            }
        }
        Guard::new(shared).with_scopes(scopes)
    }
}
