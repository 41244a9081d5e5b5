//! What each operation of the field does with any numbers within its bounds.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane, Question, decided, digits, largest, suppose};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::curves::Lanes;
use super::each::{claim, of_each_curve, p};
use super::field::{Field, InLanes, leaves_room};
use crate::field::Modulus;
use crate::ifma::radix52;
use crate::number::{self, LIMB, any, big, big_of_words, constant, is_carried, lanes, number};
use crate::weierstrass::Curve;

const ABOUT: &str = "accel/src/ifma/weierstrass/field.rs";

macro_rules! claims_of {
    ($name:literal, $curve:ty, $words:literal, $limbs:literal) => {
        [
            claim!($name, ABOUT, constants::<$curve, $words, $limbs>,
                "P, P2, P3, P4 and P6 are carried multiples of p, ONE is R mod p and R_SQUARED is R² mod p"),
            claim!($name, ABOUT, times::<$curve, $limbs>,
                "times: R·out = a·b + Q·p with 0 <= Q < R, carried, words below 2^57, for all a, b < R"),
            claim!($name, ABOUT, squared::<$curve, $limbs>,
                "squared: R·out = a² + Q·p with 0 <= Q < R, carried, words below 2^57, for all a < R"),
            claim!($name, ABOUT, plus::<$curve, $limbs>, "plus: out = a + b, carried, for all a, b < R"),
            claim!($name, ABOUT, canonical::<$curve, $limbs>,
                "canonical: out = a if a < p, otherwise a - p, in each lane, carried, for all a up to 2p"),
            claim!($name, ABOUT, is_below_p::<$curve, $words, $limbs>,
                "is_below_p tells exactly the lanes below p, for all limbs that words are split into"),
            claim!($name, ABOUT, minus::<$curve, $limbs>,
                "minus: out = a + k·p - b, carried, for all a, b < R"),
            claim!($name, ABOUT, opposite_with::<$curve, $limbs>,
                "opposite_with: out = k·p - a + b, or k·p - a - b in the lanes of the mask, carried, \
                 for all a, b < R"),
            claim!($name, ABOUT, minus_and_twice::<$curve, $limbs>,
                "minus_and_twice: out = a + (4 - q)·p - b - 2c, from 0 to 1.01 p, for all a <= 15 p and \
                 b + 2c < 3.9 p"),
            claim!($name, ABOUT, is_zero::<$curve, $limbs>,
                "is_zero tells exactly the lanes of 0, p, 2p and 3p, which are those of 0 modulo p below 3.1 p"),
            claim!($name, ABOUT, chooses::<$curve, $limbs>, "choose takes the lanes of every mask"),
        ]
    };
}

pub(super) fn claims() -> Vec<Claim> {
    of_each_curve!(claims_of)
}

fn constants<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let one = || BigInt::from(1);
    let prime = <C as Curve<W>>::p();
    assert_eq!(big_of_words(&<C::Base as Modulus<W>>::VALUE), prime);
    for (limbs, k) in [(C::P, 1), (C::P2, 2), (C::P3, 3), (C::P4, 4), (C::P6, 6)] {
        assert_eq!(big(&limbs), &prime * k);
    }
    assert_eq!(big(&C::ONE), (one() << (52 * N)) % &prime);
    assert_eq!(big(&C::R_SQUARED), (one() << (104 * N)) % &prime);
    for limb in [C::P, C::P2, C::P3, C::P4, C::P6, C::ONE, C::R_SQUARED].as_flattened() {
        assert!(i128::from(*limb) <= LIMB);
    }
    // Every bound in multiples of p takes p·p/R < p/16 for granted, and 15 p < R.
    assert!(&prime * 16 <= one() << (52 * N));
}

/// Asserts R·out = product + Q·p with 0 <= Q < R, for Q is a number of N digits.
///
/// So out is not negative, and neither is its last limb, because the others are carried; with the
/// number's bound, the last limb is then below 2^52 as well.
fn divides_by_r<C: InLanes<N>, const N: usize>(out: &[V; N], product: &Polynomial, place: usize) {
    let multiple = &number(out, place).shifted(52 * N as u32) - product;
    let quotient = multiple.divided(&p::<C, N>()).expect("R·out - a·b is a multiple of p");
    assert!(digits(&quotient, 52, N).is_some(), "Q may not be from 0 to R - 1");
    is_carried(out, place);
}

fn times<C: InLanes<N>, const N: usize>() {
    let (a, b) = (any(LIMB), any(LIMB));
    let out = Field::<C, N>::of(a).times(&Field::of(b)).0;
    for place in 0..8 {
        divides_by_r::<C, N>(&out, &(&number(&a, place) * &number(&b, place)), place);
    }
    assert!(largest() < 1 << 57);
}

fn squared<C: InLanes<N>, const N: usize>() {
    let a = any(LIMB);
    let out = Field::<C, N>::of(a).squared().0;
    for place in 0..8 {
        divides_by_r::<C, N>(&out, &(&number(&a, place) * &number(&a, place)), place);
    }
    assert!(largest() < 1 << 57);
}

