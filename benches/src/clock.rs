//! Taking turns.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub(crate) fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

pub(crate) fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Contestants that take turns, and their times round by round.
pub(crate) struct Turns {
    rounds: usize,
    /// Nanoseconds for each token, of every contestant in every round.
    times: Vec<Vec<f64>>,
}

impl Turns {
    pub(crate) const fn new(rounds: usize) -> Self {
        Self { rounds, times: Vec::new() }
    }

    /// Has every contestant do some of its work in each round; each tells how
    /// many tokens that were.
    pub(crate) fn run(&mut self, contestants: &mut [&mut dyn FnMut() -> usize]) {
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

    /// The median time.
    pub(crate) fn time(&self, which: usize) -> String {
        let time = middle(self.times[which].clone());
        if time < 1000.0 { format!("{time:.0} ns") } else { format!("{:.2} µs", time / 1000.0) }
    }

    /// How many times as fast as `base` a contestant is: the median over the
    /// rounds.
    pub(crate) fn ratio(&self, base: usize, which: usize) -> f64 {
        middle(self.times[base].iter().zip(&self.times[which]).map(|(base, time)| base / time).collect())
    }
}
