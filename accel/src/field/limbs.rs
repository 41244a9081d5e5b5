//! Numbers as 64-bit limbs, lowest first.

use super::words::{self, Carry, is_set};

/// Returns the sum and the carry out of the last limb.
#[inline(always)]
pub(super) fn add<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], Carry) {
    let mut sum = [0; N];
    let mut carry = words::NONE;
    for i in 0..N {
        (sum[i], carry) = words::add(a[i], b[i], carry);
    }
    (sum, carry)
}

/// Returns the difference and the borrow.
#[inline(always)]
pub(crate) fn subtract<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], Carry) {
    let mut difference = [0; N];
    let mut borrow = words::NONE;
    for i in 0..N {
        (difference[i], borrow) = words::subtract(a[i], b[i], borrow);
    }
    (difference, borrow)
}

/// Reduces a number below 2m, with its carry out of the last limb, modulo m.
#[inline(always)]
pub(super) fn subtract_once<const N: usize>(number: [u64; N], carry: Carry, m: &[u64; N]) -> [u64; N] {
    let (difference, borrow) = subtract(&number, m);
    if is_set(carry) || !is_set(borrow) { difference } else { number }
}

#[inline]
pub(crate) fn is_less<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    is_set(subtract(a, b).1)
}

/// Returns the bytes of a number in a key or a signature (SEC 1 §2.3.5). They fill the limbs, but
/// for the 66 of P-521, the only curve whose numbers have nine limbs.
pub(crate) const fn number_bytes(limbs: usize) -> usize {
    if limbs == 9 { 66 } else { 8 * limbs }
}

/// Reads a big-endian number of at most 8 N bytes.
pub(crate) fn from_big_endian<const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let mut limbs = [[0; 8]; N];
    let padded = limbs.as_flattened_mut();
    let zeros = padded.len().checked_sub(bytes.len())?;
    padded[zeros..].copy_from_slice(bytes);
    limbs.reverse();
    Some(limbs.map(u64::from_be_bytes))
}

/// Reads a little-endian number of exactly 8 N bytes.
pub(crate) fn from_little_endian<const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let (limbs, rest) = bytes.as_chunks::<8>();
    let limbs: &[[u8; 8]; N] = limbs.try_into().ok()?;
    rest.is_empty().then(|| limbs.map(u64::from_le_bytes))
}
