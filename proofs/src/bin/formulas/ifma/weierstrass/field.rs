//! The field in lanes: what `field.rs` proves of itself is taken as its meaning here.

use std::marker::PhantomData;

use crate::value::{Value, is_zero_in_lanes};

/// A multiple of p, which is added to differences to keep them from being negative.
const fn multiple(k: u64) -> [u64; 5] {
    [0, 0, 0, 0, k]
}

pub(crate) trait InLanes<const N: usize>: Copy {
    const A: i8;
    const P: [u64; N];
    const P2: [u64; N];
    const P6: [u64; N];
    const ONE: [u64; N];
}

/// Curves with this a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct With<const A: i8>;

impl<const A: i8> InLanes<5> for With<A> {
    const A: i8 = A;
    const P: [u64; 5] = multiple(1);
    const P2: [u64; 5] = multiple(2);
    const P6: [u64; 5] = multiple(6);
    const ONE: [u64; 5] = [1, 0, 0, 0, 0];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field<C, const N: usize>(pub(crate) [Value; 8], PhantomData<C>);

impl<C: InLanes<N>, const N: usize> Field<C, N> {
    pub(crate) const fn of(lanes: [Value; 8]) -> Self {
        Self(lanes, PhantomData)
    }

    fn each(&self, other: &Self, operation: impl Fn(Value, Value) -> Value) -> Self {
        Self::of(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }

    pub(crate) fn splat(limbs: &[u64; N]) -> Self {
        match limbs {
            zeros if *zeros == [0; N] => Self::of([Value::ZERO; 8]),
            one if *one == C::ONE => Self::of([Value::ONE; 8]),
            _ => unreachable!("the points have no other constant"),
        }
    }

    pub(crate) fn bounded(self, _: u64) -> Self {
        self
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        self.each(other, Value::times)
    }

    pub(crate) fn squared(&self) -> Self {
        self.times(self)
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        self.each(other, Value::plus)
    }

    pub(crate) fn minus(&self, other: &Self, limbs: &[u64; N]) -> Self {
        assert!([C::P, C::P2, C::P6].contains(limbs));
        self.each(other, Value::minus)
    }

    pub(crate) fn opposite_with(&self, other: &Self, mask: u8, limbs: &[u64; N]) -> Self {
        assert!([C::P, C::P2, C::P6].contains(limbs));
        let (plus, minus) = (other.each(self, Value::minus), self.each(other, Value::plus));
        let opposite = Self::of(minus.0.map(Value::negated));
        Self::choose(mask, &opposite, &plus)
    }

    pub(crate) fn minus_and_twice(&self, other: &Self, twice: &Self) -> Self {
        let doubled = twice.each(twice, Value::plus);
        self.each(other, Value::minus).each(&doubled, Value::minus)
    }

    /// Symbols stand for numbers below p.
    pub(crate) fn is_below_p(&self) -> u8 {
        u8::MAX
    }

    pub(crate) fn is_zero(&self) -> u8 {
        is_zero_in_lanes(&self.0)
    }

    pub(crate) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self::of(std::array::from_fn(|lane| if mask >> lane & 1 == 1 { yes.0[lane] } else { no.0[lane] }))
    }
}
