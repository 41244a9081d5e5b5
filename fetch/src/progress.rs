//! How the fetches of one thing go.

use jot::UnixSeconds;
use jot::jwks::{Poll, Ticket};

use crate::client::{Outcome, Wanted};

/// How the fetches of one thing go.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// How many answers there were.
    pub(crate) answers: u64,
    /// The fetch under way.
    pub(crate) under_way: Option<Ticket>,
    /// What was wrong with the last fetch, in words.
    pub(crate) reason: Option<String>,
}

impl Progress {
    /// Takes note of a fetch that begins, if one is due.
    pub(crate) fn begin(&mut self, poll: Poll<'_>) -> Result<(Ticket, Wanted), UnixSeconds> {
        match poll {
            Poll::Fetch(request) => {
                self.under_way = Some(request.ticket);
                Ok((request.ticket, Wanted::from(&request)))
            }
            Poll::Sleep(until) => Err(until),
        }
    }

    /// Takes note of the end of a fetch. What leads to another fetch at once is no answer yet.
    pub(crate) fn end(&mut self, outcome: &Outcome, error: Option<&jot::Error>, is_answer: bool) {
        self.under_way = None;
        self.reason = error.map(|error| outcome.reason().unwrap_or_else(|| error.to_string()));
        self.answers = self.answers.wrapping_add(u64::from(is_answer));
    }
}
