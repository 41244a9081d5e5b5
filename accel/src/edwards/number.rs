//! The field, and the number that makes the curve.

use crate::field::{Ed25519Base, Residue};

/// A number modulo 2^255 - 19.
pub(super) type Number = Residue<Ed25519Base, 4>;

/// d of the curve.
const D: [u64; 4] =
    [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

pub(super) fn d() -> Number {
    Number::reduced(&D)
}
