//! The bounds of points.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::decided;
use jot_proofs::x512::{V, and, broadcast64};
use num_bigint::BigInt;

use super::field::{Field, ZEROS};
use super::point::{Addend, Point};
use super::unprepared::verify_each;
use super::verify::{Key, Own};
use crate::algorithm::RawKey;
use crate::documented::assert_documented;
use crate::edwards::{SmallTable, Table, p};
use crate::ifma::radix52::split;
use crate::job::Job;
use crate::key::Form;
use crate::known::{Known, given, known, numbers, remember};
use crate::number::{any_words, lanes};
use crate::simd::Ifma;

const ABOUT: &str = "accel/src/ifma/ed25519/point.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/ed25519/point.rs");

const DECODE: &str = include_str!("../../../../../../../accel/src/ifma/ed25519/decode.rs");

pub(in crate::ifma::ed25519) const CLAIMS: &[Claim] = &[
    Claim {
        says: "plus and doubled keep X, Y, Z and T < 1.01 p, however often; every bound beside a line holds",
        about: ABOUT,
        proof: additions,
    },
    Claim {
        says: "across keeps the bounds, and its point depends on each lane",
        about: ABOUT,
        proof: across,
    },
    Claim {
        says: "alone and in batches, with tables of both sizes, every operation has operands within its \
               contract's bounds",
        about: "accel/src/ifma/ed25519/verify.rs",
        proof: verifications,
    },
    Claim {
        says: "with a key each, every operation has operands within its contract's bounds",
        about: "accel/src/ifma/ed25519/unprepared.rs",
        proof: unprepared,
    },
];

/// Any numbers below this many hundredths of p, named by their place.
fn below(hundredths: u32) -> Field {
    let known = Known::new(0, (p() * hundredths - 1) / 100);
    Field(numbers(std::array::from_fn(|place| Known { from: [place as u64].into(), ..known.clone() })))
}

/// Any row of a table, or of the multiples that are made in lanes.
fn addend(negative: u8) -> Addend {
    Addend { negative, ..Addend::affine(&below(100), &below(100)) }
}

/// Any point: each number of a sum is a product, and so any below 1.01 p.
fn point() -> Point {
    Point::identity().plus(&addend(0x0f))
}

/// Asserts the bounds, and that a number depends on its own lane, or on all.
fn assert_bounded(point: &Point, lanes: usize) {
    for place in 0..8 {
        for field in [&point.x, &point.y, &point.z] {
            let known = known(&field.0, place);
            assert!(known.high * 100 < p() * 101);
            assert_eq!(known.from.len(), lanes);
            assert!(known.from.contains(&(place as u64)));
        }
    }
}

fn additions() {
    let affine = Point::affine(below(100), below(100));
    for (negative, point) in [(0, point()), (0x5a, point()), (0xff, point()), (0x5a, affine)] {
        let sum = point.plus(&addend(negative));
        assert_bounded(&sum, 1);
        assert_bounded(&sum.plus(&addend(!negative)), 1);
        assert_bounded(&sum.projective().doubled().projective().doubled().point(), 1);
    }
    assert_documented(SOURCE, "ed25519/point.rs", &[], &p(), &given());
}

fn across() {
    assert_bounded(&point().across(), 8);
}

fn verifications() {
    static BASE: Table = Table(0);
    // Fourteen operations in each of 64 additions and of eight, and three across; with a small table
    // in 96 and in twelve, and eight in each of twelve doublings of both.
    for (own, least) in [
        (Own::Large(Table(1)), 14 * (64 + 8 + 3)),
        (Own::Small(SmallTable), 14 * (96 + 12 + 3) + 8 * (12 + 12)),
    ] {
        let key = Key { ifma: Ifma, base: &BASE, own, encoded: [7; 32] };
        let signatures: [[u8; 64]; 8] = std::array::from_fn(|name| [name as u8 + 1; 64]);
        let mut jobs = signatures.each_ref().map(|signature| Job::new(&[1], signature));
        let (holds, _) = decided(
            |_| true,
            || {
                key.accept_each(&mut jobs);
                key.accepts(&[2], &signatures[3]) && jobs.iter().all(|job| job.holds)
            },
        );
        assert!(holds);
        let of_points = given().iter().filter(|given| given.file.ends_with("ed25519/point.rs")).count();
        assert!(of_points >= least, "{of_points}");
    }
}

/// The encoding of any y below 2^255 and any sign.
fn encoded() -> [u8; 32] {
    let words = any_words();
    let [a, b, c, d] = words.map(|word| V([word; 8]));
    let y: [_; 5] = split([a, b, c, and(d, broadcast64(i64::MAX))]);
    remember(lanes(&y, 0), Known::new(0, (BigInt::from(1) << 255) - 1));
    let mut encoded = [0; 32];
    for (to, word) in encoded.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.word().to_le_bytes();
    }
    encoded
}

fn unprepared() {
    static BASE: Table = Table(0);
    let signatures: [[u8; 64]; 8] = std::array::from_fn(|name| [name as u8 + 1; 64]);
    let mut jobs = signatures.each_ref().map(|signature| Job::new(&[1], signature));
    let encoded = [(); 8].map(|()| encoded());
    let keys = encoded.each_ref().map(|encoded| RawKey::Ed25519(encoded));
    // No x and no x² + u/v is 0, or some are.
    for zeros in [[0; 2], [0x5a; 2]] {
        ZEROS.set(zeros);
        let run = || verify_each(Ifma, &BASE, &keys, &mut jobs);
        let ((), asked) = decided(|_| true, run);
        assert!(asked.len() > 8 * 21);
        let given = given();
        assert_documented(DECODE, "ed25519/decode.rs", &[], &p(), &given);
        let count = |file: &str| given.iter().filter(|given| given.file.ends_with(file)).count();
        assert!(count("ed25519/point.rs") > 14 * (7 + 96) + 250 * 8, "{}", count("ed25519/point.rs"));
        assert!(count("ed25519/multiples.rs") > 7 * 7, "{}", count("ed25519/multiples.rs"));
        assert!(count("ed25519/decode.rs") > 250, "{}", count("ed25519/decode.rs"));
    }
    ZEROS.set([0; 2]);
}
