//! What the points of keys and their multiples are: values of the field's operations, each with a symbol.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, Question, decided, reset};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::{V, and, broadcast64, load, shift_right64};
use num_bigint::BigInt;

use super::decode::opposite_points;
use super::field::{Field, ZEROS, canonical_numbers, compared_with_zero};
use super::multiples::Multiples;
use super::point::{Addend, Point};
use crate::edwards::p;
use crate::ifma::radix52::split;
use crate::known::{Known, known, made_of, name_values, numbers, remember, symbol};
use crate::number::{any_words, lanes};

pub(in crate::ifma::ed25519) const CLAIMS: &[Claim] = &[
    Claim {
        says: "the rows of a key are those of the point, and of each sum plus the point, made affine by its own \
               inverse, in each lane",
        about: "accel/src/ifma/ed25519/multiples.rs",
        proof: multiples_are_right,
    },
    Claim {
        says: "where a lane has a point, v·x² = u, which is the curve's equation, for the x that is given, whichever \
               of the roots that is",
        about: "accel/src/ifma/ed25519/decode.rs",
        proof: decoded_points_are_on_the_curve,
    },
];

fn value(limbs: &[V], place: usize) -> Polynomial {
    known(limbs, place).value.expect("a value")
}

/// Any numbers below p, with a symbol for each place.
fn named(coordinate: u64) -> Field {
    Field(numbers(std::array::from_fn(|place| Known::named(8 * coordinate + place as u64, &p()))))
}

/// What was compared, and with what: of each of so many times five limbs, all places.
fn compared(asked: &[(Question, bool)]) -> Vec<[[V; 5]; 2]> {
    let limb = |questions: &[(Question, bool)], side: usize| {
        V(std::array::from_fn(|at| match questions[at].0 {
            Question::AreEqual { place, lanes } if place == at => lanes[side],
            ref question => panic!("{question:?}"),
        }))
    };
    let numbers = asked
        .chunks(8 * 5)
        .map(|number| [0, 1].map(|side| std::array::from_fn(|at| limb(&number[8 * at..8 * at + 8], side))));
    numbers.collect()
}

fn multiples_are_right() {
    name_values();
    let (x, y) = (named(0), named(1));
    let (made, asked) = decided(|question| question.place() != 5, || Multiples::new(&x, &y));
    let (multiples, proved) = made.expect("an inverse");
    assert_eq!(proved, 0xdf);
    let [[compared, _]] = compared(&asked)[..] else { panic!("{} comparisons", asked.len()) };

    let addend = Addend::affine(&x, &y);
    let mut last = Point::affine(x, y);
    let (mut points, mut products) = (Vec::new(), vec![Field::splat(&[1, 0, 0, 0, 0])]);
    for _ in 2..=8 {
        last = last.plus(&addend);
        products.push(products.last().unwrap().times(&last.z));
        points.push(Point { ..last });
    }
    let all = products.pop().unwrap();
    let inverse = numbers(std::array::from_fn(|place| {
        let factor = value(&all.0, place).as_symbol().expect("a symbol");
        let [inverse, rest] = made_of(&value(&compared, place)).split_by(factor);
        assert_eq!(rest, Polynomial::zero());
        Known { value: Some(inverse), ..Known::new(0, p() - 1) }
    }));
    let mut inverse = Field(inverse);
    assert_rows(&multiples, 1, &addend);
    for (at, (point, product)) in points.iter().zip(&products).enumerate().rev() {
        let own = inverse.times(product);
        inverse = inverse.times(&point.z);
        let (x, y) = (point.x.times(&own).canonical(), point.y.times(&own).canonical());
        assert_rows(&multiples, 2 + at, &Addend::affine(&x, &y));
    }
}

/// Asserts that the rows of a digit are those of the addend.
fn assert_rows(multiples: &Multiples, digit: usize, addend: &Addend) {
    assert_eq!(addend.negative, 0);
    for lane in 0..8 {
        let [first, last] = multiples.rows(lane, digit).unwrap();
        let parts =
            [(&first[..4], &addend.sum), (&first[4..], &addend.difference), (&last[4..], &addend.product)];
        for (words, number) in parts {
            let words: [u64; 4] = words.try_into().unwrap();
            let limbs: [V; 5] = split(words.map(|word| V([Lane::of_word(word); 8])));
            assert_eq!(value(&limbs, 0), value(&number.0, lane), "lane {lane}, {digit} times");
        }
    }
}

/// Writes a value by two symbols.
fn in_symbols(value: &Polynomial, symbols: [&Polynomial; 2]) -> Polynomial {
    let terms = value.terms().map(|(factors, coefficient)| {
        let factors = factors.iter().map(|factor| {
            let factor = Polynomial::symbol(*factor);
            if symbols.contains(&&factor) { factor } else { in_symbols(&made_of(&factor), symbols) }
        });
        factors.fold(Polynomial::constant(coefficient.clone()), |product, factor| &product * &factor)
    });
    Polynomial::sum(terms.collect::<Vec<_>>()).modulo(&p())
}

