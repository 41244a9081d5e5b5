//! Verifies one signature, or eight, with eight lanes.
//!
//! The point s·B - k·A is summed row by row, as in [`p256`](crate::ifma::p256); the
//! key's table is that of -A. The point is then encoded and compared with R, byte by
//! byte, as aws-lc does.

use aws_lc_rs::digest::{Context, SHA512};

use super::field::Field;
use super::point::{Addend, Point};
use crate::edwards::{IDENTITY, Row, Table};
use crate::field::{Ed25519Base, Ed25519Order, Residue, from_little_endian, signed_digits};
use crate::ifma::radix52;
use crate::ifma::sha2::headed_sha512;
use crate::job::Job;
use crate::key::Form;
use crate::simd::Ifma;
use crate::simd::moves::{splat, stored, transpose};
use crate::simd::x512::{and, equal64, load, prefetch, shift_right64};

const WINDOWS: usize = 32;

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
struct Ready {
    r: [u64; 4],
    /// The digits of s and of k.
    digits: [[i16; WINDOWS]; 2],
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
            if jobs.len() < LEAST {
                for job in jobs {
                    job.holds = self.accepts(job.message, job.signature);
                }
                continue;
            }
            // RFC 8032 §5.1.7 step 2: hash R, A and the message.
            let mut heads = [[0; 64]; 8];
            let mut messages: [&[u8]; 8] = [&[]; 8];
            for ((head, message), job) in heads.iter_mut().zip(&mut messages).zip(&*jobs) {
                let encoded_r = job.signature.first_chunk::<32>().unwrap_or(&[0; 32]);
                let (of_r, of_a) = head.split_at_mut(32);
                of_r.copy_from_slice(encoded_r);
                of_a.copy_from_slice(&self.encoded);
                *message = job.message;
            }
            let hashes = headed_sha512(self.ifma, &heads, &messages);
            let mut ready: [Option<Ready>; 8] = [None; 8];
            for ((ready, job), hash) in ready.iter_mut().zip(&*jobs).zip(&hashes) {
                *ready = Ready::new(job.signature, hash);
            }
            let Some(first) = ready.iter().flatten().next() else { continue };
            // Empty lanes repeat another signature; their answers are not read.
            let lanes = ready.each_ref().map(|ready| ready.as_ref().unwrap_or(first));
            let holds = self.eight_hold(&lanes);
            for (lane, (ready, job)) in ready.iter().zip(jobs).enumerate() {
                job.holds = ready.is_some() && holds >> lane & 1 == 1;
            }
        }
    }
}

impl Ready {
    /// Prepares a signature with the hash of R, A and the message; returns `None`
    /// unless it is R and an s below the order.
    fn new(signature: &[u8], hash: &[u8; 64]) -> Option<Self> {
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

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn eight_hold(&self, ready: &[&Ready; 8]) -> u8 {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { eight_hold([self.base, &self.own], ready) }.unwrap_or(0)
    }
}

/// The rows of a table that eight digits select.
struct Choice<'t> {
    rows: [&'t Row; 8],
    negative: u8,
}

impl<'t> Choice<'t> {
    /// Selects the row of each lane's window and digit.
    #[inline(always)]
    fn new(table: &'t Table, places: impl Fn(usize) -> (usize, i16)) -> Option<Self> {
        let mut choice = Self { rows: [&IDENTITY; 8], negative: 0 };
        for (lane, row) in choice.rows.iter_mut().enumerate() {
            let (window, digit) = places(lane);
            choice.negative |= u8::from(digit < 0) << lane;
            *row = table.row(window, usize::from(digit.unsigned_abs()))?;
        }
        Some(choice)
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn prefetch(&self) {
        for row in self.rows {
            prefetch(row.first());
            prefetch(row.last());
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn addend(&self) -> Addend {
        let [a, b, c, d, e, f, g, h] = transpose(self.rows.map(Row::first));
        let [_, _, _, _, i, j, k, l] = transpose(self.rows.map(Row::last));
        Addend {
            sum: Field(radix52::split([a, b, c, d])),
            difference: Field(radix52::split([e, f, g, h])),
            product: Field(radix52::split([i, j, k, l])),
            negative: self.negative,
        }
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn one_holds(tables: [&Table; 2], ready: &Ready) -> Option<bool> {
    let mut choices = [const { None }; WINDOWS / 4];
    for ((table, digits), choices) in tables.iter().zip(&ready.digits).zip(choices.chunks_mut(WINDOWS / 8)) {
        for (choice, first) in choices.iter_mut().zip((0..).step_by(8)) {
            let lane = |lane: usize| {
                let window = lane.wrapping_add(first);
                (window, digits.get(window).copied().unwrap_or(0))
            };
            let new = Choice::new(table, lane)?;
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
fn eight_hold(tables: [&Table; 2], ready: &[&Ready; 8]) -> Option<u8> {
    let mut sum = Point::identity();
    for (half, table) in tables.into_iter().enumerate() {
        let choice = |window: usize| {
            Choice::new(table, |lane| {
                let digits = ready.get(lane).and_then(|ready| ready.digits.get(half));
                (window, digits.and_then(|digits| digits.get(window)).copied().unwrap_or(0))
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
    // One inversion for all lanes: invert the product of all, and multiply it in each
    // lane by the other seven. No Z is 0, because the addition is complete.
    let beside = Field(radix52::exchange(&sum.z.0, 1));
    let pairs = sum.z.times(&beside);
    let other_pairs = Field(radix52::exchange(&pairs.0, 2));
    let fours = pairs.times(&other_pairs);
    let other_fours = Field(radix52::exchange(&fours.0, 4));
    let all = radix52::lane(&fours.times(&other_fours).canonical().0.map(|limb| stored(limb)), 0);
    let inverse = Field::splat(&inverse_of(all)?).times(&other_fours).times(&other_pairs).times(&beside);
    Some(holds(&sum, &inverse, &ready.map(|ready| &ready.r)))
}

fn inverse_of(number: [u64; 5]) -> Option<[u64; 5]> {
    let number = Residue::<Ed25519Base, 4>::new(&radix52::join_number(number))?;
    Some(radix52::split_number(number.inverse()?.number()))
}

/// Returns the lanes in which the point's encoding is R. `inverse` should be 1/Z, which
/// is proved by a product.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma,avx512dq"))]
fn holds(point: &Point, inverse: &Field, r: &[&[u64; 4]; 8]) -> u8 {
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
