//! The summary over all tokens.

use std::collections::BTreeMap;
use std::time::Instant;

use comfy_table::{CellAlignment, Table, presets};
use jot::Code;

/// Counts verdicts.
#[derive(Debug)]
pub(super) struct Summary {
    /// By code number; unreadable lines come last.
    counts: BTreeMap<u32, Count>,
    begun: Instant,
}

#[derive(Debug)]
struct Count {
    name: &'static str,
    tokens: u64,
}

impl Summary {
    pub(super) fn new() -> Self {
        Self { counts: BTreeMap::new(), begun: Instant::now() }
    }

    /// Counts one verdict; `None` if no token could be read.
    pub(super) fn count(&mut self, code: Option<Code>) {
        let number = code.map_or(u32::MAX, Code::number);
        let name = code.map_or("unreadable", Code::name);
        let count = self.counts.entry(number).or_insert(Count { name, tokens: 0 });
        count.tokens = count.tokens.saturating_add(1);
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.values().fold(0, |total, count| total.saturating_add(count.tokens))
    }

    pub(super) fn all_accepted(&self) -> bool {
        self.counts.keys().all(|number| *number == Code::Accepted.number())
    }

    /// Returns the table, followed by the elapsed time.
    #[expect(clippy::cast_precision_loss, reason = "shares and rates are rounded anyway")]
    pub(super) fn to_text(&self) -> String {
        let total = self.total();
        let mut table = Table::new();
        table.load_preset(presets::ASCII_MARKDOWN).set_header(["verdict", "code", "tokens", "share"]);
        for (number, count) in &self.counts {
            let number = if *number == u32::MAX { String::new() } else { number.to_string() };
            let share = 100.0 * count.tokens as f64 / total as f64;
            table.add_row([count.name.to_owned(), number, count.tokens.to_string(), format!("{share:.1} %")]);
        }
        table.add_row(["total".to_owned(), String::new(), total.to_string(), String::new()]);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        let rate = total as f64 / seconds.max(1e-9);
        format!("{table}\n{total} tokens in {seconds:.2} s, {rate:.0} per second\n")
    }
}
