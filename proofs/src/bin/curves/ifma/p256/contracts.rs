//! What each operation of the field does with any numbers within its bounds.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane, Question, decided, digits, largest, suppose};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::field::{Field, ONE, P, P2, P3, P4, P6, R_SQUARED};
use crate::field::{Modulus, P256Base};
use crate::number::{self, LIMB, any, big, constant, is_carried, lanes, number};

const ABOUT: &str = "accel/src/ifma/p256/field.rs";

pub(crate) const CLAIMS: &[Claim] = &[
    Claim {
        says: "P, P2, P3, P4 and P6 are carried multiples of p, ONE is R mod p and R_SQUARED is R² mod p",
        about: ABOUT,
        proof: constants,
    },
    Claim {
        says: "times: R·out = a·b + Q·p with 0 <= Q < R, carried, words below 2^57, for all a, b < 2^260",
        about: ABOUT,
        proof: times,
    },
    Claim {
        says: "squared: R·out = a² + Q·p with 0 <= Q < R, carried, words below 2^57, for all a < 2^260",
        about: ABOUT,
        proof: squared,
    },
    Claim { says: "plus: out = a + b, carried, for all a, b < 2^260", about: ABOUT, proof: plus },
    Claim {
        says: "canonical: out = a if a < p, otherwise a - p, in each lane, carried, for all a up to 2p",
        about: ABOUT,
        proof: canonical,
    },
    Claim { says: "minus: out = a + k·p - b, carried, for all a, b < 2^260", about: ABOUT, proof: minus },
    Claim {
        says: "opposite_with: out = k·p - a + b, or k·p - a - b in the lanes of the mask, carried, for all a, b < 2^260",
        about: ABOUT,
        proof: opposite_with,
    },
    Claim {
        says: "minus_and_twice: out = a + (4 - q)·p - b - 2c, from 0 to 1.01 p, for all a < 2^260 and b + 2c < 3.9 p",
        about: ABOUT,
        proof: minus_and_twice,
    },
    Claim {
        says: "is_zero tells exactly the lanes of 0, p, 2p and 3p, which are those of 0 modulo p below 3.1 p",
        about: ABOUT,
        proof: is_zero,
    },
    Claim { says: "choose takes the lanes of every mask", about: ABOUT, proof: chooses },
];

/// p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186 §3.2.1.3)
pub(crate) fn p() -> BigInt {
    let power = |bits: u32| BigInt::from(1) << bits;
    power(256) - power(224) + power(192) + power(96) - 1
}

fn constants() {
    let one = || BigInt::from(1);
    assert_eq!(P256Base::VALUE.iter().rev().fold(BigInt::ZERO, |sum, word| (sum << 64) + *word), p());
    for (limbs, k) in [(P, 1), (P2, 2), (P3, 3), (P4, 4), (P6, 6)] {
        assert_eq!(big(&limbs), p() * k);
    }
    assert_eq!(big(&ONE), (one() << 260) % p());
    assert_eq!(big(&R_SQUARED), (one() << 520) % p());
    for limb in [P, P2, P3, P4, P6, ONE, R_SQUARED].as_flattened() {
        assert!(i128::from(*limb) <= LIMB);
    }
}

/// Asserts R·out = product + Q·p with 0 <= Q < R, for Q is a number of five digits.
fn divides_by_r(out: &[V; 5], product: &Polynomial, place: usize) {
    let multiple = &number(out, place).shifted(260) - product;
    let quotient = multiple.divided(&p()).expect("R·out - a·b is a multiple of p");
    assert!(digits(&quotient, 52, 5).is_some(), "Q may not be from 0 to R - 1");
    // Not negative; with the number's bound, the last limb is then below 2^52 as well.
    number::largest(out, place);
}

fn times() {
    let (a, b) = (any(LIMB), any(LIMB));
    let out = Field(a).times(&Field(b)).0;
    for place in 0..8 {
        divides_by_r(&out, &(&number(&a, place) * &number(&b, place)), place);
    }
    assert!(largest() < 1 << 57);
}

