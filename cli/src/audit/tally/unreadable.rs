//! Lines that could not be read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audit::coverage::add;

/// How many of them are kept as samples.
const SAMPLES: usize = 100;

/// The place of a line and the reason for listing it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct Sample {
    pub(in crate::audit) source: String,
    pub(in crate::audit) line: u64,
    pub(in crate::audit) reason: String,
    /// The text, without secrets.
    pub(in crate::audit) seen: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct UnreadableLines {
    pub(in crate::audit) lines: u64,
    pub(in crate::audit) reasons: BTreeMap<String, u64>,
    pub(in crate::audit) samples: Vec<Sample>,
}

impl UnreadableLines {
    pub(super) fn count(&mut self, source: &str, line: u64, reason: String, seen: Option<String>) {
        add(&mut self.lines, 1);
        add(self.reasons.entry(reason.clone()).or_default(), 1);
        if self.samples.len() < SAMPLES {
            self.samples.push(Sample { source: source.to_owned(), line, reason, seen });
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { lines, reasons, samples } = later;
        add(&mut self.lines, lines);
        for (reason, count) in reasons {
            add(self.reasons.entry(reason).or_default(), count);
        }
        let missing = SAMPLES.saturating_sub(self.samples.len());
        self.samples.extend(samples.into_iter().take(missing));
    }
}
