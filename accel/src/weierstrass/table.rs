//! Tables of a point's multiples.

use super::curves::Curve;
use super::point::{Affine, Jacobian};
use crate::field::{LARGEST, Residue, invert_each};

/// The number of digits in base 256, without 0 and signs. With P-256 a table has 32·128
/// rows of 64 bytes, 256 KiB. A base of 128 would take 148 KiB and 37 additions for
/// each scalar instead of 32, one of 64 86 KiB and 43.
pub(super) const DIGITS: usize = LARGEST as usize;

/// The affine coordinates of one multiple, each times a constant modulo the field's
/// modulus; with four limbs exactly one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Row<const N: usize> {
    /// x and y.
    pub(crate) coordinates: [[u64; N]; 2],
}

/// For every window i, in turn, the multiples 1·256^i, 2·256^i … 128·256^i.
pub(crate) struct Table<const N: usize> {
    rows: Box<[Row<N>]>,
}

impl<const N: usize> Table<N> {
    /// The windows of a scalar of N limbs.
    pub(crate) const WINDOWS: usize = 8 * N;

    /// The bytes of a table.
    pub(crate) const BYTES: usize = Self::WINDOWS * DIGITS * size_of::<Row<N>>();

    /// Returns the row of a digit's absolute value, which is 1 to 128.
    #[inline]
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<N>> {
        self.rows.get(window.wrapping_mul(DIGITS).wrapping_add(digit.wrapping_sub(1)))
    }
}

/// A table that is being built.
pub(crate) struct TableBuild<C: Curve<N>, const N: usize> {
    /// 256^i times the point, for the next window.
    base: Affine<C, N>,
    /// The constant.
    scale: Residue<C::Base, N>,
    rows: Vec<Row<N>>,
}

impl<C: Curve<N>, const N: usize> TableBuild<C, N> {
    /// Begins the table of `point`, whose rows hold Montgomery forms (with R =
    /// 2^(64 N)) times `scale`.
    pub(crate) fn new(point: Affine<C, N>, scale: Residue<C::Base, N>) -> Self {
        Self { base: point, scale, rows: Vec::with_capacity(Table::<N>::WINDOWS.saturating_mul(DIGITS)) }
    }

    /// Builds one window; returns `None` if the point is of small order, which cannot
    /// happen on these curves.
    pub(crate) fn step(&mut self) -> Option<()> {
        let first = Jacobian::new(&self.base);
        // The first step doubles, because the incomplete addition cannot add equal points.
        let mut multiple = first.doubled();
        let mut multiples = vec![first];
        for _ in 1..DIGITS {
            multiples.push(multiple);
            multiple = multiple.plus(&self.base);
        }
        // The next window begins at twice the last multiple of this one.
        multiples.push(multiples.last()?.doubled());
        let mut inverses: Vec<_> = multiples.iter().map(|point| point.z).collect();
        let mut room = inverses.clone();
        if !invert_each(&mut inverses, &mut room) {
            return None;
        }
        for (point, inverse) in multiples.iter().zip(&inverses) {
            let square = inverse.squared();
            let x = point.x.times(&square);
            let y = point.y.times(&square.times(inverse));
            self.base = Affine { x, y };
            let scaled = |number: &Residue<C::Base, N>| *number.times(&self.scale).montgomery();
            self.rows.push(Row { coordinates: [scaled(&x), scaled(&y)] });
        }
        // The last point is the base of the next window and not a row. It depends on all points
        // of the window, so a fault in one of them puts it off the curve.
        self.rows.pop();
        self.base.is_on_curve().then_some(())
    }

    /// Returns the table if this was the last window.
    pub(crate) fn take(&mut self) -> Option<Table<N>> {
        let is_full = self.rows.len() == Table::<N>::WINDOWS.saturating_mul(DIGITS);
        is_full.then(|| Table { rows: std::mem::take(&mut self.rows).into_boxed_slice() })
    }

    /// Builds the whole table.
    pub(crate) fn finish(mut self) -> Option<Table<N>> {
        loop {
            self.step()?;
            if let Some(table) = self.take() {
                return Some(table);
            }
        }
    }
}
