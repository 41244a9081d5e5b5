//! The portable field of `accel`, and what is proved of it.

mod constants;
pub(crate) mod digits;
#[path = "../../../../../accel/src/field/folded.rs"]
#[allow(dead_code, reason = "what only callers want")]
mod folded;
mod folded_claims;
mod limb_claims;
#[path = "../../../../../accel/src/field/limbs.rs"]
#[allow(dead_code, reason = "what only lanes want")]
mod limbs;
#[path = "../../../../../accel/src/field/mersenne.rs"]
mod mersenne;
#[path = "../../../../../accel/src/field/moduli.rs"]
mod moduli;
pub(crate) mod number;
#[path = "../../../../../accel/src/field/residue.rs"]
#[allow(dead_code, reason = "what only callers want")]
mod residue;
mod residue_claims;

/// In the place of the search for an inverse, which a product proves.
mod inverse {
    pub(super) fn inverse<const N: usize>(_: &[u64; N], _: &[u64; N]) -> [u64; N] {
        unreachable!("no proof is about the search")
    }
}

mod words {
    pub(crate) use jot_proofs::words::*;
}

use jot_proofs::claims::Claim;

pub(crate) use digits::signed_digits;
pub(crate) use limbs::{from_big_endian, is_less, number_bytes, subtract};
pub(crate) use moduli::*;
pub(crate) use residue::Residue;

pub(crate) fn claims() -> Vec<Claim> {
    [limb_claims::CLAIMS, residue_claims::CLAIMS, folded_claims::CLAIMS].concat()
}
