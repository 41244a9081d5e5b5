//! Tables that are computed in lanes, each lane a window, and checked in lanes.

use super::checks::windows_are_right;
use super::field::Field;
use super::point::{Addend, Point};
use super::verify::inverse;
use crate::edwards::{Affine, DIGITS, IDENTITY, Row, Scale, Table, doubles, multiples};
use crate::ifma::radix52;
use crate::simd::Ifma;
use crate::simd::moves::stored;
use crate::simd::x512::load;

/// The windows that are computed at once.
const LANES: usize = 8;

/// The bits from a window to the next.
const BITS: usize = 8;

/// A [`Table`] that is being built.
pub(super) struct LaneBuild {
    ifma: Ifma,
    /// The row of the point itself.
    start: Row,
    /// The first multiple of the window after those that were computed.
    base: Affine,
    /// The rows that were computed, and how many of them, from the first on, were checked.
    rows: Vec<Row>,
    checked: usize,
}

impl LaneBuild {
    pub(super) fn new(ifma: Ifma, point: Affine) -> Self {
        let start = Row::of_affine(&point, &Scale::new());
        Self { ifma, start, base: point, rows: Vec::with_capacity(<Table>::ROWS), checked: 0 }
    }

    /// Begins with all windows of another table but its first, which were checked when it was
    /// built; the last one is left to check. Returns `None` if `point` does not begin the second
    /// one.
    pub(super) fn after(ifma: Ifma, table: &Table, point: Affine) -> Option<Self> {
        let mut build = Self::new(ifma, point);
        let rows = table.after_the_first()?;
        if *rows.first()? != build.start {
            return None;
        }
        build.rows.extend_from_slice(rows);
        build.checked = rows.len();
        let base = *doubles(&point, BITS.wrapping_mul(<Table>::WINDOWS.wrapping_sub(1)), 1)?.first()?;
        let (rows, _) = multiples(&base, DIGITS, 0, &Scale::new())?;
        build.rows.extend(rows);
        Some(build)
    }

    /// Computes eight windows, or checks what was computed. Returns `None` if a row is wrong.
    pub(super) fn step(&mut self) -> Option<()> {
        if self.checked == self.rows.len() { self.compute() } else { self.check() }
    }

    /// Returns the table if all of it was checked.
    pub(super) fn take(&mut self) -> Option<Table> {
        if self.checked != <Table>::ROWS {
            return None;
        }
        Table::of_checked(std::mem::take(&mut self.rows))
    }

