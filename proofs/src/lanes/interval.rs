//! Intervals of integers.

use std::fmt;

/// All integers from `low` to `high`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The least of them.
    pub low: i128,
    /// The largest of them.
    pub high: i128,
}

impl Interval {
    /// Makes an interval of at least one number.
    ///
    /// # Panics
    /// If `high` is below `low`: a proof about no number proves nothing.
    #[must_use]
    pub fn new(low: i128, high: i128) -> Self {
        assert!(low <= high, "no number is from {low} to {high}");
        Self { low, high }
    }

    /// The numbers of so many bits.
    #[must_use]
    pub fn bits(bits: u32) -> Self {
        Self::new(0, (1 << bits) - 1)
    }

    /// The numbers that are in both.
    pub(super) fn and(self, other: Self) -> Self {
        Self::new(self.low.max(other.low), self.high.min(other.high))
    }

    /// Whether every number of it is in `other`.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The one number, if it is one.
    #[must_use]
    pub fn as_constant(self) -> Option<i128> {
        (self.low == self.high).then_some(self.low)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self::new(self.low - other.high, self.high - other.low)
    }

    /// The products with 2^bits.
    pub(crate) fn shifted(self, bits: u32) -> Self {
        let shifted = |number: i128| number.checked_mul(1 << bits).expect("a number of 128 bits");
        Self::new(shifted(self.low), shifted(self.high))
    }

    /// The quotients by 2^bits, rounded down.
    pub(super) fn divided(self, bits: u32) -> Self {
        Self::new(self.low >> bits, self.high >> bits)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..={}", self.low, self.high)
    }
}
