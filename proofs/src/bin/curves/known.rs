//! What is known of numbers in lanes, beside their limbs: exact bounds, what
//! they depend on, and what they are modulo p.
//!
//! The contracts say of limbs that all but the last are below 2^52. A number that is not negative and
//! is below 2^(52 N) then has a last limb that is not negative and below 2^52 as well, so it is
//! *carried*, and a factor. That is why both are asserted of every number.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::panic::Location;

use jot_proofs::lanes::{Interval, Lane, epoch, fresh, suppose};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use crate::number::{LIMB, any_limbs, lanes, word_bits};

/// Bounds of a number in a place, and the names of what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) low: BigInt,
    pub(crate) high: BigInt,
    pub(crate) from: BTreeSet<u64>,
    /// What it is modulo p, in the symbols of named numbers, where a proof wants to know.
    pub(crate) value: Option<Polynomial>,
}

impl Known {
    pub(crate) fn new(low: impl Into<BigInt>, high: impl Into<BigInt>) -> Self {
        Self { low: low.into(), high: high.into(), from: BTreeSet::new(), value: None }
    }

    /// A number below `end` that has a name, and a symbol by it.
    pub(crate) fn named(name: u64, end: &BigInt) -> Self {
        let value = Some(symbol(name));
        Self { from: [name].into(), value, ..Self::new(0, end - 1) }
    }

    /// Adds what it is modulo p, if that is known of all that it is made from.
    pub(crate) fn valued<const N: usize>(
        mut self,
        operands: [&Self; N],
        value: impl FnOnce([&Polynomial; N]) -> Polynomial,
    ) -> Self {
        let values = operands.map(|operand| operand.value.as_ref());
        if values.iter().all(Option::is_some) {
            self.value = Some(by_its_name(value(values.map(Option::unwrap))));
        }
        self
    }

    pub(crate) fn from(mut self, others: &[&Self]) -> Self {
        self.from.extend(others.iter().flat_map(|other| &other.from));
        self
    }
}

/// What an operation at a line of a file gave, in all places.
pub(crate) struct Given {
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) low: BigInt,
    pub(crate) high: BigInt,
}

