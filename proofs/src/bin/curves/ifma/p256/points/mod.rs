//! The points of P-256 over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
#[path = "../../../../../../../accel/src/ifma/p256/choice.rs"]
mod choice;
pub(super) mod field;
#[path = "../../../../../../../accel/src/ifma/p256/multiples.rs"]
mod multiples;
#[path = "../../../../../../../accel/src/ifma/p256/point.rs"]
mod point;
#[path = "../../../../../../../accel/src/ifma/p256/ready.rs"]
mod ready;
#[path = "../../../../../../../accel/src/ifma/p256/rows.rs"]
mod rows;
#[path = "../../../../../../../accel/src/ifma/p256/unprepared.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod unprepared;
#[path = "../../../../../../../accel/src/ifma/p256/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

pub(super) use bounds::CLAIMS;
