//! Verifies one signature, or eight, with eight lanes.
//!
//! The point s·B - k·A is summed row by row, as on the Weierstrass curves; the
//! key's table is that of -A, large or small. The point is then encoded and compared with R, byte by
//! byte, as aws-lc does.

use aws_lc_rs::digest::{Context, SHA512};

use super::choice::Choice;
use super::field::Field;
use super::point::Point;
use super::ready::{Ready, WINDOWS, prepare};
use super::rows::{add_places, add_windows, digit};
use crate::edwards::{SmallTable, Table};
use crate::field::{Ed25519Base, Residue};
use crate::ifma::radix52;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::simd::Ifma;
use crate::simd::moves::{splat, stored};
use crate::simd::x512::{and, equal64, load, shift_right64};

/// Fewer signatures are faster one by one than in lanes, because some lanes would be
/// empty.
const LEAST: usize = 5;

/// The number of windows of a [`SmallTable`], and the digits in base 16 from one to the next.
const PLACES: usize = SmallTable::WINDOWS;
const STRIDE: usize = 2 * WINDOWS / PLACES;

/// The table of a key.
pub(super) enum Own {
    Large(Table),
    Small(SmallTable),
}

/// The tables of B and -A, and the permission to use the vector unit.
pub(super) struct Key {
    pub(super) ifma: Ifma,
    pub(super) base: &'static Table,
    pub(super) own: Own,
    /// The encoding of A.
    pub(super) encoded: [u8; 32],
}

impl Form for Key {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((encoded_r, _)) = signature.split_first_chunk::<32>() else { return false };
        let mut context = Context::new(&SHA512);
        for part in [encoded_r, &self.encoded, message] {
            context.update(part);
        }
        let hash = context.finish();
        let ready = hash.as_ref().try_into().ok().and_then(|hash| Ready::new(signature, hash));
        ready.is_some_and(|ready| self.one_holds(&ready))
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(8) {
            accept_together(self.ifma, |_| Some(self), jobs);
        }
    }

    fn accept_mixed(&self, keys: &[&FastKey], jobs: &mut [Job<'_>]) {
        let key = |row: usize| keys.get(row)?.form::<Self>();
        for is_small in [false, true] {
            // Lanes that are doubled and such that are not have nothing in common.
            let mut rows =
                (0..jobs.len()).filter(|row| key(*row).is_some_and(|key| key.is_small() == is_small));
            loop {
                let mut group = [0; 8];
                let count = group.iter_mut().zip(&mut rows).map(|(place, row)| *place = row).count();
                let group = group.get(..count).unwrap_or_default();
                let mut gathered = [Job::default(); 8];
                let gathered = gathered.get_mut(..count).unwrap_or_default();
                if gathered.is_empty() {
                    break;
                }
                for (job, row) in gathered.iter_mut().zip(group) {
                    *job = jobs.get(*row).copied().unwrap_or_default();
                }
                accept_together(self.ifma, |lane| key(*group.get(lane)?), gathered);
                for (job, row) in gathered.iter().zip(group) {
                    if let Some(place) = jobs.get_mut(*row) {
                        place.holds = job.holds;
                    }
                }
            }
        }
    }
}

/// Checks up to eight jobs, each with its key. The keys' tables are all large or all small.
fn accept_together<'k>(ifma: Ifma, key: impl Fn(usize) -> Option<&'k Key>, jobs: &mut [Job<'_>]) {
    if jobs.len() < LEAST {
        for (row, job) in jobs.iter_mut().enumerate() {
            job.holds = key(row).is_some_and(|key| key.accepts(job.message, job.signature));
        }
        return;
    }
    let keys: [Option<&Key>; 8] = std::array::from_fn(key);
    let encoded = keys.map(|key| key.map_or([0; 32], |key| key.encoded));
    let ready = prepare(ifma, &encoded, jobs);
    let Some(first) = ready.iter().flatten().next() else { return };
    // Empty lanes repeat another signature; their answers are not read.
    let lanes = ready.each_ref().map(|ready| ready.as_ref().unwrap_or(first));
    let holds = eight_hold_with(ifma, &keys, &lanes);
    for (lane, ((ready, key), job)) in ready.iter().zip(keys).zip(jobs).enumerate() {
        job.holds = ready.is_some() && key.is_some() && holds >> lane & 1 == 1;
    }
}

/// Returns the lanes whose signature holds. Lanes without a key take the table of another;
/// their answers must not be read.
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn eight_hold_with(Ifma { .. }: Ifma, keys: &[Option<&Key>; 8], ready: &[&Ready; 8]) -> u8 {
    let Some(first) = keys.iter().flatten().next() else { return 0 };
    let tables = keys.map(|key| &key.unwrap_or(first).own);
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { eight_hold(first.base, &tables, ready) }.unwrap_or(0)
}

