//! Numbers of limbs of 52 bits, of any length.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane, fresh};
use jot_proofs::polynomial::Polynomial;
use num_bigint::BigInt;

use crate::ifma::radix52::LIMB;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "R > 4n, and (a·b + m·n)/R < 2n < R for all a, b < 2n and m < R, at 2048, 3072 and 4096 bits",
        about: "accel/src/ifma/rsa/modulus.rs",
        proof: products_stay_below,
    },
    Claim {
        says: "c = ⌊(x + 2^20)/2^52⌋ if x + e = c·2^52, for all e from 0 to 2^20, and not for all up to 2^20 + 1",
        about: "accel/src/ifma/rsa/single.rs",
        proof: the_highest_column_tells_the_carry,
    },
];

/// Returns any limb.
pub(super) fn any() -> Lane {
    fresh(Interval::new(0, i128::from(LIMB)))
}

/// Returns 2^(52·limbs).
pub(super) fn power(limbs: usize) -> BigInt {
    BigInt::from(1) << (52 * limbs)
}

/// Returns the number of these limbs or columns.
pub(super) fn number(limbs: impl IntoIterator<Item = Lane>) -> Polynomial {
    Polynomial::sum(
        limbs.into_iter().zip((0..).step_by(52)).map(|(limb, bits)| limb.polynomial().shifted(bits)),
    )
}

/// Asserts that all are limbs.
pub(super) fn are_carried(limbs: impl IntoIterator<Item = Lane>) {
    for limb in limbs {
        assert!(limb.interval().is_within(Interval::bits(52)), "not carried: {:?}", limb.interval());
    }
}

fn products_stay_below() {
    for (bits, registers) in [(2048, 5), (3072, 8), (4096, 10)] {
        let (r, n): (BigInt, BigInt) = (power(8 * registers), BigInt::from(1) << bits);
        // For every n below it: a·b + m·n <= (2n - 1)² + (R - 1)·n < n·(4n + R) <= 2·n·R.
        assert!(&n * 4 < r && &n * 4 + &r <= &r * 2);
        assert!(r >= n << 32);
    }
}

/// Whether ⌊(c·2^52 - e + 2^20)/2^52⌋ = c for each e of the interval: it is c and the quotient of
/// 2^20 - e.
fn tells(e: Interval) -> bool {
    let above = Interval::new((1 << 20) - e.high, (1 << 20) - e.low);
    above.is_within(Interval::bits(52))
}

fn the_highest_column_tells_the_carry() {
    assert!(tells(Interval::new(0, 1 << 20)));
    assert!(!tells(Interval::new(0, (1 << 20) + 1)));
    assert!(!tells(Interval::new(-(1 << 52), 0)));
}

/// Asserts that c = ⌊(x + 2^20)/2^52⌋ is the quotient of x + e by 2^52, where that has no rest and
/// e is the carry into x from these columns below it, at most 2^9.
pub(super) fn is_told(below: impl IntoIterator<Item = Lane>) {
    let (mut largest, mut limbs) = (BigInt::ZERO, 0);
    for column in below {
        assert!(column.interval().low >= 0, "a column may be negative");
        largest += BigInt::from(column.interval().high) * power(limbs);
        limbs += 1;
    }
    let e = i128::try_from(largest / power(limbs)).expect("a small carry");
    assert!(e < 1 << 9, "the carry may be {e}");
    assert!(tells(Interval::new(0, e)));
}
