//! Counters over all rows, in bounded memory. Each chunk is counted separately, and the
//! parts are merged in the order of the input, so the sum does not depend on threads.
//!
//! Each counter has its own `merge`, which takes the other one apart: a field that is
//! not merged does not compile.

mod codes;
mod kept;
mod lags;
mod named;
mod remarks;
mod samples;
mod sources;
mod spans;
mod statuses;
#[cfg(test)]
mod tests;
mod totals;

use jot::Code;
use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, add};
use super::records::{Piece, Remark};
use super::row::Row;
use super::shared_tokens::{Name, SharedTokens, Use};
use super::snapshots;

pub(super) use codes::Codes;
pub(super) use kept::{KeptColumns, KeptTexts};
pub(super) use lags::Lags;
pub(super) use named::{Days, Group, Named, Places, SEPARATOR};
pub(super) use remarks::Remarks;
pub(super) use samples::{Kept, Kind, SampleRow, Samples};
pub(super) use sources::{SourceCounts, Sources};
pub(super) use spans::{Spans, start_of, wider};
pub(super) use statuses::Statuses;
pub(super) use totals::Totals;

const MINUTE_SECONDS: i64 = 60;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) totals: Totals,
    pub(super) unreadable: Remarks,
    /// What could not be read of records whose tokens are judged.
    pub(super) flaws: Remarks,
    /// Uses from before the first snapshot of the keys.
    pub(super) early: Remarks,
    pub(super) coverage: Coverage,
    pub(super) sources: Sources,
    /// Codes by minute, or by longer spans of a long log.
    pub(super) spans: Spans<Codes, MINUTE_SECONDS, 2000>,
    pub(super) lags: Lags,
    pub(super) statuses: Statuses,
    pub(super) samples: Samples,
    pub(super) named: Named,
    pub(super) kept: KeptColumns,
    pub(super) shared: SharedTokens,
    /// The uses of tokens in this part, in the order of its rows.
    #[serde(skip)]
    uses: Vec<Use>,
    /// The last rows, which `spans` does not have yet.
    #[serde(skip)]
    run: Run,
}

/// Rows of one minute and code that follow one another: most do, and cost no search.
#[derive(Clone, Debug, Default)]
struct Run {
    start: i64,
    code: u32,
    rows: u64,
}

impl Run {
    /// Counts a row if it belongs to the run.
    fn goes_on(&mut self, used_at: i64, code: u32) -> bool {
        let is_same = self.rows > 0
            && code == self.code
            && (0..MINUTE_SECONDS).contains(&used_at.saturating_sub(self.start));
        add(&mut self.rows, u64::from(is_same));
        is_same
    }
}

impl Tally {
    /// Begins with what is known of the source.
    pub(super) fn with(coverage: Coverage) -> Self {
        Self { coverage, ..Self::default() }
    }

    /// Counts an unreadable line.
    pub(super) fn count_unreadable(&mut self, source: &str, unread: &Remark) {
        self.unreadable.count(source, unread);
    }

    /// Counts a part of a record that could not be read.
    pub(super) fn count_flaw(&mut self, source: &str, flaw: &Remark) {
        self.flaws.count(source, flaw);
    }

    /// Counts a use from before the first snapshot of the keys.
    pub(super) fn count_early(&mut self, source: &str, number: u64) {
        self.early.count(source, &Remark { number, reason: snapshots::REASON, seen: None });
    }

    /// Counts a row; `places` belong to its token.
    pub(super) fn count(&mut self, row: &Row<'_>, places: &mut Places) {
        self.totals.count(row);
        // Without an instant it is in no span.
        if let Some(used_at) = row.used_at {
            let code = row.code.number();
            if !self.run.goes_on(used_at, code) {
                self.end_run();
                self.run = Run { start: start_of(used_at, self.spans.seconds), code, rows: 1 };
            }
        }
        if let Some(seconds) = row.expired_by_seconds {
            self.lags.count(seconds);
        }
        self.statuses.count(row);
        self.named.count(row, places);
        self.kept.count(row);
    }

    /// Keeps a row as a sample.
    pub(super) fn keep(&mut self, kind: Kind, row: &Row<'_>) {
        self.samples.keep(kind, row);
    }

    fn end_run(&mut self) {
        let Run { start, code, rows } = std::mem::take(&mut self.run);
        if rows > 0 {
            add(self.spans.at(start).entry(code).or_default(), rows);
        }
    }

    /// Ends a part, all of which was of one source.
    pub(super) fn end(&mut self, source: &str) {
        self.end_run();
        self.sources = Sources::of(source, self.totals.rows, self.refused(), self.unreadable.count);
    }

    /// Notes the use of a token whose address is known and whose signature holds.
    pub(super) fn note(&mut self, token_use: Use) {
        self.uses.push(token_use);
    }

    /// Adds the part of the next chunk; `fingerprint` names the chunk's tokens. A part
    /// has noted uses, and not looked for shared tokens among them yet.
    pub(super) fn merge(&mut self, later: Self, fingerprint: impl Fn(Piece) -> u128) {
        let Self {
            totals,
            unreadable,
            flaws,
            early,
            coverage,
            sources,
            spans,
            lags,
            statuses,
            samples,
            named,
            kept,
            shared: _,
            uses,
            // Empty: the part has ended.
            run: _,
        } = later;
        self.totals.merge(totals);
        self.unreadable.merge(unreadable);
        self.flaws.merge(flaws);
        self.early.merge(early);
        self.coverage.merge(coverage);
        self.sources.merge(sources);
        self.spans.merge(&spans);
        self.lags.merge(lags);
        self.statuses.merge(statuses);
        self.samples.merge(samples);
        let subject = |place| named.subjects.name(place).to_owned();
        self.shared.see(&uses, |token_use| Name {
            fingerprint: fingerprint(token_use.token),
            subject: token_use.subject.map(subject),
        });
        self.named.merge(named);
        self.kept.merge(kept);
    }

    /// Returns the number of rows and unreadable lines, without blank lines.
    pub(super) const fn lines(&self) -> u64 {
        self.totals.rows.saturating_add(self.unreadable.count)
    }

    pub(super) fn code(&self, code: Code) -> u64 {
        self.totals.codes.get(&code.number()).copied().unwrap_or_default()
    }

    pub(super) fn refused(&self) -> u64 {
        codes::refused(&self.totals.codes)
    }
}
