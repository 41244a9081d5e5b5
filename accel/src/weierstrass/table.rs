//! Tables of a point's multiples.

use super::curves::Curve;
use super::doubles::doubles;
use super::point::Affine;
use crate::field::{LARGEST, Residue, invert_each, number_bytes};

/// The number of digits in base 256, without 0 and signs. With P-256 a table has 32·128
/// rows of 64 bytes, 256 KiB. A base of 128 would take 148 KiB and 37 additions for
/// each scalar instead of 32, one of 64 86 KiB and 43.
pub(crate) const DIGITS: usize = LARGEST as usize;

/// The number of digits in base 16, without 0 and signs: those of a [`SmallTable`].
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) const SMALL_DIGITS: usize = 8;

/// The bits from a window of a [`SmallTable`] to the next.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) const SMALL_BITS: usize = 16;

/// The affine coordinates of one multiple, each times a constant modulo the field's
/// modulus; with four limbs exactly one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Row<const N: usize> {
    /// x and y.
    pub(crate) coordinates: [[u64; N]; 2],
}

impl<const N: usize> Row<N> {
    /// Stores a point's Montgomery forms (with R = 2^(64 N)) times `scale`.
    pub(crate) fn of<C: Curve<N>>(point: &Affine<C, N>, scale: &Residue<C::Base, N>) -> Self {
        let scaled = |number: &Residue<C::Base, N>| *number.times(scale).montgomery();
        Self { coordinates: [scaled(&point.x), scaled(&point.y)] }
    }

    /// Returns the point with these coordinates, which still are times the constant.
    pub(super) fn point<C: Curve<N>>(&self) -> Affine<C, N> {
        let [x, y] = self.coordinates;
        Affine { x: Residue::from_montgomery(x), y: Residue::from_montgomery(y) }
    }
}

/// For every window i, in turn, the multiples 1·b^i, 2·b^i … `MULTIPLES`·b^i, where b is 2 to
/// the power of `BITS`.
pub(crate) struct Table<const N: usize, const MULTIPLES: usize = DIGITS, const BITS: usize = 8> {
    rows: Box<[Row<N>]>,
}

/// A table with a row for each digit in base 16, and only of every fourth one: with P-256
/// 8 KiB. A sum takes the digits in four passes, from the highest of each four on, and
/// doubles four times between two passes.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) type SmallTable<const N: usize> = Table<N, SMALL_DIGITS, SMALL_BITS>;

impl<const N: usize, const MULTIPLES: usize, const BITS: usize> Table<N, MULTIPLES, BITS> {
    /// The windows of a scalar of N limbs.
    pub(crate) const WINDOWS: usize = 8 * number_bytes(N) / BITS;

    /// The bytes of a table.
    pub(crate) const BYTES: usize = Self::ROWS * size_of::<Row<N>>();

    pub(crate) const ROWS: usize = Self::WINDOWS * MULTIPLES;

    /// How often the last multiple of a window is doubled to get the first of the next one.
    pub(super) const DOUBLINGS: usize = BITS - MULTIPLES.ilog2() as usize;

    /// Takes on all rows, which were checked. Returns `None` if it is another number of them.
    pub(crate) fn of_checked(rows: Vec<Row<N>>) -> Option<Self> {
        (rows.len() == Self::ROWS).then(|| Self { rows: rows.into_boxed_slice() })
    }

    /// Returns the rows of all windows but the first.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    pub(crate) fn after_the_first(&self) -> Option<&[Row<N>]> {
        self.rows.get(MULTIPLES..)
    }

    /// Returns the row of a digit's absolute value, which is 1 to `MULTIPLES`.
    #[inline]
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<N>> {
        self.rows.get(window.wrapping_mul(MULTIPLES).wrapping_add(digit.wrapping_sub(1)))
    }
}

/// A table that is being built.
pub(crate) struct TableBuild<
    C: Curve<N>,
    const N: usize,
    const MULTIPLES: usize = DIGITS,
    const BITS: usize = 8,
> {
    /// The first multiple of the next window.
    pub(super) base: Affine<C, N>,
    /// The constant.
    scale: Residue<C::Base, N>,
    pub(super) rows: Vec<Row<N>>,
    /// The doubles that lead from the last row to the base, as rows would have them.
    pub(super) doubles: Vec<Row<N>>,
}

