//! Tables of a point's multiples.

use super::affine::Affine;
use super::extended::{Extended, Niels, Scale};
use super::number::Number;
use crate::field::{LARGEST, invert_each};

const WINDOWS: usize = 32;
const DIGITS: usize = LARGEST as usize;

/// y + x, y - x and 2dxy of one multiple, each below p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub(crate) struct Row(pub(super) [u64; 12]);

/// The row of the neutral point.
pub(super) const IDENTITY: Row = Row([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

impl Row {
    /// Stores numbers that are times the [`Scale`].
    pub(super) fn of(point: &Niels) -> Self {
        let mut row = [0; 12];
        let [sum, difference, product] =
            [&point.sum, &point.difference, &point.product].map(|number| *number.montgomery());
        row.copy_from_slice([sum, difference, product].as_flattened());
        Self(row)
    }

    /// Returns the numbers, times the [`Scale`].
    fn point(&self) -> Niels {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.0;
        let [sum, difference, product] =
            [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(Number::from_montgomery);
        Niels { sum, difference, product }
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
    pub(super) base: Affine,
    scale: Scale,
    pub(super) rows: Vec<Row>,
}

impl TableBuild {
    pub(crate) fn new(point: Affine) -> Self {
        Self { base: point, scale: Scale::new(), rows: Vec::with_capacity(WINDOWS.saturating_mul(DIGITS)) }
    }

    /// Builds one window, and checks it. Returns `None` if a row is wrong, or if a number
    /// has no inverse, which cannot happen.
    pub(crate) fn step(&mut self) -> Option<()> {
        let start = self.base;
        let niels = Niels::new(&start);
        let mut multiple = Extended::new(&start);
        let mut multiples = vec![multiple];
        for _ in 1..DIGITS {
            multiple = multiple.plus(&niels);
            multiples.push(multiple);
        }
        // The next window begins at twice the last multiple of this one.
        let next = multiple.doubled();
        multiples.push(next);
        let mut inverses: Vec<_> = multiples.iter().map(|point| point.z).collect();
        let mut room = inverses.clone();
        if !invert_each(&mut inverses, &mut room) {
            return None;
        }
        for (point, inverse) in multiples.iter().zip(&inverses).take(DIGITS) {
            let inverse = inverse.times(&self.scale.scale);
            let stored = self.scale.stored(&point.x.times(&inverse), &point.y.times(&inverse));
            self.rows.push(Row::of(&stored));
        }
        self.base = next.affine(inverses.last()?);
        self.last_window_is_right(&start).then_some(())
    }

    /// Checks every row of the last window as it is stored: each is the sum of the first
    /// and the one before it; the first is twice the last row of the window before, or
    /// the point itself. So by induction each is the multiple that it should be, whatever
    /// computed it.
    pub(super) fn last_window_is_right(&self, start: &Affine) -> bool {
        let Some((before, window)) = self.rows.split_last_chunk::<DIGITS>() else { return false };
        let [first, ..] = window;
        let point = first.point();
        let begins_right = match before.last().map(Row::point) {
            Some(last) => self.scale.is_sum(&point, &last, &self.scale.summand(&last)),
            None => {
                let [x, y] = [start.x, start.y].map(|number| number.times(&self.scale.scale));
                *first == Row::of(&self.scale.stored(&x, &y))
            }
        };
        let summand = self.scale.summand(&point);
        let pairs = window.iter().zip(window.iter().skip(1));
        begins_right
            && pairs
                .map(|(one, next)| (one.point(), next.point()))
                .all(|(one, next)| self.scale.is_sum(&next, &one, &summand))
    }

    #[cfg(test)]
    pub(crate) fn row(&self, place: usize) -> Option<&Row> {
        self.rows.get(place)
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
