//! Watching and cancelling a batch from another thread.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::boundary::answer;

/// How far a batch has come, and whether it is to stop: numbers that its
/// threads and another thread share.
///
/// For programs whose own functions had better not be called by the batch's
/// threads, such as those of an interpreter with one lock. Owned by the caller,
/// all zero at first; it must live until the batch returned. Read and write
/// its members while the batch runs as atomics, or as plain aligned words.
#[repr(C, align(8))]
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// The number of distinct tokens that are done; never falls.
    pub done: u64,
    /// The number of distinct tokens that there are; 0 until the first are
    /// done.
    pub total: u64,
    /// Set it to anything but 0 to cancel the rest of the batch.
    pub cancel: u32,
    /// 0.
    pub reserved: u32,
}

/// A watch as those see it that share it.
#[repr(C)]
struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    cancel: AtomicU32,
    reserved: u32,
}

const _: () =
    assert!(size_of::<Shared>() == size_of::<Watch>() && align_of::<Shared>() == align_of::<Watch>());

/// A `jot_progress` that keeps a `jot_watch`, which `user` points to, up to
/// date and cancels the batch when it says so. Takes a NULL `user`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_watch_progress(user: *mut c_void, done: usize, total: usize) -> c_int {
    answer(1, || {
        let shared = user.cast::<Shared>();
        if shared.is_null() || !shared.is_aligned() {
            return 0;
        }
        // SAFETY: an aligned watch that outlives the batch, as the caller
        // promises; what others write meanwhile are atomics.
        let shared = unsafe { &*shared };
        shared.done.fetch_max(done as u64, Ordering::Relaxed);
        shared.total.store(total as u64, Ordering::Relaxed);
        c_int::from(shared.cancel.load(Ordering::Relaxed) != 0)
    })
}
