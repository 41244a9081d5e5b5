//! HTTP statuses, and uses that were answered with success although the token was not
//! valid.

use std::collections::BTreeMap;

use jot::Code;
use serde::{Deserialize, Serialize};

use super::codes::{Codes, add_codes};
use crate::audit::coverage::add;
use crate::audit::input::token_text::Kind;
use crate::audit::row::Row;

/// How many wrongly accepted uses are kept as samples.
const SAMPLES: usize = 100;

/// A use that was answered with success although the token was not valid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct Incident {
    pub(in crate::audit) source: String,
    pub(in crate::audit) line: u64,
    pub(in crate::audit) used_at: i64,
    pub(in crate::audit) status: u16,
    pub(in crate::audit) code: u32,
    pub(in crate::audit) kid: Option<String>,
    pub(in crate::audit) fingerprint: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Statuses {
    /// Accepted and rejected rows by class of the status (2 for 200 to 299; 0 for
    /// none).
    pub(in crate::audit) classes: BTreeMap<u8, [u64; 2]>,
    /// Wrongly accepted rows by code.
    pub(in crate::audit) accepted_invalid: Codes,
    pub(in crate::audit) incidents: Vec<Incident>,
}

impl Statuses {
    pub(super) fn count(&mut self, row: &Row<'_>) {
        let class = row.status.map_or(0, |status| u8::try_from(status / 100).unwrap_or_default());
        let refused = row.code != Code::Accepted;
        if let Some(count) = self.classes.entry(class).or_default().get_mut(usize::from(refused)) {
            add(count, 1);
        }
        let (Some(status), true) = (row.status, is_accepted_invalid(row)) else { return };
        add(self.accepted_invalid.entry(row.code.number()).or_default(), 1);
        if self.incidents.len() < SAMPLES {
            self.incidents.push(Incident {
                source: row.source.to_owned(),
                line: row.line,
                used_at: row.used_at,
                status,
                code: row.code.number(),
                kid: row.kid.map(str::to_owned),
                fingerprint: row.fingerprint.map(str::to_owned),
            });
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { classes, accepted_invalid, incidents } = later;
        for (class, [accepted, refused]) in classes {
            let [ours, ours_refused] = self.classes.entry(class).or_default();
            add(ours, accepted);
            add(ours_refused, refused);
        }
        add_codes(&mut self.accepted_invalid, &accepted_invalid);
        let missing = SAMPLES.saturating_sub(self.incidents.len());
        self.incidents.extend(incidents.into_iter().take(missing));
    }

    pub(in crate::audit) fn accepted_invalid_total(&self) -> u64 {
        self.accepted_invalid.values().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// Returns `true` if the use was answered with 2xx although it was not valid.
pub(in crate::audit) fn is_accepted_invalid(row: &Row<'_>) -> bool {
    let succeeded = row.status.is_some_and(|status| (200..300).contains(&status));
    succeeded && row.code != Code::Accepted && row.kind == Some(Kind::Jwt.name())
}
