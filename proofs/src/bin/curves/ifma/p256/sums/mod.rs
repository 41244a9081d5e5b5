//! The verification of P-256 over sums of rows: which rows of which table it adds up, with
//! which sign, in which lane, and what it compares.

#[path = "../../../../../../../accel/src/ifma/p256/choice.rs"]
mod choice;
mod claims;
mod multiples;
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

mod field {
    pub(super) use super::super::points::field::{Field, P2, R_SQUARED};
}

pub(super) use claims::CLAIMS;
