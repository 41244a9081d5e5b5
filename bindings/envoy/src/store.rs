//! The key sets and lists of the process: every configuration takes them from here.
//!
//! A remote key set is followed once, however many configurations and workers use it,
//! and is kept for a while when nobody does: a new configuration begins with the keys
//! that are there. A thread, `jot-keys`, looks after key files, and says when a fetch is
//! due; the fetch itself is made by Envoy's client, on Envoy's main thread. The thread
//! ends with the last configuration that has keys to keep.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jot::UnixSeconds;
use jot::jwks::Budget;

use crate::configuration::{Configuration, Counts, Files, Wake};
use crate::exchange::Counter;
use crate::files::KeyFile;
use crate::followed::{End, Followed};
use crate::gauge::Reading;
use crate::place::Place;
use crate::remote::Reply;
use crate::target::{Target, Wanted};
use crate::waiting::{Release, Waiter, Waiting};

/// The most remote key sets and lists that are kept although no configuration uses them.
const MOST_LEFT: usize = 64;

/// The most status lists that are followed because tokens name them.
const MOST_NAMED: usize = 256;

/// The event that asks for nothing but the statistics.
pub(crate) const COUNT_ONLY: u64 = u64::MAX;

/// The key sets of the process.
#[derive(Debug, Default)]
pub(crate) struct Store {
    state: Mutex<State>,
    pub(crate) changed: Condvar,
    /// How often keys were replaced.
    version: AtomicU64,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    last_number: u64,
    followed: Vec<Followed>,
    configurations: BTreeMap<u64, Configuration>,
    pub(crate) waiting: Waiting,
    budget: Budget,
}

/// What became of the wish to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Keys were replaced meanwhile: look again.
    Again,
    /// No fetch is due: it stays refused.
    Refused,
    /// Too many wait.
    Full,
    /// The request waits under this number.
    Waits(u64),
}

impl Store {
    /// Returns the one of the process.
    pub(crate) fn of_process() -> &'static Arc<Self> {
        static STORE: LazyLock<Arc<Store>> = LazyLock::new(Arc::default);
        &STORE
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the places and the files of a new configuration, and returns its number.
    pub(crate) fn add(
        &self,
        remotes: Vec<(Place, Target)>,
        files: Vec<(Place, KeyFile)>,
        wake: Wake,
    ) -> Result<u64, String> {
        let mut state = self.lock();
        for (place, target) in &remotes {
            state.find_or_follow(target).map_err(|fault| format!("{}: remote: {fault}", place.label))?;
        }
        let number = state.next_number();
        for (place, target) in remotes {
            state.feed(number, place, &target);
        }
        let (files, keys, lists) = (Arc::new(Mutex::new(files)), Counts::default(), Counts::default());
        state.configurations.insert(number, Configuration { wake, files, keys, lists });
        drop(state);
        self.changed.notify_all();
        Ok(number)
    }

    /// Follows a status list because a token named it; returns whether it is followed.
    pub(crate) fn follow(&self, configuration: u64, place: Place, target: &Target) -> bool {
        let mut state = self.lock();
        if !state.configurations.contains_key(&configuration) {
            return false;
        }
        let is_there = state.followed.iter().any(|one| one.target.is_at(target));
        if !is_there && !state.make_room() {
            return false;
        }
        let Ok(followed) = state.find_or_follow(target) else { return false };
        followed.is_named |= !is_there;
        state.feed(configuration, place, target);
        drop(state);
        self.changed.notify_all();
        true
    }

    /// Forgets a configuration; returns `true` if it was the last one.
    pub(crate) fn remove(&self, configuration: u64) -> bool {
        let mut state = self.lock();
        let gone = state.configurations.remove(&configuration);
        for followed in &mut state.followed {
            followed.forget(configuration);
        }
        state.drop_those_left_longest();
        let is_last = state.configurations.is_empty();
        drop(state);
        self.changed.notify_all();
        // Its end must not be waited for under the lock.
        drop(gone);
        is_last
    }

    /// Returns `true` if there is no configuration.
    pub(crate) fn is_idle(&self) -> bool {
        self.lock().configurations.is_empty()
    }

