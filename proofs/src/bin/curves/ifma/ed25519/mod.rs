//! The field and the points of Ed25519.

mod contracts;
#[path = "../../../../../../accel/src/ifma/ed25519/field.rs"]
mod field;
mod points;
mod sums;

use jot_proofs::claims::Claim;

pub(super) fn claims() -> Vec<Claim> {
    [contracts::CLAIMS.to_vec(), points::claims(), sums::CLAIMS.to_vec()].concat()
}