impl<C: Curve<N>, const N: usize, const MULTIPLES: usize, const BITS: usize>
    TableBuild<C, N, MULTIPLES, BITS>
{
    /// Begins the table of `point`, whose rows hold Montgomery forms (with R =
    /// 2^(64 N)) times `scale`.
    pub(crate) fn new(point: Affine<C, N>, scale: Residue<C::Base, N>) -> Self {
        let rows = Vec::with_capacity(Table::<N, MULTIPLES, BITS>::ROWS);
        Self { base: point, scale, rows, doubles: Vec::new() }
    }

    /// Builds one window, and checks it. Returns `None` if a row is wrong, or if the
    /// point is of small order, which cannot happen on these curves.
    pub(crate) fn step(&mut self) -> Option<()> {
        let start = self.base;
        let multiples = multiples(start, MULTIPLES)?;
        for point in &multiples {
            self.rows.push(Row::of(point, &self.scale));
        }
        if !self.last_window_is_right(&start) {
            return None;
        }
        let doubles = doubles(multiples.last()?, 1, Table::<N, MULTIPLES, BITS>::DOUBLINGS)?;
        self.doubles = doubles.iter().map(|point| Row::of(point, &self.scale)).collect();
        self.base = *doubles.last()?;
        Some(())
    }

    /// Checks every row of the last window as it is stored. The first is the last row of
    /// the window before, doubled, or the point itself; the second is twice the first; each
    /// other is the sum of the first and the one before it. So by induction each is the
    /// multiple that it should be, whatever computed it.
    pub(super) fn last_window_is_right(&self, start: &Affine<C, N>) -> bool {
        let Some((before, window)) = self.rows.split_last_chunk::<MULTIPLES>() else { return false };
        let [first, second, ..] = window.as_slice() else { return false };
        let point = first.point::<C>();
        let begins_right = match (before.last(), self.doubles.last()) {
            (Some(last), Some(base)) => {
                let chain = std::iter::once(last).chain(&self.doubles).zip(&self.doubles);
                first.coordinates == base.coordinates
                    && chain
                        .map(|(one, next)| (one.point(), next.point::<C>()))
                        .all(|(one, next)| next.is_double_of(&one, &self.scale))
            }
            (None, _) => first.coordinates == Row::of(start, &self.scale).coordinates,
            (Some(_), None) => false,
        };
        let further = window.iter().zip(window.iter().skip(1)).skip(1);
        begins_right
            && second.point().is_double_of(&point, &self.scale)
            && further
                .map(|(one, next)| (one.point(), next.point::<C>()))
                .all(|(one, next)| next.is_sum_of(&one, &point, &self.scale))
    }

    /// Returns the table if this was the last window.
    pub(crate) fn take(&mut self) -> Option<Table<N, MULTIPLES, BITS>> {
        if self.rows.len() != Table::<N, MULTIPLES, BITS>::ROWS {
            return None;
        }
        Table::of_checked(std::mem::take(&mut self.rows))
    }

    /// Builds the whole table.
    pub(crate) fn finish(mut self) -> Option<Table<N, MULTIPLES, BITS>> {
        loop {
            self.step()?;
            if let Some(table) = self.take() {
                return Some(table);
            }
        }
    }
}

/// Returns the first multiples of a point, a power of two of them. `None` if the point is of small
/// order.
pub(crate) fn multiples<C: Curve<N>, const N: usize>(
    point: Affine<C, N>,
    count: usize,
) -> Option<Vec<Affine<C, N>>> {
    let mut multiples = vec![point];
    while multiples.len() < count {
        let more = plus_last(&multiples)?;
        multiples.extend(more);
    }
    Some(multiples)
}

/// Returns the sums of every point and the last one, all with a single inversion; the
/// last sum is a double. `None` if one of the sums is infinity or another is a double.
fn plus_last<C: Curve<N>, const N: usize>(points: &[Affine<C, N>]) -> Option<Vec<Affine<C, N>>> {
    let (last, others) = points.split_last()?;
    let mut slopes: Vec<_> = others.iter().map(|point| point.chord(last)).collect();
    slopes.push(last.tangent());
    let mut inverses: Vec<_> = slopes.iter().map(|slope| slope.run).collect();
    let mut room = inverses.clone();
    if !invert_each(&mut inverses, &mut room) {
        return None;
    }
    let sums = points.iter().zip(&slopes).zip(&inverses);
    Some(sums.map(|((point, slope), inverse)| point.plus_along(last, &slope.rise.times(inverse))).collect())
}
