//! What residues, folded numbers and limbs do with words of 64 bits. The proofs put words in its
//! place that are not numbers, so nothing else in `limbs.rs`, `residue.rs` and `folded.rs` may
//! compute with words.

/// A carry or a borrow, 0 or 1.
pub(crate) type Carry = bool;

/// 0
pub(super) const NONE: Carry = false;

/// Whether it is 1.
#[inline(always)]
pub(super) const fn is_set(carry: Carry) -> bool {
    carry
}

/// Returns a + b·c + d, which is less than 2^128: low and high.
#[inline(always)]
pub(super) const fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = a as u128 + b as u128 * c as u128 + d as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// Returns the low word of a·b.
#[inline(always)]
pub(super) const fn multiply(a: u64, b: u64) -> u64 {
    a.wrapping_mul(b)
}

/// Returns a + b + c: low and high.
#[inline(always)]
pub(super) const fn add_three(a: u64, b: u64, c: u64) -> (u64, u64) {
    let sum = a as u128 + b as u128 + c as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// Returns the carry that a word of 0 or 1 is.
#[inline(always)]
pub(super) const fn carry(word: u64) -> Carry {
    word != 0
}

/// Returns a + b + carry: the low word, and the carry.
#[inline(always)]
pub(super) const fn add(a: u64, b: u64, carry: Carry) -> (u64, Carry) {
    let (partial, first) = a.overflowing_add(b);
    let (word, second) = partial.overflowing_add(carry as u64);
    (word, first | second)
}

/// Returns a - b - borrow modulo 2^64, and the borrow.
#[inline(always)]
pub(super) const fn subtract(a: u64, b: u64, borrow: Carry) -> (u64, Carry) {
    let (partial, first) = a.overflowing_sub(b);
    let (word, second) = partial.overflowing_sub(borrow as u64);
    (word, first | second)
}

/// Returns the word if the carry is 1, otherwise 0.
#[inline(always)]
pub(super) const fn masked(word: u64, carry: Carry) -> u64 {
    word & 0_u64.wrapping_sub(carry as u64)
}
