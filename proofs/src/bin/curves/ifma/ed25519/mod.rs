//! The field and the points of Ed25519.

mod contracts;
#[path = "../../../../../../accel/src/ifma/ed25519/field.rs"]
#[expect(clippy::redundant_closure, reason = "a function for certain processors is none that map takes")]
mod field;
mod points;

use jot_proofs::claims::Claim;

pub(super) fn claims() -> Vec<Claim> {
    [contracts::CLAIMS, points::CLAIMS].concat()
}
