//! The cache of verified tokens: the results of a verification that do not depend on
//! the clock.
//!
//! **The law.** For every token, policy and instant, the verdict with the cache
//! equals the verdict without it. It holds because
//! - an entry is made only from an accepted token, and found only by exactly the same
//!   bytes ([`tag`]);
//! - it belongs to one verifier, whose policy never changes;
//! - it has the number of the last change of keys and revocations that it takes into
//!   account ([`Changes`]); if its keys have changed since, it is ignored, and if the
//!   revocations have, its claims are checked again;
//! - it holds the dates and not an answer: they are checked against `now`
//!   every time, and so is whether the key is in force.

mod changes;
mod sync;
mod table;
mod tag;

use crate::alg::Alg;
use crate::error::{Code, Error};
use crate::time::{Dates, Interval, NumericDate, UnixSeconds};

pub(crate) use changes::{Changes, FIRST, NEVER};
use table::{Put, Record, Table};
use tag::{Tag, TagKey};

/// How large the cache of verified tokens may be.
///
/// ```
/// use jot::CacheSize;
/// # use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
///
/// let builder = Verifier::builder(Policy::new([Alg::HS256])).keys(keys);
/// let verifier = builder.cache(CacheSize::Entries(10_000)).build()?;
/// assert!(verifier.statistics().cache_bytes >= 83 * 10_000);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheSize {
    /// This many tokens, at 83 bytes each and 8 KiB for the cache.
    Entries(usize),
    /// At most this many bytes; at least 9 KiB.
    Bytes(usize),
}

/// The place of the verifying key among a verifier's keys.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::KeyPlace;
///
/// let verified = verifier.verify(&token, now, &mut scratch)?;
/// assert_eq!(verified.key(), KeyPlace::new(0, 0));
/// let keys = verifier.keys(None).unwrap();
/// assert_eq!(keys.keys()[verified.key().key_index as usize].kid(), Some("2026-01"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyPlace {
    /// The index of the issuer, in the order they were given.
    pub issuer_index: u32,
    /// The index of the key within that issuer's set.
    pub key_index: u32,
}

impl KeyPlace {
    /// Names a key by the index of its issuer and its own within that issuer's set.
    #[must_use]
    pub const fn new(issuer_index: u32, key_index: u32) -> Self {
        Self { issuer_index, key_index }
    }
}

/// The entry of an accepted token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dates: Dates,
    pub(crate) key: KeyPlace,
    pub(crate) alg: Alg,
    /// The number of the last change that the entry takes into account. It was read
    /// before the keys and revocations.
    pub(crate) as_of: u64,
    /// The time in which the key is in force. The table does not keep it: the verifier
    /// reads it from the entry's key set.
    pub(crate) key_interval: Interval,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            dates: Dates::default(),
            key: KeyPlace::default(),
            alg: Alg::HS256,
            as_of: NEVER,
            key_interval: Interval::ALWAYS,
        }
    }
}

/// The proof that the cache holds a token, and so that its signature held with this
/// key. Only [`VerifiedCache::find`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Remembered(Entry);

impl Remembered {
    /// Returns the entry.
    #[inline]
    pub(crate) const fn entry(&self) -> &Entry {
        &self.0
    }

    /// Adds the time in which the key is in force, which the cache does not keep.
    #[inline]
    pub(crate) const fn in_force(self, key_interval: Interval) -> Self {
        Self(Entry { key_interval, ..self.0 })
    }
}

/// A cache of verified tokens.
#[derive(Debug)]
pub(crate) struct VerifiedCache {
    key: TagKey,
    table: Table,
}

/// A token's tag and places, computed once for both finding and inserting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup {
    tag: Tag,
    places: (u32, u32),
}

