//! The state of a keeper of a list, for logs, metrics and operators.

use crate::error::Error;
use crate::time::UnixSeconds;

/// The answer of [`ListKeeper::health`](super::ListKeeper::health).
///
/// ```
/// # use std::sync::Arc;
/// # use jot::lists::{ListKeeper, ListOptions};
/// # use jot::{Alg, KeySet, Policy, Revocations, Verifier};
/// # let policy = Policy::revocation_list([Alg::ES256]);
/// # let lists = Arc::new(Verifier::builder(policy).issuer("https://issuer", KeySet::not_yet()).build()?);
/// # let url = "https://issuer.example/revocations";
/// # let keeper = ListKeeper::<Revocations>::new(url, lists, ListOptions::default(), 1)?;
/// let health = keeper.health();
/// assert_eq!((health.entries, health.failures, health.last_success), (0, 0, None));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListHealth {
    /// When the list was fetched or confirmed last.
    pub last_success: Option<UnixSeconds>,
    /// When the list in force was made, its `iat`.
    pub issued_at: Option<UnixSeconds>,
    /// The `exp` of the list in force.
    pub expires_at: Option<UnixSeconds>,
    /// When the list in force goes out of use, unless another one comes.
    pub usable_until: Option<UnixSeconds>,
    /// When the next fetch is due, or the one under way is given up.
    pub next_fetch: UnixSeconds,
    /// What was wrong with the last fetch, or why its list was rejected; `None` if it
    /// succeeded.
    pub error: Option<Error>,
    /// How many fetches failed since the last success.
    pub failures: u32,
    /// How many requests were asked for so far.
    pub fetches: u64,
    /// How many answers brought or confirmed a list.
    pub successes: u64,
    /// How many entries the list in force has.
    pub entries: usize,
}
