//! What threads know of one list.

use std::fmt;
use std::sync::{Arc, Condvar, Weak};

use jot::jwks::{Answer, Ticket};
use jot::lists::{ListChange, ListKeeper, SignedList};
use jot::{Code, UnixSeconds, Verifier};

use crate::client::{Outcome, Wanted};
use crate::follow::Follow;
use crate::lock::{Guarded, Held};
use crate::progress::{Kept, Progress};
use crate::seed::seed;

/// The keys that lists are verified with, which are followed, too.
pub(crate) trait Signers: fmt::Debug + Send + Sync {
    /// Returns `true` until the first keys.
    fn are_awaited(&self, held: &Held) -> bool;

    /// Asks for a fetch because a list is signed with a key that is not known.
    fn ask_for_key(&self, held: &Held);
}

/// What threads know of one list.
#[derive(Debug)]
pub(crate) struct FollowedList<L: SignedList> {
    keys: Option<Box<dyn Signers>>,
    pub(crate) state: Guarded<ListState<L>>,
    pub(crate) changed: Condvar,
}

#[derive(Debug)]
pub(crate) struct ListState<L: SignedList> {
    pub(crate) keeper: ListKeeper<L>,
    /// Who is told.
    verifiers: Vec<Weak<Verifier>>,
    /// What they were told last.
    told: Option<Result<Arc<L>, Code>>,
    pub(crate) progress: Progress,
}

impl<L: SignedList> ListState<L> {
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
            let keeper = &self.keeper;
            self.verifiers.retain(|verifier| {
                let verifier = verifier.upgrade();
                // One that has no room for a status list says so of each token that names it.
                verifier.map(|verifier| keeper.feed(&verifier, now)).is_some()
            });
        }
    }

    /// Tells one verifier more, from now on.
    ///
    /// # Errors
    /// Those of [`ListKeeper::feed`].
    pub(crate) fn feed(&mut self, verifier: &Arc<Verifier>) -> Result<(), jot::Error> {
        self.keeper.feed(verifier, UnixSeconds::now())?;
        self.verifiers.push(Arc::downgrade(verifier));
        // The others were told something older, perhaps.
        self.settle();
        Ok(())
    }

    /// Hands the list to the verifiers although it is no news, so that they judge the tokens
    /// in their caches again.
    #[cfg(feature = "status-list")]
    pub(crate) fn tell_again(&mut self) {
        self.told = None;
        self.settle();
    }

    /// Goes on with a list of another process.
    pub(crate) fn restore(&mut self, token: &[u8]) -> Result<(), jot::Error> {
        self.keeper.restore(token, UnixSeconds::now())?;
        self.settle();
        Ok(())
    }
}

impl<L: SignedList> Kept for ListState<L> {
    type Thing = L;

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn usable(&self) -> Result<Arc<L>, Code> {
        self.keeper.list(UnixSeconds::now()).cloned()
    }

    fn error(&self) -> Option<jot::Error> {
        self.keeper.health().error
    }
}

impl<L: SignedList> FollowedList<L> {
    pub(crate) fn new(keeper: ListKeeper<L>, keys: Option<impl Signers + 'static>) -> Self {
        let keys = keys.map(|keys| Box::new(keys) as Box<dyn Signers>);
        let state = ListState { keeper, verifiers: Vec::new(), told: None, progress: Progress::default() };
        Self { keys, state: Guarded::new(state), changed: Condvar::new() }
    }
}

impl<L: SignedList> Follow for FollowedList<L> {
    fn poll(&self, held: &Held) -> Result<(Ticket, Wanted), UnixSeconds> {
        let now = UnixSeconds::now();
        // A list that cannot be verified need not be fetched.
        if self.keys.as_ref().is_some_and(|keys| keys.are_awaited(held)) {
            return Err(UnixSeconds(now.0.saturating_add(1)));
        }
        let state = &mut *self.state.of(held);
        state.progress.begin(state.keeper.poll(now))
    }

    fn take(&self, held: &Held, ticket: Ticket, outcome: &Outcome) {
        let mut state = self.state.of(held);
        let change = outcome.lend(|answer| state.keeper.answer(ticket, answer, UnixSeconds::now()));
        let error = if let ListChange::Failed(error) = &change { Some(error) } else { None };
        let is_answer = !matches!(change, ListChange::Elsewhere | ListChange::Late);
        state.progress.end(outcome, error, is_answer);
        state.settle();
        drop(state);
        self.changed.notify_all();
        // The issuer may sign with a key that was published a moment ago. It is there before
        // the next fetch, which comes soon after a failure.
        let is_of_new_key = error.is_some_and(|error| error.code() == Code::KidUnknown);
        if let Some(keys) = self.keys.as_ref().filter(|_| is_of_new_key) {
            keys.ask_for_key(held);
        }
    }

    fn settle(&self, held: &Held) {
        self.state.of(held).settle();
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
