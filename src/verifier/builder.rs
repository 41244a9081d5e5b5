//! Builds a verifier.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::pipeline::Verifier;
use super::shared::Shared;
use super::source::{KeyFeed, KeySlot, KeySource};
use super::trust::{Given, Trust};
use crate::cache::{CacheSize, Changes, FIRST, VerifiedCache};
use crate::crypto::{Accelerator, Backend, Settings};
#[cfg(doc)]
use crate::error::Code;
use crate::error::Error;
use crate::policy::Policy;
use crate::revocation::Revocations;
use crate::stats::Counters;
#[cfg(feature = "status-list")]
use crate::status::StatusLists;

/// Collects a policy, keys and settings for a verifier.
///
/// ```
/// use jot::{Alg, CacheSize, KeySet, Policy, SigningKey, Verifier};
/// # let (ours, theirs) = (SigningKey::generate(Alg::ES256)?, SigningKey::generate(Alg::ES256)?);
/// # let (ours, theirs) = (KeySet::new([ours.verifying_key()?]), KeySet::new([theirs.verifying_key()?]));
///
/// let verifier = Verifier::builder(Policy::new([Alg::ES256]).audience("api"))
///     .issuer("https://issuer", ours)
///     .issuer("https://partner", theirs)
///     .cache(CacheSize::Bytes(1 << 20))
///     .build()?;
/// assert!(verifier.keys(Some("https://partner")).is_some());
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifierBuilder {
    policy: Policy,
    trusted: Vec<Given>,
    /// What brings the keys of those with this index.
    feeds: Vec<(u32, Arc<dyn KeyFeed>)>,
    cache: Option<CacheSize>,
    acceleration: Settings,
}

impl VerifierBuilder {
    pub(super) const fn new(policy: Policy) -> Self {
        Self { policy, trusted: Vec::new(), feeds: Vec::new(), cache: None, acceleration: Settings::new() }
    }

    /// Trusts these keys for tokens of any issuer, or of none.
    #[must_use]
    pub fn keys(self, keys: impl Into<KeySource>) -> Self {
        self.trust(None, None, false, keys.into())
    }

    /// Trusts these keys for the tokens whose `iss` is exactly `issuer`. Call it once
    /// for each issuer.
    ///
    /// They are a [`KeySet`](crate::KeySet), or `RemoteKeys` of the crate `jot-fetch`, which
    /// follows what the issuer publishes.
    #[must_use]
    pub fn issuer(self, issuer: &str, keys: impl Into<KeySource>) -> Self {
        let issuer: Box<str> = issuer.into();
        self.trust(Some(issuer.clone()), Some(issuer), false, keys.into())
    }

    /// Trusts these keys for calls that name this key set in their
    /// [`Demand`](crate::Demand); if an issuer is given, only for its tokens. Call it
    /// once for each name. It cannot be combined with [`keys`](Self::keys) and
    /// [`issuer`](Self::issuer). A call that names no key set, or an unknown one, is
    /// rejected ([`Code::IssuerUnknown`]).
    ///
    /// ```
    /// # use jot::{Alg, Demand, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
    /// # let key = |secret| VerifyingKey::from_secret(&[secret; 32], &KeyOptions::default());
    /// let verifier = Verifier::builder(Policy::new([Alg::HS256]))
    ///     .key_set("red", None, KeySet::new([key(1)?]))
    ///     .key_set("blue", Some("https://blue.example"), KeySet::new([key(2)?]))
    ///     .build()?;
    /// let demand = Demand { key_set: Some("blue"), ..Demand::default() };
    /// # let mut scratch = Scratch::new();
    /// # assert!(!verifier.verdict_for(b"", UnixSeconds(0), &demand, &mut scratch).is_accepted());
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn key_set(self, name: &str, issuer: Option<&str>, keys: impl Into<KeySource>) -> Self {
        self.trust(Some(name.into()), issuer.map(Into::into), true, keys.into())
    }

    fn trust(
        mut self,
        name: Option<Box<str>>,
        issuer: Option<Box<str>>,
        by_caller: bool,
        keys: KeySource,
    ) -> Self {
        let KeySource { set, feed } = keys;
        // More of them than 32 bits count fit into no memory.
        let index = u32::try_from(self.trusted.len()).unwrap_or(u32::MAX);
        self.feeds.extend(feed.map(|feed| (index, feed)));
        self.trusted.push(Given { name, issuer, by_caller, set });
        self
    }

