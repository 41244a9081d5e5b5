//! The expected result of an audit of the log.

use std::collections::{BTreeMap, HashMap, HashSet};

use jot::Code;
use serde_json::{Value, json};

use super::lines::{Line, Usage};
use super::tokens::Kind;

/// Totals, counted while the lines are written.
#[derive(Default)]
pub(super) struct Expected {
    lines: u64,
    unreadable: u64,
    codes: BTreeMap<&'static str, u64>,
    accepted_invalid: u64,
    cut: u64,
    confused: u64,
    /// The addresses of tokens that are used from several.
    replays: HashMap<u64, HashSet<String>>,
}

impl Expected {
    pub(super) fn unreadable(&mut self) {
        self.lines = self.lines.saturating_add(1);
        self.unreadable = self.unreadable.saturating_add(1);
    }

    pub(super) fn count(&mut self, usage: &Usage<'_>, line: &Line) {
        let more = |count: &mut u64, whether: bool| *count = count.saturating_add(u64::from(whether));
        self.lines = self.lines.saturating_add(1);
        more(self.codes.entry(usage.code.name()).or_default(), true);
        let refused = !matches!(usage.code, Code::Accepted | Code::TokenNull);
        more(&mut self.accepted_invalid, refused && (200..300).contains(&line.status));
        more(&mut self.cut, usage.plan.kind == Kind::Cut);
        more(&mut self.confused, matches!(usage.plan.kind, Kind::Unsecured | Kind::Confused));
        if usage.plan.kind == Kind::Replayed {
            self.replays.entry(usage.plan.number).or_default().insert(line.address.clone());
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let of = |name| self.codes.get(name).copied().unwrap_or_default();
        let rows = self.lines.saturating_sub(self.unreadable);
        json!({
            "lines": self.lines,
            "rows": rows,
            "accepted": of("accepted"),
            "refused": rows.saturating_sub(of("accepted")),
            "codes": self.codes,
            "unreadable": self.unreadable,
            "findings": {
                "accepted_invalid": self.accepted_invalid,
                "alg_confusion": self.confused,
                "unknown_kid": of("kid_unknown"),
                "key_retired": of("key_retired"),
                "expired": of("expired"),
                "shared_token": self.replays.values().filter(|addresses| addresses.len() > 1).count(),
                "truncated": self.cut,
            },
        })
    }
}
