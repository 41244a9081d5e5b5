//! The portable numbers of `accel`, without its tests.

#[path = "../../../../accel/src/field/limbs.rs"]
#[expect(dead_code, reason = "residues are not wanted")]
mod limbs;
#[path = "../../../../accel/src/field/moduli.rs"]
#[allow(dead_code, reason = "moduli of other curves")]
mod moduli;

pub(crate) use limbs::power_of_two;
pub(crate) use moduli::{Ed25519Base, Modulus, P256Base};
