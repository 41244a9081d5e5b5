//! An accepted token.

use std::sync::Arc;

use jot::{Alg, Verified};
use serde::Deserialize;

use crate::guard::Guard;
use crate::refusal::{Reason, Refusal};

/// The claims of an accepted token, kept for as long as they are wanted. Only a guard makes
/// one.
#[derive(Clone, Debug)]
pub struct Token {
    claims: Arc<str>,
    alg: Alg,
    guard: Guard,
}

impl Token {
    pub(crate) fn new(guard: &Guard, verified: &Verified<'_>) -> Self {
        Self {
            claims: verified.claims().as_text().into(),
            alg: verified.header().alg(),
            guard: guard.clone(),
        }
    }

    /// Returns the Claims Set as the issuer wrote it, in JSON.
    #[must_use]
    pub fn claims_text(&self) -> &str {
        &self.claims
    }

    /// Returns the algorithm of the signature.
    #[must_use]
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Deserializes the Claims Set.
    ///
    /// # Errors
    /// [`Reason::Unfit`], if the claims do not fit.
    pub fn claims<'t, T: Deserialize<'t>>(&'t self) -> Result<T, Refusal> {
        serde_json::from_str(&self.claims).map_err(|error| unfit(&self.guard, &error))
    }

    /// Returns `true` if it has passed all that `guard` demands: its verifier, and its scopes.
    #[cfg(feature = "axum")]
    pub(crate) fn is_of(&self, guard: &Guard) -> bool {
        let has = |scope| self.guard.scopes.contains(scope);
        Arc::ptr_eq(&self.guard.shared, &guard.shared) && guard.scopes.iter().all(has)
    }
}

/// The refusal of claims that do not fit, which a log is told of.
pub(crate) fn unfit(guard: &Guard, error: &serde_json::Error) -> Refusal {
    Refusal::new(guard, Reason::Unfit, || error.to_string())
}
