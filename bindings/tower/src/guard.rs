//! The guard.

use std::fmt;
use std::sync::Arc;

use jot::{UnixSeconds, Verifier};

use crate::fault::GuardFault;
use crate::retry::Retry;

/// What all clones of a guard share.
pub(crate) struct Shared {
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) realm: Box<str>,
    pub(crate) resource_metadata: Option<Box<str>>,
    pub(crate) describe: bool,
    pub(crate) clock: fn() -> UnixSeconds,
    pub(crate) retry: Option<Box<dyn Retry>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("realm", &self.realm).finish_non_exhaustive()
    }
}

/// Lets requests pass whose bearer token a [`Verifier`] accepts. Clones are cheap and share
/// the verifier.
#[derive(Clone, Debug)]
pub struct Guard {
    pub(crate) shared: Arc<Shared>,
    pub(crate) scopes: Arc<[String]>,
}

impl Guard {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), scopes: Arc::default() }
    }

    /// Returns a guard that demands these scopes, too: for some of the routes.
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
    /// # let keys = KeySet::new([SigningKey::generate(Alg::ES256)?.verifying_key()?]);
    /// # let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(keys).build()?;
    /// # let guard = jot_tower::Guard::builder(verifier).build()?;
    /// let readers = guard.with_scopes(["orders:read"])?;
    /// let app: Router = Router::new().route("/orders", get(|| async { "none" })).layer(readers.layer());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`GuardFault::Scope`]
    pub fn with_scopes(
        &self,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, GuardFault> {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(GuardFault::Scope(wrong.clone()));
        }
        let scopes = self.scopes.iter().cloned().chain(scopes).collect();
        Ok(Self { shared: Arc::clone(&self.shared), scopes })
    }
}

/// Returns `true` if a text is a scope-token (RFC 6749 §3.3).
fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'))
}
