//! The numbers in lanes, and what is proved of them.

pub(crate) mod ed25519;
mod limbs;
mod moves;
#[path = "../../../../../accel/src/ifma/radix52.rs"]
pub(crate) mod radix52;

mod sha2;
pub(crate) mod weierstrass;
pub(crate) mod words;

use jot_proofs::claims::Claim;

pub(crate) fn claims() -> Vec<Claim> {
    [moves::CLAIMS, limbs::CLAIMS, &weierstrass::claims(), &ed25519::claims()].concat()
}
