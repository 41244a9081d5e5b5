//! Children of the process that tests.

use std::time::{Duration, Instant};

/// Longer than what a child waits for.
const LONG: Duration = Duration::from_secs(40);

/// Runs a function in a child; `false` also for one that does not end.
pub(crate) fn in_child(run: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child calls nothing that needs the threads which it does not have,
    // and ends by _exit.
    #[allow(unsafe_code, reason = "a fork is what is tested")]
    let child = unsafe { libc::fork() };
    if child == 0 {
        let code = i32::from(!run());
        // SAFETY: it ends the process at once.
        #[allow(unsafe_code, reason = "the harness must not go on twice")]
        unsafe {
            libc::_exit(code)
        }
    }
    let (mut status, end) = (-1, Instant::now() + LONG);
    loop {
        // SAFETY: `status` is an integer of this function.
        #[allow(unsafe_code, reason = "the child's answer")]
        let waited = unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) };
        if waited == child {
            return status == 0;
        }
        if Instant::now() > end {
            // SAFETY: the child is this test's.
            #[allow(unsafe_code, reason = "it hangs")]
            let _ = unsafe { libc::kill(child, libc::SIGKILL) };
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
