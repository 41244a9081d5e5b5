//! Keys, revocations and counters of a verifier that is in use.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::pipeline::Verifier;
use super::source::KeySlot;
use crate::alg::Alg;
use crate::cache::VerifiedCache;
use crate::error::{Code, Error};
use crate::key::KeySet;
use crate::policy::Policy;
use crate::revocation::Revocations;
use crate::stats::Statistics;

impl Verifier {
    /// Returns the current keys of an issuer, or the only key set.
    #[must_use]
    pub fn keys(&self, issuer: Option<&str>) -> Option<Arc<KeySet>> {
        Some(Arc::clone(&self.shared.trust.get(self.shared.trust.named(issuer)?)?.keys().set))
    }

    /// Replaces the key set of an issuer, or the only key set.
    ///
    /// Verifications that begin after this call returns use the new keys. Cache entries of
    /// the old keys are not used again, even if a `kid` comes back with other key material.
    /// A set with exactly the same keys keeps the cache. The call waits for another thread
    /// that is replacing keys. If the parent was replacing keys at the moment of a fork, a
    /// call in the child waits for ever; build a new verifier in the child, or replace keys
    /// in one thread only.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::Code;
    ///
    /// assert!(verifier.verify(&token, now, &mut scratch).is_ok());
    /// let new = SigningKey::generate(Alg::ES256)?.with_kid("2026-02");
    /// verifier.replace_keys(None, KeySet::new([new.verifying_key()?]))?;
    /// assert_eq!(verifier.verify(&token, now, &mut scratch).unwrap_err().code(), Code::KidUnknown);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeysEmpty`], [`Code::IssuerUnknown`]; the old keys stay in use.
    pub fn replace_keys(&self, issuer: Option<&str>, keys: impl Into<Arc<KeySet>>) -> Result<(), Error> {
        self.shared.replace_keys(self.shared.trust.named(issuer), keys.into())
    }

    /// Returns the place of an issuer's keys, or of the only key set, for who brings them
    /// and does not keep the verifier.
    ///
    /// # Errors
    /// [`Code::IssuerUnknown`]
    pub fn key_slot(&self, issuer: Option<&str>) -> Result<KeySlot, Error> {
        let index = self.shared.trust.named(issuer);
        let index = index.ok_or_else(|| Error::of_member(Code::IssuerUnknown, "issuer"))?;
        Ok(KeySlot::new(&self.shared, index))
    }

    /// Builds now the accelerated tables of all current keys that have none, within the
    /// memory limit. Returns how many pairs of key and algorithm have tables. Call it
    /// from a maintenance thread, or before the first requests.
    ///
    /// [`Backend::Auto`](crate::backend::Backend::Auto) would build them step by step;
    /// with [`Backend::AwsLc`](crate::backend::Backend::AwsLc) there are none.
    pub fn prepare(&self) -> usize {
        self.shared
            .trust
            .snapshot()
            .map(|keys| self.shared.prepare_each(&keys.set))
            .fold(0, usize::saturating_add)
    }

    /// Returns the name of the code that verifies signatures under `alg`: `aws-lc`, or
    /// the accelerated code that runs before it.
    #[must_use]
    pub fn backend_name(&self, alg: Alg) -> &'static str {
        self.shared.accelerator.name(alg)
    }

    /// Returns the current revocations.
    #[must_use]
    pub fn revocations(&self) -> Arc<Revocations> {
        self.revocations.load_full()
    }

    /// Replaces the revocations, also for tokens in the cache.
    ///
    /// Verifications that begin after this call returns use the new list.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"jti":"a1","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::{Code, Revocations};
    ///
    /// let mut revocations = Revocations::default();
    /// revocations.revoke_jti("a1", Some(UnixSeconds(1_800_003_600)))?;
    /// verifier.set_revocations(revocations);
    /// assert_eq!(verifier.verify(&token, now, &mut scratch).unwrap_err().code(), Code::JtiRevoked);
    /// # Ok::<(), jot::Error>(())
    /// ```
    pub fn set_revocations(&self, revocations: impl Into<Arc<Revocations>>) {
        let revocations = revocations.into();
        let any = revocations.can_reject();
        let change = self.shared.changes.begin();
        // The flag is set before a non-empty list is stored and cleared after an empty
        // one, so it never reads false while revocations exist.
        if any {
            self.has_revocations.store(true, Ordering::Release);
        }
        self.revocations.store(revocations);
        if !any {
            self.has_revocations.store(false, Ordering::Release);
        }
        change.publish(&self.revision);
    }

    /// Returns the verifier's counters.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    ///
    /// let _ = verifier.verify(&token, now, &mut scratch);
    /// assert_eq!(verifier.statistics().verifications, [(Alg::ES256, 1)]);
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let cache_bytes = self.cache.as_ref().map_or(0, VerifiedCache::bytes);
        self.counters.snapshot(cache_bytes, self.shared.accelerator.report())
    }

    /// Returns the policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}