fn plus<C: InLanes<N>, const N: usize>() {
    let (a, b) = (any(LIMB), any(LIMB));
    let out = Field::<C, N>::of(a).plus(&Field::of(b)).0;
    for place in 0..8 {
        is_carried(&out, place);
        assert_eq!(number(&out, place), &number(&a, place) + &number(&b, place));
    }
}

fn canonical<C: InLanes<N>, const N: usize>() {
    let last: BigInt = (p::<C, N>() * 2) >> (52 * (N - 1));
    let a = any(i128::try_from(last).unwrap());
    for negative in 0..=u8::MAX {
        let answers = move |question: &Question| negative >> question.place() & 1 == 1;
        let (out, asked) = decided(answers, || Field::<C, N>::of(a).canonical().0);
        assert_eq!(asked.len(), 8);
        for (question, is_negative) in asked {
            let Question::IsNegative { place, lane } = question else { panic!("{question:?}") };
            // What is asked is the last limb of a - p, whose other limbs are below 2^52: its sign
            // is that of a - p.
            let difference = &number(&a, place) - &constant(&p::<C, N>());
            let below = &difference - &lane.polynomial().shifted(52 * (N as u32 - 1));
            assert!(digits(&below, 52, N - 1).is_some());
            let wanted = if is_negative { number(&a, place) } else { difference };
            is_carried(&out, place);
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn is_below_p<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let a = any((1 << (64 * W - 52 * (N - 1))) - 1);
    for negative in 0..=u8::MAX {
        let answers = move |question: &Question| negative >> question.place() & 1 == 1;
        let (below, asked) = decided(answers, || Field::<C, N>::of(a).is_below_p());
        assert_eq!((below, asked.len()), (negative, 8));
        for (question, _) in asked {
            let Question::IsNegative { place, lane } = question else { panic!("{question:?}") };
            // As above, the sign is that of a - p.
            let difference = &number(&a, place) - &constant(&p::<C, N>());
            let below = &difference - &lane.polynomial().shifted(52 * (N as u32 - 1));
            assert!(digits(&below, 52, N - 1).is_some());
        }
    }
}

fn minus<C: InLanes<N>, const N: usize>() {
    let (a, b) = (any(LIMB), any(LIMB));
    for limbs in [C::P, C::P2, C::P6] {
        let out = Field::<C, N>::of(a).minus(&Field::of(b), &limbs).0;
        for place in 0..8 {
            is_carried(&out, place);
            let wanted = &(&constant(&big(&limbs)) + &number(&a, place)) - &number(&b, place);
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn opposite_with<C: InLanes<N>, const N: usize>() {
    let (a, b) = (any(LIMB), any(LIMB));
    for mask in 0..=u8::MAX {
        let out = Field::<C, N>::of(a).opposite_with(&Field::of(b), mask, &C::P6).0;
        for place in 0..8 {
            is_carried(&out, place);
            let base = &constant(&big(&C::P6)) - &number(&a, place);
            let other = number(&b, place);
            let wanted = if mask >> place & 1 == 1 { &base - &other } else { &base + &other };
            assert_eq!(number(&out, place), wanted);
        }
    }
}

fn minus_and_twice<C: InLanes<N>, const N: usize>() {
    if !leaves_room::<C, N>() {
        return carried_minus_and_twice::<C, N>();
    }
    // As b + 2c is below 3.9 p, so are its last limbs times 2^(52 (N - 1)).
    let taken: BigInt = (p::<C, N>() * 39 / 10) >> (52 * (N - 1));
    let taken = i128::try_from(taken).unwrap();
    let largest_a = 15 << C::LAST_BITS;
    let raised = C::P4[N - 1] - 4;
    let mut cases = 0;
    for q in 0.. {
        jot_proofs::lanes::reset();
        let (a, b, c) = (any(largest_a), any(LIMB), any(LIMB));
        // The last limb of the sum before any carry.
        let last = Interval::new(i128::from(raised) - taken, largest_a + i128::from(raised));
        assert!(last.low > 0);
        let low = last.low.max(q << C::LAST_BITS);
        let high = last.high.min((q << C::LAST_BITS) + (1 << C::LAST_BITS) - 1);
        if low > high {
            break;
        }
        for place in 0..8 {
            let [a, b, c] = [a, b, c].map(|limbs: [V; N]| limbs[N - 1].0[place].polynomial());
            let less = &b + &c.shifted(1);
            suppose(&less, Interval::new(0, taken));
            suppose(&(&(&a + &Polynomial::constant(raised)) - &less), Interval::new(low, high));
        }
        let out = Field::<C, N>::of(a).minus_and_twice(&Field::of(b), &Field::of(c)).0;
        for place in 0..8 {
            assert!(number::largest(&out, place) * 100 < p::<C, N>() * 101);
            let taken = &number(&b, place) + &number(&c, place).shifted(1);
            let wanted = &(&number(&a, place) - &taken) + &constant(&(p::<C, N>() * (4 - q)));
            assert_eq!(number(&out, place), wanted);
        }
        cases += 1;
    }
    // From t > 0 to a + 4p < 19 p.
    assert_eq!(cases, 19);
}

/// The same where t, a + 4p - b - 2c, is carried first.
fn carried_minus_and_twice<C: InLanes<N>, const N: usize>() {
    // From p/10 to below 19 p, in units of the last limb.
    let last: BigInt = (p::<C, N>() * 19) >> (52 * (N - 1));
    let last = i128::try_from(last).unwrap();
    let mut cases = 0;
    for q in 0.. {
        jot_proofs::lanes::reset();
        let (a, b, c) = (any(15 << C::LAST_BITS), any(LIMB), any(LIMB));
        let low = q << C::LAST_BITS;
        let high = (low + (1 << C::LAST_BITS) - 1).min(last);
        if low > high {
            break;
        }
        let taken = radix52::add(&b, &radix52::add(&c, &c));
        let raised = radix52::add(&a, &Field::<C, N>::splat(&C::P4).0);
        let t: [V; N] = radix52::carried(radix52::subtract(&raised, &taken));
        for lane in t[N - 1].0 {
            suppose(&lane.polynomial(), Interval::new(low, high));
        }
        let out = Field::<C, N>::of(a).minus_and_twice(&Field::of(b), &Field::of(c)).0;
        for place in 0..8 {
            is_carried(&t, place);
            is_carried(&out, place);
            let taken = &number(&b, place) + &number(&c, place).shifted(1);
            let minus = &number(&a, place) - &taken;
            assert_eq!(number(&t, place), &minus + &constant(&(p::<C, N>() * 4)));
            assert_eq!(number(&out, place), &minus + &constant(&(p::<C, N>() * (4 - q))));
        }
        // So t is from q·2^BITS to (q + 1)·2^BITS - 1, and out is t - q·p.
        let [least, end] = [q, q + 1].map(|q| BigInt::from(q) << C::BITS);
        let less = p::<C, N>() * q;
        assert!(less <= least && (end - 1 - less) * 100 < p::<C, N>() * 101);
        cases += 1;
    }
    assert_eq!(cases, 19);
}

fn is_zero<C: InLanes<N>, const N: usize>() {
    let multiples = [[0; N], C::P, C::P2, C::P3];
    // Every limb is one of those of the multiples, or none.
    let values: [Vec<Option<u64>>; N] = std::array::from_fn(|i| {
        let mut values: Vec<_> = multiples.iter().map(|limbs| Some(limbs[i])).collect();
        values.sort_unstable();
        values.dedup();
        values.push(None);
        values
    });
    let others = any::<N>(LIMB);
    for (i, limb) in others.iter().enumerate() {
        limb.0.iter().for_each(|lane| lane.exclude(multiples.iter().map(|limbs| i128::from(limbs[i]))));
    }
    let compare = |ways: [[Option<u64>; N]; 8]| {
        let limb = |place: usize, i: usize| ways[place][i].map_or(others[i].0[place], Lane::of_word);
        let field = std::array::from_fn(|i| V(std::array::from_fn(|place| limb(place, i))));
        let is_multiple = |way| multiples.iter().any(|multiple| way == multiple.map(Some));
        let wanted: u8 = (0..8).map(|place| u8::from(is_multiple(ways[place])) << place).sum();
        assert_eq!(Field::<C, N>::of(field).is_zero(), wanted);
    };
    // Every way is in one place, because places are alike and P-521 has half a million ways.
    let count: usize = values.iter().map(Vec::len).product();
    let way = |number: usize| {
        let mut rest = number % count;
        values.each_ref().map(|values| {
            let value = values[rest % values.len()];
            rest /= values.len();
            value
        })
    };
    for first in (0..count).step_by(8) {
        compare(std::array::from_fn(|place| way(first + place)));
    }
    // The multiples, and what differs from one in one limb, are in each place, beside others.
    let mut near = Vec::new();
    for multiple in multiples {
        for (i, values) in values.iter().enumerate() {
            for value in values {
                let mut way = multiple.map(Some);
                way[i] = *value;
                near.push(way);
            }
        }
    }
    for turn in 0..near.len() {
        compare(std::array::from_fn(|place| near[(turn + 13 * place) % near.len()]));
    }
}

fn chooses<C: InLanes<N>, const N: usize>() {
    let (yes, no) = (any(LIMB), any(LIMB));
    for mask in 0..=u8::MAX {
        let chosen = Field::<C, N>::choose(mask, &Field::of(yes), &Field::of(no)).0;
        for place in 0..8 {
            let from = if mask >> place & 1 == 1 { &yes } else { &no };
            assert_eq!(lanes(&chosen, place), lanes(from, place));
        }
    }
}
