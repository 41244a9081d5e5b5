//! Building a verifier.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::Verifier;
use super::trust::Trust;
use crate::cache::{CacheSize, VerifiedCache};
#[cfg(doc)]
use crate::error::Code;
use crate::error::Error;
use crate::key::KeySet;
use crate::policy::Policy;
use crate::revocation::Revocations;
use crate::stats::Counters;

/// A verifier in the making.
#[derive(Debug)]
pub struct VerifierBuilder {
    policy: Policy,
    trusted: Vec<(Option<Box<str>>, Arc<KeySet>)>,
    cache: Option<CacheSize>,
}

impl VerifierBuilder {
    pub(super) const fn new(policy: Policy) -> Self {
        Self { policy, trusted: Vec::new(), cache: None }
    }

    /// Trusts these keys for tokens of any issuer, or of none.
    #[must_use]
    pub fn keys(mut self, keys: impl Into<Arc<KeySet>>) -> Self {
        self.trusted.push((None, keys.into()));
        self
    }

    /// Trusts these keys for the tokens of this issuer, whose `iss` must be
    /// exactly this. May be called once for each issuer.
    #[must_use]
    pub fn issuer(mut self, issuer: &str, keys: impl Into<Arc<KeySet>>) -> Self {
        self.trusted.push((Some(issuer.into()), keys.into()));
        self
    }

    /// Remembers accepted tokens, so that their signatures are not verified
    /// again. Off by default.
    ///
    /// It never changes a verdict: dates are checked every time, and an entry
    /// dies with the key that verified it.
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

    /// Finishes the verifier.
    ///
    /// # Errors
    /// [`Code::AlgorithmsEmpty`], [`Code::PolicyInvalid`];
    /// [`Code::KeysEmpty`] when no key was given; [`Code::IssuerRequired`];
    /// [`Code::IssuerRepeated`], also when keys for any issuer stand beside
    /// others; [`Code::CacheTooLarge`], [`Code::RandomnessMissing`].
    pub fn build(self) -> Result<Verifier, Error> {
        let Self { policy, trusted, cache } = self;
        policy.validate()?;
        let trust = Trust::new(trusted, policy.demands_issuer())?;
        let cache = match cache {
            Some(size) => Some(VerifiedCache::new(size)?),
            None => None,
        };
        Ok(Verifier {
            policy,
            trust,
            cache,
            revocations: ArcSwap::from_pointee(Revocations::default()),
            has_revocations: false.into(),
            replacing: std::sync::Mutex::new(()),
            revision: 0.into(),
            counters: Counters::new(),
        })
    }
}
