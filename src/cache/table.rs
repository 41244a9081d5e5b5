//! The table: a fixed number of small records, read without a lock.
//!
//! Records are in sets of seven. A set is eight cache lines: one of marks, and one for
//! each record. A tag can be in two sets; it goes to the one with more empty places,
//! which lets the table fill to nine tenths before anything is evicted.
//!
//! A mark guards each record like a sequence lock. A writer takes the mark by a
//! compare-and-swap that sets the bit `BUSY`, writes the record, and stores the mark with a
//! higher count. A reader loads the mark, the record, and the mark again; if the marks
//! differ, it found nothing. Readers therefore write nothing, except one bit when a record
//! is used for the first time since it was written. Nobody ever waits: a writer that loses
//! the race drops its record.
//!
//! If both sets are full, the table evicts a record that the caller calls spent
//! (expired, or of replaced keys); otherwise one that was not used since it was written
//! or since the bits were last cleared; otherwise, after clearing the bits, any record.
//! A flood of tokens that are used once therefore evicts only its own tokens.

use super::sync::{AtomicU64, Ordering, fence};

/// Records in a set; in the model only one, for which all threads then compete.
const WAYS: usize = if cfg!(loom) { 1 } else { 7 };
/// Words in a record: four of the tag and four of the caller.
const WORDS: usize = 8;

const HELD: u64 = 1;
const BUSY: u64 = 2;
const PRINT_SHIFT: u32 = 2;
/// The unit of a count of 46 bits: a reader would have to be suspended for years to
/// meet the same count again.
const COUNT: u64 = 1 << 18;

/// A record: the words of its tag, then the caller's own.
pub(crate) type Record = [u64; WORDS];

/// The outcome of inserting a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It took an empty place, or the place of a record with the same tag.
    Kept,
    /// It evicted another record.
    Evicted,
    /// Another thread was writing there, and the record was dropped.
    LeftOut,
}

#[repr(align(64))]
struct Set {
    /// A bit for each record, set once it was used.
    used: AtomicU64,
    marks: [AtomicU64; WAYS],
    records: [[AtomicU64; WORDS]; WAYS],
}

impl Set {
    fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            used: zero(),
            marks: std::array::from_fn(|_| zero()),
            records: std::array::from_fn(|_| std::array::from_fn(|_| zero())),
        }
    }

    fn ways(&self) -> impl Iterator<Item = (usize, &AtomicU64, &[AtomicU64; WORDS])> {
        let pairs = self.marks.iter().zip(&self.records).enumerate();
        pairs.map(|(way, (mark, record))| (way, mark, record))
    }

    /// Finds a record by its tag and returns its way and the record.
    #[inline]
    fn find(&self, tag: &[u64; 4]) -> Option<(usize, Record)> {
        let wanted = HELD | print(tag);
        for (way, mark, words) in self.ways() {
            let before = mark.load(Ordering::Acquire);
            // One comparison skips empty and busy places and most other tags, whose
            // records are then never fetched from memory.
            if before & (COUNT - 1) != wanted {
                continue;
            }
            if let Some(record) = read(mark, before, words)
                && record.first_chunk::<4>() == Some(tag)
            {
                return Some((way, record));
            }
        }
        None
    }
}

/// Reads a record whose mark was `before`; returns `None` if it changed in the
/// meantime.
#[inline]
fn read(mark: &AtomicU64, before: u64, words: &[AtomicU64; WORDS]) -> Option<Record> {
    let record = std::array::from_fn(|word| words.get(word).map_or(0, |word| word.load(Ordering::Relaxed)));
    // The loads above happen before the second load of the mark.
    fence(Ordering::Acquire);
    (mark.load(Ordering::Relaxed) == before).then_some(record)
}

/// Sixteen bits of the tag, kept in the mark.
const fn print(tag: &[u64; 4]) -> u64 {
    let [first, ..] = *tag;
    (first & 0xffff) << PRINT_SHIFT
}

/// A bounded, concurrent table of records.
pub(crate) struct Table {
    sets: Box<[Set]>,
}

impl Table {
    /// The size of a set in bytes.
    pub(crate) const SET_BYTES: usize = size_of::<Set>();