impl Key {
    const fn is_small(&self) -> bool {
        matches!(self.own, Own::Small(_))
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn one_holds(&self, ready: &Ready) -> bool {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { one_holds(self.base, &self.own, ready) }.unwrap_or(false)
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn one_holds(base: &Table, own: &Own, ready: &Ready) -> Option<bool> {
    let sum = match own {
        Own::Large(own) => add_across(Point::identity(), &[base, own], ready)?,
        Own::Small(own) => {
            let place = |lane: usize, turn: usize| turn.wrapping_mul(8).wrapping_add(lane);
            let rows = |_, place, digit| own.row(place, digit).map(|row| [row.first(), row.last()]);
            let sum = add_places(Point::identity(), &[ready; 8], (STRIDE, PLACES / 8), place, rows)?;
            add_across(sum, &[base], ready)?
        }
    };
    let sum = sum.across();
    let z = radix52::lane(&sum.z.canonical().0.map(|limb| stored(limb)), 0);
    let inverse = inverse_of(z)?;
    Some(holds(&sum, &Field::splat(&inverse), &[&ready.r; 8]) & 1 == 1)
}

/// Adds the rows of tables with all windows, those of B and -A, or of B alone: each lane
/// every eighth one.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn add_across(mut sum: Point, tables: &[&Table], ready: &Ready) -> Option<Point> {
    let mut choices = [const { None }; WINDOWS / 4];
    for (half, (table, choices)) in tables.iter().zip(choices.chunks_mut(WINDOWS / 8)).enumerate() {
        for (choice, first) in choices.iter_mut().zip((0..).step_by(8)) {
            let lane = |lane: usize| {
                let window = lane.wrapping_add(first);
                let digit = digit(ready, half, window);
                let row = table.row(window, usize::from(digit.unsigned_abs()))?;
                Some(([row.first(), row.last()], digit))
            };
            let new = Choice::new(lane)?;
            new.prefetch();
            *choice = Some(new);
        }
    }
    for choice in choices.iter().flatten() {
        sum = sum.plus(&choice.addend());
    }
    Some(sum)
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn eight_hold(base: &Table, own: &[&Own; 8], ready: &[&Ready; 8]) -> Option<u8> {
    let sum = Point::identity();
    let sum = if let [Own::Small(_), ..] = own {
        let rows = |lane: usize, place, digit| match own.get(lane)? {
            Own::Small(own) => own.row(place, digit).map(|row| [row.first(), row.last()]),
            Own::Large(_) => None,
        };
        let sum = add_places(sum, ready, (STRIDE, PLACES), |_, turn| turn, rows)?;
        add_windows(sum, ready, 0, |_| Some(base))?
    } else {
        let table = |lane: usize| match own.get(lane)? {
            Own::Large(own) => Some(own),
            Own::Small(_) => None,
        };
        let sum = add_windows(sum, ready, 0, |_| Some(base))?;
        add_windows(sum, ready, 1, table)?
    };
    lanes_hold(&sum, ready)
}

/// Returns the lanes in which the sum's encoding is R.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn lanes_hold(sum: &Point, ready: &[&Ready; 8]) -> Option<u8> {
    let inverse = inverse(&sum.z)?;
    Some(holds(sum, &inverse, &ready.map(|ready| &ready.r)))
}

/// Inverts the number of each lane, with one inversion for all: that of their product,
/// which is multiplied in each lane by the other seven. None may be 0.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn inverse(numbers: &Field) -> Option<Field> {
    let beside = Field(radix52::exchange(&numbers.0, 1));
    let pairs = numbers.times(&beside);
    let other_pairs = Field(radix52::exchange(&pairs.0, 2));
    let fours = pairs.times(&other_pairs);
    let other_fours = Field(radix52::exchange(&fours.0, 4));
    let all = radix52::lane(&fours.times(&other_fours).canonical().0.map(|limb| stored(limb)), 0);
    Some(Field::splat(&inverse_of(all)?).times(&other_fours).times(&other_pairs).times(&beside))
}

fn inverse_of(number: [u64; 5]) -> Option<[u64; 5]> {
    let number = Residue::<Ed25519Base, 4>::new(&radix52::join_number(number))?;
    Some(radix52::split_number(number.inverse()?.number()))
}

/// Returns the lanes in which the point's encoding is R. `inverse` should be 1/Z, which
/// is proved by a product.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
pub(super) fn holds(point: &Point, inverse: &Field, r: &[&[u64; 4]; 8]) -> u8 {
    let proved = radix52::equal(&point.z.times(inverse).canonical().0, &[1, 0, 0, 0, 0]);
    let x = point.x.times(inverse).canonical();
    let y = point.y.times(inverse).canonical();
    // The encoding is y, with the lowest bit of x in its highest bit.
    let limbs = |i: usize| load(&r.map(|r| r[i]));
    let top = limbs(3);
    let r: [_; 5] = radix52::split([limbs(0), limbs(1), limbs(2), and(top, splat(u64::MAX >> 1))]);
    let sign = shift_right64::<63>(top);
    let mut same = proved & equal64(and(x.0[0], splat(1)), sign);
    for (ours, theirs) in y.0.iter().zip(r) {
        same &= equal64(*ours, theirs);
    }
    same
}
