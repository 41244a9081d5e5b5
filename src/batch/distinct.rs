//! Finds equal tokens in a batch.
//!
//! A token is looked up by its last bytes. They belong to the signature, so different
//! tokens usually differ there; hashing whole tokens would read a large batch from memory
//! twice. Equal ends prove nothing, so such tokens are then compared. Different tokens with
//! equal ends come only from an attacker. They are looked up by the hash of the whole token
//! in a second table, and therefore cost only one more read each.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::pool::Split;
use super::tokens::Tokens;
use crate::error::{Code, Error};

/// A row without a token.
const NULL: u32 = u32::MAX;

/// How many bytes of a token's end are hashed first.
const END_BYTES: usize = 32;

/// For each row, which distinct token it is.
#[derive(Default)]
pub(super) struct Distinct {
    /// Seeded randomly for each batch object: nobody can prepare tokens that collide.
    hasher: DefaultHashBuilder,
    /// The hash of each token's end.
    hashes: Vec<u64>,
    /// Distinct tokens by the hash of the end; at most one for each hash.
    by_end: HashTable<u32>,
    /// Distinct tokens whose hash of the end is taken, by the hash of the whole token.
    by_whole: HashTable<u32>,
    /// The index of the row's token among `firsts`, or [`NULL`].
    index: Vec<u32>,
    /// The first row of each distinct token.
    firsts: Vec<u32>,
}

impl Distinct {
    /// Finds the distinct tokens of a batch.
    ///
    /// # Errors
    /// [`Code::MemoryMissing`]
    pub(super) fn find(&mut self, tokens: &Tokens<'_>, rows: usize, split: Split) -> Result<(), Error> {
        let Self { hasher, hashes, by_end, by_whole, index, firsts } = self;
        let missing = |_| Error::new(Code::MemoryMissing);
        hashes.clear();
        by_end.clear();
        by_whole.clear();
        index.clear();
        firsts.clear();
        hashes.try_reserve(rows)?;
        by_end.try_reserve(rows, |_| 0).map_err(missing)?;
        index.try_reserve(rows)?;
        firsts.try_reserve(rows)?;
        hashes.resize(rows, 0);
        let hash = |(row, hash): (usize, &mut u64)| {
            *hash = tokens.get(row).map_or(0, |token| hash_of_end(hasher, token));
        };
        split.each(hashes, 4096, hash);
        for (row, hash) in (0..).zip(hashes.iter()) {
            let Some(token) = tokens.get(row as usize) else {
                index.push(NULL);
                continue;
            };
            let new = u32::try_from(firsts.len()).unwrap_or(NULL);
            let first = |other: &u32| firsts.get(*other as usize).map_or(0, |row: &u32| *row as usize);
            let same = |other: &u32| tokens.get(first(other)) == Some(token);
            let known = match by_end.find(*hash, |other| hashes.get(first(other)) == Some(hash)) {
                // The table has capacity for every row, so it never rehashes, and the
                // closure that would recompute hashes is never called.
                None => {
                    by_end.insert_unique(*hash, new, |_| 0);
                    None
                }
                Some(known) if same(known) => Some(*known),
                Some(_) => {
                    let whole = hasher.hash_one(token);
                    let known = by_whole.find(whole, same).copied();
                    if known.is_none() {
                        let hash =
                            |other: &u32| hasher.hash_one(tokens.get(first(other)).unwrap_or_default());
                        by_whole.try_reserve(1, hash).map_err(missing)?;
                        by_whole.insert_unique(whole, new, hash);
                    }
                    known
                }
            };
            if known.is_none() {
                firsts.push(row);
            }
            index.push(known.unwrap_or(new));
        }
        Ok(())
    }

    /// The first row of each distinct token, ascending.
    pub(super) fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// Returns the index of a row's distinct token; `None` for a null.
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        self.index.get(row).filter(|index| **index != NULL).map(|index| *index as usize)
    }
}

fn hash_of_end(hasher: &DefaultHashBuilder, token: &[u8]) -> u64 {
    let end = token.len().saturating_sub(END_BYTES);
    hasher.hash_one(token.get(end..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::pool::Pool;
    use super::*;

    #[test]
    fn tokens_are_told_apart_by_all_their_bytes() {
        let end = "e".repeat(END_BYTES);
        // Fewer under Miri, which takes long for them.
        let different = if cfg!(miri) { 20 } else { 100 };
        let texts: Vec<String> =
            (0..different * 5).map(|number| format!("{}{end}", number % different)).collect();
        let mut rows: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        rows.extend([&b""[..], b"e", end.as_bytes(), b"e", b"", &end.as_bytes()[1..]]);
        let mut distinct = Distinct::default();
        for _ in 0..2 {
            Pool::default().run(|split| distinct.find(&Tokens::Slices(&rows), rows.len(), split)).unwrap();
            assert_eq!(distinct.firsts().len(), different + 4);
            for (row, token) in rows.iter().enumerate() {
                let first = rows.iter().position(|other| other == token).unwrap();
                let index = distinct.of(row).unwrap();
                assert_eq!(distinct.firsts()[index] as usize, first, "row {row}");
            }
        }
    }
}
