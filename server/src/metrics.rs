//! Counters for Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

/// Requests by endpoint and status, and events by name.
#[derive(Default)]
pub(crate) struct Metrics {
    answers: Mutex<BTreeMap<(&'static str, u16), u64>>,
    events: Mutex<BTreeMap<&'static str, u64>>,
}

fn add<K: Ord>(counts: &Mutex<BTreeMap<K, u64>>, key: K) {
    let mut counts = counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

impl Metrics {
    pub(crate) fn answered(&self, endpoint: &'static str, status: u16) {
        add(&self.answers, (endpoint, status));
    }

    pub(crate) fn happened(&self, event: &'static str) {
        add(&self.events, event);
    }

    /// Writes the counts in the Prometheus text format (version 0.0.4).
    pub(crate) fn to_text(&self, gauges: &[(&str, &str, usize)]) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# HELP jotd_requests_total Requests.\n# TYPE jotd_requests_total counter");
        for ((endpoint, status), count) in
            self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter()
        {
            let _ =
                writeln!(text, "jotd_requests_total{{endpoint=\"{endpoint}\",status=\"{status}\"}} {count}");
        }
        let _ = writeln!(text, "# HELP jotd_events_total What happened.\n# TYPE jotd_events_total counter");
        for (event, count) in self.events.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter() {
            let _ = writeln!(text, "jotd_events_total{{event=\"{event}\"}} {count}");
        }
        for (name, help, value) in gauges {
            let _ =
                writeln!(text, "# HELP jotd_{name} {help}\n# TYPE jotd_{name} gauge\njotd_{name} {value}");
        }
        text
    }
}