    /// Returns the number of sets for `records`, plus an eighth: a record has only two
    /// sets to choose from, and finds both full before the table is full.
    pub(crate) const fn sets_for_records(records: usize) -> usize {
        records.saturating_add(records / 8).div_ceil(WAYS)
    }

    /// Returns the number of sets that fit into this many bytes.
    pub(crate) fn sets_for_bytes(bytes: usize) -> usize {
        bytes.checked_div(Self::SET_BYTES).unwrap_or_default()
    }

    /// Makes a table of `wanted` sets, at least one.
    ///
    /// Returns `None` if there is not enough memory.
    pub(crate) fn new(wanted: usize) -> Option<Self> {
        let wanted = Self::bounded(wanted);
        let mut sets = Self::reserve(wanted)?;
        sets.extend(std::iter::repeat_with(Set::new).take(wanted));
        Some(Self { sets: sets.into_boxed_slice() })
    }

    /// Returns `true` if there is enough memory for `wanted` sets.
    pub(crate) fn would_fit(wanted: usize) -> bool {
        Self::reserve(Self::bounded(wanted)).is_some()
    }

    fn bounded(wanted: usize) -> usize {
        wanted.clamp(1, u32::MAX as usize)
    }

    fn reserve(wanted: usize) -> Option<Vec<Set>> {
        let mut sets = Vec::new();
        sets.try_reserve_exact(wanted).ok()?;
        Some(sets)
    }

    /// Returns the memory of the table in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.sets.len().saturating_mul(Self::SET_BYTES)
    }

    /// Returns the record with this tag; `places` are the tag's two numbers.
    #[inline]
    pub(crate) fn find(&self, tag: &[u64; 4], places: (u32, u32)) -> Option<Record> {
        let [one, other] = self.sets_of(places)?;
        let (set, (way, record)) = match one.find(tag) {
            Some(found) => (one, found),
            None => (other, other.find(tag)?),
        };
        // Checked before it is set: an unconditional write would move the cache line
        // between processors at every hit.
        let bit = 1_u64.wrapping_shl(way as u32);
        if set.used.load(Ordering::Relaxed) & bit == 0 {
            set.used.fetch_or(bit, Ordering::Relaxed);
        }
        Some(record)
    }

    /// Inserts a record. Records for which `spent` returns `true` are evicted first.
    pub(crate) fn put(&self, record: &Record, places: (u32, u32), spent: impl Fn(&Record) -> bool) -> Put {
        let Some(tag) = record.first_chunk::<4>() else { return Put::LeftOut };
        let Some(sets) = self.sets_of(places) else { return Put::LeftOut };
        for set in sets {
            if let Some((way, _)) = set.find(tag) {
                return write(set, way, record, Put::Kept);
            }
        }
        let room =
            |set: &Set| set.marks.iter().filter(|mark| mark.load(Ordering::Relaxed) & HELD == 0).count();
        let [one, other] = sets;
        let roomier = if room(other) > room(one) { other } else { one };
        let empty = |mark: u64, _: &Record| mark & (HELD | BUSY) == 0;
        if let Some(way) = choose(roomier, empty) {
            return write(roomier, way, record, Put::Kept);
        }
        for set in sets {
            if let Some(way) = choose(set, |mark, record| mark & BUSY == 0 && spent(record)) {
                return write(set, way, record, Put::Evicted);
            }
        }
        for set in sets {
            let used = set.used.load(Ordering::Relaxed);
            let unused = (0..WAYS).find(|way| used & 1_u64.wrapping_shl(*way as u32) == 0);
            if let Some(way) = unused {
                return write(set, way, record, Put::Evicted);
            }
        }
        // All were used since the bits were cleared: start a new round. The place is as
        // good as random, because `places` is a keyed hash.
        one.used.store(0, Ordering::Relaxed);
        let any = (places.1 as usize).checked_rem(WAYS).unwrap_or_default();
        write(one, any, record, Put::Evicted)
    }

    #[inline]
    fn sets_of(&self, places: (u32, u32)) -> Option<[&Set; 2]> {
        // Maps 0..2^32 onto the sets evenly; there are at most 2^32 - 1.
        let index = |place: u32| (u64::from(place).wrapping_mul(self.sets.len() as u64) >> 32) as usize;
        Some([self.sets.get(index(places.0))?, self.sets.get(index(places.1))?])
    }
}

