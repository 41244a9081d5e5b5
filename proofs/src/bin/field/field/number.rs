//! Numbers of unknown words.

use jot_proofs::lanes::{Interval, Lane, Question, decided, fresh};
use jot_proofs::polynomial::{Polynomial, Symbol};
use jot_proofs::words::Carry;
use num_bigint::BigInt;

use super::moduli::Modulus;

/// Returns any words.
pub(crate) fn any<const N: usize>() -> [u64; N] {
    [(); N].map(|()| fresh(Interval::bits(64)).word())
}

/// Returns the number of these words.
pub(crate) fn number(words: &[u64]) -> Polynomial {
    Polynomial::sum(
        words
            .iter()
            .zip((0..).step_by(64))
            .map(|(word, bits)| Lane::of_word(*word).polynomial().shifted(bits)),
    )
}

/// Returns a number of constant words.
pub(crate) fn big(words: &[u64]) -> BigInt {
    words.iter().rev().fold(BigInt::ZERO, |number, word| (number << 64) + *word)
}

pub(crate) fn modulus<M: Modulus<N>, const N: usize>() -> BigInt {
    big(&M::VALUE)
}

/// Returns 2^(64·words).
pub(crate) fn power(words: usize) -> BigInt {
    BigInt::from(1) << (64 * words)
}

/// What code gave, and the questions about carries that it asked on the way.
pub(crate) struct Path<T> {
    pub(crate) result: T,
    pub(crate) asked: Vec<(Lane, bool)>,
}

/// Runs code with every answer to its questions about carries, but those whose answers are given.
pub(crate) fn paths<T>(given: &[(Lane, bool)], run: impl Fn() -> T) -> Vec<Path<T>> {
    let mut paths = Vec::new();
    let mut begin: Vec<bool> = Vec::new();
    loop {
        let path = path(given, &begin, &run);
        let last = path.asked.iter().rposition(|(_, answer)| !answer);
        begin = path.asked.iter().map(|(_, answer)| *answer).take(last.unwrap_or(0)).collect();
        begin.push(true);
        paths.push(path);
        if last.is_none() {
            return paths;
        }
    }
}

/// Runs code whose first questions get these answers, and the others `false`.
pub(crate) fn path<T>(given: &[(Lane, bool)], begin: &[bool], run: impl FnOnce() -> T) -> Path<T> {
    let (known, mut answers) = (given.to_vec(), Vec::from(begin).into_iter());
    let about = |question: &Question| match question {
        Question::AreEqual { lanes: [lane, _], .. } => *lane,
        _ => panic!("{question:?}"),
    };
    let answer_to = move |lane| known.iter().find(|(other, _)| *other == lane).map(|(_, answer)| *answer);
    let (result, asked) = decided(
        move |question| answer_to(about(question)).unwrap_or_else(|| answers.next().unwrap_or(false)),
        run,
    );
    let asked = asked.iter().map(|(question, answer)| (about(question), *answer));
    Path { result, asked: asked.filter(|(lane, _)| given.iter().all(|(other, _)| other != lane)).collect() }
}

/// An integer of which a polynomial and bounds are known.
pub(crate) struct Whole {
    pub(crate) number: Polynomial,
    pub(crate) low: BigInt,
    pub(crate) high: BigInt,
}

/// Goes through all values of the carries by which numbers of so many words differ from a whole one,
/// and calls `f` with the bounds of the whole and the differences of each number from it, in every case
/// that is possible: each of the numbers is from 0 to 2^(64 words) - 1. Returns whether one is.
pub(crate) fn in_every_case(
    whole: &Whole,
    numbers: &[Polynomial],
    words: usize,
    known: &[(Lane, bool)],
    f: impl Fn([&BigInt; 2], &[BigInt]),
) -> bool {
    let differences: Vec<Polynomial> = numbers.iter().map(|number| number - &whole.number).collect();
    let known: Vec<(Polynomial, bool)> =
        known.iter().map(|(carry, is_set)| (carry.polynomial(), *is_set)).collect();
    let mut carries: Vec<Symbol> = Vec::new();
    for polynomial in differences.iter().chain(known.iter().map(|(carry, _)| carry)) {
        for (symbols, _) in polynomial.terms() {
            match symbols {
                [] => {}
                [symbol] if carries.contains(symbol) => {}
                [symbol] => carries.push(*symbol),
                _ => panic!("numbers differ by more than carries"),
            }
        }
    }
    for symbol in &carries {
        let interval = jot_proofs::lanes::stands_for(*symbol).interval;
        assert!(interval.is_within(Interval::bits(1)), "numbers differ by more than carries");
    }
    let mut is_possible = false;
    for case in 0..1_u32 << carries.len() {
        let value = |polynomial: &Polynomial| {
            let value = carries.iter().enumerate().fold(polynomial.clone(), |polynomial, (at, symbol)| {
                let [times, rest] = polynomial.split_by(*symbol);
                if case >> at & 1 == 1 { &times + &rest } else { rest }
            });
            value.as_constant().expect("no other symbols")
        };
        if known.iter().any(|(carry, is_set)| value(carry) != BigInt::from(u8::from(*is_set))) {
            continue;
        }
        let differences: Vec<BigInt> = differences.iter().map(value).collect();
        let (mut low, mut high) = (whole.low.clone(), whole.high.clone());
        for difference in &differences {
            low = low.max(-difference);
            high = high.min(power(words) - 1 - difference);
        }
        if low <= high {
            is_possible = true;
            f([&low, &high], &differences);
        }
    }
    is_possible
}

/// Asserts that the last of the numbers is congruent to the whole one modulo m and below m, wherever the
/// carries are as known. Returns whether they can be.
pub(crate) fn is_reduced(whole: &Whole, numbers: &[&[u64]], known: &[(Lane, bool)], m: &BigInt) -> bool {
    let words = numbers[0].len();
    let polynomials: Vec<Polynomial> = numbers.iter().map(|words| number(words)).collect();
    in_every_case(whole, &polynomials, words, known, |[low, high], differences| {
        let last = differences.last().expect("a number");
        assert_eq!(last % m, BigInt::ZERO, "not congruent");
        assert!(low + last >= BigInt::ZERO && &(high + last) < m, "not reduced");
    })
}

/// Asserts that the number is the whole one.
pub(crate) fn is_whole(whole: &Whole, words: &[u64]) {
    let is_possible = in_every_case(whole, &[number(words)], words.len(), &[], |_, differences| {
        assert_eq!(differences, [BigInt::ZERO], "another number");
    });
    assert!(is_possible);
}

/// Asserts that a borrow of `difference`, which is of the whole number, tells whether that is negative.
pub(crate) fn tells_sign(whole: &Whole, difference: &[u64], borrow: Carry) {
    for is_set in [false, true] {
        let is_possible = in_every_case(
            whole,
            &[number(difference)],
            difference.len(),
            &[(borrow.lane(), is_set)],
            |[low, high], _| {
                assert!(if is_set { high < &BigInt::ZERO } else { low >= &BigInt::ZERO }, "it tells no sign");
            },
        );
        assert!(is_possible);
    }
}
