//! Verifies one signature, or eight, with eight lanes.
//!
//! For one signature, lane l sums the rows of the windows l, l + 8, l + 16 and so on of
//! both scalars, and at the end the lanes are added up. For eight, each lane is a signature
//! and goes through all windows. A key with a [`SmallTable`] has fewer rows, and the sum of
//! its multiples is doubled on the way.

use std::marker::PhantomData;

use aws_lc_rs::digest;

use super::choice::{Choice, holds, row_of};
use super::curves::Lanes;
use super::point::Sum;
use super::ready::{Ready, TOGETHER, prepare};
use super::rows::{add_places, add_windows, digit};
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::simd::Ifma;
use crate::weierstrass::{Signature, SmallTable, Table};

/// Fewer signatures are faster one by one than in lanes, because some lanes would be
/// empty.
const LEAST: usize = 5;

/// The table of a key.
pub(super) enum Own<const W: usize> {
    Large(Table<W>),
    Small(SmallTable<W>),
}

/// The tables of G and Q, and the permission to use the vector unit.
pub(super) struct Key<C, const W: usize, const N: usize> {
    pub(super) ifma: Ifma,
    pub(super) generator: &'static Table<W>,
    pub(super) own: Own<W>,
    pub(super) curve: PhantomData<C>,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> Form for Key<C, W, N> {
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
            accept_together::<C, W, N>(self.ifma, |row| keys.get(row)?.form(), jobs);
        }
    }
}

/// Checks up to [`TOGETHER`] jobs, each with its key.
fn accept_together<'k, C: Lanes<W, N>, const W: usize, const N: usize>(
    ifma: Ifma,
    key: impl Fn(usize) -> Option<&'k Key<C, W, N>>,
    jobs: &mut [Job<'_>],
) {
    let mut ready = [None; TOGETHER];
    let count = prepare::<C, W, N>(ifma, jobs, &mut ready);
    let ready = ready.get_mut(..count).unwrap_or_default();
    let is_small = |ready: &Option<Ready<W>>| {
        ready.and_then(|ready| key(ready.row)).is_some_and(|key| matches!(key.own, Own::Small(_)))
    };
    // Lanes that are doubled and such that are not have nothing in common.
    ready.sort_by_key(is_small);
    let runs = ready.chunk_by(|a, b| is_small(a) == is_small(b));
    for group in runs.flat_map(|run| run.chunks(8)) {
        if group.len() < LEAST {
            for ready in group.iter().flatten() {
                answer(jobs, ready.row, key(ready.row).is_some_and(|key| key.one_holds(ready)));
            }
            continue;
        }
        // Empty lanes repeat the first signature; their answers are not read.
        let Some(first) = group.first().and_then(Option::as_ref) else { continue };
        let lanes: [&Ready<W>; 8] =
            std::array::from_fn(|lane| group.get(lane).and_then(Option::as_ref).unwrap_or(first));
        let holds = eight_hold_with(ifma, &lanes.map(|ready| key(ready.row)), &lanes);
        for (lane, ready) in group.iter().flatten().enumerate() {
            answer(jobs, ready.row, holds >> lane & 1 == 1);
        }
    }
}

