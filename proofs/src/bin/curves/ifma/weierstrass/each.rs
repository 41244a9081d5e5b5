//! Claims about each curve.

use num_bigint::BigInt;

use super::field::InLanes;
use crate::number::big;

/// The modulus of a curve.
pub(in crate::ifma) fn p<C: InLanes<N>, const N: usize>() -> BigInt {
    big(&C::P)
}

/// Makes a claim about the curve of this name.
macro_rules! claim {
    ($curve:literal, $about:expr, $proof:expr, $says:literal) => {
        Claim { says: concat!($curve, ": ", $says), about: $about, proof: $proof }
    };
}

/// Makes the claims about each curve, by the macro of this name.
macro_rules! of_each_curve {
    ($claims:ident) => {
        [
            $claims!("P-256", crate::weierstrass::P256, 4, 5),
            $claims!("secp256k1", crate::weierstrass::Secp256k1, 4, 5),
            $claims!("P-384", crate::weierstrass::P384, 6, 8),
            $claims!("P-521", crate::weierstrass::P521, 9, 11),
        ]
        .concat()
    };
}

pub(super) use {claim, of_each_curve};
