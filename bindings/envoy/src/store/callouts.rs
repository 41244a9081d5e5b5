//! The requests of Envoy's client for what is followed.

use std::time::Instant;

use super::Store;
use crate::remote::{Fetch, Reply};

impl Store {
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

    /// Takes back a fetch that Envoy did not take. At the start, when it may still be looking
    /// up hosts, it is asked again soon; later this is a failure.
    pub(crate) fn refused(&self, configuration: u64, event: u64, fetch: Fetch, refusal: &str) {
        let mut state = self.lock();
        let is_kept = state.of(event).is_some_and(|followed| followed.postpone(fetch, Instant::now()));
        drop(state);
        match is_kept {
            true => self.changed.notify_all(),
            false => self.fetched(configuration, event, &Reply::Failed(refusal.to_owned())),
        }
    }

    /// Returns the event that led to a callout of a configuration.
    pub(crate) fn event_of(&self, configuration: u64, callout: u64) -> Option<u64> {
        let state = self.lock();
        let mut under_way = state.followed.iter().filter(|one| one.is_under_way(configuration, callout));
        under_way.next().map(|followed| followed.number)
    }
}
