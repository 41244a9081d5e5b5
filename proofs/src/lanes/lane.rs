//! Lanes, as instructions and proofs use them.

use std::rc::Rc;

use num_bigint::BigInt;

use super::arena::{Arena, Lane, Operation, with};
use super::interval::Interval;
use crate::polynomial::{Polynomial, Symbol};

/// The upper bits of a number in memory that stands for a lane.
const TAG: u64 = 0x9e37_79b9_7f00_0000;
/// The lower bits, which number the lane.
const NUMBER: u64 = 0xff_ffff;

/// Forgets every lane and symbol. Lanes from before must not be used any more.
pub fn reset() {
    with(Arena::forget);
}

/// Returns the number of [`reset`]s: what is remembered of lanes ends with the next one.
#[must_use]
pub fn epoch() -> u64 {
    with(|arena| arena.epoch)
}

/// Returns a lane that may be any number of the interval, independent of all others.
#[must_use]
pub fn fresh(interval: Interval) -> Lane {
    with(|arena| {
        let symbol = arena.name(interval, None);
        arena.put(interval, symbol)
    })
}

/// Supposes that a polynomial is in an interval, from now on and wherever it comes up.
/// The proof must give the reason.
pub fn suppose(polynomial: &Polynomial, interval: Interval) {
    with(|arena| arena.put(interval, polynomial.clone()));
}

/// Names, from now until [`reset`], each factor of a product that has several terms: the product's
/// polynomial has the name, and [`stands_for`] tells what that is. Polynomials stay short where
/// products are multiplied again.
pub fn name_factors() {
    with(|arena| arena.names_factors = true);
}

/// What is known of a symbol.
#[derive(Clone, Debug)]
pub struct Meaning {
    /// Its bounds.
    pub interval: Interval,
    /// If it is a carry, the dividend and the bits by which that was shifted; if it is the name of a
    /// factor, the factor and 0.
    pub quotient_of: Option<(Rc<Polynomial>, u32)>,
}

/// Returns what a symbol stands for.
#[must_use]
pub fn stands_for(symbol: Symbol) -> Meaning {
    with(|arena| {
        let named = &arena.symbols[symbol.0 as usize];
        Meaning { interval: named.interval, quotient_of: named.carry_of.clone() }
    })
}

/// Divides a number, which the proof must know to be from `range[0]` to `range[1]`, by 2^64: the
/// quotient and the rest.
pub(crate) fn words_of(number: Polynomial, range: [u128; 2]) -> [Lane; 2] {
    with(|arena| arena.words(number, range))
}

/// Returns the largest number that any lane may have been since [`reset`].
#[must_use]
pub fn largest() -> i128 {
    with(|arena| arena.largest)
}

/// Writes a polynomial as a number of `count` digits, each a lane below 2^bits, the lowest
/// first; so it is from 0 to 2^(bits·count) - 1. Returns `None` if it finds no such lanes
/// among all that were made.
#[must_use]
pub fn digits(polynomial: &Polynomial, bits: u32, count: usize) -> Option<Vec<Lane>> {
    let base = BigInt::from(1) << bits;
    let mut rest = polynomial.clone();
    let mut digits = Vec::new();
    for _ in 0..count {
        let (_, lowest) = rest.divided_in_part(&base);
        let (digit, above) = with(|arena| arena.digit(&rest, &lowest, bits, &base))?;
        digits.push(digit);
        rest = above;
    }
    (rest == Polynomial::zero()).then_some(digits)
}

impl Lane {
    /// Returns the lane of a number.
    #[must_use]
    pub fn constant(number: i128) -> Self {
        with(|arena| arena.constant(number))
    }

    /// Returns the lane of a polynomial, which the proof must know to be in the interval.
    #[must_use]
    pub fn of(polynomial: &Polynomial, interval: Interval) -> Self {
        with(|arena| arena.put(interval, polynomial.clone()))
    }

    /// Returns its polynomial.
    #[must_use]
    pub fn polynomial(self) -> Polynomial {
        with(|arena| (*arena.value(self).polynomial).clone())
    }

    /// Returns its bounds.
    #[must_use]
    pub fn interval(self) -> Interval {
        with(|arena| arena.value(self).interval)
    }

    /// Returns what the multiplier reads: the low 52 bits, by their name if they have one.
    #[must_use]
    pub fn factor(self) -> Self {
        with(|arena| arena.factor(self))
    }

    /// Supposes that it is none of these numbers.
    pub fn exclude(self, numbers: impl IntoIterator<Item = i128>) {
        with(|arena| arena.values[self.0 as usize].excluded.extend(numbers));
    }

    pub(super) fn excludes(self, number: i128) -> bool {
        with(|arena| arena.value(self).excluded.contains(&number))
    }

    /// Returns a number that stands for it in memory: itself, if it is one.
    #[must_use]
    pub fn word(self) -> u64 {
        match self.interval().as_constant() {
            Some(number) if number < 0 => (number as i64).cast_unsigned(),
            Some(number) => number as u64,
            None => TAG | u64::from(self.0),
        }
    }

