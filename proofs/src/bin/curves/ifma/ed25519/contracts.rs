//! What each operation of the field does with any numbers within its bounds.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane, Question, decided, digits, largest, suppose};
use jot_proofs::x512::{V, add64, shift_right64};
use num_bigint::BigInt;

use super::field::Field;
use crate::edwards::p;
use crate::field::{Ed25519Base, Modulus};
use crate::ifma::radix52;
use crate::number::{self, LIMB, any, constant, is_carried, lanes, number, sum};

const ABOUT: &str = "accel/src/ifma/ed25519/field.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "times: out ≡ a·b modulo 2^255 - 19, from 0 to 1.01 p, words below 2^57, for all a, b < 2^260",
        about: ABOUT,
        proof: times,
    },
    Claim {
        says: "squared: out ≡ a² modulo 2^255 - 19, from 0 to 1.01 p, words below 2^57, for all a < 2^260",
        about: ABOUT,
        proof: squared,
    },
    Claim {
        says: "minus_canonical: out = a + p - b, carried, for all a, b < 2^260",
        about: ABOUT,
        proof: minus_canonical,
    },
    Claim {
        says: "is_zero tells exactly the lanes of 0, p, 2p and 3p, which are those of 0 modulo p below 4p",
        about: ABOUT,
        proof: is_zero,
    },
    Claim {
        says: "is_below_p tells exactly the lanes below p, for all limbs that words are split into",
        about: ABOUT,
        proof: is_below_p,
    },
    Claim {
        says: "plus: out = a + b, minus: out = a + 2p - b, carried, for all a, b < 2^260",
        about: ABOUT,
        proof: sums,
    },
    Claim {
        says: "canonical: out = a if a < p, otherwise a - p, in each lane, carried, for all a up to 1.01 p",
        about: ABOUT,
        proof: canonical,
    },
    Claim { says: "choose takes the lanes of every mask", about: ABOUT, proof: chooses },
];

/// The upper five columns are less than a·b/2^260 < 2^260, so the last of them, after the carries
/// of those below it, is below 2^52: the multiplier reads all of it.
fn the_last_column_is_a_limb(columns: &[V; 10]) {
    let mut columns = *columns;
    let upper = columns;
    for i in 5..9 {
        columns[i + 1] = add64(columns[i + 1], shift_right64::<52>(columns[i]));
    }
    for place in 0..8 {
        for column in columns {
            assert!(column.0[place].interval().low >= 0);
        }
        let last = columns[9].0[place].polynomial();
        let below = &sum(&upper[5..], place) - &last.shifted(208);
        assert!(digits(&below, 52, 4).is_some());
        suppose(&last, Interval::bits(52));
    }
}

fn times() {
    assert_eq!(Ed25519Base::VALUE.iter().rev().fold(BigInt::ZERO, |sum, word| (sum << 64) + *word), p());
    let (a, b) = (any(LIMB), any(LIMB));
    // That the columns are those of the product is a claim about `radix52`.
    the_last_column_is_a_limb(radix52::columns(&a, &b).as_flattened().try_into().unwrap());
    let out = Field(a).times(&Field(b)).0;
    for place in 0..8 {
        assert!(number::largest(&out, place) * 100 < p() * 101);
        let difference = &(&number(&a, place) * &number(&b, place)) - &number(&out, place);
        assert!(difference.divided(&p()).is_some(), "a·b - out is a multiple of p");
    }
    assert!(largest() < 1 << 57);
}

fn squared() {
    let a = any(LIMB);
    the_last_column_is_a_limb(radix52::square_columns(&a).as_flattened().try_into().unwrap());
    let out = Field(a).squared().0;
    for place in 0..8 {
        assert!(number::largest(&out, place) * 100 < p() * 101);
        let difference = &(&number(&a, place) * &number(&a, place)) - &number(&out, place);
        assert!(difference.divided(&p()).is_some(), "a² - out is a multiple of p");
    }
    assert!(largest() < 1 << 57);
}

fn minus_canonical() {
    let (a, b) = (any(LIMB), any(LIMB));
    let out = Field(a).minus_canonical(&Field(b)).0;
    for place in 0..8 {
        is_carried(&out, place);
        let wanted = &(&constant(&p()) + &number(&a, place)) - &number(&b, place);
        assert_eq!(number(&out, place), wanted);
    }
}

