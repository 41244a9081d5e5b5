//! The bounds of points.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{decided, reset};
use jot_proofs::polynomial::Polynomial;

use super::field::{Field, ONE, answering_zeros};
use super::point::{Point, Sum};
use super::unprepared::Verifier;
use super::verify::{Key, Own};
use crate::algorithm::RawKey;
use crate::documented::assert_documented;
use crate::field::Residue;
use crate::ifma::p256::contracts::p;
use crate::job::Job;
use crate::key::Form;
use crate::known::{Known, given, known, numbers, symbol};
use crate::number::lanes;
use crate::simd::Ifma;
use crate::weierstrass::{SmallTable, Table};

const ABOUT: &str = "accel/src/ifma/p256/point.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/p256/point.rs");

const CHOICE: &str = include_str!("../../../../../../../accel/src/ifma/p256/choice.rs");

pub(in crate::ifma::p256) const CLAIMS: &[Claim] = &[
    Claim {
        says: "plus, plus_point and doubled keep X < 1.01 p, Y < 4.4 p, Z < 2.25 p; every bound beside a line holds",
        about: ABOUT,
        proof: additions,
    },
    Claim {
        says: "Sum::add and double keep the bounds in every lane; add takes, adds or leaves as its masks say",
        about: ABOUT,
        proof: sums,
    },
    Claim {
        says: "Sum::across needs all lanes, and its point depends on each of them",
        about: ABOUT,
        proof: across,
    },
    Claim {
        says: "alone and in batches, with tables of both sizes, every operation has operands within its \
               contract's bounds; every bound beside a line holds",
        about: "accel/src/ifma/p256/verify.rs",
        proof: verifications,
    },
    Claim {
        says: "with a key each, every operation has operands within its contract's bounds",
        about: "accel/src/ifma/p256/unprepared.rs",
        proof: unprepared,
    },
];

/// Any numbers below this many hundredths of p, named by their place.
fn below(hundredths: u32) -> Field {
    let known = Known::new(0, (p() * hundredths - 1) / 100);
    Field(numbers(std::array::from_fn(|place| Known { from: [place as u64].into(), ..known.clone() })))
}

/// Any numbers below p, with a symbol for each place.
fn named(coordinate: u64) -> Field {
    Field(numbers(std::array::from_fn(|place| Known::named(8 * coordinate + place as u64, &p()))))
}

/// Any points.
fn point() -> Point {
    Point { x: below(101), y: below(440), z: below(225) }
}

fn additions() {
    let any = point();
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
    assert_documented(SOURCE, "p256/point.rs", None, &p(), &given());
}

/// A sum that has points in these lanes.
fn begun(begun: u8) -> Sum {
    let mut sum = Sum::new();
    if begun != 0 {
        sum.add(&below(100), &below(100), 0x35, begun);
        sum.add(&below(100), &below(100), 0x53, begun);
        assert_eq!(sum.points().1, begun);
    }
    sum
}

fn sums() {
    // Any lane, with any of the three masks; and all, and none.
    for (before, present) in
        [(0, 0), (0, 0x3c), (0, 0xff), (0x0f, 0x33), (0xff, 0x33), (0x0f, 0xff), (0xff, 0xff)]
    {
        reset();
        let negative = 0x55;
        let mut sum = begun(before);
        let (old, _) = sum.points();
        let (x, y) = (named(1), named(2));
        sum.add(&x, &y, negative, present);
        let (new, now) = sum.points();
        assert_eq!(now, before | present);
        for place in 0..8 {
            let is_in = |mask: u8| mask >> place & 1 == 1;
            let limbs = |field: &Field| lanes(&field.0, place);
            match (is_in(before), is_in(present)) {
                (_, false) => {
                    assert_eq!([&new.x, &new.y, &new.z].map(limbs), [&old.x, &old.y, &old.z].map(limbs));
                }
                (false, true) => {
                    assert_eq!(limbs(&new.x), limbs(&x));
                    assert_eq!(limbs(&new.z), limbs(&Field::splat(&ONE)));
                    let [given, taken] = [&y, &new.y].map(|field| known(&field.0, place));
                    let opposite = &Polynomial::zero() - &symbol(8 * 2 + place as u64);
                    let wanted = if is_in(negative) { opposite.modulo(&p()) } else { given.value.unwrap() };
                    assert_eq!(taken.value, Some(wanted));
                    assert!(taken.high <= p());
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

fn across() {
    for missing in 0..8 {
        assert!(begun(!(1 << missing)).across().is_none());
    }
    let point = begun(0xff).across().expect("all lanes have a point");
    for place in 0..8 {
        for field in [&point.x, &point.y, &point.z] {
            assert_eq!(known(&field.0, place).from.len(), 8);
        }
    }
}

fn verifications() {
    static GENERATOR: Table<4> = Table(0);
    // 63 additions of sixteen operations, and as many in the eight of one and the three across;
    // with a small table 95 and twelve doublings, and the same doublings and eleven of one.
    for (own, least) in [(Own::Large(Table(1)), 62 + 7 + 3), (Own::Small(SmallTable), 94 + 12 + 11 + 12 + 3)]
    {
        let key = Key { ifma: Ifma, generator: &GENERATOR, own };
        let names = [1, 2, 3, 254, 255, 6, 7, 8_u8].map(|name| [name]);
        // Some digits are 0, so sums begin at different times.
        let mut jobs = names.each_ref().map(|name| Job::new(name, name));
        answering_zeros(|_| 0xff, || key.accept_each(&mut jobs));
        answering_zeros(|_| 0xff, || assert!(!key.accepts(&[9], &[9])));
        let given = given();
        assert_documented(CHOICE, "p256/choice.rs", Some("let r = Field("), &p(), &given);
        let of_points = given.iter().filter(|given| given.file.ends_with("p256/point.rs")).count();
        assert!(of_points > 16 * least, "{of_points}");
    }
}

fn unprepared() {
    static GENERATOR: Table<4> = Table(0);
    let verifier = Verifier { ifma: Ifma, generator: &GENERATOR, scale: Residue::ONE };
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
    // Seven multiples, and 96 sums with 64·4 doublings, in two groups; each doubling has
    // sixteen operations.
    assert!(count("p256/point.rs") > 2 * 16 * (6 + 95 + 250), "{}", count("p256/point.rs"));
    assert!(count("p256/multiples.rs") > 2 * 7 * 8, "{}", count("p256/multiples.rs"));
}
