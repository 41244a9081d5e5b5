//! The progress bar.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::input::source::Source;

/// A bar on standard error, or nothing if nobody would see it.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    read_bytes: Arc<AtomicU64>,
    lines: u64,
}

impl Progress {
    pub(super) fn new(sources: &[Source], read_bytes: Arc<AtomicU64>, quiet: bool) -> Self {
        let shown = io::stderr().is_terminal() && !quiet;
        Self { bar: shown.then(|| bar(sources)), read_bytes, lines: 0 }
    }

    /// Notes that `more` lines were judged.
    pub(super) fn lines(&mut self, more: u64) {
        self.lines = self.lines.saturating_add(more);
        if let Some(bar) = &self.bar {
            bar.set_position(self.read_bytes.load(Ordering::Relaxed));
            let seconds = bar.elapsed().as_secs_f64().max(1e-3);
            #[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
            let rate = self.lines as f64 / seconds;
            bar.set_message(format!("{} lines, {rate:.0}/s", self.lines));
        }
    }

    /// Wipes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(sources: &[Source]) -> ProgressBar {
    let size =
        sources.iter().map(Source::size_bytes).try_fold(0_u64, |sum, size| Some(sum.saturating_add(size?)));
    let template = match size {
        Some(_) => "{bar:32} {bytes}/{total_bytes}, {msg}, {eta} left",
        None => "{spinner} {bytes}, {msg}",
    };
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr_with_hz(8));
    let bar = bar.with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
