//! A modulus whose constants were checked.
//!
//! -n^-1 mod R and R² mod n are computed once for a key, in plain Rust. Whatever computed them, they
//! are right if
//!
//! 1. n·(-n^-1) is -1 modulo R, which is R - 1: all its limbs are full;
//! 2. R² is 1 after two products with 1, each of which divides it by R modulo n. A product with 1
//!    is at most (R - 1 + (R - 1)·n) / R, which is below n + 1. So it is 1 if it is congruent to 1.

use super::modulus::{Modulus, Number};
use super::single::{Padded, Reducer, carry, columns, rows};
use crate::ifma::radix52::LIMB;
use crate::simd::Ifma;
use crate::simd::moves::splat;
use crate::simd::x512::{equal64, load};

/// A modulus with the right constants.
#[derive(Debug)]
pub(super) struct Checked<const Z: usize>(Modulus<Z>);

impl<const Z: usize> Checked<Z> {
    /// Returns `None` if one of the constants is wrong, which only a fault can bring about. For `TOP`,
    /// `UPPER` and `DOUBLE` see [`Reducer`].
    #[expect(unsafe_code, reason = "the CPU has the instructions")]
    pub(super) fn new<const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
        _: Ifma,
        modulus: Modulus<Z>,
    ) -> Option<Self> {
        // SAFETY: an `Ifma` exists only if the CPU has the instructions.
        let are_right = unsafe { are_right::<Z, TOP, UPPER, DOUBLE>(&modulus) };
        are_right.then_some(Self(modulus))
    }

    pub(super) const fn modulus(&self) -> &Modulus<Z> {
        &self.0
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn are_right<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
    modulus: &Modulus<Z>,
) -> bool {
    is_inverse(modulus) && is_r_squared(&Reducer::<Z, TOP, UPPER, DOUBLE>::new(modulus), modulus)
}

/// Whether n times its inverse is -1 modulo R.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn is_inverse<const Z: usize>(modulus: &Modulus<Z>) -> bool {
    let mut product = columns::<Z, 0, Z>(&Padded::new(&modulus.n), &modulus.negative_inverse.0);
    // The carry out is a multiple of R.
    let _ = carry(&mut product);
    product.iter().all(|limbs| equal64(*limbs, splat(LIMB)) == u8::MAX)
}

/// Whether R² is 1 after two products with 1, if n's inverse is right.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn is_r_squared<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
    reducer: &Reducer<Z, TOP, UPPER, DOUBLE>,
    modulus: &Modulus<Z>,
) -> bool {
    let mut one = Number::<Z>::ZERO;
    one.0[0][0] = 1;
    let by_one = Padded::new(&one);
    let r = Number(rows(&reducer.multiply(&by_one, &modulus.r_squared)));
    let product = reducer.multiply(&by_one, &r);
    product.iter().zip(&one.0).all(|(limbs, one)| equal64(*limbs, load(one)) == u8::MAX)
}