    /// Remembers accepted tokens and does not verify their signatures again. Off by
    /// default.
    ///
    /// It never changes a verdict: dates are checked every time, and an entry is dropped
    /// together with the key that verified it.
    ///
    /// ```
    /// # use jot::{Alg, CacheSize, KeyOptions, KeySet, Policy, Verifier, VerifyingKey};
    /// # let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default())?;
    /// let verifier = Verifier::builder(Policy::new([Alg::HS256]))
    ///     .keys(KeySet::new([key]))
    ///     .cache(CacheSize::Entries(100_000))
    ///     .build()?;
    /// assert!(verifier.statistics().cache_bytes < 9_000_000);
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn cache(mut self, size: CacheSize) -> Self {
        self.cache = Some(size);
        self
    }

    /// Chooses the code that verifies signatures; [`Backend::AwsLc`] by default.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.acceleration.backend = backend;
        self
    }

    /// Limits the memory of the accelerated tables of keys in bytes; 32 MiB by default.
    /// Beyond it, a new table takes the place of those that are worth less than half as
    /// much: the signatures of late of their keys, times what they save, for each byte.
    ///
    /// A key on P-256 or secp256k1 takes 8 KiB for a small table and 256 for a large one, one on
    /// Ed25519 12 and 384, one on P-384 24 and 768, one on P-521 50 and 1584. Without a vector
    /// unit there are only large ones.
    #[must_use]
    pub fn table_bytes(mut self, bytes: usize) -> Self {
        self.acceleration.table_bytes = bytes;
        self
    }

    /// Lets aws-lc check one in `one_in` of the signatures that accelerated code
    /// accepted, in addition to all that it did not accept; 1 for all and 0 for none. The
    /// default is 1,024, which costs at most 1.5 % of the time (ES256 in batches).
    ///
    /// The sample is random. If aws-lc ever disagrees, the token is rejected, and from then
    /// on only aws-lc verifies the algorithms of that code, in the whole process
    /// ([`distrusted`](crate::backend::distrusted),
    /// [`BackendReport::warning`](crate::backend::BackendReport::warning)).
    #[must_use]
    pub fn cross_check(mut self, one_in: u32) -> Self {
        self.acceleration.cross_check = one_in;
        self
    }

    /// Checks whether [`build`](Self::build) would succeed, without the memory and the
    /// time for the cache and the keys' tables: for a process that checks settings for
    /// other processes.
    ///
    /// # Errors
    /// Those of [`build`](Self::build) except [`Code::RandomnessMissing`].
    pub fn check(&self) -> Result<(), Error> {
        self.policy.validate()?;
        Trust::check(&self.trusted, self.policy.demands_issuer())?;
        self.cache.map_or(Ok(()), VerifiedCache::check)
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// [`Code::AlgorithmsEmpty`], [`Code::PolicyInvalid`]; [`Code::KeysEmpty`] if no
    /// key was given; [`Code::IssuerRequired`]; [`Code::IssuerRepeated`], also if keys
    /// for any issuer are combined with others, or key sets that calls name with keys
    /// that the `iss` selects; [`Code::CacheTooLarge`]; [`Code::RandomnessMissing`];
    /// `PolicyInvalid` with the member `cache` if its bytes hold no entry; those of
    /// [`KeyFeed::feed`].
    pub fn build(self) -> Result<Verifier, Error> {
        let Self { policy, trusted, feeds, cache, acceleration } = self;
        policy.validate()?;
        let trust = Trust::new(trusted, policy.demands_issuer())?;
        let cache = match cache {
            Some(size) => Some(VerifiedCache::new(size)?),
            None => None,
        };
        let accelerator = Accelerator::new(acceleration, policy.algorithms())?;
        let shared = Arc::new(Shared { trust, changes: Changes::default(), accelerator });
        let verifier = Verifier {
            policy,
            shared,
            feeds: feeds.iter().map(|(_, feed)| Arc::clone(feed)).collect(),
            cache,
            revocations: ArcSwap::from_pointee(Revocations::default()),
            has_revocations: false.into(),
            #[cfg(feature = "status-list")]
            status_lists: ArcSwap::from_pointee(StatusLists::default()),
            revision: FIRST.into(),
            counters: Counters::default(),
        };
        if verifier.shared.accelerator.is_eager() {
            verifier.prepare();
        }
        for (index, feed) in feeds {
            feed.feed(KeySlot::new(&verifier.shared, index))?;
        }
        Ok(verifier)
    }
}

impl Verifier {
    /// Starts a verifier; give it keys next.
    ///
    /// ```
    /// use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
    ///
    /// let key = SigningKey::generate(Alg::ES256)?.verifying_key()?;
    /// let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(KeySet::new([key])).build()?;
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub const fn builder(policy: Policy) -> VerifierBuilder {
        VerifierBuilder::new(policy)
    }
}
