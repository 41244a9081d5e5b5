//! Tables of a point's multiples.

use super::affine::Affine;
use super::extended::{Extended, Niels, Scale};
use super::number::Number;
use crate::field::{Folded, LARGEST, invert_each};

/// The number of digits in base 256, without 0 and signs.
pub(crate) const DIGITS: usize = LARGEST as usize;

/// y + x, y - x and 2dxy of one multiple, each below p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub(crate) struct Row(pub(super) [u64; 12]);

/// The row of the neutral point.
pub(crate) const IDENTITY: Row = Row([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

impl Row {
    /// Stores numbers that are times the [`Scale`].
    pub(super) fn of(point: &Niels) -> Self {
        let mut row = [0; 12];
        let [sum, difference, product] =
            [&point.sum, &point.difference, &point.product].map(|number| *number.montgomery());
        row.copy_from_slice([sum, difference, product].as_flattened());
        Self(row)
    }

    /// Stores y + x, y - x and 2dxy, each below p.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    pub(crate) fn of_words(words: &[[u64; 4]; 3]) -> Self {
        let mut row = [0; 12];
        row.copy_from_slice(words.as_flattened());
        Self(row)
    }

    /// Stores a point.
    pub(crate) fn of_affine(point: &Affine, scale: &Scale) -> Self {
        let [x, y] = [point.x, point.y].map(|number| number.times(&scale.scale));
        Self::of(&scale.stored(&x, &y))
    }

    /// Returns the numbers, times the [`Scale`].
    fn point(&self) -> Niels {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.0;
        let [sum, difference, product] =
            [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(Number::from_montgomery);
        Niels { sum, difference, product }
    }

    /// Returns the numbers themselves.
    #[inline(always)]
    pub(super) fn plain(&self) -> Niels<Folded> {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.0;
        let [sum, difference, product] = [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(Folded::new);
        Niels { sum, difference, product }
    }

    /// Returns y + x and y - x.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    #[inline(always)]
    pub(crate) fn first(&self) -> &[u64; 8] {
        self.0.first_chunk().unwrap_or(&[0; 8])
    }

    /// Returns y - x and 2dxy.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    #[inline(always)]
    pub(crate) fn last(&self) -> &[u64; 8] {
        self.0.last_chunk().unwrap_or(&[0; 8])
    }
}

/// For every window i, in turn, the multiples 1·b^i to `MULTIPLES`·b^i, where b is 2 to the power
/// of `BITS`: with digits in base 256, 384 KiB.
pub(crate) struct Table<const MULTIPLES: usize = DIGITS, const BITS: usize = 8> {
    rows: Box<[Row]>,
}

/// The digits of a [`SmallTable`], without 0 and signs.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) const SMALL_DIGITS: usize = 8;

/// The bits from a window of a [`SmallTable`] to the next.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) const SMALL_BITS: usize = 16;

/// A table with a row for each digit in base 16, and only of every fourth one, like that of
/// ECDSA's: 12 KiB.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) type SmallTable = Table<SMALL_DIGITS, SMALL_BITS>;

impl<const MULTIPLES: usize, const BITS: usize> Table<MULTIPLES, BITS> {
    pub(crate) const WINDOWS: usize = 256 / BITS;

    pub(crate) const BYTES: usize = Self::ROWS * size_of::<Row>();

    pub(crate) const ROWS: usize = Self::WINDOWS * MULTIPLES;

    /// How often the last multiple of a window is doubled to get the first of the next one.
    const DOUBLINGS: usize = BITS - MULTIPLES.ilog2() as usize;

    /// Takes on all rows, which were checked. Returns `None` if it is another number of them.
    pub(crate) fn of_checked(rows: Vec<Row>) -> Option<Self> {
        (rows.len() == Self::ROWS).then(|| Self { rows: rows.into_boxed_slice() })
    }

    /// Returns the rows of all windows but the first.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    pub(crate) fn after_the_first(&self) -> Option<&[Row]> {
        self.rows.get(MULTIPLES..)
    }

    /// Returns the row of a digit's absolute value, which is at most `MULTIPLES`.
    #[inline]
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row> {
        match digit.checked_sub(1) {
            None => Some(&IDENTITY),
            Some(digit) => self.rows.get(window.wrapping_mul(MULTIPLES).wrapping_add(digit)),
        }
    }
}

/// A table that is being built.
pub(crate) struct TableBuild<const MULTIPLES: usize = DIGITS, const BITS: usize = 8> {
    /// The first multiple of the next window.
    pub(super) base: Affine,
    scale: Scale,
    pub(super) rows: Vec<Row>,
    /// The doubles that lead from the last row to the base, as rows would have them.
    pub(super) doubles: Vec<Row>,
}

impl<const MULTIPLES: usize, const BITS: usize> TableBuild<MULTIPLES, BITS> {
    pub(crate) fn new(point: Affine) -> Self {
        let rows = Vec::with_capacity(Table::<MULTIPLES, BITS>::ROWS);
        Self { base: point, scale: Scale::new(), rows, doubles: Vec::new() }
    }

    /// Builds one window, and checks it. Returns `None` if a row is wrong, or if a number
    /// has no inverse, which cannot happen.
    pub(crate) fn step(&mut self) -> Option<()> {
        let start = self.base;
        let (mut doubles, base) =
            multiples(&start, MULTIPLES, Table::<MULTIPLES, BITS>::DOUBLINGS, &self.scale)?;
        self.rows.extend(doubles.drain(..MULTIPLES));
        if !self.last_window_is_right(&start) {
            return None;
        }
        self.doubles = doubles;
        self.base = base;
        Some(())
    }

    /// Checks every row of the last window as it is stored: each is the sum of the first
    /// and the one before it; the first is the last row of the window before, doubled, or
    /// the point itself. So by induction each is the multiple that it should be, whatever
    /// computed it.
    pub(super) fn last_window_is_right(&self, start: &Affine) -> bool {
        let Some((before, window)) = self.rows.split_last_chunk::<MULTIPLES>() else { return false };
        let Some(first) = window.first() else { return false };
        let begins_right = match (before.last(), self.doubles.last()) {
            (Some(last), Some(base)) => {
                let chain = std::iter::once(last).chain(&self.doubles).zip(&self.doubles);
                first == base
                    && chain
                        .map(|(one, next)| (one.point(), next.point()))
                        .all(|(one, next)| self.scale.is_sum(&next, &one, &self.scale.summand(&one)))
            }
            (None, _) => *first == Row::of_affine(start, &self.scale),
            (Some(_), None) => false,
        };
        let summand = self.scale.summand(&first.point());
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
    pub(crate) fn take(&mut self) -> Option<Table<MULTIPLES, BITS>> {
        if self.rows.len() != Table::<MULTIPLES, BITS>::ROWS {
            return None;
        }
        Table::of_checked(std::mem::take(&mut self.rows))
    }

    /// Builds the whole table.
    pub(crate) fn finish(mut self) -> Option<Table<MULTIPLES, BITS>> {
        loop {
            self.step()?;
            if let Some(table) = self.take() {
                return Some(table);
            }
        }
    }
}

/// Returns the rows of the first multiples of a point, and of so many doublings of the last of
/// them, and the point of the last row. `None` if a number has no inverse, which cannot happen.
pub(crate) fn multiples(
    point: &Affine,
    count: usize,
    doublings: usize,
    scale: &Scale,
) -> Option<(Vec<Row>, Affine)> {
    let niels = Niels::new(point);
    let mut multiple = Extended::new(point);
    let mut multiples = vec![multiple];
    for _ in 1..count {
        multiple = multiple.plus(&niels);
        multiples.push(multiple);
    }
    for _ in 0..doublings {
        multiple = multiple.doubled();
        multiples.push(multiple);
    }
    let mut inverses: Vec<_> = multiples.iter().map(|point| point.z).collect();
    let mut room = inverses.clone();
    if !invert_each(&mut inverses, &mut room) {
        return None;
    }
    let rows = multiples.iter().zip(&inverses).map(|(point, inverse)| {
        let inverse = inverse.times(&scale.scale);
        Row::of(&scale.stored(&point.x.times(&inverse), &point.y.times(&inverse)))
    });
    Some((rows.collect(), multiple.affine(inverses.last()?)))
}
