//! Counts by source.

use serde::{Deserialize, Serialize};

use crate::audit::coverage::add;

/// How many sources are named.
const NAMED: usize = 1000;

/// What a source held.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct SourceCounts {
    pub(in crate::audit) name: String,
    pub(in crate::audit) rows: u64,
    pub(in crate::audit) refused: u64,
    pub(in crate::audit) unreadable: u64,
}

/// The first sources that had a record.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Sources(pub(in crate::audit) Vec<SourceCounts>);

impl Sources {
    /// The counts of a part that is of one source.
    pub(super) fn of(name: &str, rows: u64, refused: u64, unreadable: u64) -> Self {
        if rows == 0 && unreadable == 0 {
            return Self::default();
        }
        Self(vec![SourceCounts { name: name.to_owned(), rows, refused, unreadable }])
    }

    pub(super) fn merge(&mut self, later: Self) {
        for counts in later.0 {
            // The parts of a source follow one another.
            if let Some(last) = self.0.last_mut().filter(|last| last.name == counts.name) {
                let SourceCounts { name: _, rows, refused, unreadable } = last;
                add(rows, counts.rows);
                add(refused, counts.refused);
                add(unreadable, counts.unreadable);
            } else if self.0.len() < NAMED {
                self.0.push(counts);
            }
        }
    }
}
