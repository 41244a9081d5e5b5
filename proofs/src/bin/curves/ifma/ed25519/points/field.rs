//! The field of Ed25519 by its contracts (see [`contracts`](super::super::contracts)).
//!
//! A number has exact bounds in each lane. What an operation wants of its operands is
//! asserted, and what it promises of its result is all that is known of it.

use std::cell::{Cell, RefCell};

use jot_proofs::x512::V;

use crate::edwards::p;
use crate::ifma::radix52;
use crate::known::{Known, is_below, known, result};
use crate::number::lanes;

/// Eight numbers modulo p.
#[derive(Clone, Copy, Debug)]
pub(in crate::ifma::ed25519) struct Field(pub(in crate::ifma::ed25519) [V; 5]);

thread_local! {
    /// The lanes in which numbers are 0 modulo p, of the next one and of the one after it, in turn.
    pub(in crate::ifma::ed25519) static ZEROS: Cell<[u8; 2]> = const { Cell::new([0; 2]) };
    /// Which number, counted from the last that was taken on, is 0 in other lanes, and in which.
    pub(in crate::ifma::ed25519) static OTHER_ZERO: Cell<Option<(usize, u8)>> = const { Cell::new(None) };
    /// The same of numbers below p, which all are otherwise, and how many were compared with it.
    pub(in crate::ifma::ed25519) static NOT_BELOW: Cell<Option<(usize, u8)>> = const { Cell::new(None) };
    pub(in crate::ifma::ed25519) static COMPARED_WITH_P: Cell<usize> = const { Cell::new(0) };
    static CANONICAL: RefCell<Vec<[V; 5]>> = RefCell::default();
    static COMPARED: RefCell<Vec<[V; 5]>> = RefCell::default();
}

/// Takes the canonical numbers that were made, in turn.
pub(in crate::ifma::ed25519) fn canonical_numbers() -> Vec<[V; 5]> {
    CANONICAL.take()
}

/// Takes the numbers that were compared with 0, in turn.
pub(in crate::ifma::ed25519) fn compared_with_zero() -> Vec<[V; 5]> {
    COMPARED.take()
}

impl Field {
    pub(in crate::ifma::ed25519) fn splat(limbs: &[u64; 5]) -> Self {
        Self(crate::ifma::ed25519::field::Field::splat(limbs).0)
    }

    /// Any number below 1.01 p
    #[track_caller]
    pub(in crate::ifma::ed25519) fn times(&self, other: &Self) -> Self {
        Self(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let product = Known::new(0, (p() * 101 - 1) / 100).from(&[&a, &b]);
            product.valued([&a, &b], |[a, b]| (a * b).modulo(&p()))
        }))
    }

    #[track_caller]
    pub(in crate::ifma::ed25519) fn squared(&self) -> Self {
        self.times(self)
    }

    /// p + a - b
    #[track_caller]
    pub(in crate::ifma::ed25519) fn minus_canonical(&self, other: &Self) -> Self {
        Self(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let difference = Known::new(&a.low + p() - &b.high, &a.high + p() - &b.low).from(&[&a, &b]);
            difference.valued([&a, &b], |[a, b]| (a - b).modulo(&p()))
        }))
    }

    /// a + b
    #[track_caller]
    pub(in crate::ifma::ed25519) fn plus(&self, other: &Self) -> Self {
        Self(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let sum = Known::new(&a.low + &b.low, &a.high + &b.high).from(&[&a, &b]);
            sum.valued([&a, &b], |[a, b]| (a + b).modulo(&p()))
        }))
    }

    /// 2p + a - b
    #[track_caller]
    pub(in crate::ifma::ed25519) fn minus(&self, other: &Self) -> Self {
        Self(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let difference =
                Known::new(&a.low + p() * 2 - &b.high, &a.high + p() * 2 - &b.low).from(&[&a, &b]);
            difference.valued([&a, &b], |[a, b]| (a - b).modulo(&p()))
        }))
    }

    /// Answered by the proof
    pub(in crate::ifma::ed25519) fn is_zero(&self) -> u8 {
        for place in 0..8 {
            assert!(known(&self.0, place).high < p() * 4, "may be 4p");
        }
        let number = COMPARED.with_borrow_mut(|numbers| {
            numbers.push(self.0);
            numbers.len() - 1
        });
        let [next, other] = ZEROS.get();
        ZEROS.set([other, next]);
        match OTHER_ZERO.get() {
            Some((at, lanes)) if at == number => next ^ lanes,
            _ => next,
        }
    }

    /// Answered by the proof; only where it is so, there is a number to compute with
    pub(in crate::ifma::ed25519) fn is_below_p(&self) -> u8 {
        let number = COMPARED_WITH_P.replace(COMPARED_WITH_P.get() + 1);
        let below = match NOT_BELOW.get() {
            Some((at, lanes)) if at == number => !lanes,
            _ => u8::MAX,
        };
        for place in (0..8).filter(|place| below >> place & 1 == 1) {
            is_below(lanes(&self.0, place), &p());
        }
        below
    }

    /// a or a - p, below p
    #[track_caller]
    pub(in crate::ifma::ed25519) fn canonical(&self) -> Self {
        let limbs = result(|place| {
            let a = known(&self.0, place);
            assert!(&a.high * 100 <= p() * 101, "above 1.01 p");
            Known::new(0, p() - 1).from(&[&a]).valued([&a], |[a]| a.clone())
        });
        CANONICAL.with_borrow_mut(|numbers| numbers.push(limbs));
        Self(limbs)
    }

    pub(in crate::ifma::ed25519) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self(radix52::choose(mask, &yes.0, &no.0))
    }
}
