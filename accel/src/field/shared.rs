//! One inversion for many numbers.

use super::moduli::Modulus;
use super::residue::Residue;

/// Replaces every number by its inverse, with a single inversion (Montgomery's trick).
/// Returns `false`, with arbitrary numbers, if one of them has no inverse.
///
/// `before` is a buffer of the same length.
pub(crate) fn invert_each<M: Modulus<N>, const N: usize>(
    numbers: &mut [Residue<M, N>],
    before: &mut [Residue<M, N>],
) -> bool {
    let mut all = Residue::ONE;
    for (number, before) in numbers.iter().zip(&mut *before) {
        *before = all;
        all = all.times(number);
    }
    let Some(mut inverse) = all.inverse() else { return false };
    for (number, before) in numbers.iter_mut().zip(before).rev() {
        let own = inverse.times(before);
        inverse = inverse.times(number);
        *number = own;
    }
    true
}
