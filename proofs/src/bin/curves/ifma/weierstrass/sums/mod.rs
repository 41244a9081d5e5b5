//! The verification of ECDSA over sums of rows: which rows of which table it adds up, with
//! which sign, in which lane, and what it compares.

#[path = "../../../../../../../accel/src/ifma/weierstrass/choice.rs"]
mod choice;
mod claims;
mod field;
mod multiples;
mod point;
#[path = "../../../../../../../accel/src/ifma/weierstrass/ready.rs"]
mod ready;
#[path = "../../../../../../../accel/src/ifma/weierstrass/rows.rs"]
mod rows;
#[path = "../../../../../../../accel/src/ifma/weierstrass/unprepared.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod unprepared;
#[path = "../../../../../../../accel/src/ifma/weierstrass/verify.rs"]
#[allow(unused_unsafe, reason = "functions for certain processors are unsafe to call elsewhere")]
mod verify;

use super::curves;

pub(super) use claims::claims;
