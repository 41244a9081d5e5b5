//! A token whose key may have been published a moment ago: another look after a fetch.

use jot::jwks::UnknownKid;
use jot::{Code, UnixSeconds};

use crate::followed::{Followed, State};
use crate::lock::Held;
use crate::threads::Wake;

/// What a fetch that was asked for is compared with when it has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Whether it had begun before.
    joins: bool,
    answers: u64,
    changes: u64,
}

impl Asked {
    /// Returns `true` if another fetch could bring what the token needs.
    pub(crate) const fn may_help(refused: Code) -> bool {
        matches!(refused, Code::KidUnknown | Code::KeysNotYet | Code::KeysStale)
    }

    /// Asks for a fetch; returns `None` if the cool-down or the budget forbids it.
    pub(crate) fn new(followed: &Followed, held: &Held, wake: &impl Wake) -> Option<Self> {
        let state = followed.state.of(held);
        let progress = &state.progress;
        let (joins, answers) = (progress.under_way.is_some(), progress.answers);
        let asked = Self { joins, answers, changes: state.changes };
        drop(state);
        (ask(followed, held, wake) == UnknownKid::Pending).then_some(asked)
    }

    pub(crate) const fn is_over(&self, state: &State) -> bool {
        state.progress.answers != self.answers
    }

    /// Says whether the token can be looked at again. A fetch that was under way before may
    /// have been answered before the key was published: if it brought nothing new, another
    /// one must tell.
    ///
    /// # Errors
    /// `fetch_timeout` if the fetch has not ended; the code of one that failed.
    pub(crate) fn outcome(&self, state: &State) -> Result<bool, Code> {
        match state.keeper.health().error {
            _ if !self.is_over(state) => Err(Code::FetchTimeout),
            Some(error) => Err(error.code()),
            None => Ok(!self.joins || state.changes != self.changes),
        }
    }
}

/// Asks for a fetch because of an unknown `kid`, and has it made.
pub(crate) fn ask(followed: &Followed, held: &Held, wake: &impl Wake) -> UnknownKid {
    let mut state = followed.state.of(held);
    let ask = |budget: &mut _| state.keeper.unknown_kid(budget, UnixSeconds::now());
    let asked = wake.with_budget(held, ask);
    drop(state);
    wake.wake();
    asked
}

/// Says what becomes of a token that no fetch was made for. One may have ended since it was
/// looked at.
pub(crate) fn without_fetch(followed: &Followed, held: &Held, refused: Code) -> Result<(), Code> {
    let has_keys = followed.state.of(held).keeper.keys(UnixSeconds::now()).is_ok();
    if has_keys { Ok(()) } else { Err(refused) }
}
