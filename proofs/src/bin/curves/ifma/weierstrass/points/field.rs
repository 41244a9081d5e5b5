//! The field of a curve by its contracts (see [`contracts`](super::super::contracts)).
//!
//! A number has exact bounds in each lane. What an operation wants of its operands is
//! asserted, and what it promises of its result is all that is known of it.

use std::cell::RefCell;
use std::marker::PhantomData;

use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use crate::ifma::radix52;
use crate::ifma::weierstrass::each::p;
pub(in crate::ifma) use crate::ifma::weierstrass::field::InLanes;
use crate::known::{Known, is_below, known, result};
use crate::number::{big, lanes};

/// Eight numbers modulo p.
#[derive(Clone, Copy, Debug)]
pub(in crate::ifma) struct Field<C, const N: usize>(pub(in crate::ifma) [V; N], PhantomData<C>);

type Answer = Box<dyn FnMut(&[V]) -> u8>;

thread_local! {
    static ZEROS: RefCell<Option<Answer>> = const { RefCell::new(None) };
    static BELOW: RefCell<Option<Box<dyn FnMut() -> u8>>> = const { RefCell::new(None) };
}

/// Runs code, and answers in which lanes a number is 0 modulo p.
pub(in crate::ifma) fn answering_zeros(answer: impl FnMut(&[V]) -> u8 + 'static, run: impl FnOnce()) {
    ZEROS.with(|zeros| *zeros.borrow_mut() = Some(Box::new(answer)));
    run();
    ZEROS.with(|zeros| *zeros.borrow_mut() = None);
}

/// Runs code, and answers in which lanes loaded numbers are below p.
pub(in crate::ifma) fn answering_below<T>(
    answer: impl FnMut() -> u8 + 'static,
    run: impl FnOnce() -> T,
) -> T {
    BELOW.with(|below| *below.borrow_mut() = Some(Box::new(answer)));
    let result = run();
    BELOW.with(|below| *below.borrow_mut() = None);
    result
}

/// 1/R modulo p
pub(in crate::ifma) fn one_by_r<C: InLanes<N>, const N: usize>() -> BigInt {
    let r: BigInt = BigInt::from(1) << (52 * N);
    r.modpow(&(p::<C, N>() - 2), &p::<C, N>())
}

impl<C: InLanes<N>, const N: usize> Field<C, N> {
    pub(in crate::ifma) const fn of(limbs: [V; N]) -> Self {
        Self(limbs, PhantomData)
    }

    pub(in crate::ifma) fn splat(limbs: &[u64; N]) -> Self {
        Self::of(crate::ifma::weierstrass::field::Field::<C, N>::splat(limbs).0)
    }

    pub(in crate::ifma) fn bounded(self, hundredths: u64) -> Self {
        for place in 0..8 {
            let high = known(&self.0, place).high;
            assert!(
                &high * 100 <= p::<C, N>() * hundredths,
                "above {hundredths}/100 p: {}",
                &high * 10_000 / p::<C, N>()
            );
        }
        self
    }

    /// (a·b + Q·p)/R with Q < R
    #[track_caller]
    pub(in crate::ifma) fn times(&self, other: &Self) -> Self {
        let _ = (self.bounded(1500), other.bounded(1500));
        Self::of(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let largest_q: BigInt = (BigInt::from(1) << (52 * N)) - 1;
            let product =
                Known::new(0, (&a.high * &b.high + largest_q * p::<C, N>()) >> (52 * N)).from(&[&a, &b]);
            product.valued([&a, &b], |[a, b]| (a * b).scaled(&one_by_r::<C, N>()).modulo(&p::<C, N>()))
        }))
    }

    #[track_caller]
    pub(in crate::ifma) fn squared(&self) -> Self {
        self.times(self)
    }

    /// a + b
    #[track_caller]
    pub(in crate::ifma) fn plus(&self, other: &Self) -> Self {
        Self::of(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let sum = Known::new(&a.low + &b.low, &a.high + &b.high).from(&[&a, &b]);
            sum.valued([&a, &b], |[a, b]| (a + b).modulo(&p::<C, N>()))
        }))
    }

    /// a or a - p, below p
    #[track_caller]
    pub(in crate::ifma) fn canonical(&self) -> Self {
        Self::of(result(|place| {
            let a = known(&self.0, place);
            assert!(a.high < p::<C, N>() * 2, "may be 2p");
            Known::new(0, p::<C, N>() - 1).from(&[&a]).valued([&a], |[a]| a.clone())
        }))
    }

    /// Answered by the proof; only where it is so, there is a number to compute with
    pub(in crate::ifma) fn is_below_p(&self) -> u8 {
        let below = BELOW.with(|below| below.borrow_mut().as_mut().expect("somebody answers")());
        for place in (0..8).filter(|place| below >> place & 1 == 1) {
            is_below(lanes(&self.0, place), &p::<C, N>());
        }
        below
    }

    /// k·p + a - b
    #[track_caller]
    pub(in crate::ifma) fn minus(&self, other: &Self, limbs: &[u64; N]) -> Self {
        assert!([C::P, C::P2, C::P6].contains(limbs), "a multiple that is not proved");
        let multiple = big(limbs);
        Self::of(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let sum = Known::new(&a.low + &multiple - &b.high, &a.high + &multiple - &b.low).from(&[&a, &b]);
            sum.valued([&a, &b], |[a, b]| (a - b).modulo(&p::<C, N>()))
        }))
    }

    /// k·p - a ± b
    #[track_caller]
    pub(in crate::ifma) fn opposite_with(&self, other: &Self, mask: u8, limbs: &[u64; N]) -> Self {
        assert_eq!(limbs, &C::P6, "a multiple that is not proved");
        let multiple = big(limbs);
        Self::of(result(|place| {
            let (a, b) = (known(&self.0, place), known(&other.0, place));
            let (low, high) = (&multiple - &a.high, &multiple - &a.low);
            let sum = match mask >> place & 1 {
                1 => Known::new(low - &b.high, high - &b.low),
                _ => Known::new(low + &b.low, high + &b.high),
            };
            sum.from(&[&a, &b]).valued([&a, &b], |[a, b]| {
                let opposite = if mask >> place & 1 == 1 { a + b } else { a - b };
                (&Polynomial::zero() - &opposite).modulo(&p::<C, N>())
            })
        }))
    }

    /// a + (4 - q)·p - b - 2c, below 1.01 p
    #[track_caller]
    pub(in crate::ifma) fn minus_and_twice(&self, other: &Self, twice: &Self) -> Self {
        let _ = self.bounded(1500);
        Self::of(result(|place| {
            let (a, b, c) = (known(&self.0, place), known(&other.0, place), known(&twice.0, place));
            assert!((&b.high + &c.high * 2) * 10 < p::<C, N>() * 39, "b + 2c may be more than 3.9 p");
            let value = |[a, b, c]: [&Polynomial; 3]| (&(a - b) - &(c + c)).modulo(&p::<C, N>());
            Known::new(0, (p::<C, N>() * 101 - 1) / 100).from(&[&a, &b, &c]).valued([&a, &b, &c], value)
        }))
    }

    /// Answered by the proof
    pub(in crate::ifma) fn is_zero(&self) -> u8 {
        let _ = self.bounded(310);
        ZEROS.with(|zeros| zeros.borrow_mut().as_mut().expect("somebody answers")(&self.0))
    }

    pub(in crate::ifma) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self::of(radix52::choose(mask, &yes.0, &no.0))
    }
}
