//! Tables that are computed in lanes: each lane has a window.
//!
//! Every row is checked as it is stored, by the portable code and whatever computed it.

use std::collections::VecDeque;

use super::field::Field;
use super::point::{Addend, Point};
use super::verify::inverse;
use crate::edwards::{Affine, DIGITS, IDENTITY, Row, Table, TableBuild, doubles};
use crate::ifma::radix52;
use crate::simd::Ifma;
use crate::simd::moves::stored;
use crate::simd::x512::load;

/// The windows that are computed at once.
const LANES: usize = 8;

/// The bits from a window to the next.
const BITS: usize = 8;

/// The rows of each window.
type Windows = [Vec<Row>; LANES];

/// A [`Table`] that is being built.
pub(super) struct LaneBuild {
    ifma: Ifma,
    /// The first multiple of the window after those that were computed.
    base: Affine,
    /// What was computed and is not in the table yet.
    computed: VecDeque<Vec<Row>>,
    table: TableBuild,
}

impl LaneBuild {
    pub(super) fn new(ifma: Ifma, point: Affine) -> Self {
        Self { ifma, base: point, computed: VecDeque::new(), table: TableBuild::new(point) }
    }

    /// Computes eight windows if there are none, and checks one. Returns `None` if a row is
    /// wrong.
    pub(super) fn step(&mut self) -> Option<()> {
        if self.computed.is_empty() {
            self.compute()?;
        }
        let window = self.computed.pop_front()?;
        self.table.take_on(&window)
    }

    /// Returns the table if this was the last window.
    pub(super) fn take(&mut self) -> Option<Table> {
        self.table.take()
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
        // SAFETY: an `Ifma` exists only where the processor has the features.
        self.computed.extend(unsafe { windows(&points) }?);
        Some(())
    }
}

/// Computes the rows of windows from their first multiples. `None` if a number has no inverse,
/// which cannot happen.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn windows(bases: &[[[u64; LANES]; 4]; 2]) -> Option<Windows> {
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
    let mut windows: Windows = std::array::from_fn(|_| Vec::new());
    for window in &mut windows {
        window.resize(DIGITS, IDENTITY);
    }
    for (place, (point, before)) in points.iter().enumerate().rev() {
        let own = inverse.times(before);
        inverse = inverse.times(&point.z);
        let (x, y) = (point.x.times(&own).canonical(), point.y.times(&own).canonical());
        let Addend { sum, difference, product, .. } = Addend::affine(&x, &y);
        let numbers = [sum.times(&one), difference.times(&one), product].map(|number| {
            let words: [_; 4] = radix52::join(&number.canonical().0);
            words.map(|word| stored(word))
        });
        for (lane, window) in windows.iter_mut().enumerate() {
            if let Some(row) = window.get_mut(place) {
                *row = Row::of_words(&numbers.map(|number| number.map(|word| word[lane])));
            }
        }
    }
    Some(windows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::{Algorithm, RawKey};
    use crate::known;
    use crate::missing::missing;
    use crate::preparation::Progress;

    fn started(ifma: Ifma) -> LaneBuild {
        let mut build = LaneBuild::new(ifma, Affine::base());
        build.step().unwrap();
        build
    }

    #[test]
    fn tables_begin_in_that_of_the_base_point() {
        if Ifma::detect().is_none() {
            return missing("avx512");
        }
        let first = known::first_key(Algorithm::Ed25519);
        let mut build = super::super::begin_known(Algorithm::Ed25519, first).unwrap();
        assert!(matches!(build.step(), Progress::Done(_)), "one window is left");
        let base = super::super::base_table().unwrap();
        let RawKey::Ed25519(bytes) = first else { return };
        let point = Affine::decode(bytes).unwrap().negated();
        let mut build = TableBuild::after(base, point).unwrap();
        build.step().unwrap();
        let (ours, theirs): (Table, Table) =
            (build.take().unwrap(), TableBuild::new(point).finish().unwrap());
        for (window, digit) in (0..32).flat_map(|window| (0..=DIGITS).map(move |digit| (window, digit))) {
            assert_eq!(
                ours.row(window, digit).unwrap(),
                theirs.row(window, digit).unwrap(),
                "{window} {digit}"
            );
        }
        assert!(TableBuild::after(base, Affine::base()).is_none());
    }

    #[test]
    fn lanes_compute_the_same_rows() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        let point = doubles(&Affine::base(), 5, 1).unwrap()[0];
        let table = LaneBuild::new(ifma, point).finish().unwrap();
        let other: Table = TableBuild::new(point).finish().unwrap();
        for (window, digit) in (0..32).flat_map(|window| (0..=DIGITS).map(move |digit| (window, digit))) {
            assert_eq!(
                table.row(window, digit).unwrap(),
                other.row(window, digit).unwrap(),
                "{window} {digit}"
            );
        }
        // A wrong row, the rows of another window, and a first row that does not follow.
        for place in [0, 1, 77, 127] {
            let mut build = started(ifma);
            build.computed[0][place] = IDENTITY;
            assert!(build.step().is_none(), "{place}");
        }
        let mut build = started(ifma);
        build.computed.swap(0, 1);
        assert!(build.step().is_none());
        let mut build = started(ifma);
        build.base = point;
        for _ in 1..LANES {
            build.step().unwrap();
        }
        assert!(build.step().is_none());
    }
}
