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
use super::shared_tokens::{Name, SharedTokens, TokenUses};
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
use statuses::is_accepted_invalid;
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
    uses: Vec<TokenUses>,
    /// The last rows, which the counts by code and status do not have yet.
    #[serde(skip)]
    run: Run,
}

/// Rows that follow one another and count alike: most do, and cost no search.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    alike: Alike,
    rows: u64,
}

/// What the rows of a run have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Alike {
    /// The beginning of the span of time; without an instant it is in none.
    span: Option<i64>,
    code: u32,
    status_class: u8,
    is_accepted_invalid: bool,
}

impl Tally {
    /// Begins a part with what is known of the source. Its spans are as wide as those of
    /// the sums before it: it has fewer of them, and the sums come to the same.
    pub(super) fn with(coverage: Coverage, span_seconds: i64) -> Self {
        let mut part = Self { coverage, ..Self::default() };
        part.spans.seconds = part.spans.seconds.max(span_seconds);
        part
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
        let alike = Alike {
            span: row.used_at.map(|used_at| start_of(used_at, self.spans.seconds)),
            code: row.code.number(),
            status_class: statuses::class(row.status),
            is_accepted_invalid: is_accepted_invalid(row),
        };
        if alike != self.run.alike {
            self.end_run();
            self.run.alike = alike;
        }
        add(&mut self.run.rows, 1);
        self.totals.count(row);
        if let Some(seconds) = row.expired_by_seconds {
            self.lags.count(seconds);
        }
        self.named.count(row, places);
        self.kept.count(row);
    }

    /// Keeps a row as a sample.
    pub(super) fn keep(&mut self, kind: Kind, row: &Row<'_>) {
        self.samples.keep(kind, row);
    }

    fn end_run(&mut self) {
        let Run { alike, rows } = std::mem::take(&mut self.run);
        if rows == 0 {
            return;
        }
        self.totals.count_code(alike.code, rows);
        self.statuses.count(alike.status_class, alike.code, alike.is_accepted_invalid, rows);
        if let Some(start) = alike.span {
            add(self.spans.at(start).entry(alike.code).or_default(), rows);
        }
    }

    /// Ends a part, all of which was of one source.
    pub(super) fn end(&mut self, source: &str) {
        self.end_run();
        self.sources = Sources::of(source, self.totals.rows, self.refused(), self.unreadable.count);
    }

    /// Notes the use of a token whose address is known and whose signature holds. Returns
    /// its place for [`note_again`](Self::note_again).
    pub(super) fn note(&mut self, uses: TokenUses) -> usize {
        self.uses.push(uses);
        self.uses.len().saturating_sub(1)
    }

    /// Notes the next use of the token that was noted at a place. Returns `false` if it is
    /// from another address.
    pub(super) fn note_again(&mut self, place: usize, address_id: u64, used_at: Option<i64>) -> bool {
        let uses = self.uses.get_mut(place).filter(|uses| uses.address_id == address_id);
        uses.map(|uses| uses.add(used_at)).is_some()
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
        self.shared.see(&uses, |uses| Name {
            fingerprint: fingerprint(uses.token),
            subject: uses.subject.map(subject),
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