impl VerifiedCache {
    /// Makes a cache.
    ///
    /// # Errors
    /// [`Code::CacheTooLarge`], [`Code::PolicyInvalid`] if it would hold no token,
    /// [`Code::RandomnessMissing`]
    pub(crate) fn new(size: CacheSize) -> Result<Self, Error> {
        let table = Table::new(sets(size)?).ok_or(Error::new(Code::CacheTooLarge))?;
        let key = TagKey::random().ok_or(Error::new(Code::RandomnessMissing))?;
        Ok(Self { key, table })
    }

    /// Checks whether a cache of this size could be made, without the time to
    /// initialize its memory.
    ///
    /// # Errors
    /// [`Code::CacheTooLarge`], [`Code::PolicyInvalid`]
    pub(crate) fn check(size: CacheSize) -> Result<(), Error> {
        if Table::would_fit(sets(size)?) { Ok(()) } else { Err(Error::new(Code::CacheTooLarge)) }
    }

    /// Returns the memory of the cache in bytes, full or empty.
    pub(crate) fn bytes(&self) -> usize {
        self.table.bytes().saturating_add(TagKey::BYTES)
    }

    /// Returns the lookup of a token; `None` if it is too long for the cache.
    #[inline]
    pub(crate) fn lookup(&self, token: &[u8]) -> Option<Lookup> {
        let tag = self.key.tag(token)?;
        Some(Lookup { tag, places: self.key.spread(&tag) })
    }

    /// Returns the token's entry.
    #[inline]
    pub(crate) fn find(&self, lookup: &Lookup) -> Option<Remembered> {
        let record = self.table.find(&lookup.tag.words, lookup.places)?;
        let (entry, length) = unpack(&record)?;
        (length == lookup.tag.length).then_some(Remembered(entry))
    }

    /// Remembers an accepted token, if its dates fit into a record. Entries that are
    /// `stale`, or that expired before `now`, are evicted first. Returns `true` if
    /// another entry was evicted.
    pub(crate) fn put(
        &self,
        lookup: &Lookup,
        entry: &Entry,
        now: UnixSeconds,
        stale: impl Fn(&Entry) -> bool,
    ) -> bool {
        let Some(record) = pack(&lookup.tag, entry) else { return false };
        let spent = |record: &Record| {
            let expired = |dates: Dates| dates.expires_at.is_some_and(|end| end.ceil() <= now);
            unpack(record).is_none_or(|(entry, _)| stale(&entry) || expired(entry.dates))
        };
        self.table.put(&record, lookup.places, spent) == Put::Evicted
    }
}

/// Returns the number of sets of a table of this size.
fn sets(size: CacheSize) -> Result<usize, Error> {
    match size {
        CacheSize::Entries(entries) => Ok(Table::sets_for_records(entries)),
        CacheSize::Bytes(bytes) => match bytes.checked_sub(TagKey::BYTES) {
            Some(bytes) if bytes >= Table::SET_BYTES => Ok(Table::sets_for_bytes(bytes)),
            _ => Err(Error::of_member(Code::PolicyInvalid, "cache")),
        },
    }
}

/// Dates are kept as 40 bits of whole seconds: up to the year 36,812.
const DATE_BITS: u32 = 40;

/// Packs an entry into eight words, one cache line: the tag (4), three dates of 40 bits
/// (2), the number of its change, and all small fields. Returns `None` if a value does not
/// fit; such a token is just not cached. A fraction is kept as a flag: whole seconds and
/// this flag are all that comparisons with whole seconds need.
fn pack(tag: &Tag, entry: &Entry) -> Option<Record> {
    let Dates { expires_at, not_before, issued_at } = entry.dates;
    let (mut seconds, mut flags) = (0_u128, 0_u64);
    for (position, date) in [expires_at, not_before, issued_at].into_iter().enumerate() {
        let Some(date) = date else { continue };
        let whole = u64::try_from(date.floor().0).ok().filter(|whole| *whole >> DATE_BITS == 0)?;
        let position = position as u32;
        seconds |= u128::from(whole).wrapping_shl(position.wrapping_mul(DATE_BITS));
        let bits = 1 | u64::from(date.has_fraction()) << 1;
        flags |= bits.wrapping_shl(position.wrapping_mul(2));
    }
    let [a, b, c, d] = tag.words;
    let [length_low, length_high] = tag.length.to_le_bytes();
    let [issuer_low, issuer_high] = u16::try_from(entry.key.issuer_index).ok()?.to_le_bytes();
    let [key_low, key_high] = u16::try_from(entry.key.key_index).ok()?.to_le_bytes();
    let flags = u8::try_from(flags).ok()?;
    let small = [length_low, length_high, issuer_low, issuer_high, key_low, key_high, entry.alg as u8, flags];
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the dates")]
    let (low, high) = (seconds as u64, (seconds >> 64) as u64);
    Some([a, b, c, d, low, high, entry.as_of, u64::from_le_bytes(small)])
}

