//! What is compared with what.

use aws_lc_rs::digest::{SHA512, digest};
use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, Question, decided};
use jot_proofs::x512::{V, and, broadcast64, shift_right64};
use num_bigint::BigInt;

use super::decode::FOUND;
use super::multiples::{NO_KEY, PROVED};
use super::unprepared::verify_each;
use super::verify::{Key, Own};
use crate::algorithm::RawKey;
use crate::edwards::{SmallTable, Table, p};
use crate::field::{Ed25519Order, Residue, from_little_endian, signed_digits};
use crate::ifma::ed25519::points::field::canonical_numbers;
use crate::ifma::radix52::split;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known::{known, symbol};
use crate::number::any_words;
use crate::rows::{KEYS, Rows, SMALL, names};
use crate::simd::Ifma;

const ABOUT: &str = "accel/src/ifma/ed25519/verify.rs";

pub(in crate::ifma::ed25519) const CLAIMS: &[Claim] = &[
    Claim {
        says: "alone, a signature adds the rows of all digits of s and k, and is accepted only if \
               Z·inverse is 1 and all 256 bits of R are those of y and of x's sign; with a small table \
               those of the places, whose sums are doubled as often as they should be",
        about: ABOUT,
        proof: alone,
    },
    Claim {
        says: "in a batch, each lane does so for its own signature, and its own job gets the answer; \
               malformed ones get none",
        about: ABOUT,
        proof: batches,
    },
    Claim {
        says: "in a batch of keys with tables of both sizes, each signature gets the answer of its own key",
        about: ABOUT,
        proof: mixed,
    },
    Claim {
        says: "with a key each, each lane adds s·B and k·(-A) for its own signature and key, and its own job \
               gets the answer; malformed signatures, keys that are none and wrong multiples get none",
        about: "accel/src/ifma/ed25519/unprepared.rs",
        proof: unprepared,
    },
];

const ENCODED: [u8; 32] = [0x5a; 32];

/// A signature whose R is unknown.
struct Signed {
    message: [u8; 1],
    signature: Vec<u8>,
    r: [Lane; 4],
}

impl Signed {
    fn new(name: u8) -> Self {
        let r = any_words();
        let mut signature: Vec<u8> = r.iter().flat_map(|word| word.word().to_le_bytes()).collect();
        // Any s below the order, with digits of both signs.
        let s = (0..32_u8)
            .map(|i| if i == 31 { 0x0f } else { name.wrapping_mul(31).wrapping_add(i.wrapping_mul(89)) });
        signature.extend(s);
        Self { message: [name], signature, r }
    }

    fn job(&self) -> Job<'_> {
        Job::new(&self.message, &self.signature)
    }

    /// The digits of s and of k.
    fn digits(&self, encoded: &[u8; 32]) -> [Vec<i16>; 2] {
        let (r, s) = self.signature.split_at(32);
        let hash = digest(&SHA512, &[r, encoded, &self.message].concat());
        let (low, high) = hash.as_ref().split_at(32);
        let [s, low, high] = [s, low, high].map(|bytes| from_little_endian::<4>(bytes).unwrap());
        let s = Residue::<Ed25519Order, 4>::new(&s).unwrap();
        let k = Residue::<Ed25519Order, 4>::of_wide(&low, &high);
        [s, k].map(|scalar| signed_digits(scalar.number()).collect())
    }

    /// The rows of all digits, whose key is that of the second table, or of the small one.
    fn rows(&self, is_small: bool) -> Rows {
        let [s, k] = self.digits(&ENCODED);
        let numbered = |table: usize, digits: Vec<i16>| -> Rows {
            digits.iter().enumerate().map(|(window, digit)| ((table, window), (*digit).into())).collect()
        };
        let mut rows = numbered(0, s);
        if is_small {
            let place = |(place, digits): (usize, &[i16])| {
                ((SMALL, place), BigInt::from(digits[0]) + (BigInt::from(digits[1]) << 8))
            };
            rows.extend(k.chunks(2).enumerate().map(place));
        } else {
            rows.extend(numbered(1, k));
        }
        rows
    }

    /// The same with a key of its own: k times it.
    fn rows_with_key(&self, encoded: &[u8; 32], key: u8) -> Rows {
        let [s, k] = self.digits(encoded);
        let mut rows: Rows =
            s.iter().enumerate().map(|(window, digit)| ((0, window), (*digit).into())).collect();
        let scalar = k.iter().rev().fold(BigInt::ZERO, |scalar, digit| (scalar << 8) + *digit);
        rows.insert((KEYS, key.into()), scalar);
        rows
    }
}

/// The comparisons in each lane.
const COMPARISONS: usize = 11;

fn key(is_small: bool) -> Key {
    static BASE: Table = Table(0);
    let own = if is_small { Own::Small(SmallTable) } else { Own::Large(Table(1)) };
    Key { ifma: Ifma, base: &BASE, own, encoded: ENCODED }
}

