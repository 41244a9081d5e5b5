//! Verifies one signature, or eight, with eight lanes.
//!
//! For one signature, lane l sums the rows of the windows l, l + 8, l + 16 and l + 24 of
//! both scalars, and at the end the lanes are added up. For eight, each lane is a signature
//! and goes through all windows.

use aws_lc_rs::digest::{self, SHA256};

use super::field::{Field, P2, R_SQUARED};
use super::point::{Point, Sum};
use crate::algorithm::Hash;
use crate::field::{P256Order, Residue, invert_each};
use crate::ifma::radix52;
use crate::ifma::sha2::{Digest, digests};
use crate::job::Job;
use crate::key::Form;
use crate::simd::Ifma;
use crate::simd::moves::transpose;
use crate::simd::x512::{load, prefetch};
use crate::weierstrass::{P256, Row, Signature, Table, digits};

const WINDOWS: usize = Table::<4>::WINDOWS;

/// Fewer signatures are faster one by one than in lanes, because some lanes would be
/// empty.
const LEAST: usize = 5;

/// The number of signatures that are prepared together, with one inversion.
const TOGETHER: usize = 64;

/// The tables of G and Q, and the permission to use the vector unit.
pub(super) struct Key {
    pub(super) ifma: Ifma,
    pub(super) generator: &'static Table<4>,
    pub(super) own: Table<4>,
}

/// The digits of u1 and u2.
type Digits = [[i16; WINDOWS]; 2];

/// A signature whose range was checked.
#[derive(Clone, Copy)]
struct Ready {
    /// The index of its job.
    row: usize,
    r: [u64; 4],
    digits: Digits,
}

impl Form for Key {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        self.accepts_one(message, signature).unwrap_or(false)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(TOGETHER) {
            self.accept_together(jobs);
        }
    }
}

impl Key {
    fn accepts_one(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let signature = Signature::<P256, 4>::parse(signature)?;
        let inverse = signature.s.inverse()?;
        let digest = digest::digest(&SHA256, message);
        let ready = Ready::new(0, digest.as_ref(), &signature, &inverse)?;
        Some(self.one_holds(&ready))
    }