    /// Returns a number that changes whenever keys are replaced.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Asks for fetches because a token's key is in none of these key sets, or because
    /// there are no keys, or no list. `version` was read before the token was looked at.
    pub(crate) fn ask(
        &self,
        wanted: &[Wanted<'_>],
        version: u64,
        release: impl FnOnce() -> Release,
    ) -> Asked {
        let mut guard = self.lock();
        if version != self.version() {
            return Asked::Again;
        }
        let state = &mut *guard;
        let (now, mut numbers, mut timeout, mut is_patient) = (Instant::now(), Vec::new(), None, false);
        for followed in &mut state.followed {
            if !wanted.iter().any(|wanted| wanted.is(&followed.target)) {
                continue;
            }
            let is_starting = followed.is_starting(now);
            if followed.ask(&mut state.budget) || is_starting {
                numbers.push(followed.number);
                timeout = timeout.max(Some(followed.timeout()));
                is_patient |= is_starting;
            }
        }
        let Some(deadline) = timeout.and_then(|timeout| now.checked_add(timeout)) else {
            return Asked::Refused;
        };
        state.wake_those_due(now);
        if state.waiting.is_full() {
            return Asked::Full;
        }
        let waiter = Waiter { wanted: numbers, deadline, is_patient, release: release() };
        let number = state.waiting.add(waiter);
        drop(guard);
        self.changed.notify_all();
        Asked::Waits(number)
    }

    /// Forgets a request that waited and is gone.
    pub(crate) fn cancel(&self, waiter: u64) {
        self.lock().waiting.cancel(waiter);
    }

    /// Takes the reply to the fetch that an event asked for.
    pub(crate) fn fetched(&self, configuration: u64, event: u64, reply: &Reply) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(followed) = state.of(event) else { return };
        let end = followed.take(reply);
        let (is_list, wants_key) = (followed.target.is_list(), followed.wants_key);
        match end {
            End::News => {
                self.version.fetch_add(1, Ordering::Release);
                state.waiting.fetched(event, true);
            }
            End::Same => state.waiting.fetched(event, false),
            End::Failed => state.waiting.failed(event),
            End::Again => state.wake_those_due(Instant::now()),
            End::Late => {}
        }
        if wants_key {
            state.ask_for_keys_of(event);
        }
        if let Some(configuration) = state.configurations.get_mut(&configuration) {
            let counts = if is_list { &mut configuration.lists } else { &mut configuration.keys };
            counts.add((end == End::News).into(), (end == End::Failed).into());
        }
        drop(guard);
        self.changed.notify_all();
    }

    /// Returns how often a configuration saw keys or lists replaced or failed since the last
    /// time.
    pub(crate) fn take_events(&self, configuration: u64) -> [(Counter, u64); 4] {
        let mut state = self.lock();
        let mut take = || {
            let configuration = state.configurations.get_mut(&configuration)?;
            Some((std::mem::take(&mut configuration.keys), std::mem::take(&mut configuration.lists)))
        };
        let (keys, lists) = take().unwrap_or_default();
        [
            (Counter::KeysReplaced, keys.replaced),
            (Counter::KeysFailed, keys.failed),
            (Counter::ListsReplaced, lists.replaced),
            (Counter::ListsFailed, lists.failed),
        ]
    }

    /// Returns how everything does that a configuration follows.
    pub(crate) fn readings(&self, configuration: u64) -> Vec<Reading> {
        let (state, now) = (self.lock(), UnixSeconds::now());
        state.followed.iter().flat_map(|followed| followed.readings(configuration, now)).collect()
    }

    /// Has the statistics of every configuration brought up to date that follows something.
    pub(crate) fn tell_all(&self) {
        let state = self.lock();
        for (number, configuration) in &state.configurations {
            let follows = |followed: &Followed| followed.places.iter().any(|place| place.0 == *number);
            if state.followed.iter().any(follows) {
                (configuration.wake)(COUNT_ONLY);
            }
        }
    }

    /// Returns the files of every configuration.
    pub(crate) fn files(&self) -> Vec<(u64, Files)> {
        let state = self.lock();
        state.configurations.iter().map(|(number, one)| (*number, Arc::clone(&one.files))).collect()
    }

