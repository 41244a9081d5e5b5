//! What the verification of Ed25519 wants of the curve, with unknown numbers: its field's modulus and
//! tables.

use std::cell::RefCell;
use std::collections::HashMap;

use jot_proofs::lanes::epoch;
use num_bigint::BigInt;

use crate::ifma::words::words;
use crate::known::Known;
use crate::rows::{SMALL, row_name};

/// 2^255 - 19 (RFC 8032 §5.1)
pub(crate) fn p() -> BigInt {
    (BigInt::from(1) << 255) - 19
}

/// The rows of a window.
pub(crate) const DIGITS: usize = 128;

/// Three numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row([u64; 12]);

/// The row of the neutral point.
pub(crate) const IDENTITY: Row = Row([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

impl Row {
    pub(crate) fn of_words(words: &[[u64; 4]; 3]) -> Self {
        let mut row = [0; 12];
        row.copy_from_slice(words.as_flattened());
        Self(row)
    }

    pub(crate) fn first(&self) -> &[u64; 8] {
        self.0.first_chunk().unwrap()
    }

    pub(crate) fn last(&self) -> &[u64; 8] {
        self.0.last_chunk().unwrap()
    }
}

/// A table by its name, 0 or 1.
pub(crate) struct Table(pub(crate) usize);

/// A small table of a key.
pub(crate) struct SmallTable;

impl Table {
    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row> {
        (window < 32 && digit <= 128).then(|| row_of(self.0, window, digit))
    }
}

impl SmallTable {
    pub(crate) const WINDOWS: usize = 16;

    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row> {
        (window < Self::WINDOWS && digit <= 8).then(|| row_of(SMALL, window, digit))
    }
}

fn row_of(table: usize, window: usize, digit: usize) -> &'static Row {
    thread_local! {
        static ROWS: RefCell<HashMap<(u64, u64), &'static Row>> = RefCell::default();
    }
    if digit == 0 {
        return &IDENTITY;
    }
    let name = row_name(table, window, digit);
    let row = ROWS.with(|rows| rows.borrow().get(&(epoch(), name)).copied());
    row.unwrap_or_else(|| {
        let number = |name: u64| words::<4, 5>(Known { from: [name].into(), ..Known::new(0, p() - 1) });
        let row = Row::of_words(&[number(name), number(name + 1), number(name + 2)]);
        let row = Box::leak(Box::new(row));
        ROWS.with(|rows| rows.borrow_mut().insert((epoch(), name), row));
        row
    })
}
