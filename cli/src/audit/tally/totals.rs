//! Sums over all rows.

use jot::Code;
use serde::{Deserialize, Serialize};

use super::codes::Codes;
use crate::audit::bounded::Merge;
use crate::audit::coverage::{add, earlier};
use crate::audit::row::Row;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Totals {
    pub(in crate::audit) rows: u64,
    pub(in crate::audit) codes: Codes,
    pub(in crate::audit) first_use: Option<i64>,
    pub(in crate::audit) last_use: Option<i64>,
    pub(in crate::audit) truncated: u64,
    pub(in crate::audit) alg_confusion: u64,
}

impl Totals {
    pub(super) fn count(&mut self, row: &Row<'_>) {
        self.first_use = earlier(self.first_use, row.used_at);
        self.last_use = self.last_use.max(row.used_at);
        add(&mut self.truncated, u64::from(row.truncated));
        add(&mut self.alg_confusion, u64::from(is_alg_confusion(row)));
    }

    /// Counts rows of a code.
    pub(super) fn count_code(&mut self, code: u32, rows: u64) {
        add(&mut self.rows, rows);
        add(self.codes.entry(code).or_default(), rows);
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { rows, codes, first_use, last_use, truncated, alg_confusion } = later;
        add(&mut self.rows, rows);
        Merge::merge(&mut self.codes, &codes);
        self.first_use = earlier(self.first_use, first_use);
        self.last_use = self.last_use.max(last_use);
        add(&mut self.truncated, truncated);
        add(&mut self.alg_confusion, alg_confusion);
    }
}

/// Returns `true` for `none`, and for an HMAC that the policy or the keys do not allow.
fn is_alg_confusion(row: &Row<'_>) -> bool {
    let alg = row.alg.unwrap_or_default();
    match row.code {
        Code::AlgNone => true,
        Code::AlgUnknown => alg.eq_ignore_ascii_case("none"),
        Code::AlgNotAllowed | Code::KeyNotForAlg => matches!(alg, "HS256" | "HS384" | "HS512"),
        _ => false,
    }
}
