//! What is known of every lane and symbol.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use num_bigint::BigInt;

use super::interval::Interval;
use crate::polynomial::{Polynomial, Symbol};

/// A word of 64 bits: a number of which a polynomial and bounds are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub(super) u32);

/// What is known of a lane.
pub(super) struct Value {
    pub(super) interval: Interval,
    pub(super) polynomial: Rc<Polynomial>,
    /// Numbers that it is not.
    pub(super) excluded: Vec<i128>,
}

/// What a symbol stands for.
pub(super) struct Named {
    pub(super) interval: Interval,
    /// A carry's dividend, and the power of two that it is divided by; 1 for the name of a factor.
    pub(super) carry_of: Option<(Rc<Polynomial>, u32)>,
}

/// An operation whose result is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Sum,
    Difference,
    Joined,
    ShiftedLeft(u32),
}

/// Every lane and symbol of a thread.
#[derive(Default)]
pub(super) struct Arena {
    pub(super) values: Vec<Value>,
    places: HashMap<Rc<Polynomial>, Lane>,
    pub(super) symbols: Vec<Named>,
    pub(super) results: HashMap<(Operation, [Lane; 2]), Lane>,
    cuts: HashMap<(Lane, u32), [Lane; 2]>,
    halves: HashMap<[Lane; 2], [Lane; 2]>,
    words: HashMap<Polynomial, [Lane; 2]>,
    /// Whether factors of several terms get names, and those that have one.
    pub(super) names_factors: bool,
    names: HashMap<Lane, Lane>,
    /// The largest number that a lane may be.
    pub(super) largest: i128,
    /// How often everything was forgotten.
    pub(super) epoch: u64,
}

thread_local! {
    static ARENA: RefCell<Arena> = RefCell::default();
}

/// Calls `f` with what is known.
pub(super) fn with<T>(f: impl FnOnce(&mut Arena) -> T) -> T {
    ARENA.with(|arena| f(&mut arena.borrow_mut()))
}

impl Arena {
    /// Forgets everything but how often it did.
    pub(super) fn forget(&mut self) {
        *self = Self { epoch: self.epoch + 1, ..Self::default() };
    }

    pub(super) fn value(&self, lane: Lane) -> &Value {
        &self.values[lane.0 as usize]
    }

    fn interval(&self, lane: Lane) -> Interval {
        self.value(lane).interval
    }

    /// Returns the lane of a polynomial whose value is in `interval`.
    pub(super) fn put(&mut self, interval: Interval, polynomial: Polynomial) -> Lane {
        let known = self.places.get(&polynomial).copied();
        let interval = known.map_or(interval, |lane| self.interval(lane).and(interval));
        let is_unsigned = interval.is_within(Interval::bits(64));
        let is_signed = interval.is_within(Interval::new(-(1 << 63), (1 << 63) - 1));
        assert!(is_unsigned || is_signed, "a word may wrap: {interval:?}");
        self.largest = self.largest.max(interval.high);
        if let Some(lane) = known {
            self.values[lane.0 as usize].interval = interval;
            return lane;
        }
        let lane = Lane(u32::try_from(self.values.len()).expect("fewer lanes"));
        let polynomial = Rc::new(polynomial);
        self.places.insert(Rc::clone(&polynomial), lane);
        self.values.push(Value { interval, polynomial, excluded: Vec::new() });
        lane
    }

    pub(super) fn constant(&mut self, number: i128) -> Lane {
        self.put(Interval::new(number, number), Polynomial::constant(number))
    }

    pub(super) fn name(&mut self, interval: Interval, carry_of: Option<(Rc<Polynomial>, u32)>) -> Polynomial {
        let symbol = Symbol(u32::try_from(self.symbols.len()).expect("fewer symbols"));
        self.symbols.push(Named { interval, carry_of });
        Polynomial::symbol(symbol)
    }

    /// Returns bounds of a polynomial from those of its symbols.
    fn bounds(&self, polynomial: &Polynomial) -> [BigInt; 2] {
        let mut sum = [BigInt::ZERO, BigInt::ZERO];
        for (symbols, coefficient) in polynomial.terms() {
            let mut ends = [coefficient.clone(), coefficient.clone()];
            for symbol in symbols {
                let Interval { low, high } = self.symbols[symbol.0 as usize].interval;
                let products = [&ends[0] * low, &ends[0] * high, &ends[1] * low, &ends[1] * high];
                ends = [products.iter().min().unwrap().clone(), products.iter().max().unwrap().clone()];
            }
            let [low, high] = ends;
            sum[0] += low;
            sum[1] += high;
        }
        sum
    }

    /// Divides by 2^bits, rounding down: the quotient and the rest.
    pub(super) fn cut(&mut self, lane: Lane, bits: u32) -> [Lane; 2] {
        if let Some(parts) = self.cuts.get(&(lane, bits)) {
            return *parts;
        }
        let divisor = 1_i128 << bits;
        let Value { interval, polynomial, .. } = self.value(lane);
        let (interval, polynomial) = (*interval, Rc::clone(polynomial));
        let parts = if interval.is_within(Interval::bits(bits)) {
            [self.constant(0), lane]
        } else if let Some(number) = interval.divided(bits).as_constant() {
            let multiple = number * divisor;
            let rest = interval.minus(Interval::new(multiple, multiple));
            [self.constant(number), self.put(rest, &*polynomial - &Polynomial::constant(multiple))]
        } else if let Some([upper, lower]) = self.parts(&polynomial, bits) {
            [self.put(interval.divided(bits), upper), self.put(Interval::bits(bits), lower)]
        } else {
            let quotients = interval.divided(bits);
            let carry = self.name(quotients, Some((Rc::clone(&polynomial), bits)));
            let rest = &*polynomial - &carry.shifted(bits);
            [self.put(quotients, carry), self.put(Interval::bits(bits), rest)]
        };
        self.cuts.insert((lane, bits), parts);
        parts
    }

