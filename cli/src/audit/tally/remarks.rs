//! What could not be read: whole lines, or parts of records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audit::coverage::add;
use crate::audit::records::Remark;

/// How many of each reason are kept as samples, so that none hides the others.
const SAMPLES: usize = 20;

/// The place of a line, and why it is listed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::audit) struct Sample {
    pub(in crate::audit) source: String,
    pub(in crate::audit) line: u64,
    pub(in crate::audit) reason: String,
    /// The text, without secrets.
    pub(in crate::audit) seen: Option<String>,
}

/// Counts by reason, with samples.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Remarks {
    pub(in crate::audit) count: u64,
    pub(in crate::audit) reasons: BTreeMap<String, u64>,
    pub(in crate::audit) samples: Vec<Sample>,
}

impl Remarks {
    pub(super) fn count(&mut self, source: &str, remark: &Remark) {
        let Remark { number, reason, seen } = remark;
        add(&mut self.count, 1);
        match self.reasons.get_mut(*reason) {
            Some(count) => add(count, 1),
            None => _ = self.reasons.insert((*reason).to_owned(), 1),
        }
        if self.has_room(reason) {
            let (source, reason, seen) = (source.to_owned(), (*reason).to_owned(), seen.clone());
            self.samples.push(Sample { source, line: *number, reason, seen });
        }
    }

    fn has_room(&self, reason: &str) -> bool {
        self.samples.iter().filter(|sample| sample.reason == reason).count() < SAMPLES
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self { count, reasons, samples } = later;
        add(&mut self.count, count);
        for (reason, count) in reasons {
            add(self.reasons.entry(reason).or_default(), count);
        }
        for sample in samples {
            if self.has_room(&sample.reason) {
                self.samples.push(sample);
            }
        }
    }
}
