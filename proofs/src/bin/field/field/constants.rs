//! The constants of moduli, computed with numbers.

#[path = "../../../../../accel/src/field/constants.rs"]
mod of_code;
#[path = "../../../../../accel/src/field/words.rs"]
#[allow(dead_code, reason = "what only residues want")]
mod words;

pub(super) use of_code::{negated_inverse, power_of_two};
