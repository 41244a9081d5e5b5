//! What is compared with what.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use jot_proofs::claims::Claim;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::multiples::RIGHT;
use super::unprepared::Verifier;
use super::verify::{Key, Own};
use crate::algorithm::RawKey;
use crate::field::Residue;
use crate::ifma::weierstrass::curves::Lanes;
use crate::ifma::weierstrass::each::{claim, of_each_curve, p};
use crate::ifma::weierstrass::points::field::{answering_zeros, one_by_r};
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known::{known, symbol};
use crate::rows::{KEYS, Rows, SMALL, names};
use crate::simd::Ifma;
use crate::weierstrass::{SmallTable, Table, digit, r_name};

const ABOUT: &str = "accel/src/ifma/weierstrass/verify.rs";

macro_rules! claims_of {
    ($name:literal, $curve:ty, $words:literal, $limbs:literal) => {
        [
            claim!($name, ABOUT, alone::<$curve, $words, $limbs>,
                "alone, a signature adds the rows of all its digits of both tables, once and with their signs, \
                 and X is compared with its own r·Z², and Z with 0; with a small table those of the places, \
                 whose sums are doubled as often as they should be"),
            claim!($name, ABOUT, batches::<$curve, $words, $limbs>,
                "in a batch, each lane does so for its own signature, and its own job gets the answer; \
                 malformed and empty ones get none"),
            claim!($name, ABOUT, mixed::<$curve, $words, $limbs>,
                "in a batch of keys with tables of both sizes, each signature gets the answer of its own key"),
            claim!($name, "accel/src/ifma/weierstrass/unprepared.rs", unprepared::<$curve, $words, $limbs>,
                "with a key each, each lane adds u1·G and u2·Q for its own signature and key, and its own job \
                 gets the answer; malformed signatures, malformed keys and wrong multiples get none"),
        ]
    };
}

pub(in crate::ifma::weierstrass) fn claims() -> Vec<Claim> {
    of_each_curve!(claims_of)
}

/// The rows of all digits of a signature, whose key is that of the second table.
fn rows<const W: usize>(signature: u8) -> Rows {
    let places = (0..2).flat_map(|half| (0..Table::<W>::WINDOWS).map(move |window| (half, window)));
    places.map(|(half, window)| ((half, window), digit(signature, half, window).into())).collect()
}

/// The same for a key with a table of this size. A place of a small one is two windows.
fn rows_of<const W: usize>(signature: u8, is_small: bool) -> Rows {
    let mut rows = rows::<W>(signature);
    if is_small {
        rows.retain(|(table, _), _| *table == 0);
        let digit = |window: usize| BigInt::from(digit(signature, 1, window));
        rows.extend(
            (0..SmallTable::<W>::WINDOWS)
                .map(|place| ((SMALL, place), digit(2 * place) + (digit(2 * place + 1) << 8))),
        );
    }
    rows
}

fn key<C: Lanes<W, N>, const W: usize, const N: usize>(is_small: bool) -> Key<C, W, N> {
    let own = if is_small { Own::Small(SmallTable::of::<C>()) } else { Own::Large(Table::of::<C>(1)) };
    Key { ifma: Ifma, generator: generator::<C, W, N>(), own, curve: PhantomData }
}

fn generator<C: Lanes<W, N>, const W: usize, const N: usize>() -> &'static Table<W> {
    Box::leak(Box::new(Table::of::<C>(0)))
}

/// The same with a key of its own: u2 times it.
fn rows_with_key<const W: usize>(signature: u8, key: u8) -> Rows {
    let mut rows = rows::<W>(signature);
    rows.retain(|(table, _), _| *table == 0);
    let digits = (0..Table::<W>::WINDOWS).rev().map(|window| digit(signature, 1, window));
    let scalar = digits.fold(BigInt::ZERO, |scalar, digit| (scalar << 8) + digit);
    rows.insert((KEYS, key.into()), scalar);
    rows
}

