//! The progress bar.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::input::Source;

/// The number of lines between two updates of the bar.
const LINES_PER_UPDATE: u64 = 256;

/// A progress bar on standard error, or nothing if nobody would see it.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    lines: u64,
    /// The bytes of the sources that were read to their end.
    done_bytes: u64,
}

impl Progress {
    /// Shows a bar if standard error is a terminal and verdicts do not go to
    /// one.
    pub(super) fn new(sources: &[Source], quiet: bool) -> Self {
        let shown = io::stderr().is_terminal() && (quiet || !io::stdout().is_terminal());
        Self { bar: shown.then(|| bar(sources)), lines: 0, done_bytes: 0 }
    }

    /// Notes that a line was read, `consumed_bytes` into its source.
    pub(super) fn line(&mut self, consumed_bytes: u64) {
        let Some(bar) = &self.bar else { return };
        self.lines = self.lines.saturating_add(1);
        if self.lines.is_multiple_of(LINES_PER_UPDATE) {
            bar.set_position(self.done_bytes.saturating_add(consumed_bytes));
        }
    }

    /// Notes that a source was read to its end.
    pub(super) fn source_done(&mut self, consumed_bytes: u64) {
        self.done_bytes = self.done_bytes.saturating_add(consumed_bytes);
        if let Some(bar) = &self.bar {
            bar.set_position(self.done_bytes);
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
        Some(_) => "{bar:32} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{spinner} {bytes}, {bytes_per_sec}",
    };
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr_with_hz(8));
    let bar = bar.with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
