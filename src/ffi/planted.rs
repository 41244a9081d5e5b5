//! Panics that a test plants, to see that none leaves the boundary.

use std::sync::atomic::{AtomicBool, Ordering};

static PLANTED: AtomicBool = AtomicBool::new(false);

/// Makes the next call of any function of `jot.h` panic. Not in the header.
#[unsafe(no_mangle)]
pub extern "C" fn jot_plant_panic() {
    PLANTED.store(true, Ordering::SeqCst);
}

#[expect(clippy::panic, reason = "the panic that was asked for")]
pub(super) fn panic_if_planted() {
    if PLANTED.swap(false, Ordering::SeqCst) {
        panic!("planted");
    }
}
