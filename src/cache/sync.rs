//! The atomics of the table; under `--cfg loom` those of the model checker.

#[cfg(loom)]
pub(super) use modelled::{AtomicU64, Ordering, fence};
#[cfg(not(loom))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering, fence};

#[cfg(loom)]
mod modelled {
    pub(in crate::cache) use loom::sync::atomic::{Ordering, fence};

    /// An atomic at whose every use another thread may have its turn.
    ///
    /// Of each atomic loom knows who used it last, and thinks of letting others
    /// go first there only. A thread that loads before it stores hides by its
    /// own load whatever others loaded before, and orders are left out. So
    /// every use here begins with one of `turn` that conflicts with all others.
    pub(in crate::cache) struct AtomicU64 {
        turn: loom::sync::atomic::AtomicU64,
        value: loom::sync::atomic::AtomicU64,
    }

    impl AtomicU64 {
        pub(in crate::cache) fn new(value: u64) -> Self {
            let new = loom::sync::atomic::AtomicU64::new;
            Self { turn: new(0), value: new(value) }
        }

        fn take_turn(&self) -> &loom::sync::atomic::AtomicU64 {
            self.turn.fetch_add(1, Ordering::Relaxed);
            &self.value
        }

        pub(in crate::cache) fn load(&self, order: Ordering) -> u64 {
            self.take_turn().load(order)
        }

        pub(in crate::cache) fn store(&self, value: u64, order: Ordering) {
            self.take_turn().store(value, order);
        }

        pub(in crate::cache) fn fetch_or(&self, value: u64, order: Ordering) -> u64 {
            self.take_turn().fetch_or(value, order)
        }

        pub(in crate::cache) fn fetch_and(&self, value: u64, order: Ordering) -> u64 {
            self.take_turn().fetch_and(value, order)
        }

        pub(in crate::cache) fn compare_exchange(
            &self,
            current: u64,
            new: u64,
            success: Ordering,
            failure: Ordering,
        ) -> Result<u64, u64> {
            self.take_turn().compare_exchange(current, new, success, failure)
        }
    }
}
