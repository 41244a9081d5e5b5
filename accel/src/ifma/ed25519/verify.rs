//! Verifies one signature, or eight, with eight lanes.
//!
//! The point s·B - k·A is summed row by row, as in [`p256`](crate::ifma::p256); the
//! key's table is that of -A. The point is then encoded and compared with R, byte by
//! byte, as aws-lc does.

use aws_lc_rs::digest::{Context, SHA512};

use super::choice::Choice;
use super::field::Field;
use super::point::Point;
use crate::edwards::Table;
use crate::field::{Ed25519Base, Ed25519Order, Residue, from_little_endian, signed_digits};
use crate::ifma::radix52;
use crate::ifma::sha2::headed_sha512;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::simd::Ifma;
use crate::simd::moves::{splat, stored};
use crate::simd::x512::{and, equal64, load, shift_right64};

pub(super) const WINDOWS: usize = 32;

/// Fewer signatures are faster one by one than in lanes, because some lanes would be
/// empty.
const LEAST: usize = 5;

/// The tables of B and -A, and the permission to use the vector unit.
pub(super) struct Key {
    pub(super) ifma: Ifma,
    pub(super) base: &'static Table,
    pub(super) own: Table,
    /// The encoding of A.
    pub(super) encoded: [u8; 32],
}

/// A signature whose s is below the order.
#[derive(Clone, Copy)]
pub(super) struct Ready {
    r: [u64; 4],
    /// The digits of s and of k.
    pub(super) digits: [[i16; WINDOWS]; 2],
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
        for (keys, jobs) in keys.chunks(8).zip(jobs.chunks_mut(8)) {
            accept_together(self.ifma, |row| keys.get(row)?.form(), jobs);
        }
    }
}

/// Checks up to eight jobs, each with its key.
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

/// Prepares up to eight signatures, each with the encoding of its key.
pub(super) fn prepare(ifma: Ifma, encoded: &[[u8; 32]; 8], jobs: &[Job<'_>]) -> [Option<Ready>; 8] {
    // RFC 8032 §5.1.7 step 2: hash R, A and the message.
    let mut heads = [[0; 64]; 8];
    let mut messages: [&[u8]; 8] = [&[]; 8];
    for (((head, message), job), encoded) in heads.iter_mut().zip(&mut messages).zip(jobs).zip(encoded) {
        let encoded_r = job.signature.first_chunk::<32>().unwrap_or(&[0; 32]);
        let (of_r, of_a) = head.split_at_mut(32);
        of_r.copy_from_slice(encoded_r);
        of_a.copy_from_slice(encoded);
        *message = job.message;
    }
    let hashes = headed_sha512(ifma, &heads, &messages);
    let mut ready: [Option<Ready>; 8] = [None; 8];
    for ((ready, job), hash) in ready.iter_mut().zip(jobs).zip(&hashes) {
        *ready = Ready::new(job.signature, hash);
    }
    ready
}

impl Ready {
    /// Prepares a signature with the hash of R, A and the message; returns `None`
    /// unless it is R and an s below the order.
    pub(super) fn new(signature: &[u8], hash: &[u8; 64]) -> Option<Self> {
        let (encoded_r, s) = signature.split_at_checked(32)?;
        let s = Residue::<Ed25519Order, 4>::new(&from_little_endian(s)?)?;
        let (low, high) = hash.split_at_checked(32)?;
        let k = Residue::<Ed25519Order, 4>::of_wide(&from_little_endian(low)?, &from_little_endian(high)?);
        let digits = [s, k].map(|scalar| {
            let mut row = [0; WINDOWS];
            for (place, digit) in row.iter_mut().zip(signed_digits(scalar.number())) {
                *place = digit;
            }
            row
        });
        Some(Self { r: from_little_endian(encoded_r)?, digits })
    }
}

impl Key {
    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn one_holds(&self, ready: &Ready) -> bool {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { one_holds([self.base, &self.own], ready) }.unwrap_or(false)
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn one_holds(tables: [&Table; 2], ready: &Ready) -> Option<bool> {
    let mut choices = [const { None }; WINDOWS / 4];
    for ((table, digits), choices) in tables.iter().zip(&ready.digits).zip(choices.chunks_mut(WINDOWS / 8)) {
        for (choice, first) in choices.iter_mut().zip((0..).step_by(8)) {
            let lane = |lane: usize| {
                let window = lane.wrapping_add(first);
                let digit = digits.get(window).copied().unwrap_or(0);
                let row = table.row(window, usize::from(digit.unsigned_abs()))?;
                Some(([row.first(), row.last()], digit))
            };
            let new = Choice::new(lane)?;
            new.prefetch();
            *choice = Some(new);
        }
    }
    let mut sum = Point::identity();
    for choice in choices.iter().flatten() {
        sum = sum.plus(&choice.addend());
    }
    let sum = sum.across();
    let z = radix52::lane(&sum.z.canonical().0.map(|limb| stored(limb)), 0);
    let inverse = inverse_of(z)?;
    Some(holds(&sum, &Field::splat(&inverse), &[&ready.r; 8]) & 1 == 1)
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn eight_hold(base: &Table, own: &[&Table; 8], ready: &[&Ready; 8]) -> Option<u8> {
    let mut sum = Point::identity();
    for half in 0..2 {
        let choice = |window: usize| {
            Choice::new(|lane| {
                let table = if half == 0 { base } else { *own.get(lane)? };
                let digits = ready.get(lane).and_then(|ready| ready.digits.get(half));
                let digit = digits.and_then(|digits| digits.get(window)).copied().unwrap_or(0);
                let row = table.row(window, usize::from(digit.unsigned_abs()))?;
                Some(([row.first(), row.last()], digit))
            })
        };
        let mut next = choice(0)?;
        for window in 1..WINDOWS {
            let current = std::mem::replace(&mut next, choice(window)?);
            next.prefetch();
            sum = sum.plus(&current.addend());
        }
        sum = sum.plus(&next.addend());
    }
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
    let r = radix52::split([limbs(0), limbs(1), limbs(2), and(top, splat(u64::MAX >> 1))]);
    let sign = shift_right64::<63>(top);
    let mut same = proved & equal64(and(x.0[0], splat(1)), sign);
    for (ours, theirs) in y.0.iter().zip(r) {
        same &= equal64(*ours, theirs);
    }
    same
}
