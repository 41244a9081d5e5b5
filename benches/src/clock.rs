//! Taking turns.
#![allow(clippy::indexing_slicing, reason = "a bench stops at the first thing that is not as it should be")]

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the processor's time of this thread.
#[must_use]
pub fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Returns the median.
///
/// # Panics
/// Without values.
#[must_use]
pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Contestants that take turns, and their times round by round.
pub struct Turns {
    rounds: usize,
    /// Nanoseconds for each token, of every contestant in every round.
    times: Vec<Vec<f64>>,
}

impl Turns {
    /// Takes so many rounds.
    #[must_use]
    pub const fn new(rounds: usize) -> Self {
        Self { rounds, times: Vec::new() }
    }

    /// Has every contestant do some of its work in each round; each tells how
    /// many tokens that were.
    pub fn run(&mut self, contestants: &mut [&mut dyn FnMut() -> usize]) {
        self.times = vec![Vec::new(); contestants.len()];
        for round in 0..self.rounds {
            for turn in 0..contestants.len() {
                let which = (round + turn) % contestants.len();
                let start = thread_time();
                let tokens = contestants[which]();
                self.times[which].push((thread_time() - start).as_nanos() as f64 / tokens as f64);
            }
        }
    }

    /// The mean time in nanoseconds, for rounds whose work differs.
    #[must_use]
    pub fn mean_nanoseconds(&self, which: usize) -> f64 {
        self.times[which].iter().sum::<f64>() / self.times[which].len() as f64
    }

    /// The median time in nanoseconds.
    #[must_use]
    pub fn nanoseconds(&self, which: usize) -> f64 {
        middle(self.times[which].clone())
    }

    /// The median time.
    #[must_use]
    pub fn time(&self, which: usize) -> String {
        let time = self.nanoseconds(which);
        if time < 1000.0 { format!("{time:.0} ns") } else { format!("{:.2} µs", time / 1000.0) }
    }

    /// How many times as fast as `base` a contestant is: the median over the
    /// rounds.
    #[must_use]
    pub fn ratio(&self, base: usize, which: usize) -> f64 {
        middle(self.times[base].iter().zip(&self.times[which]).map(|(base, time)| base / time).collect())
    }
}
