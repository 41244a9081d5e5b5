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

#[cfg(all(test, not(loom)))]
mod tests;