/// Returns the first way whose mark and record satisfy `wanted`.
fn choose(set: &Set, wanted: impl Fn(u64, &Record) -> bool) -> Option<usize> {
    set.ways().find_map(|(way, mark, words)| {
        let before = mark.load(Ordering::Acquire);
        let record = read(mark, before, words)?;
        wanted(before, &record).then_some(way)
    })
}

fn write(set: &Set, way: usize, record: &Record, outcome: Put) -> Put {
    let (Some(mark), Some(words)) = (set.marks.get(way), set.records.get(way)) else { return Put::LeftOut };
    let before = mark.load(Ordering::Relaxed);
    let taken = before | BUSY;
    if before & BUSY != 0
        || mark.compare_exchange(before, taken, Ordering::Acquire, Ordering::Relaxed).is_err()
    {
        return Put::LeftOut;
    }
    // A reader that sees any of the words below also sees the mark as taken: this fence
    // pairs with the acquire fence in `read`.
    fence(Ordering::Release);
    for (to, from) in words.iter().zip(record) {
        to.store(*from, Ordering::Relaxed);
    }
    // Avoid the locked instruction if the bit is clear: it would wait until the stores
    // above are done, which takes as long as fetching their line from memory.
    let used = 1_u64.wrapping_shl(way as u32);
    if set.used.load(Ordering::Relaxed) & used != 0 {
        set.used.fetch_and(!used, Ordering::Relaxed);
    }
    let tag = record.first_chunk::<4>().map_or(0, print);
    let count = (before & !(COUNT - 1)).wrapping_add(COUNT);
    mark.store(count | HELD | tag, Ordering::Release);
    outcome
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("sets", &self.sets.len()).finish()
    }
}

#[cfg(all(test, loom))]
#[path = "model.rs"]
mod model;

#[cfg(test)]
#[cfg(not(loom))]
mod tests {
    use super::*;

    /// Places in the only set of a table of one.
    const ONLY: (u32, u32) = (0, 0);
    /// Places in the first and the last set.
    const ENDS: (u32, u32) = (0, u32::MAX);

    fn tag(number: u64) -> [u64; 4] {
        [number, 1, 2, 3]
    }

    fn record(number: u64) -> Record {
        let [a, b, c, d] = tag(number);
        [a, b, c, d, !number, 5, 6, u64::MAX]
    }

    /// The numbers below 20 that are held, all of which are used by this.
    fn held(table: &Table, places: (u32, u32)) -> Vec<u64> {
        let is_held = |number: &u64| table.find(&tag(*number), places) == Some(record(*number));
        (0..20).filter(is_held).collect()
    }

    fn put(table: &Table, number: u64, places: (u32, u32)) -> Put {
        table.put(&record(number), places, |_| false)
    }

    #[test]
    fn spent_records_go_first_then_unused_ones_then_any() {
        let table = Table::new(1).unwrap();
        for number in 0..7 {
            assert_eq!(table.put(&record(number), ONLY, |_| true), Put::Kept);
        }
        for number in [0, 1, 2, 3, 4, 6] {
            assert!(table.find(&tag(number), ONLY).is_some());
        }
        assert_eq!(put(&table, 7, ONLY), Put::Evicted);
        assert_eq!(held(&table, ONLY), [0, 1, 2, 3, 4, 6, 7]);
        assert_eq!(table.put(&record(8), ONLY, |old| *old == record(2)), Put::Evicted);
        // The new one was not used yet, unlike all others.
        assert_eq!(put(&table, 9, ONLY), Put::Evicted);
        assert_eq!(held(&table, ONLY), [0, 1, 3, 4, 6, 7, 9]);
        // All were used: the place says which goes, and none counts as used now.
        assert_eq!(put(&table, 10, (0, 4)), Put::Evicted);
        assert_eq!(put(&table, 11, (0, 4)), Put::Evicted);
        assert_eq!(held(&table, ONLY), [1, 3, 6, 7, 9, 10, 11]);
    }

