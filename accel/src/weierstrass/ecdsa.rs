//! From a signature to the two scalars, and their digits.

use super::curves::Curve;
use crate::field::{Modulus, Residue, from_big_endian, is_less, number_bytes, signed_digits, subtract};

/// r and s of a signature, each more than 0 and less than the order.
pub(crate) struct Signature<C: Curve<N>, const N: usize> {
    pub(crate) r: [u64; N],
    pub(crate) s: Residue<C::Order, N>,
}

impl<C: Curve<N>, const N: usize> Signature<C, N> {
    /// Reads r followed by s, each as long as the order.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (r, s) = bytes.split_at_checked(number_bytes(N))?;
        if s.len() != r.len() {
            return None;
        }
        let (r, s) = (from_big_endian(r)?, from_big_endian(s)?);
        let s = Residue::<C::Order, N>::new(&s)?;
        let r_in_range = Residue::<C::Order, N>::new(&r)?;
        (!r_in_range.is_zero() && !s.is_zero()).then_some(Self { r, s })
    }

    /// Returns u1 and u2 for a digest no longer than the order and the alleged 1/s; `None` if
    /// `inverse` is not 1/s.
    pub(crate) fn scalars(
        &self,
        digest: &[u8],
        inverse: &Residue<C::Order, N>,
    ) -> Option<[Residue<C::Order, N>; 2]> {
        if inverse.times(&self.s) != Residue::ONE {
            return None;
        }
        let digest = Residue::reduced(&from_big_endian(digest)?);
        Some([digest.times(inverse), Residue::reduced(&self.r).times(inverse)])
    }
}

/// Writes a scalar as 8 N signed digits in base 256, from -128 to 128, lowest first.
///
/// If the scalar u is more than half of the order n, n - u is written with all signs
/// inverted: the written number is then less than 2^(64 N - 1), and its digits need no
/// further place for a carry. With P-521 it is less than 2^520, and only its first 66
/// digits may be other than 0.
pub(crate) fn digits<C: Curve<N>, const N: usize>(
    scalar: &Residue<C::Order, N>,
) -> impl Iterator<Item = i16> {
    let number = scalar.number();
    let (opposite, _) = subtract(&C::Order::VALUE, &number);
    let is_turned = is_less(&opposite, &number);
    let smaller = if is_turned { opposite } else { number };
    signed_digits(smaller).map(move |digit| if is_turned { digit.wrapping_neg() } else { digit })
}
