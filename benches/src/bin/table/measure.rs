//! Timing on a machine that is busy with other things too.
//!
//! Engines take turns in short windows, so that whatever slows the machine
//! down slows all of them down. A window counts the CPU time of its thread and
//! not the time that others had the core. The median over many windows passes
//! over those that were disturbed, and differences and ratios are taken within
//! a round, between windows that lie next to each other.
//!
//! Where keys and buffers happen to lie in memory can make a primitive some
//! percent faster or slower for as long as they lie there. So all of this is
//! done in several sittings, each with a new key, new tokens and engines made
//! anew; the result is the mean over the sittings, and its error comes from how
//! much they differ.

use std::time::Duration;

use jot::Alg;
use jot_bench::{Engine, Issuer, Token, Workload};
use rustix::time::{ClockId, clock_gettime};

/// How often everything is made anew.
pub(crate) const SITTINGS: usize = 8;

/// How many windows each engine is given in a sitting.
pub(crate) const ROUNDS: usize = 60;

/// How long a window is to be.
pub(crate) const WINDOW: Duration = Duration::from_millis(2);

/// What was measured with one algorithm.
pub(crate) struct Row {
    pub(crate) alg: Alg,
    pub(crate) token_bytes: usize,
    sittings: Vec<Vec<Series>>,
}

struct Series {
    name: &'static str,
    /// Nanoseconds per token in each round.
    windows: Vec<f64>,
}

/// A mean over the sittings, and two standard errors of it.
#[derive(Clone, Copy)]
pub(crate) struct Mean {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl Row {
    /// Returns the nanoseconds per token, if the engine knows the algorithm.
    pub(crate) fn nanoseconds(&self, name: &str) -> Option<Mean> {
        self.paired(name, name, |windows, _| windows)
    }

    /// Returns what `jot` takes beyond the bare primitive, in nanoseconds.
    pub(crate) fn above_bare(&self) -> Mean {
        self.paired(Engine::JOT, Engine::BARE, |jot, bare| jot - bare).expect("both know every algorithm")
    }

    /// Returns the fastest peer and how many times as long as `jot` it takes.
    pub(crate) fn best_peer(&self) -> Option<(&'static str, Mean)> {
        let peers = Engine::NAMES.into_iter().filter(|name| ![Engine::BARE, Engine::JOT].contains(name));
        let timed = peers.filter_map(|name| Some((name, self.nanoseconds(name)?.value)));
        let (name, _) = timed.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((name, self.paired(name, Engine::JOT, |peer, jot| peer / jot)?))
    }

    /// Combines the windows of two engines round by round.
    fn paired(&self, a: &str, b: &str, combine: impl Fn(f64, f64) -> f64) -> Option<Mean> {
        let middle = |sitting: &Vec<Series>| {
            let windows = |name: &str| Some(&sitting.iter().find(|series| series.name == name)?.windows);
            Some(median(windows(a)?.iter().zip(windows(b)?).map(|(a, b)| combine(*a, *b))))
        };
        self.sittings.iter().map(middle).collect::<Option<Vec<f64>>>().map(|middles| mean(&middles))
    }
}

/// Checks every engine's answers and times them in turn, in several sittings.
pub(crate) fn measure(alg: Alg) -> Row {
    let mut row = Row { alg, token_bytes: 0, sittings: Vec::with_capacity(SITTINGS) };
    for _ in 0..SITTINGS {
        let issuer = Issuer::new(alg);
        let workload = Workload::new(&issuer);
        row.token_bytes = workload.good.first().map_or(0, |token| token.text.len());
        row.sittings.push(sitting(&issuer, &workload));
    }
    row
}

fn sitting(issuer: &Issuer, workload: &Workload) -> Vec<Series> {
    let mut runners: Vec<Runner<'_>> = Engine::all(issuer)
        .into_iter()
        .map(|mut engine| {
            engine.check(workload);
            Runner::new(engine, workload)
        })
        .collect();
    share_tokens(&mut runners);
    let count = runners.len();
    for round in 0..ROUNDS {
        for turn in 0..count {
            // Each round begins with another engine.
            if let Some(runner) = runners.get_mut((round + turn) % count) {
                runner.window();
            }
        }
    }
    runners.into_iter().map(|runner| runner.series).collect()
}

/// Makes the windows of `bare` and `jot` cover the very same tokens, some of
/// which take longer than others.
fn share_tokens(runners: &mut [Runner<'_>]) {
    if let [bare, jot, ..] = runners {
        let fewer = bare.tokens_per_window.min(jot.tokens_per_window);
        for runner in [bare, jot] {
            runner.tokens_per_window = fewer;
            runner.tokens = runner.all.iter().cycle();
        }
    }
}

struct Runner<'w> {
    engine: Engine,
    all: &'w [Token],
    tokens: std::iter::Cycle<std::slice::Iter<'w, Token>>,
    /// How many tokens fill a window.
    tokens_per_window: u32,
    series: Series,
}

impl<'w> Runner<'w> {
    fn new(engine: Engine, workload: &'w Workload) -> Self {
        let series = Series { name: engine.name(), windows: Vec::with_capacity(ROUNDS) };
        let all = &*workload.good;
        let mut runner = Self { engine, all, tokens: all.iter().cycle(), tokens_per_window: 1, series };
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

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn mean(values: &[f64]) -> Mean {
    let count = values.len() as f64;
    let value = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|other| (other - value).powi(2)).sum::<f64>() / (count - 1.0);
    Mean { value, error: 2.0 * (variance / count).sqrt() }
}
