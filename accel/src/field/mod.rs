//! Numbers modulo an odd number, in portable code: modulo the primes of the curves, and
//! modulo their orders.
//!
//! A [`Residue`] is kept in Montgomery form: the number times R, with R = 2^64 to the
//! number of its limbs. A product is then reduced limb by limb, by adding multiples of
//! the modulus that clear the lowest limb, without a division; modulo 2^k - 1, a division by R
//! only moves bits. Every residue is always
//! less than its modulus, so equality of limbs is equality of numbers.
//!
//! Everything here is public (signatures, public keys), so branches and
//! addresses may depend on it. Nothing here may touch a secret.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "limbs are counted by constants, and the carries are bounded where they are made"
)]

mod constants;
mod digits;
mod folded;
mod inverse;
mod limbs;
mod mersenne;
mod moduli;
mod powers;
mod residue;
mod shared;
#[cfg(test)]
mod tests;
mod words;

#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use constants::power_of_two;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use digits::halves;
pub(crate) use digits::{LARGEST, signed_digits};
pub(crate) use folded::Folded;
pub(crate) use limbs::{from_big_endian, from_little_endian, is_less, number_bytes, subtract};
pub(crate) use moduli::{
    Ed25519Base, Ed25519Order, Modulus, P256Base, P256Order, P384Base, P384Order, P521Base, P521Order,
    Secp256k1Base, Secp256k1Order,
};
pub(crate) use residue::Residue;
pub(crate) use shared::invert_each;
