//! What threads do for each thing that they follow.

use std::fmt;

use jot::UnixSeconds;
use jot::jwks::Ticket;

use crate::client::{Outcome, Wanted};
use crate::lock::Held;

/// Something that is fetched again and again: the keys of an issuer, or a list.
pub(crate) trait Follow: fmt::Debug + Send + Sync {
    /// Returns the fetch that is due, or until when there is none.
    fn poll(&self, held: &Held) -> Result<(Ticket, Wanted), UnixSeconds>;

    /// Takes the outcome of a fetch, and hands on what it changed.
    fn take(&self, held: &Held, ticket: Ticket, outcome: &Outcome);

    /// Takes out of use what could not be fetched again for too long.
    fn settle(&self, held: &Held);

    /// Gives up the fetch under way, because the process that made it was another one.
    fn begin_anew(&self, held: &Held);
}