    /// Divides a number from `low` to `high` by 2^64, rounding down: the quotient and the rest.
    pub(super) fn words(&mut self, number: Polynomial, [low, high]: [u128; 2]) -> [Lane; 2] {
        if let Some(words) = self.words.get(&number) {
            return *words;
        }
        let signed = |number: u128| i128::try_from(number).expect("a quotient is a word");
        let quotients = Interval::new(signed(low >> 64), signed(high >> 64));
        let words = if let Some(quotient) = quotients.as_constant() {
            let multiple = quotient.cast_unsigned() << 64;
            let rest = Interval::new(signed(low - multiple), signed(high - multiple));
            let lower = &number - &Polynomial::constant(BigInt::from(multiple));
            [self.constant(quotient), self.put(rest, lower)]
        } else if let Some([upper, lower]) = self.parts(&number, 64) {
            [self.put(quotients, upper), self.put(Interval::bits(64), lower)]
        } else {
            let carry = self.name(quotients, Some((Rc::new(number.clone()), 64)));
            let rest = &number - &carry.shifted(64);
            [self.put(quotients, carry), self.put(Interval::bits(64), rest)]
        };
        self.words.insert(number, words);
        words
    }

    /// Returns the quotient and the rest of a division by 2^bits, if the polynomial has
    /// them for its parts.
    fn parts(&self, polynomial: &Polynomial, bits: u32) -> Option<[Polynomial; 2]> {
        let (upper, lower) = polynomial.divided_in_part(&(BigInt::from(1) << bits));
        let [low, high] = self.bounds(&lower);
        let is_rest = low >= BigInt::ZERO && high < BigInt::from(1) << bits;
        is_rest.then_some([upper, lower])
    }

    /// Returns a lane of so many bits that leaves a multiple of `base` = 2^bits of `whole`, whose
    /// terms that are none are `lowest`, and the quotient.
    pub(super) fn digit(
        &mut self,
        whole: &Polynomial,
        lowest: &Polynomial,
        bits: u32,
        base: &BigInt,
    ) -> Option<(Lane, Polynomial)> {
        if lowest == &Polynomial::zero() {
            return Some((self.constant(0), whole.divided(base)?));
        }
        let within = |value: &Value| value.interval.is_within(Interval::bits(bits));
        let candidates = self.values.iter().enumerate().filter(|(_, value)| within(value));
        candidates.filter(|(_, value)| value.polynomial.has_symbols_of(lowest)).find_map(|(at, value)| {
            let quotient = (whole - &value.polynomial).divided(base)?;
            Some((Lane(u32::try_from(at).ok()?), quotient))
        })
    }

    /// Returns the low 52 bits.
    pub(super) fn factor(&mut self, lane: Lane) -> Lane {
        let [_, low] = self.cut(lane, 52);
        if self.names_factors { self.named(low) } else { low }
    }

    /// Returns a lane of the same number whose polynomial has one term.
    fn named(&mut self, lane: Lane) -> Lane {
        if let Some(named) = self.names.get(&lane) {
            return *named;
        }
        let Value { interval, polynomial, .. } = self.value(lane);
        let (interval, polynomial) = (*interval, Rc::clone(polynomial));
        let named = if polynomial.terms().count() <= 1 {
            lane
        } else {
            let symbol = self.name(interval, Some((polynomial, 0)));
            self.put(interval, symbol)
        };
        self.names.insert(lane, named);
        named
    }

    /// Returns the high and the low 52 bits of the product of the low 52 bits of two lanes.
    pub(super) fn halves(&mut self, a: Lane, b: Lane) -> [Lane; 2] {
        let [a, b] = [a, b].map(|lane| self.factor(lane));
        let factors = [a.min(b), a.max(b)];
        if let Some(halves) = self.halves.get(&factors) {
            return *halves;
        }
        let (x, y) = (self.value(a), self.value(b));
        let product = &*x.polynomial * &*y.polynomial;
        let range = Interval::new(x.interval.low * y.interval.low, x.interval.high * y.interval.high);
        let halves = if range.is_within(Interval::bits(52)) {
            [self.constant(0), self.put(range, product)]
        } else if let Some(number) = range.as_constant() {
            [self.constant(number >> 52), self.constant(number & ((1 << 52) - 1))]
        } else {
            let quotients = range.divided(52);
            let product = Rc::new(product);
            let carry = self.name(quotients, Some((Rc::clone(&product), 52)));
            let rest = &*product - &carry.shifted(52);
            [self.put(quotients, carry), self.put(Interval::bits(52), rest)]
        };
        self.halves.insert(factors, halves);
        halves
    }
}
