//! Verifies signatures that have a key each, without a table of the key.
//!
//! Each lane is a signature. u2·Q is summed from the highest digit in base 16 on, with four
//! doublings before each; the rows of u1·G need none and are added at the end.

use super::choice::holds;
use super::multiples::{Multiples, Points, Raw, multiples};
use super::point::Sum;
use super::ready::{Ready, TOGETHER, WINDOWS, prepare};
use super::rows::{add_places, add_windows};
use crate::algorithm::RawKey;
use crate::field::{P256Base, Residue};
use crate::job::{Job, LEAST_UNPREPARED};
use crate::simd::Ifma;
use crate::weierstrass::{Affine, P256, Table};

/// A signature, and the coordinates of its key as the rows of a table have them.
type WithPoint = (Ready, [[u64; 4]; 2]);

/// Buffers of a call.
#[derive(Default)]
struct Room {
    ready: Vec<WithPoint>,
    groups: Vec<Points>,
    raw: Vec<Raw>,
    multiples: Vec<Multiples>,
}

/// What every signature needs.
pub(super) struct Verifier {
    pub(super) ifma: Ifma,
    pub(super) generator: &'static Table<4>,
    /// The constant that rows of a table are multiplied by.
    pub(super) scale: Residue<P256Base, 4>,
}

impl Verifier {
    /// Checks each job with its own key. A job without a key of this curve is not held.
    pub(super) fn verify_each(&self, keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
        let mut room = Room::default();
        for (keys, jobs) in keys.chunks(TOGETHER).zip(jobs.chunks_mut(TOGETHER)) {
            if jobs.len() >= LEAST_UNPREPARED {
                self.verify_together(keys, jobs, &mut room);
            }
        }
    }

    fn verify_together(&self, keys: &[RawKey<'_>], jobs: &mut [Job<'_>], room: &mut Room) {
        let mut ready = [None; TOGETHER];
        let count = prepare(self.ifma, jobs, &mut ready);
        let with_point = |ready: &Ready| Some((*ready, self.point(*keys.get(ready.row)?)?));
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
        let right = unsafe { multiples(&room.groups, &mut room.raw, &mut room.multiples) };
        for (group, multiples) in room.ready.chunks(8).zip(&room.multiples) {
            let lanes = lanes(group).map(|(ready, _)| ready);
            #[expect(
                unsafe_code,
                reason = "the capability is proved by a value, which the compiler cannot see"
            )]
            // SAFETY: as above.
            let holds = unsafe { eight_hold(self.generator, multiples, &lanes) }.unwrap_or(0) & right;
            for (lane, (ready, _)) in group.iter().enumerate() {
                if let Some(job) = jobs.get_mut(ready.row) {
                    job.holds = holds >> lane & 1 == 1;
                }
            }
        }
    }

    /// Reads a key, which must be a point of the curve.
    fn point(&self, key: RawKey<'_>) -> Option<[[u64; 4]; 2]> {
        let RawKey::Sec1(bytes) = key else { return None };
        let Affine { x, y } = Affine::<P256, 4>::from_sec1(bytes)?;
        Some([x, y].map(|number| *number.times(&self.scale).montgomery()))
    }
}

/// Puts up to eight into lanes. Empty lanes repeat the first one; their answers are not
/// read.
fn lanes(group: &[WithPoint]) -> [&WithPoint; 8] {
    std::array::from_fn(|lane| group.get(lane).unwrap_or(&group[0]))
}

/// Returns the coordinates of a group.
fn in_lanes(group: &[WithPoint]) -> Points {
    let points = lanes(group).map(|(_, point)| point);
    std::array::from_fn(|half| std::array::from_fn(|limb| points.map(|point| point[half][limb])))
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn eight_hold(generator: &Table<4>, multiples: &Multiples, ready: &[&Ready; 8]) -> Option<u8> {
    let mut sum = Sum::new();
    add_places(&mut sum, ready, (2 * WINDOWS, 1), |_, _| 0, |lane, _, digit| multiples.row(lane, digit))?;
    add_windows(&mut sum, ready, 0, |_| Some(generator))?;
    let (point, begun) = sum.points();
    Some(holds(&point, &ready.map(|ready| &ready.r)) & begun)
}
