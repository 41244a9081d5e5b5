//! Which tokens of a batch are the same.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use super::tokens::Tokens;

/// A row without a token.
const NULL: u32 = u32::MAX;

/// For each row, which distinct token it is.
#[derive(Default)]
pub(super) struct Distinct {
    /// Seeded anew for each batch object, so that no one can prepare tokens
    /// that meet.
    hasher: DefaultHashBuilder,
    hashes: Vec<u64>,
    table: HashTable<u32>,
    /// The index of the row's token among `firsts`, or [`NULL`].
    index: Vec<u32>,
    /// The first row of each distinct token.
    firsts: Vec<u32>,
}

impl Distinct {
    /// Finds the distinct tokens of a batch.
    pub(super) fn find(&mut self, tokens: &Tokens<'_>, rows: usize, parallel: bool) {
        let Self { hasher, hashes, table, index, firsts } = self;
        hashes.clear();
        hashes.resize(rows, 0);
        let hash = |(row, hash): (usize, &mut u64)| {
            *hash = tokens.get(row).map_or(0, |token| hasher.hash_one(token));
        };
        if parallel {
            hashes.par_iter_mut().with_min_len(4096).enumerate().for_each(hash);
        } else {
            hashes.iter_mut().enumerate().for_each(hash);
        }
        table.clear();
        table.reserve(rows, |_| 0);
        index.clear();
        firsts.clear();
        for (row, hash) in (0..).zip(hashes.iter()) {
            let Some(token) = tokens.get(row as usize) else {
                index.push(NULL);
                continue;
            };
            let same = |other: &u32| {
                let first = firsts.get(*other as usize).map_or(0, |first: &u32| *first as usize);
                hashes.get(first) == Some(hash) && tokens.get(first) == Some(token)
            };
            match table.find(*hash, same) {
                Some(known) => index.push(*known),
                None => {
                    let new = u32::try_from(firsts.len()).unwrap_or(NULL);
                    firsts.push(row);
                    index.push(new);
                    // The table has room for every row: it never hashes again.
                    table.insert_unique(*hash, new, |_| 0);
                }
            }
        }
    }

    /// The first row of each distinct token, ascending.
    pub(super) fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// Which distinct token a row is; `None` for a null.
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        self.index.get(row).filter(|index| **index != NULL).map(|index| *index as usize)
    }
}
