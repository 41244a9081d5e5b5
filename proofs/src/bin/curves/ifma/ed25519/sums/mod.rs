//! The verification of Ed25519 over sums of rows: which rows of which table it adds up, with
//! which sign, in which lane, and what it compares.

#[path = "../../../../../../../accel/src/ifma/ed25519/choice.rs"]
mod choice;
mod claims;
mod decode;
mod field;
mod multiples;
mod point;
#[path = "../../../../../../../accel/src/ifma/ed25519/ready.rs"]
mod ready;
#[path = "../../../../../../../accel/src/ifma/ed25519/rows.rs"]
mod rows;
#[path = "../../../../../../../accel/src/ifma/ed25519/unprepared.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod unprepared;
#[path = "../../../../../../../accel/src/ifma/ed25519/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

pub(super) use claims::CLAIMS;