fn squared() {
    let a = any(LIMB);
    let out = Field(a).squared().0;
    for place in 0..8 {
        divides_by_r(&out, &(&number(&a, place) * &number(&a, place)), place);
    }
    assert!(largest() < 1 << 57);
}

fn plus() {
    let (a, b) = (any(LIMB), any(LIMB));
    let out = Field(a).plus(&Field(b)).0;
    for place in 0..8 {
        is_carried(&out, place);
        assert_eq!(number(&out, place), &number(&a, place) + &number(&b, place));
    }
}

fn canonical() {
    let last: BigInt = (p() * 2) >> 208;
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

fn minus() {
    let (a, b) = (any(LIMB), any(LIMB));
    for limbs in [P, P2, P6] {
        let out = Field(a).minus(&Field(b), &limbs).0;
        for place in 0..8 {
            is_carried(&out, place);
            let wanted = &(&constant(&big(&limbs)) + &number(&a, place)) - &number(&b, place);
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn opposite_with() {
    let (a, b) = (any(LIMB), any(LIMB));
    for mask in 0..=u8::MAX {
        let out = Field(a).opposite_with(&Field(b), mask, &P6).0;
        for place in 0..8 {
            is_carried(&out, place);
            let base = &constant(&big(&P6)) - &number(&a, place);
            let other = number(&b, place);
            let wanted = if mask >> place & 1 == 1 { &base - &other } else { &base + &other };
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn minus_and_twice() {
    // As b + 2c is below 3.9 p, so are its last limbs times 2^208.
    let taken: BigInt = (p() * 39 / 10) >> 208;
    let taken = i128::try_from(taken).unwrap();
    let mut cases = 0;
    for q in 0.. {
        jot_proofs::lanes::reset();
        let (a, b, c) = (any(LIMB), any(LIMB), any(LIMB));
        // The last limb of the sum before any carry.
        let last = Interval::new(i128::from(P4[4]) - taken, LIMB + i128::from(P4[4]));
        let (low, high) = (last.low.max(q << 48), last.high.min((q << 48) + (1 << 48) - 1));
        if low > high {
            break;
        }
        for place in 0..8 {
            let [a, b, c] = [a, b, c].map(|limbs| limbs[4].0[place].polynomial());
            let less = &b + &c.shifted(1);
            suppose(&less, Interval::new(0, taken));
            suppose(&(&(&a + &Polynomial::constant(P4[4])) - &less), Interval::new(low, high));
        }
        let out = Field(a).minus_and_twice(&Field(b), &Field(c)).0;
        for place in 0..8 {
            assert!(number::largest(&out, place) * 100 < p() * 101);
            let taken = &number(&b, place) + &number(&c, place).shifted(1);
            let wanted = &(&number(&a, place) - &taken) + &constant(&(p() * (4 - q)));
            assert_eq!(number(&out, place), wanted);
        }
        cases += 1;
    }
    // From t > 0 to a + 4p < 20.1 p.
    assert_eq!(cases, 20);
}

fn is_zero() {
    let multiples = [[0; 5], P, P2, P3];
    // Every limb is one of those of the multiples, or none.
    let values: [Vec<Option<u64>>; 5] = std::array::from_fn(|i| {
        let mut values: Vec<_> = multiples.iter().map(|limbs| Some(limbs[i])).collect();
        values.sort_unstable();
        values.dedup();
        values.push(None);
        values
    });
    let others = any(LIMB);
    for (i, limb) in others.iter().enumerate() {
        limb.0.iter().for_each(|lane| lane.exclude(multiples.iter().map(|limbs| i128::from(limbs[i]))));
    }
    let count: usize = values.iter().map(Vec::len).product();
    for turn in 0..count {
        // Each place is at another of all the ways.
        let limbs_at = |place: usize| {
            let mut way = (turn + 397 * place) % count;
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
