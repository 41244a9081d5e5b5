//! Verifies signatures that have a key each, without a table of the key.
//!
//! Each lane is a signature. u2·Q is summed from the highest digit in base 16 on, with four
//! doublings before each; the rows of u1·G need none and are added at the end.

use super::choice::holds;
use super::curves::Lanes;
use super::multiples::{Multiples, Points, Raw, multiples};
use super::point::Sum;
use super::ready::{Ready, TOGETHER, prepare};
use super::rows::{add_places, add_windows};
use crate::algorithm::RawKey;
use crate::field::Residue;
use crate::job::{Job, LEAST_UNPREPARED};
use crate::simd::Ifma;
use crate::weierstrass::{Affine, Table};

/// A signature, and the coordinates of its key as the rows of a table have them.
type WithPoint<const W: usize> = (Ready<W>, [[u64; W]; 2]);

/// Buffers of a call.
struct Room<C, const W: usize, const N: usize> {
    ready: Vec<WithPoint<W>>,
    groups: Vec<Points<W>>,
    raw: Vec<Raw<C, N>>,
    multiples: Vec<Multiples<W>>,
}

impl<C, const W: usize, const N: usize> Room<C, W, N> {
    const EMPTY: Self =
        Self { ready: Vec::new(), groups: Vec::new(), raw: Vec::new(), multiples: Vec::new() };
}

/// What every signature needs.
pub(super) struct Verifier<C: Lanes<W, N>, const W: usize, const N: usize> {
    pub(super) ifma: Ifma,
    pub(super) generator: &'static Table<W>,
    /// The constant that rows of a table are multiplied by.
    pub(super) scale: Residue<C::Base, W>,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> Verifier<C, W, N> {
    /// Checks each job with its own key. A job without a key of this curve is not held.
    pub(super) fn verify_each(&self, keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
        let mut room = Room::EMPTY;
        for (keys, jobs) in keys.chunks(TOGETHER).zip(jobs.chunks_mut(TOGETHER)) {
            if jobs.len() >= LEAST_UNPREPARED {
                self.verify_together(keys, jobs, &mut room);
            }
        }
    }

    fn verify_together(&self, keys: &[RawKey<'_>], jobs: &mut [Job<'_>], room: &mut Room<C, W, N>) {
        let mut ready = [None; TOGETHER];
        let count = prepare::<C, W, N>(self.ifma, jobs, &mut ready);
        let with_point = |ready: &Ready<W>| Some((*ready, self.point(*keys.get(ready.row)?)?));
        room.ready.clear();
        room.ready.extend(ready.iter().take(count).flatten().filter_map(with_point));
        if room.ready.len() < LEAST_UNPREPARED {
            return;
        }
        room.groups.clear();
        room.groups.extend(room.ready.chunks(8).map(in_lanes));
        room.multiples.resize_with(room.groups.len(), || Multiples::NONE);
        #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
        // SAFETY: an `Ifma` exists only where the processor has the features.
        let right = unsafe { multiples::<C, W, N>(&room.groups, &mut room.raw, &mut room.multiples) };
        for (group, multiples) in room.ready.chunks(8).zip(&room.multiples) {
            let lanes = lanes(group).map(|(ready, _)| ready);
            #[expect(
                unsafe_code,
                reason = "the capability is proved by a value, which the compiler cannot see"
            )]
            // SAFETY: as above.
            let holds =
                unsafe { eight_hold::<C, W, N>(self.generator, multiples, &lanes) }.unwrap_or(0) & right;
            for (lane, (ready, _)) in group.iter().enumerate() {
                if let Some(job) = jobs.get_mut(ready.row) {
                    job.holds = holds >> lane & 1 == 1;
                }
            }
        }
    }

    /// Reads a key, which must be a point of the curve.
    fn point(&self, key: RawKey<'_>) -> Option<[[u64; W]; 2]> {
        let RawKey::Sec1(bytes) = key else { return None };
        let Affine { x, y } = Affine::<C, W>::from_sec1(bytes)?;
        Some([x, y].map(|number| *number.times(&self.scale).montgomery()))
    }
}

/// Puts up to eight into lanes. Empty lanes repeat the first one; their answers are not
/// read.
fn lanes<const W: usize>(group: &[WithPoint<W>]) -> [&WithPoint<W>; 8] {
    std::array::from_fn(|lane| group.get(lane).unwrap_or(&group[0]))
}

/// Returns the coordinates of a group.
fn in_lanes<const W: usize>(group: &[WithPoint<W>]) -> Points<W> {
    let points = lanes(group).map(|(_, point)| point);
    std::array::from_fn(|half| std::array::from_fn(|limb| points.map(|point| point[half][limb])))
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn eight_hold<C: Lanes<W, N>, const W: usize, const N: usize>(
    generator: &Table<W>,
    multiples: &Multiples<W>,
    ready: &[&Ready<W>; 8],
) -> Option<u8> {
    let mut sum = Sum::<C, N>::new();
    let places = (2 * Table::<W>::WINDOWS, 1);
    add_places(&mut sum, ready, places, |_, _| 0, |lane, _, digit| multiples.row(lane, digit))?;
    add_windows(&mut sum, ready, 0, |_| Some(generator))?;
    let (point, begun) = sum.points();
    Some(holds(&point, &ready.map(|ready| &ready.r)) & begun)
}
