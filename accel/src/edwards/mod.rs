//! The curve of Ed25519, portably: decoding of points, and tables of their
//! multiples.
//!
//! -x² + y² = 1 + d·x²·y² over the field of 2^255 - 19 (RFC 8032 §5.1). -1 is a square
//! there and d is not, so the addition of [`extended`] is *complete*: it is right for
//! any two points of the curve.

mod affine;
mod extended;
mod number;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use affine::Affine;
#[cfg(test)]
pub(crate) use table::Row;
pub(crate) use table::{SmallTable, Table, TableBuild};
