//! The field and the points of Weierstrass curves.

mod contracts;
#[path = "../../../../../../accel/src/ifma/weierstrass/curves.rs"]
mod curves;
mod each;
#[path = "../../../../../../accel/src/ifma/weierstrass/field.rs"]
mod field;
mod points;
mod sums;

use jot_proofs::claims::Claim;

pub(super) fn claims() -> Vec<Claim> {
    [contracts::claims(), points::claims(), sums::claims()].concat()
}
