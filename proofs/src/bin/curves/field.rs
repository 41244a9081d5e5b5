//! The portable numbers of `accel`, without its tests.

#[path = "../../../../accel/src/field/constants.rs"]
mod constants;
#[path = "../../../../accel/src/field/digits.rs"]
#[allow(dead_code, reason = "what only tables want")]
mod digits;
#[path = "../../../../accel/src/field/inverse.rs"]
mod inverse;
#[path = "../../../../accel/src/field/limbs.rs"]
#[allow(dead_code, reason = "what only portable code wants")]
mod limbs;
#[path = "../../../../accel/src/field/mersenne.rs"]
mod mersenne;
#[path = "../../../../accel/src/field/moduli.rs"]
#[allow(dead_code, reason = "moduli of other curves")]
mod moduli;
#[path = "../../../../accel/src/field/powers.rs"]
#[allow(dead_code, reason = "what only portable code wants")]
mod powers;
#[path = "../../../../accel/src/field/residue.rs"]
#[allow(dead_code, reason = "what only portable code wants")]
mod residue;
#[path = "../../../../accel/src/field/shared.rs"]
mod shared;
#[path = "../../../../accel/src/field/words.rs"]
mod words;

pub(crate) use constants::power_of_two;
pub(crate) use digits::{halves, signed_digits};
pub(crate) use limbs::{from_little_endian, number_bytes};
pub(crate) use moduli::{
    Ed25519Base, Ed25519Order, Modulus, P256Base, P256Order, P384Base, P384Order, P521Base, P521Order,
    Secp256k1Base, Secp256k1Order,
};
pub(crate) use residue::Residue;
pub(crate) use shared::invert_each;
