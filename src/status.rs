//! Token Status Lists (draft-ietf-oauth-status-list): the status of many tokens, a few bits
//! for each, by an index that stands in the token.

mod inflate;
mod list;
mod lists;

pub use list::{StatusList, TokenStatus};
pub use lists::StatusFeed;
pub(crate) use lists::StatusLists;
