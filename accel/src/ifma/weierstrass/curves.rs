//! The curves, as lanes need them.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};

use super::field::InLanes;
use crate::algorithm::Hash;
use crate::field::{Modulus, power_of_two};
use crate::ifma::radix52::{LIMB_BITS, split_number};
use crate::weierstrass::{Curve, P256, P384, P521, Secp256k1};

/// A curve whose numbers have `W` words of 64 bits in memory, and `N` limbs in lanes.
pub(in crate::ifma) trait Lanes<const W: usize, const N: usize>:
    Curve<W> + InLanes<N>
{
    /// The hash function of its signatures.
    const HASH: Hash;
    /// The same for one message.
    const DIGEST: &'static digest::Algorithm;
}

macro_rules! curves {
    ($($(#[doc = $p:literal])* $curve:ident, $words:literal, $limbs:literal, $hash:ident, $digest:ident {
        bits: $bits:literal, plus: $plus:expr, minus: $minus:expr,
    })*) => {$(
        impl Lanes<$words, $limbs> for $curve {
            const HASH: Hash = Hash::$hash;
            const DIGEST: &'static digest::Algorithm = &$digest;
        }

        $(#[doc = $p])*
        impl InLanes<$limbs> for $curve {
            const A: i8 = <Self as Curve<$words>>::A;
            const BITS: usize = $bits;
            const PLUS: [u64; $limbs] = $plus;
            const MINUS: [u64; $limbs] = $minus;
            const ONE: [u64; $limbs] = power(&<<Self as Curve<$words>>::Base as Modulus<$words>>::VALUE, 1);
            const R_SQUARED: [u64; $limbs] =
                power(&<<Self as Curve<$words>>::Base as Modulus<$words>>::VALUE, 2);
        }
    )*};
}

/// Returns R to this power modulo p.
const fn power<const W: usize, const N: usize>(p: &[u64; W], exponent: usize) -> [u64; N] {
    split_number(power_of_two(p, LIMB_BITS * N * exponent))
}

curves! {
    /// p = 2^256 - 2^224 + 2^192 + 2^96 - 1. The first two are one limb together.
    P256, 4, 5, Sha256, SHA256 {
        bits: 256, plus: [0, 1 << 44, 0, 1 << 36, (1 << 48) - (1 << 16)], minus: [1, 0, 0, 0, 0],
    }

    /// p = 2^256 - 2^32 - 977
    Secp256k1, 4, 5, Sha256, SHA256 {
        bits: 256, plus: [0, 0, 0, 0, 1 << 48], minus: [(1 << 32) + 977, 0, 0, 0, 0],
    }

    /// p = 2^384 - 2^128 - 2^96 + 2^32 - 1
    P384, 6, 8, Sha384, SHA384 {
        bits: 384, plus: [1 << 32, 0, 0, 0, 0, 0, 0, 1 << 20], minus: [1, 1 << 44, 1 << 24, 0, 0, 0, 0, 0],
    }

    /// p = 2^521 - 1
    P521, 9, 11, Sha512, SHA512 {
        bits: 521, plus: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], minus: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    }
}