/// Verifies signatures, together if there are several, so that all comparisons hold but the
/// one of this number in this place. Asserts that the lanes of these signatures compare
/// what they should.
fn verify(jobs: &mut [Job<'_>], unequal: Option<(usize, usize)>, lanes: &[&Signed; 8], is_small: bool) {
    let key = key(is_small);
    let is_alone = jobs.len() == 1;
    let run = || match jobs {
        [job] => job.holds = key.accepts(job.message, job.signature),
        jobs => key.accept_each(jobs),
    };
    compare(run, is_alone, unequal, lanes, |place| lanes[place].rows(is_small));
}

/// Runs the verification of signatures that are the sums of `rows`.
fn compare(
    run: impl FnOnce(),
    is_alone: bool,
    unequal: Option<(usize, usize)>,
    lanes: &[&Signed; 8],
    rows: impl Fn(usize) -> Rows,
) {
    let _ = canonical_numbers();
    let mut asked = 0;
    let answer = move |question: &Question| {
        asked += 1;
        unequal != Some(((asked - 1) / 8, question.place()))
    };
    let ((), asked) = decided(answer, run);
    assert_eq!(asked.len(), 8 * COMPARISONS);
    let canonical = canonical_numbers();
    let [.., z, x, y] = &*canonical else { panic!("three numbers are reduced") };
    let each: [[u64; 3]; 8] = std::array::from_fn(|place| names(place, &rows(place)));
    for (place, signed) in lanes.iter().enumerate() {
        // The inverse of all, times those of the other lanes.
        let others: Vec<u64> = if is_alone {
            Vec::new()
        } else {
            (0..8).filter(|other| *other != place).map(|other| each[other][2]).collect()
        };
        for (number, name) in [(z, each[place][2]), (x, each[place][0]), (y, each[place][1])] {
            assert_eq!(known(number, place).from, others.iter().copied().chain([name]).collect());
        }
        // What is proved to be 1 is Z times the same factor that X and Y are multiplied by.
        let [of_z, of_x, of_y] = [z, x, y].map(|number| known(number, place).value.unwrap());
        let [x_symbol, y_symbol, z_symbol] = each[place].map(symbol);
        assert_eq!((&of_x * &z_symbol).modulo(&p()), (&of_z * &x_symbol).modulo(&p()));
        assert_eq!((&of_y * &z_symbol).modulo(&p()), (&of_z * &y_symbol).modulo(&p()));
        assert!([&of_z, &of_x, &of_y].iter().all(|value| value.terms().next().is_some()));
        let words = signed.r.map(|word| V([word; 8]));
        let [a, b, c, d] = words;
        let r: [_; 5] = split([a, b, c, and(d, broadcast64(i64::MAX))]);
        let sign = shift_right64::<63>(d);
        let parity = and(x[0], broadcast64(1));
        let constant = |number: u64| V([Lane::of_word(number); 8]);
        let ones = [1, 0, 0, 0, 0].map(constant);
        let wanted = z.iter().zip(&ones).chain([(&parity, &sign)]).chain(y.iter().zip(&r));
        for (number, (ours, theirs)) in wanted.enumerate() {
            let Question::AreEqual { place: at, lanes } = asked[8 * number + place].0 else {
                panic!("not equal")
            };
            assert_eq!((at, lanes), (place, [ours.0[place], theirs.0[place]]), "comparison {number}");
        }
    }
}

fn alone() {
    for is_small in [false, true] {
        for name in 0..4 {
            let signed = Signed::new(name);
            for number in 0..=COMPARISONS {
                let mut jobs = [signed.job()];
                // The answer is that of the first lane.
                verify(&mut jobs, Some((number, 0)), &[&signed; 8], is_small);
                assert_eq!(jobs[0].holds, number == COMPARISONS);
            }
        }
        assert!(!key(is_small).accepts(&[1], &[]));
        // s is the order or above.
        assert!(!key(is_small).accepts(&[1], &[0xff; 64]));
    }
}

fn batches() {
    let signed: [Signed; 8] = std::array::from_fn(|name| Signed::new(name as u8));
    let each = signed.each_ref();
    for is_small in [false, true] {
        for number in 0..=COMPARISONS {
            for place in [number % 8, (number + 3) % 8] {
                let mut jobs = each.map(Signed::job);
                verify(&mut jobs, Some((number, place)), &each, is_small);
                let holds = jobs.map(|job| job.holds);
                assert_eq!(holds, std::array::from_fn(|lane| lane != place || number == COMPARISONS));
            }
        }
        // Malformed ones, and fewer than eight: other signatures take their lanes.
        for (count, malformed) in [(5, 0), (6, 3), (7, 6), (8, 1)] {
            let mut jobs: Vec<Job<'_>> = signed[..count].iter().map(Signed::job).collect();
            jobs[malformed].signature = &[0xff; 64];
            let first = if malformed == 0 { each[1] } else { each[0] };
            let lanes =
                std::array::from_fn(
                    |lane| {
                        if lane < count && lane != malformed { each[lane] } else { first }
                    },
                );
            verify(&mut jobs, None, &lanes, is_small);
            for (row, job) in jobs.iter().enumerate() {
                assert_eq!(job.holds, row != malformed);
            }
        }
    }
}

fn mixed() {
    let keys = [false, true].map(|is_small| FastKey::of(Box::new(key(is_small))));
    let signed: [Signed; 16] = std::array::from_fn(|name| Signed::new(name as u8));
    // The first eight of one size, between those of the other one of which there are none, five
    // or eight.
    for (others, is_first_small) in [0, 5, 8].into_iter().flat_map(|others| [(others, false), (others, true)])
    {
        // Rows in turn while both are left.
        let mut rows: Vec<(usize, bool)> = Vec::new();
        for row in 0..8 {
            rows.push((row, is_first_small));
            if row < others {
                rows.push((8 + row, !is_first_small));
            }
        }
        let mut jobs: Vec<Job<'_>> = rows.iter().map(|(name, _)| signed[*name].job()).collect();
        let asked: Vec<&FastKey> = rows.iter().map(|(_, is_small)| &keys[usize::from(*is_small)]).collect();
        let _ = canonical_numbers();
        // The third comparison fails in the third lane of each group.
        let mut number = 0;
        let answer = move |question: &Question| {
            number += 1;
            ((number - 1) / 8 % COMPARISONS, question.place()) != (3, 3)
        };
        let ((), asked) = decided(answer, || FastKey::verify_mixed(&asked, &mut jobs));
        let groups: &[bool] = if others == 0 { &[is_first_small] } else { &[false, true] };
        assert_eq!(asked.len(), 8 * COMPARISONS * groups.len());
        let canonical = canonical_numbers();
        assert_eq!(canonical.len(), 4 * groups.len());
        for (numbers, is_small) in canonical.chunks(4).zip(groups) {
            let members: Vec<usize> = rows.iter().filter(|row| row.1 == *is_small).map(|row| row.0).collect();
            let of_lane = |lane: usize| *members.get(lane).unwrap_or(&members[0]);
            let each: [[u64; 3]; 8] =
                std::array::from_fn(|lane| names(lane, &signed[of_lane(lane)].rows(*is_small)));
            let [_, of_z, of_x, _] = numbers else { panic!("four numbers are reduced") };
            for (lane, [x, _, z]) in each.iter().enumerate() {
                let [of_z, of_x] = [of_z, of_x].map(|number| known(number, lane).value.unwrap());
                assert_eq!((&of_x * &symbol(*z)).modulo(&p()), (&of_z * &symbol(*x)).modulo(&p()));
            }
            for (lane, name) in members.iter().enumerate() {
                let at = rows.iter().position(|row| row.0 == *name).unwrap();
                assert_eq!(jobs[at].holds, lane != 3, "{name}");
            }
        }
    }
}

fn unprepared() {
    static BASE: Table = Table(0);
    let signed: [Signed; 8] = std::array::from_fn(|name| Signed::new(name as u8));
    let encoded: [[u8; 32]; 8] = std::array::from_fn(|lane| [40 - lane as u8; 32]);
    for (count, malformed, keyless) in [(8, 9, 9), (8, 0, 2), (3, 9, 9), (5, 3, 0)] {
        let mut jobs: Vec<Job<'_>> = signed[..count].iter().map(Signed::job).collect();
        let mut keys: Vec<RawKey<'_>> = encoded[..count].iter().map(|key| RawKey::Ed25519(key)).collect();
        if let Some(job) = jobs.get_mut(malformed) {
            job.signature = &[0xff; 64];
        }
        if let Some(key) = keys.get_mut(keyless) {
            *key = RawKey::Sec1(&[1]);
        }
        let first = usize::from(malformed == 0);
        let row = |lane: usize| if lane < count && lane != malformed { lane } else { first };
        // A lane without a key has zeros in its place, and decoding finds what it finds.
        let key_of = |lane: usize| if lane < count && lane != keyless { encoded[lane] } else { [0; 32] };
        let lanes = std::array::from_fn(|lane| &signed[row(lane)]);
        let rows = |lane: usize| {
            let key = if FOUND >> lane & 1 == 1 { key_of(lane)[0] } else { NO_KEY };
            signed[row(lane)].rows_with_key(&key_of(row(lane)), key)
        };
        compare(|| verify_each(Ifma, &BASE, &keys, &mut jobs), false, None, &lanes, rows);
        for (lane, job) in jobs.iter().enumerate() {
            let is_found = FOUND & PROVED & (1 << lane) != 0;
            assert_eq!(job.holds, is_found && lane != malformed && lane != keyless, "lane {lane} of {count}");
        }
    }
    // Too few.
    let mut jobs = [signed[0].job(), signed[1].job()];
    verify_each(Ifma, &BASE, &[RawKey::Ed25519(&encoded[0]), RawKey::Ed25519(&encoded[1])], &mut jobs);
    assert!(jobs.iter().all(|job| !job.holds));
}
