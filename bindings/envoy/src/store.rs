//! The key sets of the process: every configuration takes its keys from here.
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

use jot::jwks::Budget;

use crate::config::RemoteConfig;
use crate::exchange::Counter;
use crate::files::KeyFile;
use crate::followed::{End, Followed, Place};
use crate::remote::{Fetch, Reply};
use crate::waiting::{Release, Waiter, Waiting};

/// The most remote key sets that are kept although no configuration uses them.
const MOST_LEFT: usize = 64;

/// The event that asks for nothing but the counters.
pub(crate) const COUNT_ONLY: u64 = u64::MAX;

/// Wakes a configuration up on Envoy's main thread.
pub(crate) type Wake = Box<dyn Fn(u64) + Send>;

/// The key files of a configuration.
pub(crate) type Files = Arc<Mutex<Vec<(Place, KeyFile)>>>;

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

struct Configuration {
    wake: Wake,
    files: Files,
    replaced: u64,
    failed: u64,
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
        remotes: Vec<(Place, RemoteConfig)>,
        files: Vec<(Place, KeyFile)>,
        wake: Wake,
    ) -> Result<u64, String> {
        let mut state = self.lock();
        for (place, config) in &remotes {
            if !state.followed.iter().any(|one| one.is_at(config)) {
                let next = state.next_number();
                let followed = Followed::new(next, config);
                state.followed.push(followed.map_err(|fault| format!("{}: remote: {fault}", place.label))?);
            }
        }
        let number = state.next_number();
        for (place, config) in remotes {
            if let Some(followed) = state.followed.iter_mut().find(|one| one.is_at(&config)) {
                followed.feed(number, place, &config);
            }
        }
        let files = Arc::new(Mutex::new(files));
        state.configurations.insert(number, Configuration { wake, files, replaced: 0, failed: 0 });
        drop(state);
        self.changed.notify_all();
        Ok(number)
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
    /// there are no keys. `version` was read before the token was looked at.
    pub(crate) fn ask(
        &self,
        wanted: &[&RemoteConfig],
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
            if !wanted.iter().any(|config| followed.is_at(config)) {
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

    /// Begins the fetch that an event asks a configuration for.
    pub(crate) fn begin(&self, configuration: u64, event: u64) -> Option<Fetch> {
        let fetch = self.lock().of(event)?.begin(configuration);
        self.changed.notify_all();
        fetch
    }

    /// Remembers Envoy's number of the fetch that was begun for an event.
    pub(crate) fn begun(&self, configuration: u64, event: u64, callout: u64) {
        if let Some(followed) = self.lock().of(event) {
            followed.begun(configuration, callout);
        }
    }

    /// Returns the event that led to a callout of a configuration.
    pub(crate) fn event_of(&self, configuration: u64, callout: u64) -> Option<u64> {
        let state = self.lock();
        let mut under_way = state.followed.iter().filter(|one| one.is_under_way(configuration, callout));
        under_way.next().map(|followed| followed.number)
    }

    /// Takes the reply to the fetch that an event asked for.
    pub(crate) fn fetched(&self, configuration: u64, event: u64, reply: &Reply) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(followed) = state.of(event) else { return };
        let end = followed.take(reply);
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
        if let Some(configuration) = state.configurations.get_mut(&configuration) {
            configuration.replaced = configuration.replaced.saturating_add((end == End::News).into());
            configuration.failed = configuration.failed.saturating_add((end == End::Failed).into());
        }
        drop(guard);
        self.changed.notify_all();
    }

    /// Returns how often a configuration saw keys replaced or failed since the last time.
    pub(crate) fn take_events(&self, configuration: u64) -> [(Counter, u64); 2] {
        let mut state = self.lock();
        let mut take = || {
            let configuration = state.configurations.get_mut(&configuration)?;
            let take = std::mem::take::<u64>;
            Some((take(&mut configuration.replaced), take(&mut configuration.failed)))
        };
        let (replaced, failed) = take().unwrap_or_default();
        [(Counter::KeysReplaced, replaced), (Counter::KeysFailed, failed)]
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
            configuration.replaced = configuration.replaced.saturating_add(replaced);
            configuration.failed = configuration.failed.saturating_add(failed);
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

impl std::fmt::Debug for Configuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Configuration")
    }
}

#[cfg(test)]
mod tests;