    /// Counts what a look at files brought.
    pub(crate) fn count(&self, configuration: u64, replaced: u64, failed: u64) {
        let mut state = self.lock();
        if replaced > 0 {
            self.version.fetch_add(1, Ordering::Release);
        }
        if let Some(configuration) = state.configurations.get_mut(&configuration) {
            configuration.keys.add(replaced, failed);
            (configuration.wake)(COUNT_ONLY);
        }
    }

    /// Does what is due: takes stale keys out of use, has fetches begun, and lets
    /// requests go on that waited for too long.
    pub(crate) fn settle(&self, state: &mut State, now: Instant) {
        for followed in &mut state.followed {
            if followed.settle() {
                self.version.fetch_add(1, Ordering::Release);
            }
        }
        state.waiting.end_overdue(now);
        state.wake_those_due(now);
    }
}

impl State {
    fn next_number(&mut self) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }

    /// Finds what is followed, or begins to follow it. A list with other settings than one
    /// that is there goes on with that one's.
    fn find_or_follow(&mut self, target: &Target) -> Result<&mut Followed, String> {
        let index = match self.followed.iter().position(|one| one.target.is_at(target)) {
            Some(index) => index,
            None => {
                let next = self.next_number();
                let mut alike = self.followed.iter().filter(|one| one.target.is_like(target));
                let carried = alike.find_map(Followed::token);
                self.followed.push(Followed::new(next, target, carried)?);
                self.followed.len().saturating_sub(1)
            }
        };
        self.followed.get_mut(index).ok_or_else(|| "it is not there".to_owned())
    }

    fn feed(&mut self, configuration: u64, place: Place, target: &Target) {
        if let Some(followed) = self.followed.iter_mut().find(|one| one.target.is_at(target)) {
            followed.feed(configuration, place, target);
        }
    }

    /// Makes room for a list that a token names, in the place of one that no token has named
    /// since this was asked last; returns whether there is some.
    fn make_room(&mut self) -> bool {
        let named = self.followed.iter().filter(|one| one.is_named);
        if named.count() < MOST_NAMED {
            return true;
        }
        let idle = self.followed.iter().position(|one| one.is_named && !one.was_named());
        let idle = idle.map(|index| self.followed.remove(index));
        idle.iter().for_each(Followed::drop_list);
        idle.is_some()
    }

    /// Asks for the keys of the issuer whose list is signed with a key that is not known.
    fn ask_for_keys_of(&mut self, list: u64) {
        let Some(places) = self.of(list).map(|list| list.places.clone()) else { return };
        let is_its = |place: &(u64, Place)| places.iter().any(|other| other.1.is_at(&place.1));
        let (budget, followed) = (&mut self.budget, &mut self.followed);
        for keys in followed.iter_mut().filter(|one| !one.target.is_list()) {
            if keys.places.iter().any(is_its) {
                keys.ask(budget);
            }
        }
        self.wake_those_due(Instant::now());
    }

    fn of(&mut self, event: u64) -> Option<&mut Followed> {
        self.followed.iter_mut().find(|followed| followed.number == event)
    }

    /// Has those fetches begun that are due, each by a configuration that wants its keys.
    fn wake_those_due(&mut self, now: Instant) {
        for followed in &mut self.followed {
            let configuration = followed.next_asked(now).and_then(|number| self.configurations.get(&number));
            if let Some(configuration) = configuration {
                (configuration.wake)(followed.number);
            }
        }
    }

    fn drop_those_left_longest(&mut self) {
        let mut left: Vec<_> = self.followed.iter().filter_map(|followed| followed.left).collect();
        left.sort_unstable();
        let over = left.len().saturating_sub(MOST_LEFT);
        if let Some(last) = over.checked_sub(1).and_then(|index| left.get(index)) {
            self.followed.retain(|followed| followed.left.is_none_or(|since| since > *last));
        }
    }

    /// Returns when the next thing is to be done that is not a look at files.
    pub(crate) fn next(&self, now: Instant) -> Option<Instant> {
        let used = self.followed.iter().filter(|followed| followed.left.is_none());
        let due = used.map(|followed| followed.rest(now)).min().and_then(|rest| now.checked_add(rest));
        due.into_iter().chain(self.waiting.next_deadline()).min()
    }
}

mod callouts;
mod hold;
#[cfg(test)]
mod tests;
