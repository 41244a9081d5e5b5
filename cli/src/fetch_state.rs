//! What a process that fetches tells of how it does, in a file for those who watch it.

use std::path::Path;

use jot::jwks::Health;
use jot::lists::ListHealth;
use jot::{Error, UnixSeconds};

use crate::destination::{Destination, Readers};
use crate::failure::Failure;

/// The name of the line that a process goes on from.
const FETCHED_AT: &str = "fetched_at";

/// How the last fetch went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    last_success: Option<UnixSeconds>,
    next_fetch: UnixSeconds,
    error: Option<Error>,
    failures: u32,
}

impl Outcome {
    /// Returns the worse of two: the one that has failed more often, or was fetched before the
    /// other; with the fetch that is due first.
    pub(crate) fn worse(self, other: Self) -> Self {
        let next_fetch = self.next_fetch.min(other.next_fetch);
        let rank = |of: &Self| (of.failures, std::cmp::Reverse(of.last_success));
        let worse = if rank(&other) > rank(&self) { other } else { self };
        Self { next_fetch, ..worse }
    }
}

impl From<Health> for Outcome {
    fn from(health: Health) -> Self {
        let Health { last_success, next_fetch, error, failures, .. } = health;
        Self { last_success, next_fetch, error, failures }
    }
}

impl From<ListHealth> for Outcome {
    fn from(health: ListHealth) -> Self {
        let ListHealth { last_success, next_fetch, error, failures, .. } = health;
        Self { last_success, next_fetch, error, failures }
    }
}

/// The file: lines of a name and a value, in any order. Readers pass over names that they
/// do not know.
#[derive(Debug)]
pub(crate) struct FetchState {
    out: Destination,
    /// The last success of a process before this one, whose keys or list are in use until
    /// there is another one.
    before: Option<UnixSeconds>,
}

impl FetchState {
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        let out = Destination::at(path, Readers::Everybody, true)?;
        let before = std::fs::read_to_string(path).ok().and_then(|text| fetched_at(&text));
        Ok(Self { out, before })
    }

    /// Writes the file anew.
    pub(crate) fn note(&self, outcome: impl Into<Outcome>) -> Result<(), Failure> {
        self.out.rewrite(self.text(outcome.into()).as_bytes())
    }

    fn text(&self, outcome: Outcome) -> String {
        let mut text = format!("next_fetch {}\nfailures {}\n", outcome.next_fetch.0, outcome.failures);
        if let Some(at) = outcome.last_success.or(self.before) {
            text.push_str(&format!("{FETCHED_AT} {}\n", at.0));
        }
        if let Some(error) = outcome.error {
            text.push_str(&format!("error {}\n", error.code().name()));
        }
        text
    }
}

fn fetched_at(text: &str) -> Option<UnixSeconds> {
    let words = text.lines().filter_map(|line| line.split_once(' '));
    words.filter(|(name, _)| *name == FETCHED_AT).find_map(|(_, value)| value.parse().ok().map(UnixSeconds))
}
