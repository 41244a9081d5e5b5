//! What the compiler computes of a modulus.

use super::words::{NONE, is_set, subtract};

/// Returns -1/m modulo 2^64. Each round of Newton's iteration doubles the number of correct
/// bits; an odd number is its own inverse modulo 8.
pub(crate) const fn negated_inverse(m: u64) -> u64 {
    let mut inverse = m;
    let mut round = 0;
    while round < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(m.wrapping_mul(inverse)));
        round += 1;
    }
    inverse.wrapping_neg()
}

/// Returns 2^exponent modulo m.
pub(crate) const fn power_of_two<const N: usize>(m: &[u64; N], exponent: usize) -> [u64; N] {
    let mut number = [0; N];
    number[0] = 1;
    let mut bit = 0;
    while bit < exponent {
        number = doubled(&number, m);
        bit += 1;
    }
    number
}

/// Returns 2·number modulo m, for a number below m: the double, or the double less m.
const fn doubled<const N: usize>(number: &[u64; N], m: &[u64; N]) -> [u64; N] {
    let (mut double, mut less) = ([0; N], [0; N]);
    let (mut carry, mut borrow) = (0, NONE);
    let mut i = 0;
    while i < N {
        double[i] = number[i] << 1 | carry;
        carry = number[i] >> 63;
        (less[i], borrow) = subtract(double[i], m[i], borrow);
        i += 1;
    }
    if carry == 1 || !is_set(borrow) { less } else { double }
}
