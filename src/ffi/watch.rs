//! Watching and cancelling a batch from another thread.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::boundary::answer;

/// The progress of a batch, and a flag that cancels it, shared between the batch's
/// threads and another thread.
///
/// It is for programs whose own functions should not be called by the batch's threads,
/// such as an interpreter with one lock. The caller owns it and sets it to zero; it
/// must be valid until the batch returns. While the batch runs, read and write its
/// members as atomics, or as plain aligned words.
#[repr(C, align(8))]
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// The number of distinct tokens done so far; it never decreases.
    pub done: u64,
    /// The total number of distinct tokens; 0 until the first are done.
    pub total: u64,
    /// Set it to a value other than 0 to cancel the rest of the batch.
    pub cancel: u32,
    /// 0.
    pub reserved: u32,
}

/// A watch as its users share it, with atomic members.
#[repr(C)]
struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    cancel: AtomicU32,
    reserved: u32,
}

const _: () =
    assert!(size_of::<Shared>() == size_of::<Watch>() && align_of::<Shared>() == align_of::<Watch>());

/// A `jot_progress` function that updates the `jot_watch` to which `user` points,
/// and cancels the batch if that says so. `user` may be NULL. Any thread may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_watch_progress(user: *mut c_void, done: usize, total: usize) -> c_int {
    answer(1, || {
        let shared = user.cast::<Shared>();
        if shared.is_null() || !shared.is_aligned() {
            return 0;
        }
        // SAFETY: the caller promises an aligned watch that outlives the batch; all
        // concurrent writes are atomic.
        let shared = unsafe { &*shared };
        shared.done.fetch_max(done as u64, Ordering::Relaxed);
        shared.total.store(total as u64, Ordering::Relaxed);
        c_int::from(shared.cancel.load(Ordering::Relaxed) != 0)
    })
}