/// Returns the lanes whose signature holds, if each has a key, and all tables are large or
/// all small.
#[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
fn eight_hold_with<C: Lanes<W, N>, const W: usize, const N: usize>(
    Ifma { .. }: Ifma,
    keys: &[Option<&Key<C, W, N>>; 8],
    ready: &[&Ready<W>; 8],
) -> u8 {
    let [Some(first), ..] = *keys else { return 0 };
    // SAFETY: an `Ifma` exists only where the processor has the features.
    unsafe { eight_hold::<C, W, N>(first.generator, &keys.map(|key| key.map(|key| &key.own)), ready) }
        .unwrap_or(0)
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> Key<C, W, N> {
    fn accepts_one(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let signature = Signature::<C, W>::parse(signature)?;
        let inverse = signature.s.inverse()?;
        let digest = digest::digest(C::DIGEST, message);
        let ready = Ready::new::<C, N>(0, digest.as_ref(), &signature, &inverse)?;
        Some(self.one_holds(&ready))
    }

    #[expect(unsafe_code, reason = "the capability is proved by a value, which the compiler cannot see")]
    fn one_holds(&self, ready: &Ready<W>) -> bool {
        let Ifma { .. } = self.ifma;
        // SAFETY: an `Ifma` exists only where the processor has the features.
        unsafe { one_holds::<C, W, N>(self.generator, &self.own, ready) }.unwrap_or(false)
    }
}

fn answer(jobs: &mut [Job<'_>], row: usize, holds: bool) {
    if let Some(job) = jobs.get_mut(row) {
        job.holds = holds;
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn one_holds<C: Lanes<W, N>, const W: usize, const N: usize>(
    generator: &Table<W>,
    own: &Own<W>,
    ready: &Ready<W>,
) -> Option<bool> {
    let mut sum = Sum::<C, N>::new();
    match own {
        Own::Large(own) => add_across(&mut sum, &[generator, own], ready)?,
        Own::Small(own) => {
            let place = |lane: usize, turn: usize| turn.wrapping_mul(8).wrapping_add(lane);
            // As with windows, there may be fewer places than lanes for them.
            let last = SmallTable::<W>::WINDOWS - 1;
            let row = |_, place: usize, digit| own.row(place.min(last), digit);
            let turns = SmallTable::<W>::WINDOWS.div_ceil(8);
            add_places(&mut sum, &[ready; 8], (stride::<W>(), turns), place, row)?;
            add_across(&mut sum, &[generator], ready)?;
        }
    }
    Some(holds(&sum.across()?, &[&ready.r; 8]) & 1 == 1)
}

/// Adds the rows of tables with all windows, those of G and Q, or of G alone: each lane
/// every eighth one.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn add_across<C: Lanes<W, N>, const W: usize, const N: usize>(
    sum: &mut Sum<C, N>,
    tables: &[&Table<W>],
    ready: &Ready<W>,
) -> Option<()> {
    let mut choices = [const { [const { None }; W] }; 2];
    for (half, (table, choices)) in tables.iter().zip(&mut choices).enumerate() {
        for (choice, first) in choices.iter_mut().zip((0..).step_by(8)) {
            let lane = |lane: usize| {
                let window = lane.wrapping_add(first);
                let digit = digit(ready, half, window);
                Some((row_of(table, window, digit)?, digit))
            };
            let new = Choice::new(lane)?;
            new.prefetch();
            *choice = Some(new);
        }
    }
    for choice in choices.as_flattened().iter().flatten() {
        choice.add_to(sum);
    }
    Some(())
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn eight_hold<C: Lanes<W, N>, const W: usize, const N: usize>(
    generator: &Table<W>,
    own: &[Option<&Own<W>>; 8],
    ready: &[&Ready<W>; 8],
) -> Option<u8> {
    let mut sum = Sum::<C, N>::new();
    if let [Some(Own::Small(_)), ..] = own {
        let row = |lane: usize, place, digit| match own.get(lane)? {
            Some(Own::Small(own)) => own.row(place, digit),
            _ => None,
        };
        add_places(&mut sum, ready, (stride::<W>(), SmallTable::<W>::WINDOWS), |_, turn| turn, row)?;
        add_windows(&mut sum, ready, 0, |_| Some(generator))?;
    } else {
        let table = |lane: usize| match own.get(lane)? {
            Some(Own::Large(own)) => Some(own),
            _ => None,
        };
        add_windows(&mut sum, ready, 0, |_| Some(generator))?;
        add_windows(&mut sum, ready, 1, table)?;
    }
    let (point, begun) = sum.points();
    Some(holds(&point, &ready.map(|ready| &ready.r)) & begun)
}

/// Returns the digits in base 16 from a window of a [`SmallTable`] to the next.
const fn stride<const W: usize>() -> usize {
    2 * Table::<W>::WINDOWS / SmallTable::<W>::WINDOWS
}
