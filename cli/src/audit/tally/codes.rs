//! The number of rows by code.

use std::collections::BTreeMap;

use crate::audit::bounded::Merge;
use crate::audit::coverage::add;

/// The number of rows by code.
pub(in crate::audit) type Codes = BTreeMap<u32, u64>;

impl Merge for Codes {
    fn merge(&mut self, later: &Self) {
        for (code, count) in later {
            add(self.entry(*code).or_default(), *count);
        }
    }

    fn weight(&self) -> u64 {
        self.values().fold(0, |sum, count| sum.saturating_add(*count))
    }
}
