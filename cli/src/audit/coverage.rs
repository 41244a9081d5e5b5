//! What an audit covered: which sources it read to their ends.

use serde::{Deserialize, Serialize};

use super::input::{Part, kept};

/// Adds up to the largest number.
pub(super) fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

/// Returns the earlier of two instants that may be unknown.
pub(super) fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// How many broken or empty sources are named.
const NAMED: usize = 100;

/// A source that could not be read to its end, or not at all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Broken {
    pub(super) source: String,
    pub(super) reason: String,
}

/// How many records had what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) unreadable: u64,
    /// Those that have the field of each part.
    pub(super) fields: [u64; 4],
    /// Those without a field for a token, or with something else in it.
    pub(super) tokenless: u64,
    /// Those whose time of use is unknown.
    pub(super) timeless: u64,
    /// Those that have a text for each column that is kept.
    pub(super) kept: [u64; kept::MOST],
}

impl Counts {
    fn merge(&mut self, later: &Self) {
        let Self { records, unreadable, fields, tokenless, timeless, kept } = later;
        add(&mut self.records, *records);
        add(&mut self.unreadable, *unreadable);
        add(&mut self.tokenless, *tokenless);
        add(&mut self.timeless, *timeless);
        let all = self.fields.iter_mut().chain(&mut self.kept);
        for (count, more) in all.zip(fields.iter().chain(kept)) {
            add(count, *more);
        }
    }
}

/// Sums over all sources that were come to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Coverage {
    pub(super) broken: u64,
    pub(super) broken_named: Vec<Broken>,
    pub(super) empty: u64,
    pub(super) empty_named: Vec<String>,
    pub(super) counts: Counts,
}

impl Coverage {
    pub(super) fn count_broken(&mut self, source: &str, reason: String) {
        add(&mut self.broken, 1);
        if self.broken_named.len() < NAMED {
            self.broken_named.push(Broken { source: source.to_owned(), reason });
        }
    }

    pub(super) fn count_empty(&mut self, source: &str) {
        add(&mut self.empty, 1);
        if self.empty_named.len() < NAMED {
            self.empty_named.push(source.to_owned());
        }
    }

    /// Counts the records that have the part's field.
    pub(super) fn fields(&self, part: Part) -> u64 {
        self.counts.fields.get(part as usize).copied().unwrap_or_default()
    }

    /// Says that more records than `percent` in a hundred say nothing of a token.
    #[expect(clippy::cast_precision_loss, reason = "a share is rounded anyway")]
    pub(super) fn unread(&self, percent: f64) -> Option<String> {
        let Counts { records, unreadable, tokenless, timeless, .. } = self.counts;
        let lacking = unreadable.saturating_add(tokenless).saturating_add(timeless);
        let share = 100.0 * lacking as f64 / records.max(1) as f64;
        (share > percent).then(|| {
            format!(
                "found: of {records} records {unreadable} are unreadable, {tokenless} without a token and \
                 {timeless} without a time: {share:.1} %, more than {percent} % (see --max-unread)"
            )
        })
    }

    /// Puts what follows after this.
    pub(super) fn merge(&mut self, later: Self) {
        let Self { broken, broken_named, empty, empty_named, counts } = later;
        self.counts.merge(&counts);
        add(&mut self.broken, broken);
        add(&mut self.empty, empty);
        let missing = NAMED.saturating_sub(self.broken_named.len());
        self.broken_named.extend(broken_named.into_iter().take(missing));
        let missing = NAMED.saturating_sub(self.empty_named.len());
        self.empty_named.extend(empty_named.into_iter().take(missing));
    }
}
