//! The status lists of a verifier that is in use.

use std::convert::Infallible;
use std::sync::Arc;

use super::pipeline::Verifier;
use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::status::{StatusFeed, StatusList, StatusLists};

impl Verifier {
    /// Returns the status list with this URI, if the verifier has one.
    #[must_use]
    pub fn status_list(&self, uri: &str) -> Option<Arc<StatusList>> {
        self.status_lists.load().get(uri).cloned()
    }

    /// Adds a status list, or replaces the one with the same URI, also for tokens in the
    /// cache. It counts if the policy says so: [`Policy::check_status`],
    /// [`Policy::require_status`].
    ///
    /// Verifications that begin after this call returns use the new list. A verifier has at
    /// most 1024 lists.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]).require_status();
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let claims = r#"{"exp":1800003600,"status":{"status_list":{"idx":3,"uri":"https://a/1"}}}"#;
    /// # let (token, now, mut scratch) = (signer.sign_claims(claims)?, UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::{Code, StatusList};
    ///
    /// verifier.set_status_list(StatusList::stale("https://a/1"))?;
    /// assert_eq!(verifier.verify(&token, now, &mut scratch).unwrap_err().code(), Code::StatusListStale);
    /// assert!(verifier.forget_status_list("https://a/1"));
    /// assert_eq!(verifier.verify(&token, now, &mut scratch).unwrap_err().code(), Code::StatusListUnknown);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::StatusListsFull`]; the lists are unchanged.
    ///
    /// [`Policy::check_status`]: crate::Policy::check_status
    /// [`Policy::require_status`]: crate::Policy::require_status
    pub fn set_status_list(&self, list: impl Into<Arc<StatusList>>) -> Result<(), Error> {
        let list = list.into();
        self.change_status_lists(|lists| lists.put(list))
    }

    /// Drops the status list with this URI; returns `false` if there is none. Tokens that
    /// name it are rejected with [`Code::StatusListUnknown`] from then on.
    pub fn forget_status_list(&self, uri: &str) -> bool {
        self.change_status_lists(|lists| if lists.forget(uri) { Ok(()) } else { Err(()) }).is_ok()
    }

    /// Asks this feed for the lists that tokens name and the verifier does not have. Several
    /// feeds are asked in turn, until one says that the list will come. The verifier keeps
    /// them for as long as it lives.
    pub fn add_status_feed(&self, feed: Arc<dyn StatusFeed>) {
        let added = self.change_status_lists(|lists| {
            lists.add_feed(feed);
            Ok::<(), Infallible>(())
        });
        let Ok(()) = added;
    }

    /// Returns whether a token named the list with this URI since the last call, so that
    /// lists which nobody names any more can be forgotten. Tokens in the cache count only
    /// after another list was set.
    #[must_use]
    pub fn status_list_was_named(&self, uri: &str) -> bool {
        self.status_lists.load().was_named(uri)
    }

    fn change_status_lists<E>(
        &self,
        change_them: impl FnOnce(&mut StatusLists) -> Result<(), E>,
    ) -> Result<(), E> {
        let change = self.shared.changes.begin();
        let mut lists = StatusLists::clone(&self.status_lists.load());
        change_them(&mut lists)?;
        self.status_lists.store(Arc::new(lists));
        change.publish(&self.revision);
        Ok(())
    }

    /// # Errors
    /// [`Code::StatusRevoked`] to [`Code::StatusMissing`], [`Code::StatusListNotYet`],
    /// [`Code::StatusListStale`], [`Code::StatusListUnknown`].
    #[inline]
    pub(super) fn check_status(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let Some(place) = self.policy.status().place(claims)? else { return Ok(()) };
        let lists = self.status_lists.load();
        if let Some(checked) = lists.check(place.uri, place.index) {
            return checked;
        }
        let refused = |code| Err(Rejection::of_claim(code, "status"));
        if !lists.is_coming(place.uri) {
            return refused(Code::StatusListUnknown);
        }
        // Whoever brings it may have had it.
        let checked = self.status_lists.load().check(place.uri, place.index);
        checked.unwrap_or_else(|| refused(Code::StatusListNotYet))
    }
}