/// Verifies signatures, a batch if there are several, with these lanes in which X - r·Z² is 0
/// and in which Z is. Asserts that each of `lanes` compares what it should, where they stand for
/// these signatures, eight at a time; those of one signature alone are the same in all lanes.
fn verify<C: Lanes<W, N>, const W: usize, const N: usize>(
    jobs: &mut [Job<'_>],
    masks: [u8; 2],
    lanes: &[Vec<u8>],
    is_small: bool,
) {
    let key = key::<C, W, N>(is_small);
    let run = || match jobs {
        [job] => job.holds = key.accepts(job.message, job.signature),
        jobs => key.accept_each(jobs),
    };
    compare::<C, W, N>(run, masks, lanes, |_| is_small);
}

/// The same for any run, and for keys with a small table or a large one.
fn compare<C: Lanes<W, N>, const W: usize, const N: usize>(
    run: impl FnOnce(),
    [equal, infinite]: [u8; 2],
    lanes: &[Vec<u8>],
    is_small: impl Fn(u8) -> bool,
) {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&asked);
    let answer = move |limbs: &[V]| {
        let mut asked = log.borrow_mut();
        asked.push(std::array::from_fn::<_, 8, _>(|place| known(limbs, place)));
        if asked.len() % 2 == 1 { equal } else { infinite }
    };
    answering_zeros(answer, run);
    let asked = asked.borrow();
    assert_eq!(asked.len(), 2 * lanes.len());
    for (pair, signatures) in asked.chunks(2).zip(lanes) {
        for (place, signature) in signatures.iter().enumerate() {
            let place_of_point = if signatures.iter().all(|other| other == signature) { 0 } else { place };
            let [x, z, _] = names(place_of_point, &rows_of::<W>(*signature, is_small(*signature)));
            let r = r_name(*signature);
            assert_eq!(pair[0][place].from, [x, z, r].into());
            // X and Z have the factor R, which this divides by once: x - r·z²/R.
            let [x, z, r] = [x, z, r].map(symbol);
            let wanted = &x - &(&r * &(&z * &z)).scaled(&one_by_r::<C, N>());
            assert_eq!(pair[0][place].value, Some(wanted.modulo(&p::<C, N>())));
            assert_eq!(pair[1][place].value, Some(z));
        }
    }
}

fn alone<C: Lanes<W, N>, const W: usize, const N: usize>() {
    for is_small in [false, true] {
        for signature in 0..12 {
            for masks in [[1, 0], [0xff, 0xfe], [0xfe, 0], [0xff, 1]] {
                let message = [signature];
                let mut jobs = [Job::new(&message, &message)];
                verify::<C, W, N>(&mut jobs, masks, &[vec![signature; 8]], is_small);
                assert_eq!(jobs[0].holds, masks[0] & 1 == 1 && masks[1] & 1 == 0);
            }
        }
        // Where a lane has no row, nothing is compared.
        for signature in if is_small { [255, 255] } else { [254, 255] } {
            let message = [signature];
            let mut jobs = [Job::new(&message, &message)];
            verify::<C, W, N>(&mut jobs, [0xff, 0], &[], is_small);
            assert!(!jobs[0].holds);
        }
    }
}

/// The lanes of signatures in groups, and which of them get a good answer.
fn groups(rows: &[usize], name: impl Fn(usize) -> u8, masks: [u8; 2]) -> (Vec<Vec<u8>>, Vec<usize>) {
    let (mut lanes, mut good) = (Vec::new(), Vec::new());
    for group in rows.chunks(8) {
        if group.len() < 5 {
            for row in group.iter().filter(|row| name(**row) != 255) {
                lanes.push(vec![name(*row); 8]);
                good.extend((masks[0] & !masks[1] & 1 == 1).then_some(*row));
            }
            continue;
        }
        let lane = |lane: usize| name(*group.get(lane).unwrap_or(&group[0]));
        lanes.push((0..8).map(lane).collect());
        let holds = |lane: usize, row: usize| name(row) != 255 && masks[0] & !masks[1] & (1 << lane) != 0;
        good.extend(group.iter().enumerate().filter(|(lane, row)| holds(*lane, **row)).map(|(_, row)| *row));
    }
    (lanes, good)
}

fn batches<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let counts = [(5, 9), (6, 0), (7, 3), (8, 8), (9, 1), (23, 11), (66, 30), (70, 65)];
    for (turn, ((count, malformed), is_small)) in
        counts.into_iter().flat_map(|count| [(count, false), (count, true)]).enumerate()
    {
        let masks = [[0xff, 0x33], [0x5a, 0], [0xff, 0], [0xa5, 0x0f]][turn / 2 % 4];
        let names: Vec<[u8; 1]> = (0..count).map(|name| [name]).collect();
        let mut jobs: Vec<Job<'_>> = names.iter().map(|name| Job::new(name, name)).collect();
        if let Some(job) = jobs.get_mut(malformed) {
            job.signature = &[];
        }
        // One without any row.
        let empty = 2;
        jobs[empty] = Job::new(&[255], &[255]);
        let mut wanted = vec![false; jobs.len()];
        let mut lanes = Vec::new();
        for (first, jobs) in (0..).step_by(64).zip(jobs.chunks(64)) {
            let well: Vec<usize> = (first..first + jobs.len()).filter(|row| *row != malformed).collect();
            let (more, good) = groups(&well, |row| if row == empty { 255 } else { row as u8 }, masks);
            lanes.extend(more);
            good.into_iter().for_each(|row| wanted[row] = true);
        }
        verify::<C, W, N>(&mut jobs, masks, &lanes, is_small);
        let holds: Vec<bool> = jobs.iter().map(|job| job.holds).collect();
        assert_eq!(holds, wanted, "{count} {malformed} {masks:x?}");
    }
}