fn unpack(record: &Record) -> Option<(Entry, u16)> {
    let [.., low, high, as_of, small] = *record;
    let [length_low, length_high, issuer_low, issuer_high, key_low, key_high, alg, flags] =
        small.to_le_bytes();
    let seconds = u128::from(low) | u128::from(high) << 64;
    let date = |position: u32| {
        let bits = u32::from(flags).wrapping_shr(position.wrapping_mul(2));
        let whole = seconds.wrapping_shr(position.wrapping_mul(DATE_BITS)) as u64 & ((1 << DATE_BITS) - 1);
        (bits & 1 == 1).then(|| NumericDate::from_parts(whole.cast_signed(), bits & 2 == 2))
    };
    let entry = Entry {
        dates: Dates { expires_at: date(0), not_before: date(1), issued_at: date(2) },
        key: KeyPlace {
            issuer_index: u16::from_le_bytes([issuer_low, issuer_high]).into(),
            key_index: u16::from_le_bytes([key_low, key_high]).into(),
        },
        alg: Alg::ALL.get(usize::from(alg)).copied()?,
        as_of,
        key_interval: Interval::ALWAYS,
    };
    Some((entry, u16::from_le_bytes([length_low, length_high])))
}

#[cfg(not(loom))]
#[cfg(test)]
mod tests {
    use super::*;

    fn date(seconds: i64, has_fraction: bool) -> Option<NumericDate> {
        Some(NumericDate::from_parts(seconds, has_fraction))
    }

    fn entry(dates: [Option<NumericDate>; 3]) -> Entry {
        let [expires_at, not_before, issued_at] = dates;
        Entry { dates: Dates { expires_at, not_before, issued_at }, as_of: FIRST, ..Entry::default() }
    }

    fn cache(size: CacheSize) -> VerifiedCache {
        VerifiedCache::new(size).unwrap()
    }

    #[test]
    fn entry_comes_back_as_it_was() {
        let cache = cache(CacheSize::Entries(1));
        let lookup = cache.lookup(b"token").unwrap();
        let last = (1 << DATE_BITS) - 1;
        let dates = [None, date(0, false), date(0, true), date(1_800_000_000, true), date(last, false)];
        for first in dates {
            for (second, third) in dates.into_iter().zip(dates.into_iter().rev()) {
                let entry = entry([first, second, third]);
                let _ = cache.put(&lookup, &entry, UnixSeconds(0), |_| false);
                assert_eq!(cache.find(&lookup), Some(Remembered(entry)));
            }
        }
        for alg in Alg::ALL {
            for (issuer_index, key_index) in [(0, 0), (1, 2), (0x1234, 0x5678), (0xffff, 0xffff)] {
                let key = KeyPlace { issuer_index, key_index };
                let entry = Entry { key, alg: *alg, as_of: u64::MAX - 1, ..entry([None; 3]) };
                let _ = cache.put(&lookup, &entry, UnixSeconds(0), |_| false);
                assert_eq!(cache.find(&lookup), Some(Remembered(entry)));
            }
        }
    }

