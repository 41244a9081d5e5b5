//! Codes by span of time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codes::{Codes, add_codes};
use crate::audit::coverage::add;

/// The largest number of spans of time.
const MAX_SPANS: usize = 2000;

const HOUR_SECONDS: i64 = 3600;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct Spans {
    /// The width of a span: an hour, or more for a long log.
    pub(in crate::audit) seconds: i64,
    /// By the start of the span.
    pub(in crate::audit) codes: BTreeMap<i64, Codes>,
}

impl Default for Spans {
    fn default() -> Self {
        Self { seconds: HOUR_SECONDS, codes: BTreeMap::new() }
    }
}

impl Spans {
    pub(super) fn count(&mut self, used_at: i64, code: u32) {
        let start = self.start_of(used_at);
        add(self.codes.entry(start).or_default().entry(code).or_default(), 1);
    }

    fn start_of(&self, instant: i64) -> i64 {
        instant.div_euclid(self.seconds).saturating_mul(self.seconds)
    }

    /// Adds the spans of a part, which are an hour wide. The final width depends only
    /// on the instants, not on their order.
    pub(super) fn merge(&mut self, later: Self) {
        let Self { seconds: _, codes } = later;
        self.add(codes);
        while self.codes.len() > MAX_SPANS {
            self.seconds = self.seconds.saturating_mul(2);
            let narrower = std::mem::take(&mut self.codes);
            self.add(narrower);
        }
    }

    fn add(&mut self, spans: BTreeMap<i64, Codes>) {
        for (start, codes) in spans {
            let start = self.start_of(start);
            add_codes(self.codes.entry(start).or_default(), &codes);
        }
    }
}
