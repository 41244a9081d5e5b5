//! A limit on the fetches that strangers may cause.

use std::collections::VecDeque;

use crate::time::UnixSeconds;

/// How many fetches unknown `kid`s may cause in any window of time, over all issuers
/// that share the budget.
///
/// ```
/// use jot::UnixSeconds;
/// use jot::jwks::Budget;
///
/// let mut budget = Budget::new(2, 60);
/// assert!(budget.take(UnixSeconds(0)) && budget.take(UnixSeconds(1)));
/// assert!(!budget.take(UnixSeconds(59)));
/// assert!(budget.take(UnixSeconds(60)));
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    most: usize,
    window: i64,
    /// The instants of the last fetches, oldest first; no more than `most`.
    taken: VecDeque<i64>,
    last: Option<i64>,
}

impl Budget {
    /// Allows `fetches` in any window of `seconds`.
    #[must_use]
    pub fn new(fetches: u16, seconds: u32) -> Self {
        Self { most: fetches.into(), window: i64::from(seconds).max(1), taken: VecDeque::new(), last: None }
    }

    /// Takes one fetch. Returns `false` if none is left.
    pub fn take(&mut self, now: UnixSeconds) -> bool {
        let UnixSeconds(now) = now;
        // If the clock was set back, the window must not end early or late: the fetches
        // already taken are moved back with it.
        let back = self.last.map_or(0, |last| last.saturating_sub(now).max(0));
        for taken in &mut self.taken {
            *taken = taken.saturating_sub(back);
        }
        self.last = Some(now);
        let begins = now.saturating_sub(self.window);
        while self.taken.front().is_some_and(|taken| *taken <= begins) {
            self.taken.pop_front();
        }
        let is_left = self.taken.len() < self.most;
        if is_left {
            self.taken.push_back(now);
        }
        is_left
    }
}

/// 10 fetches a minute.
impl Default for Budget {
    fn default() -> Self {
        Self::new(10, 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_that_goes_back_gives_nothing_away_and_blocks_nothing() {
        let mut budget = Budget::new(1, 60);
        assert!(budget.take(UnixSeconds(1_000)));
        assert!(!budget.take(UnixSeconds(0)), "the window went along");
        assert!(budget.take(UnixSeconds(60)));
        assert!(!Budget::new(0, 60).take(UnixSeconds(0)));
    }
}
