//! Tables of a point's multiples.

use super::affine::Affine;
use super::extended::{Extended, Niels};
use crate::field::{LARGEST, invert_each};

const WINDOWS: usize = 32;
const DIGITS: usize = LARGEST as usize;

/// y + x, y - x and 2dxy of one multiple, each below p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub(crate) struct Row([u64; 12]);

/// The row of the neutral point.
pub(crate) const IDENTITY: Row = Row([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

impl Row {
    pub(super) fn new(niels: &Niels) -> Self {
        let mut row = [0; 12];
        let numbers = [niels.sum.number(), niels.difference.number(), niels.product.number()];
        row.copy_from_slice(numbers.as_flattened());
        Self(row)
    }

    /// Returns y + x and y - x.
    #[inline(always)]
    pub(crate) fn first(&self) -> &[u64; 8] {
        self.0.first_chunk().unwrap_or(&[0; 8])
    }

    /// Returns y - x and 2dxy.
    #[inline(always)]
    pub(crate) fn last(&self) -> &[u64; 8] {
        self.0.last_chunk().unwrap_or(&[0; 8])
    }
}

/// For every window i, in turn, the multiples 1·256^i to 128·256^i: 384 KiB.
pub(crate) struct Table {
    rows: Box<[Row]>,
}

impl Table {
    pub(crate) const BYTES: usize = WINDOWS * DIGITS * size_of::<Row>();

    /// Returns the row of a digit's absolute value, which is at most 128.
    #[inline]
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row> {
        match digit.checked_sub(1) {
            None => Some(&IDENTITY),
            Some(digit) => self.rows.get(window.wrapping_mul(DIGITS).wrapping_add(digit)),
        }
    }
}

/// A table that is being built.
pub(crate) struct TableBuild {
    /// 256^i times the point, for the next window.
    base: Affine,
    rows: Vec<Row>,
}

impl TableBuild {
    pub(crate) fn new(point: Affine) -> Self {
        Self { base: point, rows: Vec::with_capacity(WINDOWS.saturating_mul(DIGITS)) }
    }

    /// Builds one window; returns `None` if a number has no inverse, which cannot
    /// happen.
    pub(crate) fn step(&mut self) -> Option<()> {
        let niels = Niels::new(&self.base);
        let mut multiple = Extended::new(&self.base);
        let mut multiples = vec![multiple];
        for _ in 1..DIGITS {
            multiple = multiple.plus(&niels);
            multiples.push(multiple);
        }
        let mut inverses: Vec<_> = multiples.iter().map(|point| point.z).collect();
        let mut room = inverses.clone();
        if !invert_each(&mut inverses, &mut room) {
            return None;
        }
        let mut last = self.base;
        for (point, inverse) in multiples.iter().zip(&inverses) {
            last = Affine { x: point.x.times(inverse), y: point.y.times(inverse) };
            self.rows.push(Row::new(&Niels::new(&last)));
        }
        // The next window begins at twice the last multiple of this one.
        let next = Extended::new(&last).plus(&Niels::new(&last));
        let inverse = next.z.inverse()?;
        self.base = Affine { x: next.x.times(&inverse), y: next.y.times(&inverse) };
        self.base.is_on_curve().then_some(())
    }

    /// Returns the table if this was the last window.
    pub(crate) fn take(&mut self) -> Option<Table> {
        let is_full = self.rows.len() == WINDOWS.saturating_mul(DIGITS);
        is_full.then(|| Table { rows: std::mem::take(&mut self.rows).into_boxed_slice() })
    }

    /// Builds the whole table.
    pub(crate) fn finish(mut self) -> Option<Table> {
        loop {
            self.step()?;
            if let Some(table) = self.take() {
                return Some(table);
            }
        }
    }
}
