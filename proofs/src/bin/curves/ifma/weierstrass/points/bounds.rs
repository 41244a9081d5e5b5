//! The bounds of points.

use std::marker::PhantomData;

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{decided, reset};
use jot_proofs::polynomial::Polynomial;

use super::field::{Field, InLanes, answering_zeros};
use super::point::{Point, Sum};
use super::unprepared::Verifier;
use super::verify::{Key, Own};
use crate::algorithm::RawKey;
use crate::documented::assert_documented;
use crate::field::Residue;
use crate::ifma::weierstrass::curves::Lanes;
use crate::ifma::weierstrass::each::{claim, of_each_curve, p};
use crate::job::Job;
use crate::key::Form;
use crate::known::{Known, given, known, numbers, symbol};
use crate::number::lanes;
use crate::simd::Ifma;
use crate::weierstrass::{SmallTable, Table};

const ABOUT: &str = "accel/src/ifma/weierstrass/point.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/weierstrass/point.rs");

const CHOICE: &str = include_str!("../../../../../../../accel/src/ifma/weierstrass/choice.rs");

macro_rules! claims_of {
    ($name:literal, $curve:ty, $words:literal, $limbs:literal) => {
        [
            claim!($name, ABOUT, additions::<$curve, $limbs>,
                "plus, plus_point and doubled keep X < 1.01 p, Y < 4.4 p, Z < 2.25 p; every bound beside a \
                 line holds"),
            claim!($name, ABOUT, sums::<$curve, $limbs>,
                "Sum::add and double keep the bounds in every lane; add takes, adds or leaves as its masks say"),
            claim!($name, ABOUT, across::<$curve, $limbs>,
                "Sum::across needs all lanes, and its point depends on each of them"),
            claim!($name, "accel/src/ifma/weierstrass/verify.rs", verifications::<$curve, $words, $limbs>,
                "alone and in batches, with tables of both sizes, every operation has operands within its \
                 contract's bounds; every bound beside a line holds"),
            claim!($name, "accel/src/ifma/weierstrass/unprepared.rs", unprepared::<$curve, $words, $limbs>,
                "with a key each, every operation has operands within its contract's bounds"),
        ]
    };
}

pub(in crate::ifma::weierstrass) fn claims() -> Vec<Claim> {
    of_each_curve!(claims_of)
}

/// Any numbers below this many hundredths of p, named by their place.
fn below<C: InLanes<N>, const N: usize>(hundredths: u32) -> Field<C, N> {
    let known = Known::new(0, (p::<C, N>() * hundredths - 1) / 100);
    Field::of(numbers(std::array::from_fn(|place| Known { from: [place as u64].into(), ..known.clone() })))
}

/// Any numbers below p, with a symbol for each place.
fn named<C: InLanes<N>, const N: usize>(coordinate: u64) -> Field<C, N> {
    Field::of(numbers(std::array::from_fn(|place| Known::named(8 * coordinate + place as u64, &p::<C, N>()))))
}

/// Any points.
fn point<C: InLanes<N>, const N: usize>() -> Point<C, N> {
    Point { x: below(101), y: below(440), z: below(225) }
}

/// Texts of the lines that only curves with another a run.
fn of_other_a<C: InLanes<N>, const N: usize>() -> &'static [&'static str] {
    if C::A == 0 {
        &["let z2 = self.z.squared()", "let less =", "let product =", "product.plus("]
    } else {
        &["let x2 =", "x2.plus("]
    }
}

fn additions<C: InLanes<N>, const N: usize>() {
    let any = point::<C, N>();
    let (x, y) = (below(100), below(100));
    let sums = [
        any.plus(&x, &y, 0),
        any.plus(&x, &y, 0x5a),
        any.plus(&x, &y, 0xff),
        any.plus_point(&point()),
        any.doubled(),
    ];
    for (place, sum) in (0..8).flat_map(|place| sums.iter().map(move |sum| (place, sum))) {
        for field in [&sum.x, &sum.y, &sum.z] {
            assert_eq!(known(&field.0, place).from, [place as u64].into(), "lanes are mixed");
        }
    }
    assert_documented(SOURCE, "weierstrass/point.rs", of_other_a::<C, N>(), &p::<C, N>(), &given());
}

/// A sum that has points in these lanes.
fn begun<C: InLanes<N>, const N: usize>(begun: u8) -> Sum<C, N> {
    let mut sum = Sum::new();
    if begun != 0 {
        sum.add(&below(100), &below(100), 0x35, begun);
        sum.add(&below(100), &below(100), 0x53, begun);
        assert_eq!(sum.points().1, begun);
    }
    sum
}