fn is_zero() {
    let multiples: [[u64; 5]; 4] = std::array::from_fn(|k| {
        std::array::from_fn(|i| u64::try_from(((p() * k) >> (52 * i)) & BigInt::from(LIMB)).unwrap())
    });
    // Every limb is one of those of the multiples, or none.
    let values: [Vec<Option<u64>>; 5] = std::array::from_fn(|i| {
        let mut values: Vec<_> = multiples.iter().map(|limbs| Some(limbs[i])).collect();
        values.sort_unstable();
        values.dedup();
        values.push(None);
        values
    });
    let others = any::<5>(LIMB);
    for (i, limb) in others.iter().enumerate() {
        limb.0.iter().for_each(|lane| lane.exclude(multiples.iter().map(|limbs| i128::from(limbs[i]))));
    }
    let count: usize = values.iter().map(Vec::len).product();
    for turn in 0..count {
        // Each place is at another of all the ways.
        let limbs_at = |place: usize| {
            let mut way = (turn + 89 * place) % count;
            values.each_ref().map(|values| {
                let value = values[way % values.len()];
                way /= values.len();
                value
            })
        };
        let field = Field(std::array::from_fn(|i| {
            V(std::array::from_fn(|place| limbs_at(place)[i].map_or(others[i].0[place], Lane::of_word)))
        }));
        let is_multiple =
            |limbs: [Option<u64>; 5]| multiples.iter().any(|multiple| limbs == multiple.map(Some));
        let wanted: u8 = (0..8).map(|place| u8::from(is_multiple(limbs_at(place))) << place).sum();
        assert_eq!(field.is_zero(), wanted);
    }
}

fn is_below_p() {
    // Four words are 256 bits.
    let a = any((1 << 48) - 1);
    for negative in 0..=u8::MAX {
        let answers = move |question: &Question| negative >> question.place() & 1 == 1;
        let (below, asked) = decided(answers, || Field(a).is_below_p());
        assert_eq!((below, asked.len()), (negative, 8));
        for (question, _) in asked {
            let Question::IsNegative { place, lane } = question else { panic!("{question:?}") };
            // As with `canonical`, the sign is that of a - p.
            let difference = &number(&a, place) - &constant(&p());
            let below = &difference - &lane.polynomial().shifted(208);
            assert!(digits(&below, 52, 4).is_some());
        }
    }
}

fn sums() {
    let (a, b) = (any(LIMB), any(LIMB));
    let (plus, minus) = (Field(a).plus(&Field(b)).0, Field(a).minus(&Field(b)).0);
    for place in 0..8 {
        let (x, y) = (number(&a, place), number(&b, place));
        is_carried(&plus, place);
        assert_eq!(number(&plus, place), &x + &y);
        is_carried(&minus, place);
        assert_eq!(number(&minus, place), &(&constant(&(p() * 2)) + &x) - &y);
    }
}

fn canonical() {
    let last: BigInt = (p() * 101 / 100) >> 208;
    let a = any(i128::try_from(last).unwrap());
    for negative in 0..=u8::MAX {
        let answers = move |question: &Question| negative >> question.place() & 1 == 1;
        let (out, asked) = decided(answers, || Field(a).canonical().0);
        assert_eq!(asked.len(), 8);
        for (question, is_negative) in asked {
            let Question::IsNegative { place, lane } = question else { panic!("{question:?}") };
            // What is asked is the last limb of a - p, whose other limbs are below 2^52: its sign
            // is that of a - p.
            let difference = &number(&a, place) - &constant(&p());
            let below = &difference - &lane.polynomial().shifted(208);
            assert!(digits(&below, 52, 4).is_some());
            let wanted = if is_negative { number(&a, place) } else { difference };
            is_carried(&out, place);
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn chooses() {
    let (yes, no) = (any(LIMB), any(LIMB));
    for mask in 0..=u8::MAX {
        let chosen = Field::choose(mask, &Field(yes), &Field(no)).0;
        for place in 0..8 {
            let from = if mask >> place & 1 == 1 { &yes } else { &no };
            assert_eq!(lanes(&chosen, place), lanes(from, place));
        }
    }
}