#[derive(Default)]
struct Memory {
    epoch: u64,
    known: HashMap<Vec<Lane>, Known>,
    given: Vec<Given>,
    symbols: HashMap<u64, Polynomial>,
    loaded: HashMap<Vec<Lane>, u64>,
    /// Whether what an operation makes gets a symbol, and those that did.
    names_values: bool,
    names: HashMap<Polynomial, Polynomial>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

fn with<T>(f: impl FnOnce(&mut Memory) -> T) -> T {
    MEMORY.with(|memory| {
        let mut memory = memory.borrow_mut();
        if memory.epoch != epoch() {
            *memory = Memory { epoch: epoch(), ..Memory::default() };
        }
        f(&mut memory)
    })
}

/// Gives, from now until everything is forgotten, a symbol of its own to what each operation makes of its
/// operands, always the same one for the same operands: long computations keep short values.
pub(crate) fn name_values() {
    with(|memory| memory.names_values = true);
}

fn by_its_name(value: Polynomial) -> Polynomial {
    let known = with(|memory| match memory.names.get(&value) {
        Some(name) => Some(name.clone()),
        None if memory.names_values => None,
        None => Some(value.clone()),
    });
    if value.as_constant().is_some() || value.as_symbol().is_some() {
        return value;
    }
    known.unwrap_or_else(|| {
        let name = fresh(Interval::bits(1)).polynomial();
        with(|memory| memory.names.insert(value, name.clone()));
        name
    })
}

/// Returns what a value is of the operands of its operation.
pub(crate) fn made_of(value: &Polynomial) -> Polynomial {
    let made = |memory: &mut Memory| {
        memory.names.iter().find(|(_, name)| *name == value).map(|(made, _)| made.clone())
    };
    with(made).expect("the result of an operation")
}

/// Returns the symbol of a name.
pub(crate) fn symbol(name: u64) -> Polynomial {
    let known = with(|memory| memory.symbols.get(&name).cloned());
    known.unwrap_or_else(|| {
        let symbol = fresh(Interval::bits(1)).polynomial();
        with(|memory| memory.symbols.insert(name, symbol.clone()));
        symbol
    })
}

/// Remembers what is known of a carried number of N limbs: below 2^(52 N), with limbs below 2^52.
pub(crate) fn remember(limbs: Vec<Lane>, known: Known) {
    assert!(known.low >= BigInt::ZERO, "a number may be negative: from {}", known.low);
    assert!(known.low <= known.high, "no number is possible");
    assert!(&known.high >> (52 * limbs.len()) == BigInt::ZERO, "a number may have more limbs");
    for limb in &limbs {
        assert!(limb.interval().is_within(Interval::bits(52)), "not carried: {:?}", limb.interval());
    }
    with(|memory| memory.known.insert(limbs, known));
}

/// Names limbs of words that may be any, and are no number yet that a proof knows.
pub(crate) fn name_loaded(limbs: Vec<Lane>, name: u64) {
    with(|memory| memory.loaded.insert(limbs, name));
}

/// Takes loaded limbs for a number below `end`, by their name, because the code has compared them.
pub(crate) fn is_below(limbs: Vec<Lane>, end: &BigInt) {
    let name = with(|memory| memory.loaded.get(&limbs).copied()).expect("limbs that were loaded");
    // All limbs but the last are below 2^52, so the last of a number below `end` is not above its.
    let last = i128::try_from(end >> (52 * (limbs.len() - 1))).expect("a limb");
    suppose(&limbs.last().expect("a limb").polynomial(), Interval::new(0, last));
    remember(limbs, Known::named(name, end));
}

/// Returns what is known of the number in a place.
pub(crate) fn known(limbs: &[V], place: usize) -> Known {
    let limbs = lanes(limbs, place);
    let constants: Option<Vec<i128>> = limbs.iter().map(|limb| limb.interval().as_constant()).collect();
    if let Some(constants) = constants {
        let number = constants.iter().rev().fold(BigInt::ZERO, |sum, limb| (sum << 52) + *limb);
        assert!(constants.iter().all(|limb| (0..=LIMB).contains(limb)), "not carried: {constants:?}");
        let value = Some(Polynomial::constant(number.clone()));
        return Known { value, ..Known::new(number.clone(), number) };
    }
    with(|memory| memory.known.get(&limbs).cloned()).unwrap_or_else(|| panic!("limbs that are no number"))
}

/// Returns any carried numbers of which this is known in each place, as the result of an
/// operation.
#[track_caller]
pub(crate) fn result<const N: usize>(of: impl Fn(usize) -> Known) -> [V; N] {
    let each: [Known; 8] = std::array::from_fn(of);
    let at = Location::caller();
    let (low, high) = (each.iter().map(|known| &known.low).min(), each.iter().map(|known| &known.high).max());
    let (low, high) = (low.unwrap().clone(), high.unwrap().clone());
    with(|memory| memory.given.push(Given { file: at.file(), line: at.line(), low, high }));
    numbers(each)
}

/// Returns any carried numbers of which this is known. Those that fit into words are in parts, so
/// that they can be joined to words, stored, loaded and split, and are the same numbers.
pub(crate) fn numbers<const N: usize>(each: [Known; 8]) -> [V; N] {
    let lanes: [[Lane; N]; 8] = each.each_ref().map(|known| {
        if &known.high >> word_bits(N) == BigInt::ZERO {
            return any_limbs();
        }
        let last = i128::try_from(&known.high >> (52 * (N - 1))).expect("a limb");
        std::array::from_fn(|i| fresh(Interval::new(0, if i + 1 == N { last } else { LIMB })))
    });
    for (limbs, known) in lanes.iter().zip(each) {
        remember(limbs.to_vec(), known);
    }
    std::array::from_fn(|i| V(lanes.map(|limbs| limbs[i])))
}

/// Takes what every operation gave, in turn.
pub(crate) fn given() -> Vec<Given> {
    with(|memory| std::mem::take(&mut memory.given))
}
