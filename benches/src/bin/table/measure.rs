//! Timing on a machine that is busy with other things too.
//!
//! Engines take turns in short windows, so that whatever slows the machine
//! down slows all of them down. A window counts the CPU time of its thread and
//! not the time that others had the core. The median over many windows passes
//! over those that were disturbed, and differences and ratios are taken within
//! a round, between windows that lie next to each other.

use std::time::Duration;

use jot::Alg;
use jot_bench::{Engine, Issuer, Token, Workload};
use rustix::time::{ClockId, clock_gettime};

/// How many windows each engine is given.
pub(crate) const ROUNDS: usize = 400;

/// How long a window is to be.
pub(crate) const WINDOW: Duration = Duration::from_millis(2);

/// What was measured with one algorithm.
pub(crate) struct Row {
    pub(crate) alg: Alg,
    pub(crate) token_bytes: usize,
    engines: Vec<Series>,
}

struct Series {
    name: &'static str,
    /// Nanoseconds per token in each round.
    windows: Vec<f64>,
}

/// A median, and half the width of its 95 % confidence interval.
#[derive(Clone, Copy)]
pub(crate) struct Median {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl Row {
    fn windows(&self, name: &str) -> Option<&[f64]> {
        self.engines.iter().find(|series| series.name == name).map(|series| &*series.windows)
    }

    /// Returns the nanoseconds per token, if the engine knows the algorithm.
    pub(crate) fn nanoseconds(&self, name: &str) -> Option<Median> {
        self.windows(name).map(|windows| median(windows.iter().copied()))
    }

    /// Returns what `jot` takes beyond the bare primitive, in nanoseconds.
    pub(crate) fn above_bare(&self) -> Median {
        self.paired(Engine::JOT, Engine::BARE, |jot, bare| jot - bare)
    }

    /// Returns the fastest peer and how many times as long as `jot` it takes.
    pub(crate) fn best_peer(&self) -> Option<(&'static str, Median)> {
        let peers = Engine::NAMES.into_iter().filter(|name| ![Engine::BARE, Engine::JOT].contains(name));
        let timed = peers.filter_map(|name| Some((name, self.nanoseconds(name)?.value)));
        let (name, _) = timed.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((name, self.paired(name, Engine::JOT, |peer, jot| peer / jot)))
    }

    fn paired(&self, a: &str, b: &str, combine: impl Fn(f64, f64) -> f64) -> Median {
        let (a, b) = (self.windows(a), self.windows(b));
        let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
        median(a.iter().zip(b).map(|(a, b)| combine(*a, *b)))
    }
}

/// Checks every engine's answers and then times them in turn.
pub(crate) fn measure(alg: Alg) -> Row {
    let issuer = Issuer::new(alg);
    let workload = Workload::new(&issuer);
    let mut runners: Vec<Runner<'_>> = Engine::all(&issuer)
        .into_iter()
        .map(|mut engine| {
            engine.check(&workload);
            Runner::new(engine, &workload)
        })
        .collect();
    for round in 0..ROUNDS {
        let count = runners.len();
        for turn in 0..count {
            // Each round begins with another engine, so that none always
            // follows the same one.
            if let Some(runner) = runners.get_mut((round + turn) % count) {
                runner.window();
            }
        }
    }
    let engines = runners.into_iter().map(|runner| runner.series).collect();
    let token_bytes = workload.good.first().map_or(0, |token| token.text.len());
    Row { alg, token_bytes, engines }
}

struct Runner<'w> {
    engine: Engine,
    tokens: std::iter::Cycle<std::slice::Iter<'w, Token>>,
    /// How many tokens fill a window.
    tokens_per_window: u32,
    series: Series,
}

impl<'w> Runner<'w> {
    fn new(engine: Engine, workload: &'w Workload) -> Self {
        let series = Series { name: engine.name(), windows: Vec::with_capacity(ROUNDS) };
        let mut runner = Self { engine, tokens: workload.good.iter().cycle(), tokens_per_window: 1, series };
        while runner.run() < WINDOW {
            runner.tokens_per_window *= 2;
        }
        let longest = runner.run().as_secs_f64().max(f64::EPSILON);
        let share = WINDOW.as_secs_f64() / longest;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        let fitting = (f64::from(runner.tokens_per_window) * share).ceil() as u32;
        runner.tokens_per_window = fitting.max(1);
        runner
    }

    fn window(&mut self) {
        let nanoseconds = self.run().as_secs_f64() * 1e9;
        self.series.windows.push(nanoseconds / f64::from(self.tokens_per_window));
    }

    /// Returns the CPU time that a window takes.
    fn run(&mut self) -> Duration {
        let mut accepted = 0;
        let start = thread_time();
        for token in self.tokens.by_ref().take(self.tokens_per_window as usize) {
            accepted += u32::from(self.engine.verify(token));
        }
        let taken = thread_time().saturating_sub(start);
        assert_eq!(accepted, self.tokens_per_window, "{} refused a good token", self.engine.name());
        taken
    }
}

fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("the clock starts at zero")
}

/// The interval is that of the order statistics around the middle: it makes no
/// assumption about how the windows are distributed.
fn median(values: impl Iterator<Item = f64>) -> Median {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let count = values.len();
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let spread = 1.96 * (count as f64).sqrt() / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let (low, high) = ((count as f64 / 2.0 - spread) as usize, (count as f64 / 2.0 + spread) as usize);
    Median { value: at(count / 2), error: (at(high) - at(low)) / 2.0 }
}