/// The encoding in memory of any y below 2^255, with a symbol for each place, and of any sign.
fn encoded() -> [[u64; 8]; 4] {
    let mut limbs = [[0; 8]; 4];
    for place in 0..8 {
        let words = any_words();
        let [a, b, c, d] = words.map(|word| V([word; 8]));
        let y: [V; 5] = split([a, b, c, and(d, broadcast64(i64::MAX))]);
        let any = Known { value: Some(symbol(place)), ..Known::new(0, (BigInt::from(1) << 255) - 1) };
        remember(lanes(&y, 0), any);
        for (limb, word) in limbs.iter_mut().zip(words) {
            limb[place as usize] = word.word();
        }
    }
    limbs
}

/// The d of RFC 8032 §5.1: -121665/121666
fn d() -> BigInt {
    (p() - 121_665) * BigInt::from(121_666).modpow(&(p() - 2), &p()) % p()
}

/// What is answered in a lane.
#[derive(Clone, Copy)]
struct Answers {
    is_below_p: bool,
    is_root: bool,
    is_turned: bool,
    is_zero: bool,
    is_odd: bool,
    wants_odd: bool,
}

/// In turn all, the last three of them by the lane.
fn answers(case: u8) -> [Answers; 8] {
    let is = |number: u8, bit: u8| number >> bit & 1 == 1;
    std::array::from_fn(|lane| Answers {
        is_below_p: is(case, 0),
        is_turned: is(case, 1),
        is_zero: is(case, 2),
        is_root: is(lane as u8, 0),
        is_odd: is(lane as u8, 1),
        wants_odd: is(lane as u8, 2),
    })
}

fn decoded_points_are_on_the_curve() {
    for case in 0..8 {
        reset();
        name_values();
        let answers = answers(case);
        let limbs = encoded();
        let (_, _) = (canonical_numbers(), compared_with_zero());
        ZEROS.set([answers[0].is_turned, answers[0].is_zero].map(|is| if is { 0xff } else { 0 }));
        let mut count = 0;
        let answer = move |question: &Question| {
            let lane = answers[question.place()];
            let answer = match count / 8 {
                0..5 => lane.is_below_p,
                5..10 => lane.is_root,
                10 => lane.is_odd,
                _ => lane.wants_odd,
            };
            count += 1;
            answer
        };
        let ((x, y, found), asked) = decided(answer, || opposite_points(&limbs));
        assert_eq!(asked.len(), 8 * 12);
        let [[reduced_y, y_itself], [root, u]] = compared(&asked[..8 * 10])[..] else {
            panic!("comparisons")
        };
        let [turned, x_or_zero] = compared_with_zero()[..] else { panic!("comparisons with 0") };
        let [first, .., last] = canonical_numbers()[..] else { panic!("canonical numbers") };
        assert_eq!((reduced_y, y_itself, x_or_zero), (first, y.0, last));
        let bits = [and(last[0], broadcast64(1)), shift_right64::<63>(load(&limbs[3]))];
        for (questions, bit) in asked[8 * 10..].chunks(8).zip(bits) {
            for ((question, _), lane) in questions.iter().zip(bit.0) {
                let Question::AreEqual { lanes, .. } = question else { panic!("{question:?}") };
                assert_eq!(*lanes, [lane, Lane::constant(1)]);
            }
        }
        for (place, lane) in answers.into_iter().enumerate() {
            let is_found =
                lane.is_below_p && (lane.is_root || lane.is_turned) && !(lane.is_zero && lane.wants_odd);
            assert_eq!(found >> place & 1 == 1, is_found);
            // The x of the encoding has the wanted sign, and the opposite has the other one.
            let (given, canonical) = (value(&x.0, place), value(&last, place));
            if lane.is_zero || lane.is_odd != lane.wants_odd {
                assert_eq!(given, canonical);
            } else {
                assert_eq!(made_of(&given), (&Polynomial::zero() - &canonical).modulo(&p()));
            }
            // What was raised to a power is a root, or times a root of -1.
            let raised = if lane.is_turned {
                let factors = made_of(&canonical);
                let (symbols, _) = factors.terms().next().expect("a term");
                Polynomial::symbol(symbols[0])
            } else {
                canonical
            };
            let y = value(&y.0, place);
            let [given, root, u, turned] =
                [given, value(&root, place), value(&u, place), value(&turned, place)]
                    .map(|number| in_symbols(&number, [&y, &raised]));
            // -x² + y² - 1 - d·x²·y² is 0 as what was compared is.
            let (x2, y2) = (&given * &given, &y * &y);
            let curve = &(&(&y2 - &x2) - &Polynomial::constant(1)) - &(&x2 * &y2).scaled(&d());
            let zero = if lane.is_turned { turned } else { &u - &root };
            assert_eq!(curve.modulo(&p()), zero.modulo(&p()));
        }
    }
    ZEROS.set([0; 2]);
}
