//! ECDSA by tables, portably: P-256, P-384 and secp256k1.
//!
//! A signature (r, s) of a digest z holds when the point u1·G + u2·Q has an x
//! that is r modulo n, where u1 = z/s and u2 = r/s modulo the order n
//! (FIPS 186-5 §6.4.2). A general library doubles some 256 times on the way.
//! With a [`table`] of the multiples d·256^i of G and of Q, for every window i
//! and every digit d, there is nothing left to double: each scalar is written
//! in signed digits to the base 256, and the point is the sum of one row for
//! each digit, 64 additions for P-256.
//!
//! The additions are *incomplete*: they do not treat the cases apart in which
//! a point meets itself, its opposite, or infinity. They do not go unnoticed:
//! in each of them the result's Z is 0, and stays 0 whatever is added on
//! ([`point`]). A sum with Z = 0 is not accepted, so that aws-lc decides.

mod answers;
mod curves;
mod ecdsa;
mod point;
mod table;
#[cfg(test)]
mod tests;
mod verify;

use super::field::Modulus;

#[cfg(target_arch = "x86_64")]
pub(super) use answers::ES256;
pub(super) use curves::{P256, P384, Secp256k1};
pub(super) use ecdsa::{Signature, digits};
#[cfg(target_arch = "x86_64")]
pub(super) use point::Affine;
#[cfg(target_arch = "x86_64")]
pub(super) use table::{Row, Table, TableBuild};
pub(super) use verify::IMPLEMENTATIONS;

/// A curve y² = x³ + ax + b of prime order over a prime field.
pub(super) trait Curve<const N: usize>: Copy + Send + Sync + 'static {
    type Base: Modulus<N>;
    type Order: Modulus<N>;
    /// a, which is -3 or 0.
    const A: i8;
    const B: [u64; N];
    /// The base point's coordinates.
    const GENERATOR: [[u64; N]; 2];
}
