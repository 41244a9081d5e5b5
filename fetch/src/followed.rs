//! What threads know of one issuer.

use std::sync::{Arc, Condvar};

use jot::jwks::{Answer, Change, Keeper, Ticket};
use jot::{Code, KeySet, KeySlot, UnixSeconds};

use crate::client::{Outcome, Wanted};
use crate::follow::Follow;
use crate::lock::{Guarded, Held};
use crate::progress::{Kept, Progress};
use crate::seed::seed;

/// What threads know of one issuer.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) issuer: Option<Box<str>>,
    pub(crate) state: Guarded<State>,
    pub(crate) changed: Condvar,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) keeper: Keeper,
    /// Where the keys belong.
    pub(crate) verifiers: Vec<KeySlot>,
    pub(crate) progress: Progress,
    /// How many answers brought other keys.
    pub(crate) changes: u64,
    /// Whether the verifiers were told that the keys are stale.
    is_stale: bool,
}

impl Kept for State {
    type Thing = KeySet;

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn usable(&self) -> Result<Arc<KeySet>, Code> {
        self.keeper.keys(UnixSeconds::now()).cloned()
    }

    fn error(&self) -> Option<jot::Error> {
        self.keeper.health().error
    }
}

impl Followed {
    pub(crate) fn new(issuer: Option<&str>, keeper: Keeper) -> Self {
        let state = State {
            keeper,
            verifiers: Vec::new(),
            progress: Progress::default(),
            changes: 0,
            is_stale: false,
        };
        Self { issuer: issuer.map(Box::from), state: Guarded::new(state), changed: Condvar::new() }
    }

    /// Returns `true` until the first keys.
    pub(crate) fn are_awaited(&self, held: &Held) -> bool {
        self.state.of(held).keeper.keys(UnixSeconds::now()).err() == Some(Code::KeysNotYet)
    }

    pub(crate) fn tell(&self, state: &mut State) {
        let set = state.keeper.set(UnixSeconds::now());
        state.is_stale = set.is_empty();
        state.verifiers.retain(|slot| slot.replace(Arc::clone(&set)) != Ok(false));
    }

    /// Hands the keys to a verifier, now and whenever they change. The lock is held, so that
    /// no change comes in between.
    pub(crate) fn fill(&self, held: &Held, slot: KeySlot) -> Result<(), jot::Error> {
        let mut state = self.state.of(held);
        slot.replace(state.keeper.set(UnixSeconds::now()))?;
        state.verifiers.push(slot);
        Ok(())
    }
}

impl Follow for Followed {
    fn poll(&self, held: &Held) -> Result<(Ticket, Wanted), UnixSeconds> {
        let state = &mut *self.state.of(held);
        state.progress.begin(state.keeper.poll(UnixSeconds::now()))
    }

    fn take(&self, held: &Held, ticket: Ticket, outcome: &Outcome) {
        let mut state = self.state.of(held);
        let change = outcome.lend(|answer| state.keeper.answer(ticket, answer, UnixSeconds::now()));
        let error = if let Change::Failed(error) = &change { Some(error) } else { None };
        let is_answer = !matches!(change, Change::Elsewhere | Change::Late);
        state.progress.end(outcome, error, is_answer);
        state.changes = state.changes.wrapping_add(u64::from(matches!(change, Change::Keys(_))));
        if matches!(change, Change::Keys(_)) || (matches!(change, Change::Confirmed) && state.is_stale) {
            self.tell(&mut state);
        }
        drop(state);
        self.changed.notify_all();
        self.settle(held);
    }

    fn settle(&self, held: &Held) {
        let mut state = self.state.of(held);
        let is_stale = state.keeper.keys(UnixSeconds::now()).err() == Some(Code::KeysStale);
        if is_stale && !state.is_stale {
            self.tell(&mut state);
        }
    }

    fn begin_anew(&self, held: &Held) {
        let mut state = self.state.of(held);
        state.keeper.reseed(seed());
        if let Some(ticket) = state.progress.under_way.take() {
            let now = UnixSeconds::now();
            state.keeper.answer(ticket, Answer::Failed, now);
            state.keeper.refresh_now(now);
        }
    }
}
