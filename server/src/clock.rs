//! The clock and the dice of the service. Nothing else reads them.

use jot::UnixSeconds;
use jot_login::random::Random;

/// Returns the system's time.
pub(crate) fn now() -> UnixSeconds {
    UnixSeconds::now()
}

/// Random bytes of the system.
pub(crate) struct System;

impl Random for System {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without random bytes there is nothing that this program may do.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}
