//! The points of curves over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
#[path = "../../../../../../../accel/src/ifma/weierstrass/checks.rs"]
mod checks;
#[path = "../../../../../../../accel/src/ifma/weierstrass/choice.rs"]
mod choice;
pub(super) mod field;
#[path = "../../../../../../../accel/src/ifma/weierstrass/multiples.rs"]
mod multiples;
#[path = "../../../../../../../accel/src/ifma/weierstrass/point.rs"]
mod point;
#[path = "../../../../../../../accel/src/ifma/weierstrass/ready.rs"]
mod ready;
#[path = "../../../../../../../accel/src/ifma/weierstrass/rows.rs"]
mod rows;
mod tables;
#[path = "../../../../../../../accel/src/ifma/weierstrass/unprepared.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod unprepared;
mod values;
#[path = "../../../../../../../accel/src/ifma/weierstrass/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

use super::curves;

use jot_proofs::claims::Claim;

pub(super) fn claims() -> Vec<Claim> {
    [bounds::claims(), values::claims(), tables::claims()].concat()
}