    #[test]
    fn what_has_no_room_in_a_record_is_not_remembered() {
        let cache = cache(CacheSize::Entries(1));
        let lookup = cache.lookup(b"token").unwrap();
        let dates =
            [date(1 << DATE_BITS, false), date(-1, true), date(i64::MAX, true), date(i64::MIN, false)];
        let dated =
            dates.iter().flat_map(|date| [[*date, None, None], [None, *date, None], [None, None, *date]]);
        let mut entries: Vec<Entry> = dated.map(entry).collect();
        for (issuer_index, key_index) in [(0x1_0000, 0), (0, 0x1_0000)] {
            entries.push(Entry { key: KeyPlace { issuer_index, key_index }, ..Entry::default() });
        }
        for entry in entries {
            assert!(!cache.put(&lookup, &entry, UnixSeconds(0), |_| true));
            assert_eq!(cache.find(&lookup), None, "{entry:?}");
        }
    }

    #[test]
    fn token_is_found_by_its_tag_and_its_length() {
        let cache = cache(CacheSize::Entries(100));
        let lookup = cache.lookup(b"token").unwrap();
        let _ = cache.put(&lookup, &entry([None; 3]), UnixSeconds(0), |_| false);
        assert!(cache.find(&cache.lookup(b"token").unwrap()).is_some());
        let longer = Lookup { tag: Tag { length: 6, ..lookup.tag }, ..lookup };
        assert_eq!(cache.find(&longer), None);
        let [a, b, c, d] = lookup.tag.words;
        let other = Lookup { tag: Tag { words: [a, b, c, d ^ 1], ..lookup.tag }, ..lookup };
        assert_eq!(cache.find(&other), None);
        assert!(cache.lookup(&[b'x'; tag::MAX_TAGGED_BYTES + 1]).is_none());
    }

    #[test]
    fn expired_and_stale_entries_go_first() {
        // The fifth one expired at 100 or before, or the third one is stale.
        for (fifth, stale) in [(date(99, true), None), (date(50, false), None), (date(100, true), Some(3))] {
            let cache = cache(CacheSize::Entries(1));
            let places = [0, 1, 2, 3, 4, 5, 6, 7].map(|number| cache.lookup(&[number]).unwrap());
            let (new, old) = places.split_last().unwrap();
            for (at, lookup) in (1..).zip(old) {
                let end = match at {
                    1 => None,
                    5 => fifth,
                    _ => date(100, true),
                };
                let entry = Entry { as_of: at, ..entry([end, None, None]) };
                assert!(!cache.put(lookup, &entry, UnixSeconds(0), |_| true));
            }
            // None is unused, so that nothing else gives one of them away.
            assert!(old.iter().all(|lookup| cache.find(lookup).is_some()));
            let is_stale = |entry: &Entry| stale == Some(entry.as_of);
            assert!(cache.put(new, &entry([None; 3]), UnixSeconds(100), is_stale));
            let gone: Vec<usize> = (0..7).filter(|at| cache.find(&places[*at]).is_none()).collect();
            assert_eq!(gone, [if stale.is_none() { 4 } else { 2 }]);
        }
    }

    #[test]
    fn size_is_held_to() {
        let least = TagKey::BYTES + Table::SET_BYTES;
        for size in [CacheSize::Bytes(0), CacheSize::Bytes(TagKey::BYTES), CacheSize::Bytes(least - 1)] {
            let refusal = VerifiedCache::check(size).unwrap_err();
            assert_eq!((refusal.code(), refusal.member()), (Code::PolicyInvalid, Some("cache")));
            assert_eq!(VerifiedCache::new(size).unwrap_err(), refusal);
        }
        for (size, sets) in [
            (CacheSize::Bytes(least), 1),
            (CacheSize::Bytes(least + 2 * Table::SET_BYTES - 1), 2),
            (CacheSize::Entries(0), 1),
            (CacheSize::Entries(1000), 161),
        ] {
            assert_eq!(VerifiedCache::check(size), Ok(()));
            assert_eq!(cache(size).bytes(), TagKey::BYTES + sets * Table::SET_BYTES, "{size:?}");
        }
    }
}