    fn accept_together(&self, jobs: &mut [Job<'_>]) {
        // Skip signatures that are out of range: a zero among them would have no
        // inverse, and `invert_each` would fail for all.
        let mut parsed: [Option<(usize, Signature<P256, 4>)>; TOGETHER] = [const { None }; TOGETHER];
        let mut inverses = [Residue::<P256Order, 4>::ONE; TOGETHER];
        let mut count = 0_usize;
        for (row, job) in jobs.iter().enumerate() {
            let places = (parsed.get_mut(count), inverses.get_mut(count));
            if let (Some(signature), (Some(place), Some(inverse))) = (Signature::parse(job.signature), places)
            {
                *inverse = signature.s;
                *place = Some((row, signature));
                count = count.saturating_add(1);
            }
        }
        let mut room = [Residue::ONE; TOGETHER];
        if !invert_each(
            inverses.get_mut(..count).unwrap_or_default(),
            room.get_mut(..count).unwrap_or_default(),
        ) {
            return;
        }
        let mut messages: [&[u8]; TOGETHER] = [&[]; TOGETHER];
        for (message, job) in messages.iter_mut().zip(&*jobs) {
            *message = job.message;
        }
        let mut of_messages: [Digest; TOGETHER] = [[0; 64]; TOGETHER];
        let messages = messages.get(..jobs.len()).unwrap_or_default();
        digests(self.ifma, Hash::Sha256, messages, &mut of_messages);
        let mut ready: [Option<Ready>; TOGETHER] = [None; TOGETHER];
        let mut count = 0_usize;
        for ((row, signature), inverse) in parsed.iter().flatten().zip(&inverses) {
            let digest = of_messages.get(*row).and_then(|digest| digest.first_chunk::<32>());
            if let (Some(place), Some(digest)) = (ready.get_mut(count), digest)
                && let Some(found) = Ready::new(*row, digest, signature, inverse)
            {
                *place = Some(found);
                count = count.saturating_add(1);
            }
        }
        for group in ready.get(..count).unwrap_or_default().chunks(8) {
            if group.len() < LEAST {
                for ready in group.iter().flatten() {
                    answer(jobs, ready.row, self.one_holds(ready));
                }
                continue;
            }
            // Empty lanes repeat the first signature; their answers are not read.
            let Some(first) = group.first().and_then(Option::as_ref) else { continue };
            let lanes: [&Ready; 8] =
                std::array::from_fn(|lane| group.get(lane).and_then(Option::as_ref).unwrap_or(first));
            let holds = self.eight_hold(&lanes);
            for (lane, ready) in group.iter().flatten().enumerate() {
                answer(jobs, ready.row, holds >> lane & 1 == 1);
            }
        }
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn one_holds(&self, ready: &Ready) -> bool {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { one_holds([self.generator, &self.own], ready) }.unwrap_or(false)
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn eight_hold(&self, ready: &[&Ready; 8]) -> u8 {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { eight_hold([self.generator, &self.own], ready) }.unwrap_or(0)
    }
}

fn answer(jobs: &mut [Job<'_>], row: usize, holds: bool) {
    if let Some(job) = jobs.get_mut(row) {
        job.holds = holds;
    }
}

impl Ready {
    /// Prepares a signature of the message with this `digest`; returns `None` if
    /// `inverse` is not 1/s.
    fn new(
        row: usize,
        digest: &[u8],
        signature: &Signature<P256, 4>,
        inverse: &Residue<P256Order, 4>,
    ) -> Option<Self> {
        let scalars = signature.scalars(digest, inverse)?;
        let digits = scalars.map(|scalar| {
            let mut row = [0; WINDOWS];
            for (place, digit) in row.iter_mut().zip(digits::<P256, 4>(&scalar)) {
                *place = digit;
            }
            row
        });
        Some(Self { row, r: signature.r, digits })
    }
}

/// The rows of a table that eight digits select.
struct Choice<'t> {
    rows: [&'t [u64; 8]; 8],
    negative: u8,
    present: u8,
}

/// Returns the limbs of both coordinates.
#[inline(always)]
pub(super) fn row_limbs(row: &Row<4>) -> Option<&[u64; 8]> {
    row.coordinates.as_flattened().first_chunk()
}

impl<'t> Choice<'t> {
    /// Selects the row of each lane's window and digit. For a digit of 0 the row is
    /// that of 1, and the lane is not `present`.
    #[inline(always)]
    fn new(table: &'t Table<4>, places: impl Fn(usize) -> (usize, i16)) -> Option<Self> {
        let mut choice = Self { rows: [row_limbs(table.row(0, 1)?)?; 8], negative: 0, present: 0 };
        for (lane, row) in choice.rows.iter_mut().enumerate() {
            let (window, digit) = places(lane);
            choice.negative |= u8::from(digit < 0) << lane;
            choice.present |= u8::from(digit != 0) << lane;
            *row = row_limbs(table.row(window, usize::from(digit.unsigned_abs().max(1)))?)?;
        }
        Some(choice)
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    fn prefetch(&self) {
        for row in self.rows {
            prefetch(row);
        }
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    fn add_to(&self, sum: &mut Sum) {
        let [a, b, c, d, e, f, g, h] = transpose(self.rows);
        let (x, y) = (Field(radix52::split([a, b, c, d])), Field(radix52::split([e, f, g, h])));
        sum.add(&x, &y, self.negative, self.present);
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn one_holds(tables: [&Table<4>; 2], ready: &Ready) -> Option<bool> {
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
    let mut sum = Sum::new();
    for choice in choices.iter().flatten() {
        choice.add_to(&mut sum);
    }
    Some(holds(&sum.across()?, &[&ready.r; 8]) & 1 == 1)
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn eight_hold(tables: [&Table<4>; 2], ready: &[&Ready; 8]) -> Option<u8> {
    let mut sum = Sum::new();
    for (half, table) in tables.into_iter().enumerate() {
        let choice = |window: usize| {
            Choice::new(table, |lane| {
                let digits = ready.get(lane).and_then(|ready| ready.digits.get(half));
                (window, digits.and_then(|digits| digits.get(window)).copied().unwrap_or(0))
            })
        };
        // Rows are selected and prefetched one window ahead: the tables do not fit into
        // the first-level cache, and the additions hide the latency.
        let mut next = choice(0)?;
        for window in 1..WINDOWS {
            let current = std::mem::replace(&mut next, choice(window)?);
            next.prefetch();
            current.add_to(&mut sum);
        }
        next.add_to(&mut sum);
    }
    let (point, begun) = sum.points();
    Some(holds(&point, &ready.map(|ready| &ready.r)) & begun)
}

/// Returns the lanes in which the point's x is r: Z is not 0 and X = r·Z².
///
/// r is less than the order, which is less than p. So x modulo the order is r. The case
/// x = r + n is left to the caller.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn holds(point: &Point, r: &[&[u64; 4]; 8]) -> u8 {
    let limbs = |i: usize| load(&r.map(|r| r[i]));
    let r = Field(radix52::split([limbs(0), limbs(1), limbs(2), limbs(3)])); // 1
    let r = r.times(&Field::splat(&R_SQUARED)); // 1.07
    let rz2 = r.times(&point.z.squared()); // 1.13, then 1.08
    let difference = point.x.minus(&rz2, &P2); // 0.92 to 3.01
    difference.is_zero() & !point.z.is_zero()
}
