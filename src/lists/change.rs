//! What an answer means for a list.

use std::sync::Arc;

use crate::error::Error;

/// What an answer changed.
///
/// ```
/// # use jot::Revocations;
/// use jot::lists::ListChange;
///
/// fn describe(change: &ListChange<Revocations>) -> String {
///     match change {
///         ListChange::List(list) => format!("{} entries are in force", list.len()),
///         ListChange::Confirmed => "the list is the same".to_owned(),
///         ListChange::Elsewhere => "the list is at another path: poll again".to_owned(),
///         ListChange::Failed(error) => format!("the list in force stays: {error}"),
///         ListChange::Late => "the request had been given up before".to_owned(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub enum ListChange<L> {
    /// This list is in force from now on.
    List(Arc<L>),
    /// The list in force was confirmed, or came again with another `exp`.
    Confirmed,
    /// The list is at another path of its origin: [`poll`](super::ListKeeper::poll) now.
    Elsewhere,
    /// The fetch failed or the list was rejected. The one in force stays for as long as the
    /// options say.
    Failed(Error),
    /// Nothing: the answer belongs to a request that had been given up.
    Late,
}
