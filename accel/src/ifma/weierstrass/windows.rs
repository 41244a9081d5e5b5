//! Tables that are computed in lanes: each lane has a window.
//!
//! Every row is checked as it is stored, by the portable code and whatever computed it.

use std::collections::VecDeque;

use super::curves::Lanes;
use super::field::Field;
use super::multiples::{Points, inverse, rows};
use super::point::Point;
use crate::ifma::radix52;
use crate::simd::Ifma;
use crate::simd::x512::load;
use crate::weierstrass::{Affine, DIGITS, Row, Table, TableBuild, doubles};

/// The windows that are computed at once.
const LANES: usize = 8;

/// The bits from a window to the next.
const BITS: usize = 8;

/// The rows of each window.
type Windows<const W: usize> = [Vec<Row<W>>; LANES];

/// A [`Table`] that is being built.
pub(super) struct LaneBuild<C: Lanes<W, N>, const W: usize, const N: usize> {
    ifma: Ifma,
    /// The first multiple of the window after those that were computed.
    base: Affine<C, W>,
    /// What was computed and is not in the table yet.
    computed: VecDeque<Vec<Row<W>>>,
    table: TableBuild<C, W>,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> LaneBuild<C, W, N> {
    pub(super) fn new(ifma: Ifma, point: Affine<C, W>) -> Self {
        let table = TableBuild::new(point, super::scale::<C, W, N>());
        Self { ifma, base: point, computed: VecDeque::new(), table }
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
    pub(super) fn take(&mut self) -> Option<Table<W>> {
        self.table.take()
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
            let row = self.table.row(point);
            for (of_lanes, word) in points.as_flattened_mut().iter_mut().zip(row.coordinates.as_flattened()) {
                of_lanes[lane] = *word;
            }
        }
        self.base = *bases.last()?;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        self.computed.extend(unsafe { windows::<C, W, N>(&points) }?);
        Some(())
    }
}

/// Computes the rows of windows from their first multiples. `None` if one of the points is of
/// small order, which cannot happen on these curves.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn windows<C: Lanes<W, N>, const W: usize, const N: usize>(bases: &Points<W>) -> Option<Windows<W>> {
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
    let mut windows: Windows<W> = std::array::from_fn(|_| vec![Row { coordinates: [[0; W]; 2] }; DIGITS]);
    for (place, (point, before)) in points.iter().enumerate().rev() {
        let own = inverse.times(before);
        inverse = inverse.times(&point.z);
        let square = own.squared();
        let (x, y) = (point.x.times(&square), point.y.times(&square.times(&own)));
        for (window, row) in windows.iter_mut().zip(rows(&x.canonical(), &y.canonical())) {
            if let Some(place) = window.get_mut(place) {
                *place = row;
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
    use crate::weierstrass::{P256, P384, P521, Secp256k1};

    fn started<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma) -> LaneBuild<C, W, N> {
        let mut build = LaneBuild::new(ifma, Affine::generator());
        build.step().unwrap();
        build
    }

    fn are_right<C: Lanes<W, N>, const W: usize, const N: usize>(ifma: Ifma) {
        let point = doubles(&Affine::<C, W>::generator(), 5, 1).unwrap()[0];
        let table = LaneBuild::<C, W, N>::new(ifma, point).finish().unwrap();
        let other = TableBuild::<C, W>::new(point, super::super::scale::<C, W, N>()).finish().unwrap();
        for (window, digit) in
            (0..Table::<W>::WINDOWS).flat_map(|window| (1..=DIGITS).map(move |digit| (window, digit)))
        {
            let [ours, theirs] = [&table, &other].map(|table| table.row(window, digit).unwrap().coordinates);
            assert_eq!(ours, theirs, "{window} {digit}");
        }
        // A wrong row, the rows of another window, and a first row that does not follow.
        for place in [0, 1, 77, 127] {
            let mut build = started::<C, W, N>(ifma);
            build.computed[0][place].coordinates[1][0] ^= 1;
            assert!(build.step().is_none(), "{place}");
        }
        let mut build = started::<C, W, N>(ifma);
        build.computed.swap(0, 1);
        assert!(build.step().is_none());
        let mut build = started::<C, W, N>(ifma);
        build.base = point;
        for _ in 1..LANES {
            build.step().unwrap();
        }
        assert!(build.step().is_none());
    }

    fn follows<C: super::super::Shared<W, N>, const W: usize, const N: usize>(algorithm: Algorithm) {
        let first = known::first_key(algorithm);
        let mut build = super::super::begin_known::<C, W, N>(algorithm, first).unwrap();
        assert!(matches!(build.step(), Progress::Done(_)), "one window is left");
        let generator = super::super::generator_table::<C, W, N>().unwrap();
        let RawKey::Sec1(bytes) = first else { return };
        let (point, scale) = (Affine::<C, W>::from_sec1(bytes).unwrap(), super::super::scale::<C, W, N>());
        let mut build = TableBuild::after(generator, point, scale).unwrap();
        build.step().unwrap();
        let (ours, theirs) = (build.take().unwrap(), TableBuild::<C, W>::new(point, scale).finish().unwrap());
        for (window, digit) in (0..8 * W).flat_map(|window| (1..=DIGITS).map(move |digit| (window, digit))) {
            let [ours, theirs] = [&ours, &theirs].map(|table| table.row(window, digit).unwrap().coordinates);
            assert_eq!(ours, theirs, "{window} {digit}");
        }
        assert!(TableBuild::after(generator, Affine::<C, W>::generator(), scale).is_none());
    }

    #[test]
    fn tables_begin_in_those_of_base_points() {
        if Ifma::detect().is_none() {
            return missing("avx512");
        }
        follows::<P256, 4, 5>(Algorithm::EcdsaP256Sha256);
        follows::<Secp256k1, 4, 5>(Algorithm::EcdsaSecp256k1Sha256);
        follows::<P384, 6, 8>(Algorithm::EcdsaP384Sha384);
    }

    #[test]
    fn lanes_compute_the_same_rows() {
        let Some(ifma) = Ifma::detect() else { return missing("avx512") };
        are_right::<P256, 4, 5>(ifma);
        are_right::<Secp256k1, 4, 5>(ifma);
        are_right::<P384, 6, 8>(ifma);
        are_right::<P521, 9, 11>(ifma);
    }
}
