//! The state of a keeper, for logs, metrics and operators.

use crate::error::Error;
use crate::time::UnixSeconds;

/// The answer of [`Keeper::health`](super::Keeper::health).
///
/// ```
/// # use jot::UnixSeconds;
/// # use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};
/// # let mut keeper = Keeper::of_keys("https://issuer.example/jwks", KeeperOptions::default(), 1)?;
/// # let now = UnixSeconds(1_800_000_000);
/// let health = keeper.health();
/// assert_eq!((health.keys, health.failures, health.last_success), (0, 0, None));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// When the keys were fetched or confirmed last.
    pub last_success: Option<UnixSeconds>,
    /// Until when the keys are fresh.
    pub fresh_until: Option<UnixSeconds>,
    /// When the next fetch is due, or the one under way is given up.
    pub next_fetch: UnixSeconds,
    /// What was wrong with the last fetch; `None` if it succeeded.
    pub error: Option<Error>,
    /// How many fetches of the keys failed since the last success.
    pub failures: u32,
    /// How many requests were asked for so far.
    pub fetches: u64,
    /// How many answers brought or confirmed keys.
    pub successes: u64,
    /// How often an unknown `kid` was refused without a fetch.
    pub refused: u64,
    /// How many keys are in force.
    pub keys: usize,
}
