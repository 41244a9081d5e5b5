//! Forks: the lock is free in the child, and the child knows that it is one. Other systems
//! have none.
#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "nobody forks there"))]

use std::cell::RefCell;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::lock::{Held, lock};

/// How many forks led to this process.
static FORKS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The lock, while this thread forks.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// Returns a number that a parent and its child do not share.
pub(crate) fn generation() -> u32 {
    FORKS.load(Ordering::Acquire)
}

/// Has the system take the lock before a fork, from now on.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without memory for it, a fork is as it is without this module.
        // SAFETY: the functions neither unwind nor end before the process does.
        #[cfg(unix)]
        #[expect(unsafe_code, reason = "only C has this function")]
        let _ = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    });
}

extern "C" fn before() {
    let held = lock();
    let _ = HELD.try_with(|place| place.replace(Some(held)));
}

extern "C" fn in_parent() {
    let _ = HELD.try_with(RefCell::take);
}

extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::AcqRel);
    in_parent();
}
