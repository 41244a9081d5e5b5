//! The points of P-256 over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
pub(super) mod field;
#[path = "../../../../../../../accel/src/ifma/p256/point.rs"]
mod point;
#[path = "../../../../../../../accel/src/ifma/p256/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

pub(super) use bounds::CLAIMS;
