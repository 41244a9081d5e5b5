//! What whoever mounts a debugger gives it.

use std::sync::Arc;

use jot::{KeySet, UnixSeconds};

/// Where keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'p> {
    /// The URL of a JWK Set.
    Url(&'p str),
    /// An issuer, whose metadata name the URL.
    Issuer(&'p str),
}

/// Fetches keys, and waits for them; what is wrong is told in one sentence.
pub type Fetch = Arc<dyn Fn(Place<'_>) -> Result<KeySet, String> + Send + Sync>;

/// What the form has at first.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// A token.
    pub token: String,
    /// Keys as text: a JWK Set or PEM.
    pub keys: String,
}

/// What a debugger has besides its form.
#[derive(Clone)]
pub struct Debugger {
    /// Fetches keys, where the page may ask for that.
    pub fetch: Option<Fetch>,
    /// Says what the form has at first.
    pub start: Arc<dyn Fn() -> Start + Send + Sync>,
    /// The clock.
    pub now: fn() -> UnixSeconds,
}

impl std::fmt::Debug for Debugger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Debugger").field("may_fetch", &self.fetch.is_some()).finish_non_exhaustive()
    }
}