    #[test]
    fn record_takes_the_place_of_its_tag_alone() {
        let table = Table::new(1).unwrap();
        // The same print in each mark.
        let number = |high: u64| (high << 16) | 5;
        for high in 0..3 {
            assert_eq!(put(&table, number(high), ONLY), Put::Kept);
        }
        let mut newer = record(number(1));
        newer[4] = 77;
        assert_eq!(table.put(&newer, ONLY, |_| true), Put::Kept);
        assert_eq!(table.find(&tag(number(1)), ONLY), Some(newer));
        assert_eq!(table.find(&tag(number(2)), ONLY), Some(record(number(2))));
        assert_eq!(table.find(&tag(number(3)), ONLY), None);
        assert_eq!(table.find(&[number(1), 1, 2, 4], ONLY), None);
    }

    #[test]
    fn both_sets_are_filled_before_any_record_goes() {
        let table = Table::new(2).unwrap();
        for number in 0..14 {
            assert_eq!(put(&table, number, ENDS), Put::Kept);
        }
        assert_eq!(held(&table, ENDS), (0..14).collect::<Vec<_>>());
        assert_eq!(put(&table, 14, ENDS), Put::Evicted);
        assert_eq!(put(&table, 15, ENDS), Put::Evicted);
        assert_eq!(held(&table, ENDS).len(), 14);
        // The second one found the first unused.
        assert_eq!(held(&table, ENDS).last(), Some(&15));
        // The first set is full, the other empty, whichever comes first.
        for places in [ENDS, (u32::MAX, 0)] {
            let table = Table::new(2).unwrap();
            for number in 0..7 {
                assert_eq!(put(&table, number, ONLY), Put::Kept);
            }
            assert_eq!(put(&table, 7, places), Put::Kept);
            assert_eq!(held(&table, places), [0, 1, 2, 3, 4, 5, 6, 7]);
        }
    }

    #[test]
    fn what_is_being_written_is_neither_found_nor_written() {
        let table = Table::new(1).unwrap();
        let marks = &table.sets[0].marks;
        // A first write is under way at the first place.
        marks[0].store(BUSY, Ordering::Relaxed);
        assert_eq!(put(&table, 0, ONLY), Put::Kept);
        assert_eq!((marks[0].load(Ordering::Relaxed), held(&table, ONLY)), (BUSY, vec![0]));
        for mark in marks {
            mark.fetch_or(HELD | BUSY, Ordering::Relaxed);
        }
        assert!(held(&table, ONLY).is_empty());
        for number in 0..2 {
            assert_eq!(table.put(&record(number), ONLY, |_| true), Put::LeftOut);
        }
    }

    #[test]
    fn each_write_is_seen_by_who_began_to_read() {
        let table = Table::new(1).unwrap();
        let set = &table.sets[0];
        put(&table, 0, ONLY);
        for _ in 0..3 {
            let before = set.marks[0].load(Ordering::Acquire);
            assert_eq!(read(&set.marks[0], before, &set.records[0]), Some(record(0)));
            put(&table, 0, ONLY);
            assert_eq!(read(&set.marks[0], before, &set.records[0]), None);
            // Written anew, it was not used yet.
            assert_eq!((held(&table, ONLY), set.used.load(Ordering::Relaxed)), (vec![0], 1));
            put(&table, 0, ONLY);
            assert_eq!(set.used.load(Ordering::Relaxed), 0);
        }
    }

    #[test]
    fn sets_are_as_many_as_are_needed_and_all_used() {
        let sets = [0, 1, 7, 8, 56, 57].map(Table::sets_for_records);
        assert_eq!(sets, [0, 1, 1, 2, 9, 10]);
        assert_eq!([511, 512, 1535, 1536].map(Table::sets_for_bytes), [0, 1, 2, 3]);
        assert_eq!([0, 1, 3].map(|sets| Table::new(sets).unwrap().bytes()), [512, 512, 1536]);
        let table = Table::new(3).unwrap();
        let place_of = |place| {
            let sets = table.sets_of((place, 0)).unwrap();
            table.sets.iter().position(|set| std::ptr::eq(set, sets[0])).unwrap()
        };
        let third = 0x5555_5556;
        assert_eq!([0, third - 1, third, u32::MAX].map(place_of), [0, 0, 1, 2]);
    }
}
