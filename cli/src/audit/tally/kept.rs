//! Counters by the texts of the columns that are kept.

use serde::{Deserialize, Serialize};

use super::named::Uses;
use super::statuses::is_accepted_invalid;
use crate::audit::bounded::{Bounded, Merge};
use crate::audit::row::Row;

/// How many texts of a column are counted.
const TEXTS: usize = 5000;

/// Rows by the texts of one column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct KeptTexts {
    pub(in crate::audit) uses: Bounded<Uses>,
    /// Apart from the others, so that no flood of other texts drops one of these.
    pub(in crate::audit) accepted_invalid: Bounded<u64>,
}

impl Default for KeptTexts {
    fn default() -> Self {
        Self { uses: Bounded::new(TEXTS), accepted_invalid: Bounded::new(TEXTS) }
    }
}

impl Merge for u64 {
    fn merge(&mut self, later: &Self) {
        *self = self.saturating_add(*later);
    }

    fn weight(&self) -> u64 {
        *self
    }
}

/// The columns that are kept, in their order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct KeptColumns(Vec<KeptTexts>);

impl KeptColumns {
    pub(super) fn count(&mut self, row: &Row<'_>) {
        if self.0.len() < row.kept.len() {
            self.0.resize_with(row.kept.len(), KeptTexts::default);
        }
        for (texts, text) in self.0.iter_mut().zip(row.kept) {
            let Some(text) = text else { continue };
            texts.uses.count(text, || Uses::of(row), |uses| uses.merge(&Uses::of(row)));
            if is_accepted_invalid(row) {
                texts.accepted_invalid.count(text, || 1, |count| *count = count.saturating_add(1));
            }
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self(columns) = later;
        if self.0.len() < columns.len() {
            self.0.resize_with(columns.len(), KeptTexts::default);
        }
        for (ours, KeptTexts { uses, accepted_invalid }) in self.0.iter_mut().zip(columns) {
            ours.uses.merge(&uses);
            ours.accepted_invalid.merge(&accepted_invalid);
        }
    }

    pub(in crate::audit) fn iter(&self) -> impl Iterator<Item = &KeptTexts> {
        self.0.iter()
    }
}
