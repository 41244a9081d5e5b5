//! Keys at a URL: when to fetch them, and what an answer means.
//!
//! [`Keeper`] follows the key set of one issuer. It does not fetch anything itself: a
//! thread, an event loop or a gateway's client makes its requests. Other clients often
//! get these rules wrong:
//!
//! - A set is fetched again before the end of its freshness (RFC 9111), within bounds.
//! - A `kid` that no key has causes a fetch, but at most one in a cool-down, and for all
//!   issuers together at most as many as a [`Budget`] allows. Failed fetches count.
//! - While a server fails, keys stay in use for as long as
//!   [`KeeperOptions::serve_stale_for`] says; then tokens are refused with
//!   [`Code::KeysStale`].
//! - An answer replaces the keys only if it has a usable key. Keys that it lacks are
//!   refused at once.
//! - URLs must be `https`, metadata must name the issuer that was asked for, and
//!   redirects must stay within their origin.
//!
//! [`Code::KeysStale`]: crate::Code::KeysStale

mod budget;
mod discovering;
mod discovery;
mod exchange;
mod freshness;
mod health;
mod history;
mod keeper;
mod options;
mod outcome;
mod reply;
mod resource;
mod saved;
mod seed;
mod url;

pub use budget::Budget;
pub use exchange::{Answer, Change, Poll, Request, Ticket, UnknownKid};
pub use freshness::Field;
pub use health::Health;
pub use history::SeenKey;
pub use keeper::Keeper;
pub use options::KeeperOptions;

// What lists at a URL are followed with, too.
pub(crate) use freshness::{Freshness, Lifetime, field, freshness, retry_after};
pub(crate) use resource::Resource;
pub(crate) use seed::Seed;
pub(crate) use url::Url;