fn mixed<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let keys = [false, true].map(|is_small| FastKey::of(Box::new(key::<C, W, N>(is_small))));
    // In turn, by chance, and with too few of one size for lanes.
    let sizes: [fn(u8) -> bool; 4] =
        [|name| name % 2 == 1, |name| u32::from(name) * 37 % 11 < 5, |name| name > 2, |name| name == 7];
    for (is_small, count) in sizes.into_iter().flat_map(|size| [(size, 16), (size, 43)]) {
        let masks = [0xb7, 0x04];
        let names: Vec<[u8; 1]> = (0..count).map(|name| [name]).collect();
        let mut jobs: Vec<Job<'_>> = names.iter().map(|name| Job::new(name, name)).collect();
        let asked: Vec<&FastKey> = (0..count).map(|name| &keys[usize::from(is_small(name))]).collect();
        let mut wanted = vec![false; jobs.len()];
        let mut lanes = Vec::new();
        for size in [false, true] {
            let rows: Vec<usize> = (0..jobs.len()).filter(|row| is_small(*row as u8) == size).collect();
            let (more, good) = groups(&rows, |row| row as u8, masks);
            lanes.extend(more);
            good.into_iter().for_each(|row| wanted[row] = true);
        }
        compare::<C, W, N>(|| FastKey::verify_mixed(&asked, &mut jobs), masks, &lanes, is_small);
        let holds: Vec<bool> = jobs.iter().map(|job| job.holds).collect();
        assert_eq!(holds, wanted, "{count}");
    }
}

fn unprepared<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let generator = generator::<C, W, N>();
    let verifier = Verifier::<C, W, N> { ifma: Ifma, generator, scale: Residue::ONE };
    // Three of one group and three of two, a malformed signature, and a malformed key.
    for (count, malformed, keyless) in [(3, 9, 9), (8, 9, 9), (11, 9, 12), (13, 3, 5), (2, 9, 9), (4, 0, 1)] {
        let bytes: Vec<[u8; 1]> = (0..count).map(|name| [name]).collect();
        let mut jobs: Vec<Job<'_>> = bytes.iter().map(|name| Job::new(name, name)).collect();
        let mut keys: Vec<RawKey<'_>> = bytes.iter().rev().map(|name| RawKey::Sec1(name)).collect();
        if let (Some(job), true) = (jobs.get_mut(malformed), malformed != 9) {
            job.signature = &[];
        }
        if let (Some(key), true) = (keys.get_mut(keyless), keyless != 9) {
            *key = RawKey::Ed25519(&[1]);
        }
        let is_left_out = |row: usize| (row == malformed || row == keyless) && row != 9;
        let well: Vec<usize> = (0..jobs.len()).filter(|row| !is_left_out(*row)).collect();
        let well = if well.len() < 3 { Vec::new() } else { well };
        let asked = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&asked);
        let [equal, infinite] = [0xfd, 0x04];
        let answer = move |limbs: &[V]| {
            let mut asked = log.borrow_mut();
            asked.push(std::array::from_fn::<_, 8, _>(|place| known(limbs, place)));
            if asked.len() % 2 == 1 { equal } else { infinite }
        };
        answering_zeros(answer, || verifier.verify_each(&keys, &mut jobs));
        let asked = asked.borrow();
        assert_eq!(asked.len(), 2 * well.len().div_ceil(8));
        let mut wanted = vec![false; jobs.len()];
        for (pair, group) in asked.chunks(2).zip(well.chunks(8)) {
            for (place, (difference, of_z)) in pair[0].iter().zip(&pair[1]).enumerate() {
                let row = *group.get(place).unwrap_or(&group[0]);
                let (signature, key) = (row as u8, count - 1 - row as u8);
                let [x, z, _] = names(place, &rows_with_key::<W>(signature, key)).map(symbol);
                let r = symbol(r_name(signature));
                let wanted = &x - &(&r * &(&z * &z)).scaled(&one_by_r::<C, N>());
                assert_eq!(difference.value, Some(wanted.modulo(&p::<C, N>())), "{count}: lane {place}");
                assert_eq!(of_z.value, Some(z));
            }
            for (place, row) in group.iter().enumerate() {
                wanted[*row] = equal & !infinite & RIGHT & (1 << place) != 0;
            }
        }
        let holds: Vec<bool> = jobs.iter().map(|job| job.holds).collect();
        assert_eq!(holds, wanted, "{count} {malformed} {keyless}");
    }
}
