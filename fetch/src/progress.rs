//! How the fetches of one thing go.

use std::sync::Arc;

use jot::jwks::{Poll, Ticket};
use jot::{Code, UnixSeconds};

use crate::client::{Outcome, Wanted};
use crate::error::Error;

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

/// How many fetches ended, and what the last one left.
pub(crate) type Fetched<T> = (u64, Result<Arc<T>, Error>);

/// Keys or a list, and how their fetches go.
pub(crate) trait Kept {
    type Thing;

    fn progress(&self) -> &Progress;

    /// Returns what may be used now.
    fn usable(&self) -> Result<Arc<Self::Thing>, Code>;

    /// Returns what was wrong with the last fetch.
    fn error(&self) -> Option<jot::Error>;

    /// Returns how many fetches ended and what there is after the last one, if there were
    /// more than `seen`.
    fn fetched(&self, seen: u64) -> Option<Fetched<Self::Thing>> {
        let progress = self.progress();
        if progress.answers <= seen {
            return None;
        }
        let result = match self.error() {
            Some(error) => Err(Error::Fetch(error.code(), progress.reason.clone().unwrap_or_default())),
            None => self.usable().map_err(Error::NotInTime),
        };
        Some((progress.answers, result))
    }
}
