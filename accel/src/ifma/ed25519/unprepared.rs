//! Verifies signatures that have a key each, without a table of the key.
//!
//! Each lane is a signature. k·(-A) is summed from the highest digit in base 16 on, with
//! four doublings before each; the rows of s·B need none and are added at the end.

use super::decode::opposite_points;
use super::field::Field;
use super::multiples::Multiples;
use super::point::Point;
use super::ready::{Ready, WINDOWS, prepare};
use super::rows::{add_places, add_windows};
use super::verify::lanes_hold;
use crate::algorithm::RawKey;
use crate::edwards::Table;
use crate::field::from_little_endian;
use crate::job::{Job, LEAST_UNPREPARED};
use crate::simd::Ifma;

/// Checks each job with its own key. A job without a key of this curve is not held.
pub(super) fn verify_each(ifma: Ifma, base: &Table, keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
    for (keys, jobs) in keys.chunks(8).zip(jobs.chunks_mut(8)) {
        if jobs.len() >= LEAST_UNPREPARED {
            together(ifma, base, keys, jobs);
        }
    }
}

fn together(ifma: Ifma, base: &Table, keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
    let mut encoded = [[0_u8; 32]; 8];
    let mut has_key = 0_u8;
    for (lane, (encoded, key)) in encoded.iter_mut().zip(keys).enumerate() {
        if let RawKey::Ed25519(bytes) = key
            && let Ok(bytes) = <[u8; 32]>::try_from(*bytes)
        {
            (*encoded, has_key) = (bytes, has_key | 1 << lane);
        }
    }
    let ready = prepare(ifma, &encoded, jobs);
    let mut points = [[0_u64; 8]; 4];
    for (lane, encoded) in encoded.iter().enumerate() {
        let limbs: [u64; 4] = from_little_endian(encoded).unwrap_or([0; 4]);
        for (limb, of_lane) in points.iter_mut().zip(limbs) {
            limb[lane] = of_lane;
        }
    }
    let Some(first) = ready.iter().flatten().next() else { return };
    let lanes = ready.each_ref().map(|ready| ready.as_ref().unwrap_or(first));
    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    // SAFETY: an `Ifma` exists only where the processor has the features.
    let holds = unsafe { eight_hold(base, &points, &lanes) }.unwrap_or(0) & has_key;
    for (lane, (ready, job)) in ready.iter().zip(jobs).enumerate() {
        job.holds = ready.is_some() && holds >> lane & 1 == 1;
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn eight_hold(base: &Table, points: &[[u64; 8]; 4], ready: &[&Ready; 8]) -> Option<u8> {
    let (x, y, found) = opposite_points(points);
    // In a lane without a point a Z might be 0, and then no lane would have an inverse.
    let (zero, one) = (Field::splat(&[0; 5]), Field::splat(&[1, 0, 0, 0, 0]));
    let (x, y) = (Field::choose(found, &x, &zero), Field::choose(found, &y, &one));
    let (multiples, proved) = Multiples::new(&x, &y)?;
    let rows = |lane, _, digit| multiples.rows(lane, digit).map(|[first, last]| [first, last]);
    let sum = add_places(Point::identity(), ready, (2 * WINDOWS, 1), |_, _| 0, rows)?;
    let sum = add_windows(sum, ready, 0, |_| Some(base))?;
    Some(lanes_hold(&sum, ready)? & found & proved)
}
