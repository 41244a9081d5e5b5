//! Keys that live behind a URL: when to fetch them and what an answer means.
//!
//! [`Keeper`] follows the key set of one issuer. It fetches nothing itself: a thread, an
//! event loop or a gateway's client does what it says. Its rules are those that
//! clients of the field got wrong:
//!
//! - A set is asked for ahead of the end of its freshness (RFC 9111), within bounds.
//! - A `kid` that no key has asks for a fetch, but no more than one in a cool-down,
//!   and all issuers together no more than a [`Budget`] has. Failed fetches count.
//! - While a server fails, keys stay in use for as long as
//!   [`KeeperOptions::serve_stale_for`] says; then [`Code::KeysStale`] says so.
//! - An answer takes the place of the keys only if it has a usable one, and a key that
//!   it lacks is refused at once.
//! - URLs are of `https`, metadata are of the issuer that was asked for, and redirects
//!   stay within their origin.
//!
//! [`Code::KeysStale`]: crate::Code::KeysStale

mod budget;
mod freshness;
mod health;
mod history;
mod keeper;
mod options;
mod reply;
mod resource;
mod saved;
mod seed;
mod url;

pub use budget::Budget;
pub use freshness::Field;
pub use health::Health;
pub use history::SeenKey;
pub use keeper::{Answer, Change, Keeper, Poll, Request, Ticket, UnknownKid};
pub use options::KeeperOptions;
