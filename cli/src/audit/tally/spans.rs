//! Counts by span of time, in bounded memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audit::bounded::Merge;

/// The widths of a span, in seconds; beyond the last one they double. Each is a
/// multiple of the one before.
const WIDTHS: [i64; 8] = [60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800];

/// A Monday, with which weeks begin.
const MONDAY: i64 = 4 * 86_400;

/// Counts by span: at first `FIRST` seconds wide, and wider if more than `MOST` spans
/// would have a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::audit) struct Spans<T, const FIRST: i64, const MOST: usize> {
    /// The width of a span.
    pub(in crate::audit) seconds: i64,
    /// By the start of the span.
    pub(in crate::audit) counts: BTreeMap<i64, T>,
}

impl<T, const FIRST: i64, const MOST: usize> Default for Spans<T, FIRST, MOST> {
    fn default() -> Self {
        Self { seconds: FIRST, counts: BTreeMap::new() }
    }
}

impl<T: Merge + Default, const FIRST: i64, const MOST: usize> Spans<T, FIRST, MOST> {
    /// Returns the count of the span that has this instant.
    pub(super) fn at(&mut self, instant: i64) -> &mut T {
        self.counts.entry(start_of(instant, self.seconds)).or_default()
    }

    /// Adds the spans of a part. The final width depends only on the instants, not on
    /// their order.
    pub(super) fn merge(&mut self, later: &Self) {
        while self.seconds < later.seconds {
            self.widen();
        }
        self.add(&later.counts);
        while self.counts.len() > MOST {
            self.widen();
        }
    }

    fn widen(&mut self) {
        self.seconds = wider(self.seconds);
        let narrower = std::mem::take(&mut self.counts);
        self.add(&narrower);
    }

    fn add(&mut self, counts: &BTreeMap<i64, T>) {
        for (start, count) in counts {
            self.at(*start).merge(count);
        }
    }
}

/// Returns the start of the span of this width that has the instant.
pub(in crate::audit) const fn start_of(instant: i64, seconds: i64) -> i64 {
    instant.saturating_sub(MONDAY).div_euclid(seconds).saturating_mul(seconds).saturating_add(MONDAY)
}

/// Returns the next width.
pub(in crate::audit) fn wider(seconds: i64) -> i64 {
    WIDTHS.into_iter().find(|width| *width > seconds).unwrap_or_else(|| seconds.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_widen_and_begin_on_mondays() {
        // A part may begin as wide as what it is added to.
        for begins_wide in [false, true] {
            let mut spans = Spans::<u64, 60, 3>::default();
            for day in [0, 1, 2, 20, 21] {
                let mut part = Spans::default();
                if begins_wide {
                    part.seconds = spans.seconds;
                }
                // 2026-03-01 was a Sunday.
                *part.at(1_772_323_200 + day * 86_400) += 1;
                spans.merge(&part);
            }
            assert_eq!(spans.seconds, 604_800);
            let starts: Vec<_> = spans.counts.into_iter().collect();
            assert_eq!(starts, [(1_771_804_800, 1), (1_772_409_600, 2), (1_773_619_200, 2)]);
        }
        assert_eq!((wider(60), wider(604_800), wider(1_209_600)), (300, 1_209_600, 2_419_200));
        assert_eq!((start_of(-1, 60), start_of(59, 60), start_of(60, 60)), (-60, 0, 60));
        for pair in WIDTHS.windows(2) {
            assert_eq!(pair[1] % pair[0], 0);
        }
    }
}
