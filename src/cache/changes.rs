//! Numbers the changes of a verifier's keys and revocations.
//!
//! A change first installs the new keys or revocations, then takes its number and publishes
//! it. A verification first reads the number of the last change, and then uses the current
//! keys and revocations. So a result with a number takes every change up to this number
//! into account. It may take later changes into account too, and is then treated as out of
//! date without need.
//!
//! Numbers have 64 bits and are never reused: with a change every nanosecond they last for
//! centuries.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of the last change, and the lock for making another.
#[derive(Debug)]
pub(crate) struct Changes {
    last: AtomicU64,
    making: Mutex<()>,
}

/// The number of the initial keys and revocations.
pub(crate) const FIRST: u64 = 1;

/// A number before all changes: a result with it is out of date at once.
pub(crate) const NEVER: u64 = 0;

impl Default for Changes {
    fn default() -> Self {
        Self { last: AtomicU64::new(FIRST), making: Mutex::default() }
    }
}

/// Held while something is changed; only one exists at a time.
#[derive(Debug)]
pub(crate) struct Change<'c> {
    changes: &'c Changes,
    _held: MutexGuard<'c, ()>,
}

impl Changes {
    /// Returns the number of the last change. Read it before the keys and revocations.
    #[inline]
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// Begins a change; waits for another change in progress.
    pub(crate) fn begin(&self) -> Change<'_> {
        let held = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        Change { changes: self, _held: held }
    }

    /// Advances the number as if this many changes had been made.
    #[cfg(test)]
    pub(crate) fn skip(&self, changes: u64) {
        self.last.fetch_add(changes, Ordering::AcqRel);
    }
}

impl Change<'_> {
    /// Returns the number that the change will have.
    pub(crate) fn number(&self) -> u64 {
        self.changes.last.load(Ordering::Relaxed).wrapping_add(1)
    }

    /// Publishes the number: first in `place`, which tells whether a result is out of
    /// date, and then as the last number. The change must already be installed.
    pub(crate) fn publish(self, place: &AtomicU64) {
        let number = self.number();
        place.store(number, Ordering::Release);
        self.changes.last.store(number, Ordering::Release);
    }
}
