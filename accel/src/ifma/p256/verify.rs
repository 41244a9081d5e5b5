//! Verifies one signature, or eight, with eight lanes.
//!
//! For one signature, lane l sums the rows of the windows l, l + 8, l + 16 and l + 24 of
//! both scalars, and at the end the lanes are added up. For eight, each lane is a signature
//! and goes through all windows.

use aws_lc_rs::digest::{self, SHA256};

use super::choice::{Choice, holds, row_of};
use super::point::Sum;
use super::ready::{Ready, TOGETHER, WINDOWS, prepare};
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::simd::Ifma;
use crate::weierstrass::{P256, Signature, Table};

/// Fewer signatures are faster one by one than in lanes, because some lanes would be
/// empty.
const LEAST: usize = 5;

/// The tables of G and Q, and the permission to use the vector unit.
pub(super) struct Key {
    pub(super) ifma: Ifma,
    pub(super) generator: &'static Table<4>,
    pub(super) own: Table<4>,
}

impl Form for Key {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        self.accepts_one(message, signature).unwrap_or(false)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(TOGETHER) {
            accept_together(self.ifma, |_| Some(self), jobs);
        }
    }

    fn accept_mixed(&self, keys: &[&FastKey], jobs: &mut [Job<'_>]) {
        for (keys, jobs) in keys.chunks(TOGETHER).zip(jobs.chunks_mut(TOGETHER)) {
            accept_together(self.ifma, |row| keys.get(row)?.form(), jobs);
        }
    }
}

/// Checks up to [`TOGETHER`] jobs, each with its key.
fn accept_together<'k>(ifma: Ifma, key: impl Fn(usize) -> Option<&'k Key>, jobs: &mut [Job<'_>]) {
    let mut ready = [None; TOGETHER];
    let count = prepare(ifma, jobs, &mut ready);
    for group in ready.get(..count).unwrap_or_default().chunks(8) {
        if group.len() < LEAST {
            for ready in group.iter().flatten() {
                answer(jobs, ready.row, key(ready.row).is_some_and(|key| key.one_holds(ready)));
            }
            continue;
        }
        // Empty lanes repeat the first signature; their answers are not read.
        let Some(first) = group.first().and_then(Option::as_ref) else { continue };
        let lanes: [&Ready; 8] =
            std::array::from_fn(|lane| group.get(lane).and_then(Option::as_ref).unwrap_or(first));
        let holds = eight_hold_with(ifma, &lanes.map(|ready| key(ready.row)), &lanes);
        for (lane, ready) in group.iter().flatten().enumerate() {
            answer(jobs, ready.row, holds >> lane & 1 == 1);
        }
    }
}

/// Returns the lanes whose signature holds, if each has a key.
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn eight_hold_with(Ifma { .. }: Ifma, keys: &[Option<&Key>; 8], ready: &[&Ready; 8]) -> u8 {
    let [Some(first), ..] = *keys else { return 0 };
    let tables = keys.map(|key| key.map(|key| &key.own));
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { eight_hold(first.generator, &tables, ready) }.unwrap_or(0)
}

impl Key {
    fn accepts_one(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let signature = Signature::<P256, 4>::parse(signature)?;
        let inverse = signature.s.inverse()?;
        let digest = digest::digest(&SHA256, message);
        let ready = Ready::new(0, digest.as_ref(), &signature, &inverse)?;
        Some(self.one_holds(&ready))
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn one_holds(&self, ready: &Ready) -> bool {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { one_holds([self.generator, &self.own], ready) }.unwrap_or(false)
    }
}

fn answer(jobs: &mut [Job<'_>], row: usize, holds: bool) {
    if let Some(job) = jobs.get_mut(row) {
        job.holds = holds;
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn one_holds(tables: [&Table<4>; 2], ready: &Ready) -> Option<bool> {
    let mut choices = [const { None }; WINDOWS / 4];
    for ((table, digits), choices) in tables.iter().zip(&ready.digits).zip(choices.chunks_mut(WINDOWS / 8)) {
        for (choice, first) in choices.iter_mut().zip((0..).step_by(8)) {
            let lane = |lane: usize| {
                let window = lane.wrapping_add(first);
                let digit = digits.get(window).copied().unwrap_or(0);
                Some((row_of(table, window, digit)?, digit))
            };
            let new = Choice::new(lane)?;
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
fn eight_hold(generator: &Table<4>, own: &[Option<&Table<4>>; 8], ready: &[&Ready; 8]) -> Option<u8> {
    let mut sum = Sum::new();
    for half in 0..2 {
        let choice = |window: usize| {
            Choice::new(|lane| {
                let table = if half == 0 { generator } else { (*own.get(lane)?)? };
                let digits = ready.get(lane).and_then(|ready| ready.digits.get(half));
                let digit = digits.and_then(|digits| digits.get(window)).copied().unwrap_or(0);
                Some((row_of(table, window, digit)?, digit))
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
