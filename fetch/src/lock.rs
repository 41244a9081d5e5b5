//! The one lock of this crate.
//!
//! A child of a `fork` has the locks of its parent as they were, and of its threads only
//! the one that forked. So all that threads share here is below one lock, which `fork.rs`
//! takes before a fork and gives back after it, on both sides. No fetch is made under it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

static LOCK: Mutex<()> = Mutex::new(());

/// The lock, while it is held.
#[derive(Debug)]
pub(crate) struct Held(MutexGuard<'static, ()>);

impl Held {
    /// Gives the lock back until something is so, but no longer than this. Whoever may have
    /// made it so wakes those who wait.
    pub(crate) fn wait_until(
        mut self,
        woken: &Condvar,
        longest: Duration,
        is_so: impl Fn(&Self) -> bool,
    ) -> Self {
        let deadline = Instant::now().checked_add(longest);
        while !is_so(&self) {
            let left = deadline.map_or(longest, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            self = self.wait(woken, left);
        }
        self
    }

    /// Gives the lock back until it is woken up, or for this long.
    pub(crate) fn wait(self, woken: &Condvar, longest: Duration) -> Self {
        Self(woken.wait_timeout(self.0, longest).unwrap_or_else(PoisonError::into_inner).0)
    }
}

/// Takes the lock. What another thread left half done when it panicked is no more than an
/// answer that was not handed on.
pub(crate) fn lock() -> Held {
    Held(LOCK.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What only the holder of the lock looks at.
#[derive(Debug, Default)]
pub(crate) struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Nobody else has it: they would need the lock. Do not call it twice at once.
    pub(crate) fn of<'a>(&'a self, _: &'a Held) -> MutexGuard<'a, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
