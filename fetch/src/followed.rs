//! What threads know of one issuer.

use std::sync::{Arc, Condvar};

use jot::jwks::{Answer, Change, Keeper, Poll, Ticket};
use jot::{Code, KeySlot, UnixSeconds};

use crate::client::{Outcome, Wanted};
use crate::follow::Follow;
use crate::lock::{Guarded, Held};
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
    /// How many answers there were.
    pub(crate) answers: u64,
    /// How many answers brought other keys.
    pub(crate) changes: u64,
    /// The fetch under way.
    pub(crate) under_way: Option<Ticket>,
    /// Whether the verifiers were told that the keys are stale.
    is_stale: bool,
    pub(crate) reason: Option<String>,
}

impl Followed {
    pub(crate) fn new(issuer: Option<&str>, keeper: Keeper) -> Self {
        let state = State {
            keeper,
            verifiers: Vec::new(),
            answers: 0,
            changes: 0,
            under_way: None,
            is_stale: false,
            reason: None,
        };
        Self { issuer: issuer.map(Box::from), state: Guarded::new(state), changed: Condvar::new() }
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
        let mut state = self.state.of(held);
        match state.keeper.poll(UnixSeconds::now()) {
            Poll::Fetch(request) => {
                let due = (request.ticket, Wanted::from(&request));
                state.under_way = Some(due.0);
                Ok(due)
            }
            Poll::Sleep(until) => Err(until),
        }
    }

    fn take(&self, held: &Held, ticket: Ticket, outcome: &Outcome) {
        let mut state = self.state.of(held);
        let change = outcome.lend(|answer| state.keeper.answer(ticket, answer, UnixSeconds::now()));
        state.under_way = None;
        state.reason = match &change {
            Change::Failed(error) => Some(outcome.reason().unwrap_or_else(|| error.to_string())),
            _ => None,
        };
        state.changes = state.changes.wrapping_add(u64::from(matches!(change, Change::Keys(_))));
        if matches!(change, Change::Keys(_)) || (matches!(change, Change::Confirmed) && state.is_stale) {
            self.tell(&mut state);
        }
        // What leads to another fetch at once is no answer yet.
        if !matches!(change, Change::Elsewhere | Change::Late) {
            state.answers = state.answers.wrapping_add(1);
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
        if let Some(ticket) = state.under_way.take() {
            let now = UnixSeconds::now();
            state.keeper.answer(ticket, Answer::Failed, now);
            state.keeper.refresh_now(now);
        }
    }
}
