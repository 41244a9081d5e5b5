//! The changes of keys and revocations under a verifier, numbered.
//!
//! Whoever changes something puts it in force first, and then gives the change its
//! number and makes the number known. Whoever verifies reads the number of the
//! last change first, and then uses what is in force. So what was found as of a
//! number takes every change into account that has this number or a lower one;
//! it may take further ones into account, and is then found out of date without
//! need.
//!
//! Numbers have 64 bits, so that none comes again: at a change each nanosecond they
//! last for centuries.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The last change, and the right to make another.
#[derive(Debug)]
pub(crate) struct Changes {
    last: AtomicU64,
    making: Mutex<()>,
}

/// The number of what is in force from the beginning.
pub(crate) const FIRST: u64 = 1;

/// A number as of which nothing was in force: what is found as of it is out of
/// date at once.
pub(crate) const NEVER: u64 = 0;

impl Default for Changes {
    fn default() -> Self {
        Self { last: AtomicU64::new(FIRST), making: Mutex::default() }
    }
}

/// Held by whoever is changing something; one at a time.
#[derive(Debug)]
pub(crate) struct Change<'c> {
    changes: &'c Changes,
    _held: MutexGuard<'c, ()>,
}

impl Changes {
    /// Returns the number of the last change, to be read before what changes.
    #[inline]
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// Begins a change; waits for another one under way.
    pub(crate) fn begin(&self) -> Change<'_> {
        let held = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        Change { changes: self, _held: held }
    }

    /// Numbers as if so many changes had been made.
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

    /// Makes the number known: in `place`, where those look who ask whether what
    /// they found is out of date, and as the last one. What was changed is in
    /// force by then.
    pub(crate) fn publish(self, place: &AtomicU64) {
        let number = self.number();
        place.store(number, Ordering::Release);
        self.changes.last.store(number, Ordering::Release);
    }
}
