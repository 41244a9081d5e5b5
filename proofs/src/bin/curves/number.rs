//! Numbers of five limbs of 52 bits, in eight places.

use jot_proofs::lanes::{Interval, Lane, fresh};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

pub(crate) const LIMB: i128 = (1 << 52) - 1;

/// Returns registers of any carried numbers, the last limb at most `last`.
pub(crate) fn any(last: i128) -> [V; 5] {
    std::array::from_fn(|i| V::fresh(Interval::new(0, if i == 4 { last } else { LIMB })))
}

/// Returns four words that are any number below 2^256. They are in parts that end where
/// limbs of 52 bits end, at 52, 104, 156 and 208 bits of the number, and where a shift to the left
/// that joins two words would drop bits.
pub(crate) fn any_words() -> [Lane; 4] {
    [[52, 64], [40, 52], [28, 40], [16, 28]].map(|ends| {
        let (mut polynomial, mut begin) = (Polynomial::zero(), 0);
        for end in ends.into_iter().chain([64]) {
            let part = fresh(Interval::bits(end - begin));
            polynomial = &polynomial + &part.polynomial().shifted(begin);
            begin = end;
        }
        Lane::of(&polynomial, Interval::bits(64))
    })
}

/// Returns limbs of any number below 2^256, in parts that end where words of 64 bits end.
pub(crate) fn any_limbs() -> [Lane; 5] {
    [(52, None), (52, Some(12)), (52, Some(24)), (52, Some(36)), (48, None)].map(|(bits, end)| {
        let Some(end) = end else { return fresh(Interval::bits(bits)) };
        let (low, high) = (fresh(Interval::bits(end)), fresh(Interval::bits(bits - end)));
        Lane::of(&(&low.polynomial() + &high.polynomial().shifted(end)), Interval::bits(bits))
    })
}

/// Returns the number in one place.
pub(crate) fn number(limbs: &[V; 5], place: usize) -> Polynomial {
    sum(limbs, place)
}

/// Returns the sum of columns in one place.
pub(crate) fn sum(columns: &[V], place: usize) -> Polynomial {
    let weighed =
        columns.iter().zip((0..).step_by(52)).map(|(limb, bits)| limb.0[place].polynomial().shifted(bits));
    weighed.fold(Polynomial::zero(), |sum, limb| &sum + &limb)
}

/// Returns the number of constant limbs.
pub(crate) fn big(limbs: &[u64; 5]) -> BigInt {
    limbs.iter().rev().fold(BigInt::ZERO, |number, limb| (number << 52) + *limb)
}

pub(crate) fn constant(number: &BigInt) -> Polynomial {
    Polynomial::constant(number.clone())
}

/// Returns the lanes of one place.
pub(crate) fn lanes(limbs: &[V; 5], place: usize) -> [Lane; 5] {
    limbs.map(|limb| limb.0[place])
}

/// Asserts that the lower four limbs are below 2^52, and the last is not known to be
/// negative: the number then is at most the returned one, and below 2^208 times the last limb's
/// largest value plus one.
pub(crate) fn is_carried(limbs: &[V; 5], place: usize) {
    let [lower @ .., _] = lanes(limbs, place);
    for limb in lower {
        assert!(limb.interval().is_within(Interval::bits(52)), "not carried: {:?}", limb.interval());
    }
}

/// Returns the largest number that a carried number can be, whose last limb must not be
/// negative.
pub(crate) fn largest(limbs: &[V; 5], place: usize) -> BigInt {
    is_carried(limbs, place);
    let last = limbs[4].0[place].interval();
    assert!(last.low >= 0, "a number may be negative: its last limb is {last:?}");
    (BigInt::from(last.high + 1) << 208) - 1
}