    /// Returns what a number in memory stands for.
    #[must_use]
    pub fn of_word(word: u64) -> Self {
        let lane = Self((word & NUMBER) as u32);
        let is_lane = word & !NUMBER == TAG && with(|arena| (lane.0 as usize) < arena.values.len());
        if is_lane { lane } else { Self::constant(i128::from(word)) }
    }

    /// Returns what an operation gave for the same lanes before, or gives now.
    fn once(self, other: Self, operation: Operation, result: impl FnOnce() -> Self) -> Self {
        let key = (operation, [self, other]);
        if let Some(lane) = with(|arena| arena.results.get(&key).copied()) {
            return lane;
        }
        let lane = result();
        with(|arena| arena.results.insert(key, lane));
        lane
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        self.once(other, Operation::Sum, || self.sum(other))
    }

    fn sum(self, other: Self) -> Self {
        with(|arena| {
            let (a, b) = (arena.value(self), arena.value(other));
            let (interval, sum) = (a.interval.plus(b.interval), &*a.polynomial + &*b.polynomial);
            arena.put(interval, sum)
        })
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.once(other, Operation::Difference, || self.difference(other))
    }

    fn difference(self, other: Self) -> Self {
        with(|arena| {
            let (a, b) = (arena.value(self), arena.value(other));
            let (interval, difference) = (a.interval.minus(b.interval), &*a.polynomial - &*b.polynomial);
            arena.put(interval, difference)
        })
    }

    /// Returns ⌊x / 2^bits⌋ and the rest.
    pub(crate) fn cut(self, bits: u32) -> [Self; 2] {
        with(|arena| arena.cut(self, bits))
    }

    /// Returns the high and the low half of the product of the low 52 bits.
    pub(crate) fn halves(self, other: Self) -> [Self; 2] {
        with(|arena| arena.halves(self, other))
    }

    /// Shifts to the left; the bits that leave the word are cut off.
    pub(crate) fn shifted_left(self, bits: u32) -> Self {
        self.once(self, Operation::ShiftedLeft(bits), || self.to_the_left(bits))
    }

    fn to_the_left(self, bits: u32) -> Self {
        let interval = self.interval();
        let is_exact = interval.is_within(Interval::new(-(1 << (63 - bits)), (1 << (63 - bits)) - 1));
        let kept = if is_exact { self } else { self.not_negative().cut(64 - bits)[1] };
        with(|arena| {
            let value = arena.value(kept);
            let (interval, polynomial) = (value.interval.shifted(bits), value.polynomial.shifted(bits));
            arena.put(interval, polynomial)
        })
    }

    /// Joins the bits of two lanes that have none at the same place.
    pub(crate) fn joined(self, other: Self) -> Self {
        self.once(other, Operation::Joined, || self.disjoint(other))
    }

    fn disjoint(self, other: Self) -> Self {
        let is_below = |low: Self, high: Self| {
            with(|arena| {
                let (low, high) = (arena.value(low).interval, Rc::clone(&arena.value(high).polynomial));
                let zeros = high.terms().filter_map(|term| term.1.trailing_zeros()).min();
                let below = BigInt::from(1) << zeros.unwrap_or(0);
                low.low >= 0 && BigInt::from(low.high) < below
            })
        };
        let [a, b] = [self, other].map(Self::not_negative);
        assert!(is_below(a, b) || is_below(b, a), "bits of two words may be at the same place");
        a.plus(b)
    }

    /// Keeps the bits of a mask, which one of the two must be.
    pub(crate) fn masked(self, other: Self) -> Self {
        let constants = [self, other].map(|lane| lane.interval().as_constant());
        let (lane, mask) = match constants {
            [_, Some(mask)] => (self, mask),
            [Some(mask), None] => (other, mask),
            [None, None] => panic!("neither of two words is a mask"),
        };
        assert!(mask >= 0 && (mask + 1).count_ones() == 1, "a mask of other than low bits: {mask:#x}");
        match mask.count_ones() {
            64 => lane.not_negative(),
            bits => lane.cut(bits)[1],
        }
    }

    /// Returns it, if its word is not that of a negative number.
    pub(crate) fn not_negative(self) -> Self {
        assert!(self.interval().low >= 0, "bits of what may be negative: {:?}", self.interval());
        self
    }
}

/// Returns what a lane is, if the symbols that are no carries are these numbers, in turn.
#[cfg(test)]
pub(crate) fn value_of(lane: Lane, given: &[i128]) -> i128 {
    with(|arena| {
        let mut values: Vec<BigInt> = Vec::new();
        let mut given = given.iter();
        for named in &arena.symbols {
            let value = match &named.carry_of {
                None => BigInt::from(*given.next().unwrap()),
                Some((dividend, bits)) => dividend.value(&values) >> *bits,
            };
            values.push(value);
        }
        i128::try_from(arena.value(lane).polynomial.value(&values)).unwrap()
    })
}