    /// Builds the whole table.
    pub(super) fn finish(mut self) -> Option<Table> {
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
        let mut points = [[[0; LANES]; 4]; 2];
        let bases = doubles(&self.base, BITS, LANES)?;
        for (lane, point) in std::iter::once(&self.base).chain(&bases).take(LANES).enumerate() {
            for (of_lanes, word) in
                points.as_flattened_mut().iter_mut().zip(point.coordinates().as_flattened())
            {
                of_lanes[lane] = *word;
            }
        }
        self.base = *bases.last()?;
        let (begin, end) = (self.rows.len(), self.rows.len().wrapping_add(LANES * DIGITS));
        self.rows.resize(end.min(<Table>::ROWS), IDENTITY);
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { write_windows(&points, self.rows.get_mut(begin..)?) }
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn check(&mut self) -> Option<()> {
        let Ifma { .. } = self.ifma;
        let (before, rows) = self.rows.split_at_checked(self.checked)?;
        let (windows, []) = rows.as_chunks() else { return None };
        // SAFETY: as above.
        if !unsafe { windows_are_right(&self.start, before.last(), windows) } {
            return None;
        }
        self.checked = self.rows.len();
        Some(())
    }
}

/// Computes the rows of as many windows as there is place for, at most eight, from their first
/// multiples. `None` if a number has no inverse, which cannot happen.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn write_windows(bases: &[[[u64; LANES]; 4]; 2], windows: &mut [Row]) -> Option<()> {
    let [x, y] =
        bases.each_ref().map(|number| Field(radix52::split(number.each_ref().map(|limb| load(limb)))));
    let addend = Addend::affine(&x, &y);
    let one = Field::splat(&[1, 0, 0, 0, 0]);
    let mut last = Point::affine(x, y);
    // Each point, with the product of the Z before it.
    let mut points = Vec::with_capacity(DIGITS);
    let mut all = one;
    for place in 0..DIGITS {
        if place != 0 {
            last = last.plus(&addend);
        }
        points.push((last, all));
        all = all.times(&last.z);
    }
    let mut inverse = inverse(&all)?;
    for (place, (point, before)) in points.iter().enumerate().rev() {
        let own = inverse.times(before);
        inverse = inverse.times(&point.z);
        let (x, y) = (point.x.times(&own).canonical(), point.y.times(&own).canonical());
        let Addend { sum, difference, product, .. } = Addend::affine(&x, &y);
        let numbers = [sum.times(&one), difference.times(&one), product].map(|number| {
            let words: [_; 4] = radix52::join(&number.canonical().0);
            words.map(|word| stored(word))
        });
        for (lane, window) in windows.chunks_exact_mut(DIGITS).enumerate() {
            if let Some(row) = window.get_mut(place) {
                *row = Row::of_words(&numbers.map(|number| number.map(|word| word[lane])));
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{Algorithm, RawKey};
    use crate::edwards::TableBuild;
    use crate::field::{Ed25519Base, Modulus, subtract};
    use crate::known;
    use crate::missing::missing;
    use crate::preparation::Progress;

    fn point() -> Affine {
        doubles(&Affine::base(), 5, 1).unwrap()[0]
    }

    fn rows_of(table: &Table) -> Vec<Row> {
        let places = (0..<Table>::WINDOWS).flat_map(|window| (1..=DIGITS).map(move |digit| (window, digit)));
        places.map(|(window, digit)| *table.row(window, digit).unwrap()).collect()
    }

    fn assert_same(ours: &[Row], theirs: &[Row]) {
        assert_eq!(ours.len(), theirs.len());
        for (place, (one, other)) in ours.iter().zip(theirs).enumerate() {
            assert_eq!(one, other, "{place}");
        }
    }

    /// What is left to check of these rows, if so many were checked.
    fn left(ifma: Ifma, rows: &[Row], checked: usize) -> LaneBuild {
        LaneBuild { rows: rows.to_vec(), checked, ..LaneBuild::new(ifma, point()) }
    }

    /// y + x, y - x and 2dxy.
    fn numbers(row: &Row) -> [[u64; 4]; 3] {
        let [a, b, c, d, e, f, g, h] = *row.first();
        let [.., i, j, k, l] = *row.last();
        [[a, b, c, d], [e, f, g, h], [i, j, k, l]]
    }

    /// What may stand in the place of a row: another number in each of its three, one that is not
    /// below p, but is the right one modulo p, the opposite point, the neutral one, and other rows.
    fn wrong_rows(rows: &[Row], place: usize) -> Vec<Row> {
        let right = numbers(&rows[place]);
        let [sum, difference, product] = right;
        let negated = |number: &[u64; 4]| subtract(&Ed25519Base::VALUE, number).0;
        let neighbour = rows[if place == 0 { 1 } else { place - 1 }];
        let changed = (0..3).flat_map(|which| {
            let raised = subtract(&right[which], &subtract(&[0; 4], &Ed25519Base::VALUE).0).0;
            let flipped = [0, 200].map(|bit| {
                let mut flipped = right[which];
                flipped[bit / 64] ^= 1 << (bit % 64);
                flipped
            });
            flipped.into_iter().chain([raised, [u64::MAX; 4], negated(&right[which])]).map(move |number| {
                let mut wrong = right;
                wrong[which] = number;
                Row::of_words(&wrong)
            })
        });
        let opposites = [[difference, sum, negated(&product)], [difference, sum, product]];
        let others = opposites.iter().map(Row::of_words).chain([neighbour, IDENTITY]);
        changed.chain(others).collect()
    }

    /// Each row of the first window, of a later one, and of the two around the end of a group.
    fn wrong_rows_are_seen(ifma: Ifma, rows: &[Row]) {
        for (windows, checked) in [(1, 0), (3, 2), (LANES, LANES - 1), (LANES + 1, LANES)] {
            let (rows, checked) = (&rows[..windows * DIGITS], checked * DIGITS);
            let mut build = left(ifma, rows, checked);
            build.check().unwrap();
            for place in (checked..rows.len()).step_by(if cfg!(miri) { 61 } else { 1 }) {
                for wrong in wrong_rows(rows, place) {
                    build.checked = checked;
                    build.rows[place] = wrong;
                    assert!(build.check().is_none(), "{place} of {windows}: {wrong:x?}");
                    assert_eq!(build.checked, checked);
                }
                build.rows[place] = rows[place];
            }
            build.check().unwrap();
        }
    }

    /// Windows whose rows all follow from their first one, which is not the one that it should be.
    fn wrong_windows_are_seen(ifma: Ifma, rows: &[Row]) {
        let group = &rows[..LANES * DIGITS];
        left(ifma, group, 0).check().unwrap();
        for window in 0..LANES {
            let mut wrong = group.to_vec();
            wrong[window * DIGITS..][..DIGITS].copy_from_slice(&rows[LANES * DIGITS..][..DIGITS]);
            assert!(left(ifma, &wrong, 0).check().is_none(), "{window}");
        }
        for swapped in 1..LANES {
            let mut wrong = group.to_vec();
            let (first, second) = wrong.split_at_mut(swapped * DIGITS);
            first[(swapped - 1) * DIGITS..].swap_with_slice(&mut second[..DIGITS]);
            assert!(left(ifma, &wrong, 0).check().is_none(), "{swapped}");
        }
        // The next group begins with another multiple, or the first one with another point.
        let mut build = left(ifma, group, group.len());
        build.compute().unwrap();
        assert!(build.check().is_none());
        let mut build = LaneBuild::new(ifma, Affine::base());
        build.base = point();
        build.compute().unwrap();
        assert!(build.check().is_none());
        // The multiples of the opposite point.
        let opposite: Vec<Row> = group
            .iter()
            .map(|row| {
                let [sum, difference, product] = numbers(row);
                Row::of_words(&[difference, sum, subtract(&Ed25519Base::VALUE, &product).0])
            })
            .collect();
        assert!(left(ifma, &opposite, 0).check().is_none());
        // Half a window.
        assert!(left(ifma, &rows[..DIGITS / 2], 0).check().is_none());
    }

    /// A table of which one row is wrong is none, whichever group has it.
    #[test]
    fn lanes_compute_the_same_rows() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        let rows = rows_of(&TableBuild::new(point()).finish().unwrap());
        assert_same(&rows_of(&LaneBuild::new(ifma, point()).finish().unwrap()), &rows);
        for group in (0..rows.len()).step_by(LANES * DIGITS) {
            let mut build = LaneBuild::new(ifma, point());
            while build.rows.len() <= group {
                assert!(build.take().is_none());
                build.step().unwrap();
            }
            assert!(build.take().is_none(), "the last rows are not checked");
            *build.rows.last_mut().unwrap() = IDENTITY;
            assert!(build.step().is_none() && build.take().is_none());
        }
    }

    #[test]
    fn wrong_rows_are_refused_in_lanes() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        let rows = rows_of(&TableBuild::new(point()).finish().unwrap());
        wrong_rows_are_seen(ifma, &rows);
        wrong_windows_are_seen(ifma, &rows);
    }

    #[test]
    fn tables_begin_in_that_of_the_base_point() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        let first = known::first_key(Algorithm::Ed25519);
        let mut build = super::super::begin_known(Algorithm::Ed25519, first).unwrap();
        assert!(matches!(build.step(), Progress::Done(_)), "one window is left");
        let base = super::super::base_table().unwrap();
        let RawKey::Ed25519(bytes) = first else { return };
        let point = Affine::decode(bytes).unwrap().negated();
        let mut build = LaneBuild::after(ifma, base, point).unwrap();
        assert!(build.take().is_none());
        build.step().unwrap();
        let (ours, theirs): (Table, Table) =
            (build.take().unwrap(), TableBuild::new(point).finish().unwrap());
        assert_same(&rows_of(&ours), &rows_of(&theirs));
        assert!(LaneBuild::after(ifma, base, Affine::base()).is_none());
        let mut build = LaneBuild::after(ifma, base, point).unwrap();
        *build.rows.last_mut().unwrap() = IDENTITY;
        assert!(build.step().is_none());
    }
}
