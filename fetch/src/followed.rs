//! What threads know of one issuer.

use std::sync::{Arc, Condvar, Mutex, Weak};

use jot::jwks::{Change, Keeper, Ticket};
use jot::{Code, KeySet, UnixSeconds, Verifier};

use crate::client::Outcome;
use crate::lock::lock;

/// What threads know of one issuer.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) issuer: Option<Box<str>>,
    pub(crate) keeper: Mutex<Keeper>,
    pub(crate) state: Mutex<State>,
    pub(crate) changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) verifiers: Vec<Weak<Verifier>>,
    /// How many answers there were.
    pub(crate) answers: u64,
    /// Whether the verifiers were told that the keys are stale.
    is_stale: bool,
    pub(crate) reason: Option<String>,
}

impl Followed {
    pub(crate) fn new(issuer: Option<&str>, keeper: Keeper) -> Self {
        Self {
            issuer: issuer.map(Box::from),
            keeper: Mutex::new(keeper),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Hands the outcome of a fetch to the keeper, and what it changed to the verifiers.
    pub(crate) fn take(&self, ticket: Ticket, outcome: &Outcome) {
        let change = outcome.lend(|answer| lock(&self.keeper).answer(ticket, answer, UnixSeconds::now()));
        let mut state = lock(&self.state);
        state.reason = match &change {
            Change::Failed(error) => Some(outcome.reason().unwrap_or_else(|| error.to_string())),
            _ => None,
        };
        match &change {
            Change::Keys(set) => self.tell(&mut state, set),
            Change::Confirmed if state.is_stale => {
                let set = lock(&self.keeper).keys(UnixSeconds::now()).ok().cloned();
                if let Some(set) = set {
                    self.tell(&mut state, &set);
                }
            }
            _ => {}
        }
        // What leads to another fetch at once is no answer yet.
        if !matches!(change, Change::Elsewhere | Change::Late) {
            state.answers = state.answers.wrapping_add(1);
        }
        drop(state);
        self.changed.notify_all();
        self.settle();
    }

    /// Takes keys out of use that could not be fetched again for too long.
    pub(crate) fn settle(&self) {
        let is_stale = lock(&self.keeper).keys(UnixSeconds::now()).err() == Some(Code::KeysStale);
        let mut state = lock(&self.state);
        if is_stale && !state.is_stale {
            self.tell(&mut state, &Arc::new(KeySet::stale()));
            state.is_stale = true;
        }
    }

    fn tell(&self, state: &mut State, set: &Arc<KeySet>) {
        state.is_stale = false;
        state.verifiers.retain(|verifier| verifier.strong_count() > 0);
        for verifier in state.verifiers.iter().filter_map(Weak::upgrade) {
            // The verifier knows the issuer: `feed` has tried it.
            let _ = verifier.replace_keys(self.issuer.as_deref(), Arc::clone(set));
        }
    }
}
