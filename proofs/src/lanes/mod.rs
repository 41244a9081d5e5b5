//! Abstract words of 64 bits.
//!
//! A [`Lane`] is an integer of which a polynomial and an [`Interval`] are known, both exact.
//! It stands for the 64 bits of a word: those of the integer itself if it is not
//! negative, or those of its two's complement. The integer never leaves these bounds,
//! because whatever makes a lane that might panics: **no word wraps**, so the polynomial is
//! the number and not the number modulo 2^64.
//!
//! - A sum or difference is one of polynomials. Equal polynomials are the same lane, with
//!   the narrower of their intervals.
//! - A *cut* at a bit (a shift or a mask) divides by a power of two: x = 2^k·u + l with l in
//!   0..2^k. Unless the polynomial itself shows u and l, u becomes a new symbol, a
//!   *named carry*, and l is x - 2^k·u.
//! - The multiplier reads the low 52 bits of its factors, which is a cut of each, and
//!   cuts their product at bit 52. After [`name_factors`], each factor of several terms is a new
//!   symbol, too.
//! - A comparison that the intervals do not answer panics, unless [`decided`] answers it. The
//!   proof then has to say what follows from the [`Question`].
//! - [`word`](Lane::word) makes a number for a lane to lie in memory, and reading it gives the
//!   lane. Such a number may only be moved: what is computed from it is not the lane.
//!
//! Symbols, lanes and words belong to a thread and end with [`reset`].

mod arena;
mod decisions;
mod interval;
mod lane;

pub use arena::Lane;
pub(crate) use decisions::decide;
pub use decisions::{Question, decided};
pub use interval::Interval;
#[cfg(test)]
pub(crate) use lane::value_of;
pub(crate) use lane::words_of;
pub use lane::{Meaning, digits, epoch, fresh, largest, name_factors, reset, stands_for, suppose};
