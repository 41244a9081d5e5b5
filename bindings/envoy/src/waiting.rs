//! Requests that wait for the end of a fetch.

use std::fmt;
use std::time::Instant;

/// The most requests that wait. More are answered at once.
const MOST: usize = 1024;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// The keys were fetched; whether they have what was wanted is to be seen.
    Fetched,
    /// They could not be fetched, or not in time.
    InVain,
}

/// Lets a request go on; may be called by any thread.
pub(crate) type Release = Box<dyn FnOnce(Waited) + Send>;

/// A request that waits.
pub(crate) struct Waiter {
    /// The key sets whose fetches are waited for.
    pub(crate) wanted: Vec<u64>,
    pub(crate) deadline: Instant,
    /// Whether failures are waited out, because no keys have come so far.
    pub(crate) is_patient: bool,
    pub(crate) release: Release,
}

/// The requests that wait, each with its number.
#[derive(Default)]
pub(crate) struct Waiting {
    waiters: Vec<(u64, Waiter)>,
    last: u64,
}

impl Waiting {
    pub(crate) const fn is_full(&self) -> bool {
        self.waiters.len() >= MOST
    }

    pub(crate) fn add(&mut self, waiter: Waiter) -> u64 {
        self.last = self.last.wrapping_add(1);
        self.waiters.push((self.last, waiter));
        self.last
    }

    /// Forgets a request that does not wait any more.
    pub(crate) fn cancel(&mut self, number: u64) {
        self.waiters.retain(|waiter| waiter.0 != number);
    }

    /// Takes note of the end of a fetch. Other keys let every request go on that waits
    /// for them; a fetch without news does so when no other one is waited for.
    pub(crate) fn fetched(&mut self, followed: u64, has_news: bool) {
        self.end(Waited::Fetched, |waiter| {
            let is_for_it = waiter.wanted.contains(&followed);
            waiter.wanted.retain(|wanted| *wanted != followed);
            is_for_it && (has_news || waiter.wanted.is_empty())
        });
    }

    /// Takes note of a fetch that failed.
    pub(crate) fn failed(&mut self, followed: u64) {
        self.end(Waited::InVain, |waiter| !waiter.is_patient && waiter.wanted.contains(&followed));
    }

    /// Lets those go on whose time has come.
    pub(crate) fn end_overdue(&mut self, now: Instant) {
        self.end(Waited::InVain, |waiter| waiter.deadline <= now);
    }

    /// Returns when the time of the next one has come.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.waiters.iter().map(|waiter| waiter.1.deadline).min()
    }

    fn end(&mut self, waited: Waited, mut is_over: impl FnMut(&mut Waiter) -> bool) {
        for (_, waiter) in self.waiters.extract_if(.., |(_, waiter)| is_over(waiter)) {
            (waiter.release)(waited);
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waiting({})", self.waiters.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;

    type Ends = Arc<Mutex<Vec<(u32, Waited)>>>;

    /// Adds a request that notes how its wait ended.
    fn add(
        waiting: &mut Waiting,
        ends: &Ends,
        name: u32,
        wanted: &[u64],
        seconds: u64,
        is_patient: bool,
    ) -> u64 {
        let theirs = Arc::clone(ends);
        waiting.add(Waiter {
            wanted: wanted.to_vec(),
            deadline: Instant::now().checked_add(Duration::from_secs(seconds)).unwrap(),
            is_patient,
            release: Box::new(move |waited| theirs.lock().unwrap().push((name, waited))),
        })
    }

    #[test]
    fn wait_ends_with_what_was_waited_for() {
        let (mut waiting, ends) = (Waiting::default(), Ends::default());
        add(&mut waiting, &ends, 1, &[10], 60, false);
        add(&mut waiting, &ends, 2, &[10, 20], 60, false);
        add(&mut waiting, &ends, 3, &[20], 60, true);
        let cancelled = add(&mut waiting, &ends, 4, &[10], 60, false);
        waiting.cancel(cancelled);
        let mut ended = |act: &dyn Fn(&mut Waiting)| {
            act(&mut waiting);
            std::mem::take(&mut *ends.lock().unwrap())
        };
        assert_eq!(ended(&|waiting| waiting.fetched(30, true)), []);
        // Without news, who waits for another fetch too waits on.
        assert_eq!(ended(&|waiting| waiting.fetched(10, false)), [(1, Waited::Fetched)]);
        assert_eq!(ended(&|waiting| waiting.failed(10)), []);
        // Who waits for the first keys waits failures out.
        assert_eq!(ended(&|waiting| waiting.failed(20)), [(2, Waited::InVain)]);
        assert_eq!(ended(&|waiting| waiting.fetched(20, true)), [(3, Waited::Fetched)]);
        assert_eq!(waiting.next_deadline(), None);
    }

    #[test]
    fn nobody_waits_beyond_the_deadline_and_not_too_many_wait() {
        let (mut waiting, ends) = (Waiting::default(), Ends::default());
        add(&mut waiting, &ends, 1, &[10], 0, true);
        for name in 2..=1024 {
            assert!(!waiting.is_full());
            add(&mut waiting, &ends, name, &[10], 60, false);
        }
        assert!(waiting.is_full());
        waiting.end_overdue(Instant::now());
        assert_eq!(*ends.lock().unwrap(), [(1, Waited::InVain)]);
        assert!(!waiting.is_full());
    }
}