fn sums<C: InLanes<N>, const N: usize>() {
    // Any lane, with any of the three masks; and all, and none.
    for (before, present) in
        [(0, 0), (0, 0x3c), (0, 0xff), (0x0f, 0x33), (0xff, 0x33), (0x0f, 0xff), (0xff, 0xff)]
    {
        reset();
        let negative = 0x55;
        let mut sum = begun::<C, N>(before);
        let (old, _) = sum.points();
        let (x, y) = (named::<C, N>(1), named(2));
        sum.add(&x, &y, negative, present);
        let (new, now) = sum.points();
        assert_eq!(now, before | present);
        for place in 0..8 {
            let is_in = |mask: u8| mask >> place & 1 == 1;
            let limbs = |field: &Field<C, N>| lanes(&field.0, place);
            match (is_in(before), is_in(present)) {
                (_, false) => {
                    assert_eq!([&new.x, &new.y, &new.z].map(limbs), [&old.x, &old.y, &old.z].map(limbs));
                }
                (false, true) => {
                    assert_eq!(limbs(&new.x), limbs(&x));
                    assert_eq!(limbs(&new.z), limbs(&Field::splat(&C::ONE)));
                    let [given, taken] = [&y, &new.y].map(|field| known(&field.0, place));
                    let opposite = &Polynomial::zero() - &symbol(8 * 2 + place as u64);
                    let wanted =
                        if is_in(negative) { opposite.modulo(&p::<C, N>()) } else { given.value.unwrap() };
                    assert_eq!(taken.value, Some(wanted));
                    assert!(taken.high <= p::<C, N>());
                }
                (true, true) => {
                    for (new, old) in [(&new.x, &old.x), (&new.y, &old.y), (&new.z, &old.z)] {
                        assert_ne!(limbs(new), limbs(old));
                    }
                }
            }
        }
        sum.double();
        assert_eq!(sum.points().1, before | present);
        // Asserts that it is within the bounds, which an addition relies on.
        let _ = (new.x.bounded(101), new.y.bounded(440), new.z.bounded(225));
    }
}

fn across<C: InLanes<N>, const N: usize>() {
    for missing in 0..8 {
        assert!(begun::<C, N>(!(1 << missing)).across().is_none());
    }
    let point = begun::<C, N>(0xff).across().expect("all lanes have a point");
    for place in 0..8 {
        for field in [&point.x, &point.y, &point.z] {
            assert_eq!(known(&field.0, place).from.len(), 8);
        }
    }
}

fn verifications<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let generator: &Table<W> = Box::leak(Box::new(Table::of::<C>(0)));
    // One less addition of sixteen operations than windows, and as many in the eight of one and the
    // three across; with a small table one for each of four passes and place, and twelve doublings of at
    // least fourteen, and the same doublings of one with an eighth of the additions. One lane may
    // begin later.
    let (windows, places) = (Table::<W>::WINDOWS, SmallTable::<W>::WINDOWS);
    let alone = [windows, places].map(|count| count.div_ceil(8));
    for (own, additions, doublings) in [
        (Own::Large(Table::of::<C>(1)), 2 * windows - 2 + 2 * alone[0] - 1 + 3, 0),
        (Own::Small(SmallTable::of::<C>()), windows + 4 * places - 2 + alone[0] + 4 * alone[1] - 1 + 3, 24),
    ] {
        let key = Key::<C, W, N> { ifma: Ifma, generator, own, curve: PhantomData };
        let names = [1, 2, 3, 254, 255, 6, 7, 8_u8].map(|name| [name]);
        // Some digits are 0, so sums begin at different times.
        let mut jobs = names.each_ref().map(|name| Job::new(name, name));
        answering_zeros(|_| 0xff, || key.accept_each(&mut jobs));
        answering_zeros(|_| 0xff, || assert!(!key.accepts(&[9], &[9])));
        let given = given();
        assert_documented(CHOICE, "weierstrass/choice.rs", &["let r = Field::of("], &p::<C, N>(), &given);
        let of_points = given.iter().filter(|given| given.file.ends_with("weierstrass/point.rs")).count();
        assert!(of_points > 16 * additions + 14 * doublings, "{of_points}");
    }
}

fn unprepared<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let generator: &Table<W> = Box::leak(Box::new(Table::of::<C>(0)));
    let verifier = Verifier::<C, W, N> { ifma: Ifma, generator, scale: Residue::ONE };
    let names: [[u8; 1]; 11] = std::array::from_fn(|name| [name as u8]);
    let mut jobs = names.each_ref().map(|name| Job::new(name, name));
    let keys = names.each_ref().map(|name| RawKey::Sec1(name));
    let run = || {
        answering_zeros(
            |limbs| if known(limbs, 0).from.len() > 1 { 0xff } else { 0 },
            || {
                verifier.verify_each(&keys, &mut jobs);
            },
        )
    };
    let ((), asked) = decided(|_| true, run);
    assert!(!asked.is_empty());
    let given = given();
    let count = |file: &str| given.iter().filter(|given| given.file.ends_with(file)).count();
    // Seven multiples, and three sums for each window with four doublings after each of two, in two
    // groups; a sum has sixteen operations and a doubling at least fourteen.
    let windows = Table::<W>::WINDOWS;
    let least = 2 * (16 * (6 + 3 * windows - 1) + 14 * (8 * windows - 6));
    assert!(count("weierstrass/point.rs") > least, "{}", count("weierstrass/point.rs"));
    assert!(count("weierstrass/multiples.rs") > 2 * 7 * 8, "{}", count("weierstrass/multiples.rs"));
}
