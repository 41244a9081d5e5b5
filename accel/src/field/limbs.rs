//! Numbers as 64-bit limbs, lowest first.

/// Returns a + b·c + d, which is less than 2^128: low and high.
#[inline(always)]
pub(super) const fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = a as u128 + b as u128 * c as u128 + d as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// Returns the sum and the carry out of the last limb.
#[inline(always)]
pub(super) const fn add<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut sum = [0; N];
    let mut carry = false;
    let mut i = 0;
    while i < N {
        let (partial, first) = a[i].overflowing_add(b[i]);
        let (limb, second) = partial.overflowing_add(carry as u64);
        sum[i] = limb;
        carry = first | second;
        i += 1;
    }
    (sum, carry)
}

/// Returns the difference and the borrow.
#[inline(always)]
pub(crate) const fn subtract<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut difference = [0; N];
    let mut borrow = false;
    let mut i = 0;
    while i < N {
        let (partial, first) = a[i].overflowing_sub(b[i]);
        let (limb, second) = partial.overflowing_sub(borrow as u64);
        difference[i] = limb;
        borrow = first | second;
        i += 1;
    }
    (difference, borrow)
}

/// Reduces a number below 2m, with its carry out of the last limb, modulo m.
#[inline(always)]
pub(super) const fn subtract_once<const N: usize>(number: [u64; N], carry: bool, m: &[u64; N]) -> [u64; N] {
    let (difference, borrow) = subtract(&number, m);
    if carry || !borrow { difference } else { number }
}

#[inline]
pub(crate) const fn is_less<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    subtract(a, b).1
}

/// Returns 2^exponent modulo m, for building constants.
pub(crate) const fn power_of_two<const N: usize>(m: &[u64; N], exponent: usize) -> [u64; N] {
    let mut number = [0; N];
    number[0] = 1;
    let mut bit = 0;
    while bit < exponent {
        let (double, carry) = add(&number, &number);
        number = subtract_once(double, carry, m);
        bit += 1;
    }
    number
}

/// Reads a big-endian number of exactly 8 N bytes.
pub(crate) fn from_big_endian<const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let mut number = from_little_endian(bytes)?;
    number.reverse();
    Some(number.map(u64::swap_bytes))
}

/// Reads a little-endian number of exactly 8 N bytes.
pub(crate) fn from_little_endian<const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let (limbs, rest) = bytes.as_chunks::<8>();
    let limbs: &[[u8; 8]; N] = limbs.try_into().ok()?;
    rest.is_empty().then(|| limbs.map(u64::from_le_bytes))
}
