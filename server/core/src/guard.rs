//! Locks that grow with wrong passwords, and heal.
//!
//! One machine serves accounts and addresses; only its [`Ladder`] differs.
//!
//! ```text
//!            begin                begin, more than `free` failures
//!   ┌──────┐ ───────▶ ┌─────────┐ ───────────────────────────▶ ┌────────┐
//!   │ none │          │ counted │                              │ locked │ begin: refused
//!   └──────┘ ◀─────── └─────────┘ ◀─────────────────────────── └────────┘
//!     heals, or succeeded           the lock's time is over;
//!                                   the next lock is twice as long
//! ```
//!
//! An attempt is counted *before* the password is checked, and taken back if it was right:
//! a thousand guesses at the same moment are a thousand failures, not one.

use jot::UnixSeconds;

/// How many failures are free, and how long the locks after them are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// So many failures cost nothing.
    pub free: u32,
    /// The first lock's length; each further failure doubles it.
    pub first_seconds: u32,
    /// No lock is longer.
    pub longest_seconds: u32,
    /// After each such time without an attempt one failure is forgotten.
    pub heal_seconds: u32,
}

/// The attempts of an account or an address that have not healed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Failures that are not forgotten.
    pub failures: u32,
    /// When the last one began.
    pub last: i64,
    /// Until when no further one is let through.
    pub locked_until: i64,
}

/// The attempt is refused for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// What `Retry-After` says: at least one second.
    pub seconds: u32,
}

impl Attempts {
    /// Counts an attempt that is about to be checked, as if it would fail.
    ///
    /// # Errors
    /// [`Locked`]: it must not be checked, and is not counted. Attempts during a lock do not
    /// lengthen it, or whoever guesses could lock the owner out for ever.
    pub fn begin(self, ladder: &Ladder, now: UnixSeconds) -> Result<Self, Locked> {
        // A lock from the future is that of a clock that was set back; the count remains.
        let remaining = self.locked_until.saturating_sub(now.0);
        if remaining > 0 && self.last <= now.0 {
            let seconds = u32::try_from(remaining).unwrap_or(u32::MAX).min(ladder.longest_seconds.max(1));
            return Err(Locked { seconds });
        }
        let failures = self.healed(ladder, now).failures.saturating_add(1);
        let seconds = lock_seconds(ladder, failures);
        Ok(Self { failures, last: now.0, locked_until: now.0.saturating_add(seconds.into()) })
    }

    /// The password was right: nothing of the account's attempts is left.
    #[must_use]
    pub fn succeeded(self) -> Self {
        Self::default()
    }

    /// The password was right: this one attempt is taken back. For an address, whose owner
    /// may have one password and try to guess others.
    #[must_use]
    pub fn forgiven(self, ladder: &Ladder) -> Self {
        let failures = self.failures.saturating_sub(1);
        let locked_until = self.last.saturating_add(lock_seconds(ladder, failures).into());
        Self { failures, locked_until: locked_until.min(self.locked_until), ..self }
    }

    /// What is left at `now` of failures that nobody added to.
    #[must_use]
    pub fn healed(self, ladder: &Ladder, now: UnixSeconds) -> Self {
        let idle = now.0.saturating_sub(self.last).max(0);
        let forgotten = idle.checked_div(ladder.heal_seconds.into()).unwrap_or(0);
        let failures = self.failures.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX));
        Self { failures, ..self }
    }

    /// Returns `true` if nothing is left that is worth keeping.
    #[must_use]
    pub fn is_nothing(self, ladder: &Ladder, now: UnixSeconds) -> bool {
        self.healed(ladder, now).failures == 0 && self.locked_until <= now.0
    }
}

/// The lock after this many failures.
fn lock_seconds(ladder: &Ladder, failures: u32) -> u32 {
    let Some(step) = failures.checked_sub(ladder.free).and_then(|over| over.checked_sub(1)) else { return 0 };
    let doubled = u64::from(ladder.first_seconds).checked_shl(step.min(31)).unwrap_or(u64::MAX);
    u32::try_from(doubled).unwrap_or(u32::MAX).min(ladder.longest_seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LADDER: Ladder = Ladder { free: 3, first_seconds: 2, longest_seconds: 20, heal_seconds: 100 };

    fn failed(times: u32, now: i64) -> Attempts {
        let mut attempts = Attempts::default();
        for _ in 0..times {
            attempts = Attempts { locked_until: 0, ..attempts }.begin(&LADDER, UnixSeconds(now)).unwrap();
        }
        attempts
    }

    #[test]
    fn locks_double_up_to_the_longest() {
        let locks: Vec<i64> = (1..=9).map(|times| failed(times, 1000).locked_until - 1000).collect();
        assert_eq!(locks, [0, 0, 0, 2, 4, 8, 16, 20, 20]);
    }

    #[test]
    fn lock_refuses_until_its_end_and_is_not_lengthened() {
        let attempts = failed(5, 1000);
        assert_eq!(attempts.begin(&LADDER, UnixSeconds(1000)), Err(Locked { seconds: 4 }));
        assert_eq!(attempts.begin(&LADDER, UnixSeconds(1003)), Err(Locked { seconds: 1 }));
        assert_eq!(attempts.begin(&LADDER, UnixSeconds(1004)).unwrap().locked_until, 1012);
    }

    #[test]
    fn failures_heal_one_by_one() {
        let attempts = failed(5, 1000);
        assert_eq!(attempts.healed(&LADDER, UnixSeconds(1099)).failures, 5);
        assert_eq!(attempts.healed(&LADDER, UnixSeconds(1100)).failures, 4);
        assert!(!attempts.is_nothing(&LADDER, UnixSeconds(1499)));
        assert!(attempts.is_nothing(&LADDER, UnixSeconds(1500)));
        assert_eq!(attempts.begin(&LADDER, UnixSeconds(1500)).unwrap().failures, 1);
    }

    #[test]
    fn right_password_frees_an_account_and_takes_one_back_from_an_address() {
        assert_eq!(failed(9, 1000).succeeded(), Attempts::default());
        let forgiven = failed(5, 1000).forgiven(&LADDER);
        assert_eq!((forgiven.failures, forgiven.locked_until), (4, 1002));
        assert_eq!(failed(1, 1000).forgiven(&LADDER).failures, 0);
    }

    #[test]
    fn clock_that_was_set_back_keeps_the_count_but_no_lock() {
        let attempts = failed(6, 10_000);
        assert_eq!(attempts.begin(&LADDER, UnixSeconds(6400)).unwrap().failures, 7);
    }

    proptest! {
        /// However attempts and pauses follow each other, guesses are bounded by the ladder:
        /// one for each free failure, each healed one, and each lock that was waited for.
        #[test]
        fn guesses_are_bounded(pauses in prop::collection::vec(0_i64..30, 1..300)) {
            let (mut attempts, mut now, mut tried) = (Attempts::default(), 0_i64, 0_i64);
            for pause in pauses {
                now += pause;
                match attempts.begin(&LADDER, UnixSeconds(now)) {
                    Ok(counted) => { attempts = counted; tried += 1; }
                    Err(locked) => prop_assert!(locked.seconds >= 1 && locked.seconds <= LADDER.longest_seconds),
                }
            }
            // Five while the locks are short, and then one in 20 seconds or each healed.
            prop_assert!(tried <= 3 + 5 + now / 20 + now / 100, "{tried} guesses in {now} s");
        }
    }
}
