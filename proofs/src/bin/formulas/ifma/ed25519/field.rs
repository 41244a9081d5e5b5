//! The field in lanes: what `field.rs` proves of itself is taken as its meaning here.

use crate::value::{Value, constant, is_zero_in_lanes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field(pub(crate) [Value; 8]);

impl Field {
    fn each(&self, other: &Self, operation: impl Fn(Value, Value) -> Value) -> Self {
        Self(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }

    pub(crate) fn splat(limbs: &[u64; 5]) -> Self {
        Self([constant(limbs); 8])
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

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.each(other, Value::minus)
    }

    pub(crate) fn minus_canonical(&self, other: &Self) -> Self {
        self.minus(other)
    }

    /// Symbols stand for numbers below p.
    pub(crate) fn is_below_p(&self) -> u8 {
        u8::MAX
    }

    pub(crate) fn is_zero(&self) -> u8 {
        is_zero_in_lanes(&self.0)
    }

    pub(crate) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self(std::array::from_fn(|lane| if mask >> lane & 1 == 1 { yes.0[lane] } else { no.0[lane] }))
    }
}
