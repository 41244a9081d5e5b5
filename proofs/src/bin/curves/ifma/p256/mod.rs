//! The field and the points of P-256.

mod contracts;
#[path = "../../../../../../accel/src/ifma/p256/field.rs"]
mod field;
mod points;
mod sums;

use jot_proofs::claims::Claim;

pub(crate) use contracts::p;

pub(super) fn claims() -> Vec<Claim> {
    [contracts::CLAIMS, points::CLAIMS, sums::CLAIMS].concat()
}
