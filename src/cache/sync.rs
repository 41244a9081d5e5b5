//! The atomics of the table; with `--cfg loom`, those of the model checker.

#[cfg(loom)]
pub(super) use modelled::{AtomicU64, Ordering, fence};
#[cfg(not(loom))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering, fence};

#[cfg(loom)]
mod modelled {
    pub(in crate::cache) use loom::sync::atomic::{Ordering, fence};

    /// An atomic at whose every use the model may switch threads.
    ///
    /// loom only reorders against the last thread that touched an atomic. A thread that
    /// loads before it stores hides the earlier loads of others by its own load, and loom
    /// misses orders. So every use here begins with a read-modify-write of `turn`, which
    /// conflicts with all others.
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
