//! The numbers in lanes, and what is proved of them.

pub(crate) mod ed25519;
mod limbs;
mod moves;
pub(crate) mod p256;
#[path = "../../../../../accel/src/ifma/radix52.rs"]
pub(crate) mod radix52;

mod sha2;
pub(crate) mod words;

use jot_proofs::claims::Claim;

pub(crate) fn claims() -> Vec<Claim> {
    [moves::CLAIMS, limbs::CLAIMS, &p256::claims(), &ed25519::claims()].concat()
}
