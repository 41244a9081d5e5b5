//! Values by name, in the order in which the names came.
//!
//! All names are in one text, and each keeps its hash: a name that is known already needs
//! no memory, and is not hashed again when the values of a part are added to others.

use std::fmt;
use std::hash::BuildHasher as _;
use std::marker::PhantomData;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One for the whole process, so that the hash of a name is the same everywhere, and
/// random, so that nobody can prepare names that collide.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// Values by name.
#[derive(Clone, Debug)]
pub(super) struct Names<T> {
    text: String,
    entries: Vec<Entry<T>>,
    /// The places of the entries, by the hash of their names.
    places: HashTable<usize>,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    hash: u64,
    /// Where the name ends; it begins where the one before it ends.
    end: usize,
    value: T,
}

/// A name and its hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hashed<'n> {
    hash: u64,
    name: &'n str,
}

impl<'n> Hashed<'n> {
    pub(super) fn new(name: &'n str) -> Self {
        Self { hash: HASHER.hash_one(name), name }
    }

    pub(super) const fn name(&self) -> &'n str {
        self.name
    }
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { text: String::new(), entries: Vec::new(), places: HashTable::new() }
    }
}

impl<T> Names<T> {
    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the place of a name.
    pub(super) fn find(&self, Hashed { hash, name }: Hashed<'_>) -> Option<usize> {
        let is_it = |place: &usize| {
            self.entries.get(*place).is_some_and(|entry| entry.hash == hash) && self.name(*place) == name
        };
        self.places.find(hash, is_it).copied()
    }

    /// Returns the place of each name of `others`. With many names each step of a search
    /// waits for memory, so all of them take a step before any takes the next.
    pub(super) fn find_each<U>(&self, others: &Names<U>) -> Vec<Option<usize>> {
        let hashes = || others.entries.iter().map(|entry| entry.hash);
        // Of the places whose hash begins alike, nearly always the right one is the first.
        let places: Vec<_> = hashes().map(|hash| self.places.find(hash, |_| true).copied()).collect();
        let is_like = |(place, hash): (Option<usize>, u64)| {
            place.filter(|place| self.entries.get(*place).is_some_and(|entry| entry.hash == hash))
        };
        let places: Vec<_> = places.into_iter().zip(hashes()).map(is_like).collect();
        let found = places.into_iter().zip(others.iter()).map(|(place, (other, _))| match place {
            Some(place) if self.name(place) == other.name => Some(place),
            _ => self.find(other),
        });
        found.collect()
    }

    /// Adds a name that is not there, and returns its place.
    pub(super) fn insert(&mut self, Hashed { hash, name }: Hashed<'_>, value: T) -> usize {
        let Self { text, entries, places } = self;
        let place = entries.len();
        text.push_str(name);
        entries.push(Entry { hash, end: text.len(), value });
        let hash_at = |place: &usize| entries.get(*place).map_or(0, |entry| entry.hash);
        places.insert_unique(hash, place, hash_at);
        place
    }

    /// Returns the name at a place.
    pub(super) fn name(&self, place: usize) -> &str {
        let end = |place: usize| self.entries.get(place).map(|entry| entry.end);
        let start = place.checked_sub(1).and_then(end).unwrap_or_default();
        end(place).and_then(|end| self.text.get(start..end)).unwrap_or_default()
    }

    /// Returns the value at a place.
    pub(super) fn value_mut(&mut self, place: usize) -> Option<&mut T> {
        self.entries.get_mut(place).map(|entry| &mut entry.value)
    }

    /// Returns each name with its hash, and its value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Hashed<'_>, &T)> {
        self.entries
            .iter()
            .enumerate()
            .map(|(place, Entry { hash, value, .. })| (Hashed { hash: *hash, name: self.name(place) }, value))
    }

    /// Drops the names whose values are not wanted.
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(&T) -> bool) {
        let Self { text, entries, .. } = std::mem::take(self);
        let mut start = 0;
        for Entry { hash, end, value } in entries {
            if wanted(&value) {
                self.insert(Hashed { hash, name: text.get(start..end).unwrap_or_default() }, value);
            }
            start = end;
        }
    }
}

/// As a map.
impl<T: Serialize> Serialize for Names<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name.name(), value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Names<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Names<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names<T>, A::Error> {
                let mut names = Names::default();
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    let name = Hashed::new(&name);
                    if names.find(name).is_none() {
                        names.insert(name, value);
                    }
                }
                Ok(names)
            }
        }

        deserializer.deserialize_map(Reader(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_order_and_written_as_a_map() {
        let mut names = Names::default();
        for name in ["b", "", "a\u{1f}", "ab"] {
            let hashed = Hashed::new(name);
            assert_eq!(names.find(hashed), None);
            let place = names.insert(hashed, name.len());
            assert_eq!((names.find(hashed), names.name(place)), (Some(place), name));
        }
        *names.value_mut(0).unwrap() = 7;
        let text = serde_json::to_string(&names).unwrap();
        assert_eq!(text, "{\"b\":7,\"\":0,\"a\\u001f\":2,\"ab\":2}");
        let again: Names<usize> = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
        names.retain(|value| *value == 2);
        assert_eq!(serde_json::to_string(&names).unwrap(), "{\"a\\u001f\":2,\"ab\":2}");
        assert_eq!(
            (names.len(), names.find(Hashed::new("ab")), names.find(Hashed::new("b"))),
            (2, Some(1), None)
        );
    }

    #[test]
    fn many_names_are_told_apart() {
        let mut names = Names::default();
        for number in 0..3000 {
            let name = number.to_string();
            assert_eq!(names.insert(Hashed::new(&name), number), number);
        }
        let mut others = Names::default();
        for number in 0..6000 {
            let (name, place) = (number.to_string(), Some(number).filter(|number| *number < 3000));
            assert_eq!(names.find(Hashed::new(&name)), place);
            others.insert(Hashed::new(&name), place);
        }
        let found = names.find_each(&others);
        assert!(others.iter().map(|(_, place)| *place).eq(found));
        assert!(names.iter().all(|(name, value)| name.name() == value.to_string()));
    }
}
