//! The curve of Ed25519, portably: decoding of points, and tables of their
//! multiples.
//!
//! -x² + y² = 1 + d·x²·y² over the field of 2^255 - 19 (RFC 8032 §5.1). -1 is
//! a square there and d is not, so the addition of [`point`] is *complete*: it
//! is right for any two points of the curve, whatever they are.

#[path = "affine.rs"]
mod point;
mod table;
#[cfg(test)]
mod tests;

pub(super) use point::Affine;
pub(super) use table::{IDENTITY, Row, Table, TableBuild};

use super::field::{Ed25519Base, Residue};

/// A number modulo 2^255 - 19.
type Number = Residue<Ed25519Base, 4>;
