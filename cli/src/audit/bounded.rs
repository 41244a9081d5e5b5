//! Counters by name in bounded memory.

use serde::{Deserialize, Serialize};

use super::names::{Hashed, Names};

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
    found: Names<T>,
    /// How many names were dropped; a name that comes back and is dropped again counts
    /// twice.
    pub(super) forgotten: u64,
    /// The maximum undercount of any name.
    pub(super) lacking: u64,
}

impl<T: Merge> Bounded<T> {
    pub(super) fn new(room: usize) -> Self {
        Self { room, found: Names::default(), forgotten: 0, lacking: 0 }
    }

    /// Counts a row of a name: `first` makes the value of a new name, `more` adds to an
    /// existing value. Returns the name's place.
    pub(super) fn count(
        &mut self,
        name: &str,
        first: impl FnOnce() -> T,
        more: impl FnOnce(&mut T),
    ) -> usize {
        let name = Hashed::new(name);
        match self.found.find(name) {
            Some(place) => {
                self.count_at(place, more);
                place
            }
            None => self.found.insert(name, first()),
        }
    }

    /// Counts another row of the name at a place.
    pub(super) fn count_at(&mut self, place: usize, more: impl FnOnce(&mut T)) {
        if let Some(value) = self.found.value_mut(place) {
            more(value);
        }
    }

    /// Returns the name at a place.
    pub(super) fn name(&self, place: usize) -> &str {
        self.found.name(place)
    }

    pub(super) fn merge(&mut self, later: &Self) {
        let places = self.found.find_each(&later.found);
        for (place, (name, value)) in places.into_iter().zip(later.found.iter()) {
            match place.and_then(|place| self.found.value_mut(place)) {
                Some(known) => known.merge(value),
                None => _ = self.found.insert(name, value.clone()),
            }
        }
        if self.found.len() > self.room.saturating_mul(2) {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let mut weights: Vec<_> = self.found.iter().map(|(_, value)| value.weight()).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let least = weights.get(self.room).copied().unwrap_or_default();
        let before = self.found.len();
        let room = self.room;
        let mut kept = 0_usize;
        self.found.retain(|value| {
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
        let mut all: Vec<_> = self.found.iter().map(|(name, value)| (name.name(), value)).collect();
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
            counts.merge(&later);
        }
        assert_eq!(counts.top(2), [("heavy", &100), ("steady", &50)]);
        assert!(counts.len() <= 5 && counts.forgotten >= 5 && counts.lacking > 0);
    }
}
