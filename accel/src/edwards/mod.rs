//! Ed25519 by tables, portably.
//!
//! -x² + y² = 1 + d·x²·y² over the field of 2^255 - 19 (RFC 8032 §5.1). -1 is a square
//! there and d is not, so the addition of [`extended`] is *complete*: it is right for
//! any two points of the curve.
//!
//! A signature (R, s) holds if s·B - k·A is R, where k is the hash of R, A and the message
//! (RFC 8032 §5.1.7). With a [`table`] of the multiples d·256^i of B and of -A, for every
//! window i and every digit d, it is the sum of 64 rows, and needs no doubling.

mod affine;
#[cfg(any(target_arch = "x86_64", software_lanes))]
mod doubles;
mod extended;
mod number;
mod signature;
mod table;
#[cfg(test)]
mod tests;
mod verify;

#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use affine::Affine;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use doubles::doubles;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use extended::Scale;
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) use table::{
    DIGITS, IDENTITY, Row, SMALL_BITS, SMALL_DIGITS, SmallTable, Table, TableBuild, multiples,
};
pub(crate) use verify::IMPLEMENTATION;
