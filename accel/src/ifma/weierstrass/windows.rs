//! Tables that are computed in lanes, each lane a window, and checked in lanes.

use super::checks::windows_are_right;
use super::curves::Lanes;
use super::field::Field;
use super::multiples::{Points, inverse, rows};
use super::point::Point;
use crate::field::Residue;
use crate::ifma::radix52;
use crate::simd::Ifma;
use crate::simd::x512::load;
use crate::weierstrass::{Affine, DIGITS, Row, Table, doubles, multiples};

/// The windows that are computed at once.
const LANES: usize = 8;

/// The bits from a window to the next.
const BITS: usize = 8;

/// A [`Table`] that is being built.
pub(super) struct LaneBuild<C: Lanes<W, N>, const W: usize, const N: usize> {
    ifma: Ifma,
    /// The row of the point itself.
    start: Row<W>,
    /// The first multiple of the window after those that were computed.
    base: Affine<C, W>,
    /// The rows that were computed, and how many of them, from the first on, were checked.
    rows: Vec<Row<W>>,
    checked: usize,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> LaneBuild<C, W, N> {
    pub(super) fn new(ifma: Ifma, point: Affine<C, W>) -> Self {
        let start = Row::of(&point, &Self::SCALE);
        Self { ifma, start, base: point, rows: Vec::with_capacity(Table::<W>::ROWS), checked: 0 }
    }

    const SCALE: Residue<C::Base, W> = super::scale::<C, W, N>();

    /// Begins with all windows of another table but its first, which were checked when it was
    /// built; the last one is left to check. Returns `None` if `point` does not begin the second
    /// one.
    pub(super) fn after(ifma: Ifma, table: &Table<W>, point: Affine<C, W>) -> Option<Self> {
        let mut build = Self::new(ifma, point);
        let rows = table.after_the_first()?;
        if rows.first()?.coordinates != build.start.coordinates {
            return None;
        }
        build.rows.extend_from_slice(rows);
        build.checked = rows.len();
        let base = *doubles(&point, BITS.wrapping_mul(Table::<W>::WINDOWS.wrapping_sub(1)), 1)?.first()?;
        build.rows.extend(multiples(base, DIGITS)?.iter().map(|point| Row::of(point, &Self::SCALE)));
        Some(build)
    }

    /// Computes eight windows, or those that are left, or checks what was computed. Returns
    /// `None` if a row is wrong.
    pub(super) fn step(&mut self) -> Option<()> {
        if self.checked == self.rows.len() { self.compute() } else { self.check() }
    }

    /// Returns the table if all of it was checked.
    pub(super) fn take(&mut self) -> Option<Table<W>> {
        if self.checked != Table::<W>::ROWS {
            return None;
        }
        Table::of_checked(std::mem::take(&mut self.rows))
    }

    /// Builds the whole table.
    pub(super) fn finish(mut self) -> Option<Table<W>> {
        loop {
            self.step()?;
            if let Some(table) = self.take() {
                return Some(table);
            }
        }
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn compute(&mut self) -> Option<()> {
        let Ifma { .. } = self.ifma;
        let mut points: Points<W> = [[[0; LANES]; W]; 2];
        let bases = doubles(&self.base, BITS, LANES)?;
        for (lane, point) in std::iter::once(&self.base).chain(&bases).take(LANES).enumerate() {
            let row = Row::of(point, &Self::SCALE);
            for (of_lanes, word) in points.as_flattened_mut().iter_mut().zip(row.coordinates.as_flattened()) {
                of_lanes[lane] = *word;
            }
        }
        self.base = *bases.last()?;
        let (begin, end) = (self.rows.len(), self.rows.len().wrapping_add(LANES * DIGITS));
        self.rows.resize(end.min(Table::<W>::ROWS), Row { coordinates: [[0; W]; 2] });
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { write_windows::<C, W, N>(&points, self.rows.get_mut(begin..)?) }
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn check(&mut self) -> Option<()> {
        let Ifma { .. } = self.ifma;
        let (before, rows) = self.rows.split_at_checked(self.checked)?;
        let (windows, []) = rows.as_chunks() else { return None };
        // SAFETY: as above.
        if !unsafe { windows_are_right::<C, W, N>(&self.start, before.last(), windows) } {
            return None;
        }
        self.checked = self.rows.len();
        Some(())
    }
}

/// Computes the rows of as many windows as there is place for, at most eight, from their first
/// multiples. `None` if one of the points is of small order, which cannot happen on these curves.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn write_windows<C: Lanes<W, N>, const W: usize, const N: usize>(
    bases: &Points<W>,
    windows: &mut [Row<W>],
) -> Option<()> {
    let [x, y] = bases
        .each_ref()
        .map(|number| Field::<C, N>::of(radix52::split(number.each_ref().map(|limb| load(limb)))));
    let mut last = Point::affine(x, y);
    // Each point, with the product of the Z before it.
    let mut points = Vec::with_capacity(DIGITS);
    let mut all = Field::splat(&C::ONE);
    for place in 0..DIGITS {
        last = match place {
            0 => last,
            // The incomplete addition cannot add equal points.
            1 => last.doubled(),
            _ => last.plus(&x, &y, 0),
        };
        points.push((last, all));
        all = all.times(&last.z);
    }
    let mut inverse = inverse(&all)?;
    for (place, (point, before)) in points.iter().enumerate().rev() {
        let own = inverse.times(before);
        inverse = inverse.times(&point.z);
        let square = own.squared();
        let (x, y) = (point.x.times(&square), point.y.times(&square.times(&own)));
        for (window, row) in windows.chunks_exact_mut(DIGITS).zip(rows(&x.canonical(), &y.canonical())) {
            if let Some(place) = window.get_mut(place) {
                *place = row;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{Algorithm, RawKey};
    use crate::field::{Modulus, subtract};
    use crate::known;
    use crate::missing::missing;
    use crate::preparation::Progress;
    use crate::weierstrass::{P256, P384, P521, Secp256k1, TableBuild};

    type Build<C, const W: usize, const N: usize> = LaneBuild<C, W, N>;

    fn point<C: Lanes<W, N>, const W: usize, const N: usize>() -> Affine<C, W> {
        doubles(&Affine::<C, W>::generator(), 5, 1).unwrap()[0]
    }

    /// All rows of a table of [`point`], by the portable code.
    fn portable<C: Lanes<W, N>, const W: usize, const N: usize>() -> Vec<Row<W>> {
        let table = TableBuild::<C, W>::new(point::<C, W, N>(), Build::<C, W, N>::SCALE).finish().unwrap();
        rows_of(&table)
    }

    fn rows_of<const W: usize>(table: &Table<W>) -> Vec<Row<W>> {
        let places =
            (0..Table::<W>::WINDOWS).flat_map(|window| (1..=DIGITS).map(move |digit| (window, digit)));
        places.map(|(window, digit)| *table.row(window, digit).unwrap()).collect()
    }

    fn assert_same<const W: usize>(ours: &[Row<W>], theirs: &[Row<W>]) {
        assert_eq!(ours.len(), theirs.len());
        for (place, (one, other)) in ours.iter().zip(theirs).enumerate() {
            assert_eq!(one.coordinates, other.coordinates, "{place}");
        }
    }

    /// What is left to check of these rows, if so many were checked.
    fn left<C: Lanes<W, N>, const W: usize, const N: usize>(
        ifma: Ifma,
        rows: &[Row<W>],
        checked: usize,
    ) -> Build<C, W, N> {
        Build { rows: rows.to_vec(), checked, ..Build::new(ifma, point::<C, W, N>()) }
    }

    /// The number plus p, if words have room for it.
    fn raised<C: Lanes<W, N>, const W: usize, const N: usize>(number: &[u64; W]) -> Option<[u64; W]> {
        let negated = subtract(&[0; W], &C::Base::VALUE).0;
        let sum = subtract(number, &negated).0;
        (sum.iter().rev().ge(number.iter().rev())).then_some(sum)
    }

    /// What may stand in the place of a row: another number in a coordinate, numbers that are not
    /// below p, among them such as are the right ones modulo p, the opposite point, and other rows.
    fn wrong_rows<C: Lanes<W, N>, const W: usize, const N: usize>(
        rows: &[Row<W>],
        place: usize,
    ) -> Vec<[[u64; W]; 2]> {
        let [x, y] = rows[place].coordinates;
        let opposite = subtract(&C::Base::VALUE, &y).0;
        let neighbour = rows[if place == 0 { 1 } else { place - 1 }].coordinates;
        let mut wrong = vec![[x, opposite], [y, x], neighbour, [x, [u64::MAX; W]], [[u64::MAX; W], y]];
        wrong.extend(raised::<C, W, N>(&x).map(|x| [x, y]));
        wrong.extend(raised::<C, W, N>(&y).map(|y| [x, y]));
        for (coordinate, bit) in [(0, 0), (1, 0), (0, 200), (1, 200)] {
            let mut other = [x, y];
            other[coordinate][bit / 64] ^= 1 << (bit % 64);
            wrong.push(other);
        }
        wrong
    }

    /// Each row of the first window, of a later one, and of the two around the end of a group.
    fn wrong_rows_are_seen<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma, rows: &[Row<W>]) {
        for (windows, checked) in [(1, 0), (3, 2), (LANES, LANES - 1), (LANES + 1, LANES)] {
            let (rows, checked) = (&rows[..windows * DIGITS], checked * DIGITS);
            let mut build = left::<C, W, N>(ifma, rows, checked);
            build.check().unwrap();
            for place in (checked..rows.len()).step_by(if cfg!(miri) { 61 } else { 1 }) {
                for wrong in wrong_rows::<C, W, N>(rows, place) {
                    build.checked = checked;
                    build.rows[place].coordinates = wrong;
                    assert!(build.check().is_none(), "{place} of {windows}: {wrong:x?}");
                    assert_eq!(build.checked, checked);
                }
                build.rows[place] = rows[place];
            }
            build.check().unwrap();
        }
    }

    /// Windows whose rows all follow from their first one, which is not the one that it should be.
    fn wrong_windows_are_seen<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma, rows: &[Row<W>]) {
        let group = &rows[..LANES * DIGITS];
        left::<C, W, N>(ifma, group, 0).check().unwrap();
        for window in 0..LANES {
            let mut wrong = group.to_vec();
            wrong[window * DIGITS..][..DIGITS].copy_from_slice(&rows[LANES * DIGITS..][..DIGITS]);
            assert!(left::<C, W, N>(ifma, &wrong, 0).check().is_none(), "{window}");
        }
        for swapped in 1..LANES {
            let mut wrong = group.to_vec();
            let (first, second) = wrong.split_at_mut(swapped * DIGITS);
            first[(swapped - 1) * DIGITS..].swap_with_slice(&mut second[..DIGITS]);
            assert!(left::<C, W, N>(ifma, &wrong, 0).check().is_none(), "{swapped}");
        }
        // The next group begins with another multiple, or the first one with another point.
        let mut build = left::<C, W, N>(ifma, group, group.len());
        build.compute().unwrap();
        assert!(build.check().is_none());
        let mut build = Build::<C, W, N>::new(ifma, Affine::generator());
        build.base = point::<C, W, N>();
        build.compute().unwrap();
        assert!(build.check().is_none());
        // The multiples of the opposite point.
        let mut opposite = group.to_vec();
        for [_, y] in opposite.iter_mut().map(|row| &mut row.coordinates) {
            *y = subtract(&C::Base::VALUE, y).0;
        }
        assert!(left::<C, W, N>(ifma, &opposite, 0).check().is_none());
        // Half a window.
        assert!(left::<C, W, N>(ifma, &rows[..DIGITS / 2], 0).check().is_none());
    }

    /// A table of which one row is wrong is none, whichever group has it.
    fn are_right<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma) {
        let rows = portable::<C, W, N>();
        let table = Build::<C, W, N>::new(ifma, point::<C, W, N>()).finish().unwrap();
        assert_same(&rows_of(&table), &rows);
        for group in (0..rows.len()).step_by(LANES * DIGITS) {
            let mut build = Build::<C, W, N>::new(ifma, point::<C, W, N>());
            while build.rows.len() <= group {
                assert!(build.take().is_none());
                build.step().unwrap();
            }
            assert!(build.take().is_none(), "the last rows are not checked");
            build.rows.last_mut().unwrap().coordinates[1][0] ^= 1;
            assert!(build.step().is_none() && build.take().is_none());
        }
    }

    fn are_refused<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma) {
        let rows = portable::<C, W, N>();
        wrong_rows_are_seen::<C, W, N>(ifma, &rows);
        wrong_windows_are_seen::<C, W, N>(ifma, &rows);
    }

    fn follows<C: super::super::Shared<W, N>, const W: usize, const N: usize>(
        ifma: Ifma,
        algorithm: Algorithm,
    ) {
        let first = known::first_key(algorithm);
        let mut build = super::super::begin_known::<C, W, N>(algorithm, first).unwrap();
        assert!(matches!(build.step(), Progress::Done(_)), "one window is left");
        let generator = super::super::generator_table::<C, W, N>().unwrap();
        let RawKey::Sec1(bytes) = first else { return };
        let point = Affine::<C, W>::from_sec1(bytes).unwrap();
        let mut build = Build::after(ifma, generator, point).unwrap();
        assert!(build.take().is_none());
        build.step().unwrap();
        let (ours, theirs) = (
            build.take().unwrap(),
            TableBuild::<C, W>::new(point, Build::<C, W, N>::SCALE).finish().unwrap(),
        );
        assert_same(&rows_of(&ours), &rows_of(&theirs));
        assert!(Build::after(ifma, generator, Affine::<C, W>::generator()).is_none());
        let mut build = Build::after(ifma, generator, point).unwrap();
        build.rows.last_mut().unwrap().coordinates[0][0] ^= 1;
        assert!(build.step().is_none());
    }

    #[test]
    fn tables_begin_in_those_of_base_points() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        follows::<P256, 4, 5>(ifma, Algorithm::EcdsaP256Sha256);
        follows::<Secp256k1, 4, 5>(ifma, Algorithm::EcdsaSecp256k1Sha256);
        follows::<P384, 6, 8>(ifma, Algorithm::EcdsaP384Sha384);
    }

    #[test]
    fn lanes_compute_the_same_rows() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        are_right::<P256, 4, 5>(ifma);
        are_right::<Secp256k1, 4, 5>(ifma);
        are_right::<P384, 6, 8>(ifma);
        are_right::<P521, 9, 11>(ifma);
    }

    #[test]
    fn wrong_rows_are_refused_in_lanes() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        are_refused::<P256, 4, 5>(ifma);
        are_refused::<Secp256k1, 4, 5>(ifma);
        are_refused::<P384, 6, 8>(ifma);
        are_refused::<P521, 9, 11>(ifma);
    }
}
