//! Counters by name in bounded memory.

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A count that can be merged with a later count.
pub(super) trait Merge: Clone {
    /// Adds the count of later rows.
    fn merge(&mut self, later: &Self);

    /// Returns the weight that decides which names are kept.
    fn weight(&self) -> u64;
}

/// Counts by name. When it is full, it drops the half with the smaller counts and
/// tracks the maximum undercount.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bounded<T> {
    room: usize,
    found: IndexMap<String, T, RandomState>,
    /// How many names were dropped; a name that comes back and is dropped again counts
    /// twice.
    pub(super) forgotten: u64,
    /// The maximum undercount of any name.
    pub(super) lacking: u64,
}

impl<T: Merge> Bounded<T> {
    pub(super) fn new(room: usize) -> Self {
        Self { room, found: IndexMap::default(), forgotten: 0, lacking: 0 }
    }

    /// Counts a row of a name: `first` makes the value of a new name, `more` adds to an
    /// existing value. Returns the name's place.
    pub(super) fn count(
        &mut self,
        name: &str,
        first: impl FnOnce() -> T,
        more: impl FnOnce(&mut T),
    ) -> usize {
        if let Some((place, _, value)) = self.found.get_full_mut(name) {
            more(value);
            return place;
        }
        self.found.insert_full(name.to_owned(), first()).0
    }

    /// Counts another row of the name at a place.
    pub(super) fn count_at(&mut self, place: usize, more: impl FnOnce(&mut T)) {
        if let Some((_, value)) = self.found.get_index_mut(place) {
            more(value);
        }
    }

    /// Returns the name at a place.
    pub(super) fn name(&self, place: usize) -> &str {
        self.found.get_index(place).map_or("", |(name, _)| name.as_str())
    }

    pub(super) fn merge(&mut self, later: Self) {
        // All lookups first, then all updates: the cache misses of independent
        // lookups overlap.
        let places: Vec<_> = later.found.keys().map(|name| self.found.get_index_of(name)).collect();
        for (place, (name, value)) in places.into_iter().zip(later.found) {
            match place.and_then(|place| self.found.get_index_mut(place)) {
                Some((_, known)) => known.merge(&value),
                None => _ = self.found.insert(name, value),
            }
        }
        if self.found.len() > self.room.saturating_mul(2) {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let mut weights: Vec<_> = self.found.values().map(Merge::weight).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let least = weights.get(self.room).copied().unwrap_or_default();
        let before = self.found.len();
        let room = self.room;
        let mut kept = 0_usize;
        self.found.retain(|_, value| {
            let keep = value.weight() > least || value.weight() == least && kept < room;
            kept = kept.saturating_add(usize::from(keep));
            keep
        });
        let gone = before.saturating_sub(self.found.len());
        self.forgotten = self.forgotten.saturating_add(u64::try_from(gone).unwrap_or(u64::MAX));
        self.lacking = self.lacking.saturating_add(least);
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Returns the names with the largest weight, in order; equal weights are ordered
    /// by name.
    pub(super) fn top(&self, count: usize) -> Vec<(&str, &T)> {
        let mut all: Vec<_> = self.found.iter().map(|(name, value)| (name.as_str(), value)).collect();
        all.sort_by(|a, b| b.1.weight().cmp(&a.1.weight()).then(a.0.cmp(b.0)));
        all.truncate(count);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_names_stay_and_what_may_lack_is_told() {
        let mut counts = Bounded::new(2);
        for round in 0..10 {
            let mut later = Bounded::new(2);
            for (name, count) in [("heavy", 10), ("steady", 5), (&format!("light-{round}"), 1)] {
                later.count(name, || count, |_| unreachable!());
            }
            counts.merge(later);
        }
        assert_eq!(counts.top(2), [("heavy", &100), ("steady", &50)]);
        assert!(counts.len() <= 5 && counts.forgotten >= 5 && counts.lacking > 0);
    }
}
