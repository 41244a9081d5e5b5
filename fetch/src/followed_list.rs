//! What threads know of one list of revocations.

use std::sync::{Arc, Condvar, Weak};

use jot::jwks::{Answer, Poll, Ticket};
use jot::lists::{ListChange, ListKeeper};
use jot::{Code, Revocations, UnixSeconds, Verifier};

use crate::client::{Outcome, Wanted};
use crate::follow::Follow;
use crate::lock::{Guarded, Held};
use crate::remote::RemoteKeys;

/// What threads know of one list of revocations.
#[derive(Debug)]
pub(crate) struct FollowedList {
    /// The keys that its lists are verified with, if they are followed, too.
    keys: Option<RemoteKeys>,
    pub(crate) state: Guarded<ListState>,
    pub(crate) changed: Condvar,
}

#[derive(Debug)]
pub(crate) struct ListState {
    pub(crate) keeper: ListKeeper<Revocations>,
    /// Who is told.
    verifiers: Vec<Weak<Verifier>>,
    /// What they were told last.
    told: Option<Result<Arc<Revocations>, Code>>,
    /// How many answers there were.
    pub(crate) answers: u64,
    under_way: Option<Ticket>,
    pub(crate) reason: Option<String>,
}

impl ListState {
    /// Hands the list, or that there is none, to the verifiers, if that is news.
    fn settle(&mut self) {
        let now = UnixSeconds::now();
        let list = self.keeper.list(now).cloned();
        let is_same = match (&self.told, &list) {
            (Some(Ok(old)), Ok(new)) => Arc::ptr_eq(old, new),
            (Some(Err(old)), Err(new)) => old == new,
            _ => false,
        };
        if !is_same {
            self.told = Some(list);
            let revocations = self.keeper.revocations(now);
            self.verifiers.retain(|verifier| {
                let verifier = verifier.upgrade();
                if let Some(verifier) = &verifier {
                    verifier.set_revocations(Arc::clone(&revocations));
                }
                verifier.is_some()
            });
        }
    }

    /// Tells one verifier more, from now on.
    pub(crate) fn feed(&mut self, verifier: &Arc<Verifier>) {
        verifier.set_revocations(self.keeper.revocations(UnixSeconds::now()));
        self.verifiers.push(Arc::downgrade(verifier));
        // The others were told something older, perhaps.
        self.settle();
    }

    /// Goes on with a list of another process.
    pub(crate) fn restore(&mut self, token: &[u8]) -> Result<(), jot::Error> {
        self.keeper.restore(token, UnixSeconds::now())?;
        self.settle();
        Ok(())
    }
}

impl FollowedList {
    pub(crate) fn new(keeper: ListKeeper<Revocations>, keys: Option<RemoteKeys>) -> Self {
        let state = ListState {
            keeper,
            verifiers: Vec::new(),
            told: None,
            answers: 0,
            under_way: None,
            reason: None,
        };
        Self { keys, state: Guarded::new(state), changed: Condvar::new() }
    }
}

impl Follow for FollowedList {
    fn poll(&self, held: &Held) -> Result<(Ticket, Wanted), UnixSeconds> {
        let now = UnixSeconds::now();
        // A list that cannot be verified need not be fetched.
        if self.keys.as_ref().is_some_and(|keys| keys.are_awaited(held)) {
            return Err(UnixSeconds(now.0.saturating_add(1)));
        }
        let mut state = self.state.of(held);
        match state.keeper.poll(now) {
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
            ListChange::Failed(error) => Some(outcome.reason().unwrap_or_else(|| error.to_string())),
            _ => None,
        };
        // What leads to another fetch at once is no answer yet.
        if !matches!(change, ListChange::Elsewhere | ListChange::Late) {
            state.answers = state.answers.wrapping_add(1);
        }
        state.settle();
        drop(state);
        self.changed.notify_all();
        // The issuer may sign with a key that was published a moment ago. It is there before
        // the next fetch, which comes soon after a failure.
        let is_of_new_key = matches!(&change, ListChange::Failed(error) if error.code() == Code::KidUnknown);
        if let Some(keys) = self.keys.as_ref().filter(|_| is_of_new_key) {
            let _ = keys.asked(held);
        }
    }

    fn settle(&self, held: &Held) {
        self.state.of(held).settle();
    }

    fn begin_anew(&self, held: &Held) {
        let mut state = self.state.of(held);
        if let Some(ticket) = state.under_way.take() {
            let now = UnixSeconds::now();
            state.keeper.answer(ticket, Answer::Failed, now);
            state.keeper.refresh_now(now);
        }
    }
}
