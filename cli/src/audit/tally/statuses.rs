//! HTTP statuses, and uses that were answered with success although the token was not
//! valid.

use std::collections::BTreeMap;

use jot::Code;
use serde::{Deserialize, Serialize};

use super::codes::{Codes, is_refused};
use crate::audit::bounded::Merge;
use crate::audit::coverage::add;
use crate::audit::input::token_text::Kind;
use crate::audit::row::Row;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Statuses {
    /// Accepted and rejected rows, and those whose time is unknown, by class of the
    /// status (2 for 200 to 299; 0 for none).
    pub(in crate::audit) classes: BTreeMap<u8, [u64; 3]>,
    /// Wrongly accepted rows by code.
    pub(in crate::audit) accepted_invalid: Codes,
}

impl Statuses {
    /// Counts rows of a class of statuses and of a code.
    pub(super) fn count(&mut self, class: u8, code: u32, is_accepted_invalid: bool, rows: u64) {
        let place = match Code::from_number(code) {
            Some(Code::Accepted) => 0,
            Some(Code::TimeUnknown) => 2,
            _ => 1,
        };
        if let Some(count) = self.classes.entry(class).or_default().get_mut(place) {
            add(count, rows);
        }
        if is_accepted_invalid {
            add(self.accepted_invalid.entry(code).or_default(), rows);
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { classes, accepted_invalid } = later;
        for (class, counts) in classes {
            for (ours, count) in self.classes.entry(class).or_default().iter_mut().zip(counts) {
                add(ours, count);
            }
        }
        Merge::merge(&mut self.accepted_invalid, &accepted_invalid);
    }

    pub(in crate::audit) fn accepted_invalid_total(&self) -> u64 {
        self.accepted_invalid.weight()
    }
}

/// Returns the first digit of a status; 0 for none.
pub(super) fn class(status: Option<u16>) -> u8 {
    status.map_or(0, |status| u8::try_from(status / 100).unwrap_or_default())
}

/// Returns `true` if the use was answered with 2xx although it was not valid.
pub(in crate::audit) fn is_accepted_invalid(row: &Row<'_>) -> bool {
    let succeeded = row.status.is_some_and(|status| (200..300).contains(&status));
    succeeded && is_refused(row.code) && row.kind == Some(Kind::Jwt.name())
}
