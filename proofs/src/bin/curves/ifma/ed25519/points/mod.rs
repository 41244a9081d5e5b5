//! The points of Ed25519 over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
#[path = "../../../../../../../accel/src/ifma/ed25519/checks.rs"]
mod checks;
#[path = "../../../../../../../accel/src/ifma/ed25519/choice.rs"]
mod choice;
#[path = "../../../../../../../accel/src/ifma/ed25519/decode.rs"]
mod decode;
pub(super) mod field;
#[path = "../../../../../../../accel/src/ifma/ed25519/multiples.rs"]
mod multiples;
#[path = "../../../../../../../accel/src/ifma/ed25519/point.rs"]
mod point;
#[path = "../../../../../../../accel/src/ifma/ed25519/ready.rs"]
mod ready;
#[path = "../../../../../../../accel/src/ifma/ed25519/rows.rs"]
mod rows;
mod tables;
#[path = "../../../../../../../accel/src/ifma/ed25519/unprepared.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod unprepared;
mod values;
#[path = "../../../../../../../accel/src/ifma/ed25519/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

use jot_proofs::claims::Claim;

pub(super) fn claims() -> Vec<Claim> {
    [bounds::CLAIMS, values::CLAIMS, tables::CLAIMS].concat()
}
