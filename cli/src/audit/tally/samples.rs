//! Rows that were not valid, kept as samples.

use std::collections::BTreeMap;

use jot::Code;
use serde::{Deserialize, Serialize};

use super::statuses::is_accepted_invalid;
use crate::audit::row::Row;

/// How many rows of a code are kept that were answered with success, and how many others.
const ANSWERED: usize = 20;
const OTHERS: usize = 5;

/// A row that was not valid, or of which that is not known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct SampleRow {
    pub(in crate::audit) source: String,
    pub(in crate::audit) line: u64,
    pub(in crate::audit) used_at: Option<i64>,
    pub(in crate::audit) status: Option<u16>,
    pub(in crate::audit) address: Option<String>,
    pub(in crate::audit) alg: Option<String>,
    pub(in crate::audit) kid: Option<String>,
    pub(in crate::audit) issuer: Option<String>,
    pub(in crate::audit) subject: Option<String>,
    pub(in crate::audit) fingerprint: Option<String>,
    /// The texts of the columns that are kept.
    pub(in crate::audit) kept: Vec<Option<String>>,
}

/// Which samples a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Kind {
    /// Answered with success although not valid.
    Answered,
    Other,
}

/// What one thread has kept. The parts of a thread are merged in their order, so what
/// it would keep beyond these is never looked at.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Kept(BTreeMap<u32, [usize; 2]>);

impl Kept {
    /// Returns the kind of a row that is to be kept, and counts it.
    pub(in crate::audit) fn wants(&mut self, row: &Row<'_>) -> Option<Kind> {
        if row.code == Code::Accepted {
            return None;
        }
        let [answered, others] = self.0.entry(row.code.number()).or_default();
        let (kind, count, most) = match is_accepted_invalid(row) {
            true => (Kind::Answered, answered, ANSWERED),
            false => (Kind::Other, others, OTHERS),
        };
        (*count < most).then(|| {
            *count = count.saturating_add(1);
            kind
        })
    }
}

/// The first rows of each code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Samples {
    /// Answered with success although not valid.
    pub(in crate::audit) answered: BTreeMap<u32, Vec<SampleRow>>,
    pub(in crate::audit) others: BTreeMap<u32, Vec<SampleRow>>,
}

impl Samples {
    pub(super) fn keep(&mut self, kind: Kind, row: &Row<'_>) {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let kept = match kind {
            Kind::Answered => &mut self.answered,
            Kind::Other => &mut self.others,
        };
        kept.entry(row.code.number()).or_default().push(SampleRow {
            source: row.source.to_owned(),
            line: row.line,
            used_at: row.used_at,
            status: row.status,
            address: text(row.address),
            alg: text(row.alg),
            kid: text(row.kid),
            issuer: text(row.issuer),
            subject: text(row.subject),
            fingerprint: text(row.fingerprint),
            kept: row.kept.iter().map(|kept| text(kept.as_deref())).collect(),
        });
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { answered, others } = later;
        for (ours, later, most) in
            [(&mut self.answered, answered, ANSWERED), (&mut self.others, others, OTHERS)]
        {
            for (code, rows) in later {
                let kept = ours.entry(code).or_default();
                let missing = most.saturating_sub(kept.len());
                kept.extend(rows.into_iter().take(missing));
            }
        }
    }
}
