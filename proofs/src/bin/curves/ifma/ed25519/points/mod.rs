//! The points of Ed25519 over what is proved of the field: each operation gives any number
//! within the bounds that its contract says.

mod bounds;
mod field;
#[path = "../../../../../../../accel/src/ifma/ed25519/point.rs"]
mod point;

pub(super) use bounds::CLAIMS;
