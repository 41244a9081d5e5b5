//! What an audit covered: which sources it read to their ends.

use serde::{Deserialize, Serialize};

pub(super) fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

/// How many broken or empty sources are named.
const NAMED: usize = 100;

/// A source that could not be read to its end, or not at all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Broken {
    pub(super) source: String,
    pub(super) reason: String,
}

/// Sums over all sources that were come to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Coverage {
    pub(super) broken: u64,
    pub(super) broken_named: Vec<Broken>,
    pub(super) empty: u64,
    pub(super) empty_named: Vec<String>,
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

    /// Puts what follows after this.
    pub(super) fn merge(&mut self, later: Self) {
        let Self { broken, broken_named, empty, empty_named } = later;
        add(&mut self.broken, broken);
        add(&mut self.empty, empty);
        let missing = NAMED.saturating_sub(self.broken_named.len());
        self.broken_named.extend(broken_named.into_iter().take(missing));
        let missing = NAMED.saturating_sub(self.empty_named.len());
        self.empty_named.extend(empty_named.into_iter().take(missing));
    }
}
