//! The points of P-256 over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
mod field;
#[path = "../../../../../../../accel/src/ifma/p256/point.rs"]
mod point;

pub(super) use bounds::CLAIMS;
