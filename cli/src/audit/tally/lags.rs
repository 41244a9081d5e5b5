//! How late expired tokens were used.

use serde::{Deserialize, Serialize};

use crate::audit::coverage::add;

/// The ends of the classes of expiry lags, in seconds.
pub(in crate::audit) const LAGS: [(i64, &str); 8] = [
    (10, "under 10 s"),
    (60, "under 1 min"),
    (300, "under 5 min"),
    (3600, "under 1 h"),
    (21_600, "under 6 h"),
    (86_400, "under 1 day"),
    (604_800, "under 7 days"),
    (i64::MAX, "7 days and more"),
];

/// Rows by class of [`LAGS`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::audit) struct Lags([u64; LAGS.len()]);

impl Lags {
    pub(super) fn count(&mut self, seconds: i64) {
        let class = LAGS.iter().position(|(end, _)| seconds < *end);
        if let Some(count) = class.and_then(|class| self.0.get_mut(class)) {
            add(count, 1);
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        let Self(counts) = later;
        for (count, more) in self.0.iter_mut().zip(counts) {
            add(count, more);
        }
    }

    /// Returns each class and its rows.
    pub(in crate::audit) fn classes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        LAGS.iter().zip(self.0).map(|((_, name), count)| (*name, count))
    }
}
