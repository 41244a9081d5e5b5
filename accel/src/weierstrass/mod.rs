//! ECDSA by tables, portably: P-256, P-384, P-521 and secp256k1.
//!
//! A signature (r, s) of a digest z holds if the point u1·G + u2·Q has an x that is r
//! modulo n, where u1 = z/s and u2 = r/s modulo the order n (FIPS 186-5 §6.4.2). A general
//! library doubles some 256 times for this. With a [`table`] of the multiples d·256^i of G
//! and of Q, for every window i and every digit d, no doubling is needed: each scalar is
//! written in signed digits in base 256, and the point is the sum of one row for each
//! digit, 64 additions for P-256.
//!
//! The additions are *incomplete*: they do not handle the cases in which a point meets
//! itself, its opposite, or infinity. These cases do not go unnoticed: in each of them the
//! result's Z is 0, and stays 0 in all further additions ([`point`]). A sum with Z = 0 is
//! not accepted: the caller decides. Several signatures share their inversions in [`trees`].

mod curves;
mod doubles;
mod ecdsa;
mod point;
mod table;
#[cfg(test)]
mod tests;
mod trees;
mod verify;

#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use curves::{Curve, P256, P384, P521, Secp256k1};
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use doubles::doubles;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use ecdsa::{Signature, digits};
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use point::Affine;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use table::{DIGITS, Row, SMALL_BITS, SMALL_DIGITS, SmallTable, Table, TableBuild, multiples};
pub(crate) use verify::IMPLEMENTATIONS;
