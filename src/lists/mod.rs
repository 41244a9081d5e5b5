//! Signed lists at a URL: when to fetch them, and what an answer means.
//!
//! [`ListKeeper`] follows a list that an issuer serves as a signed JWT, such as its
//! revocations. Like [`jwks::Keeper`](crate::jwks::Keeper), whose rules for requests,
//! redirects and failures it shares, it does not fetch anything itself.
//!
//! - A list counts only if a verifier of the caller's accepts it: its signature, issuer,
//!   `typ` and dates.
//! - It is fetched again after its `ttl`, within bounds, and before its `exp`.
//! - A list that is older than the one in force is refused: nobody can undo a revocation
//!   by serving yesterday's list.
//! - When the list's `exp` has passed and no new one could be had,
//!   [`ListOptions::serve_stale_for`] says what happens. By default tokens are refused.

mod change;
mod health;
mod keeper;
mod options;
mod signed;

pub use change::ListChange;
pub use health::ListHealth;
pub use keeper::ListKeeper;
pub use options::ListOptions;
pub use signed::SignedList;
