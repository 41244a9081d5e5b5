//! Numbers in radix 2^52, and the preparation of a modulus.
//!
//! AVX-512 IFMA multiplies 52-bit digits, so a number is a list of *limbs* of 52 bits,
//! least significant first, eight to a register: `Z` registers hold L = 8·Z limbs.
//! Moduli of 2048, 3072 and 4096 bits take 5, 8 and 10 registers (40, 64 and 80 limbs),
//! so that R = 2^(52·L) is at least 2^32 times as large as the modulus. Hence R > 4·n,
//! and a Montgomery product a·b·R^-1 of factors below 2·n comes out below 2·n again
//! without any comparison: (a·b + m·n) / R < (4·n² + R·n) / R < 2·n.
//!
//! Three numbers are computed from each modulus n, once for each key and in plain Rust:
//! n itself, -n^-1 mod R and R² mod n. The last two are not trusted: `checked` makes a key of them
//! only if they are right. All data here are public, so nothing runs in constant time.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices are below the constant lengths of arrays; the bound of every sum stands beside it, \
              and a checking build stops where one is exceeded"
)]

use crate::ifma::radix52::{LIMB, LIMB_BITS};

/// The bytes of the largest modulus.
pub(super) const LARGEST_BYTES: usize = 512;

/// The limbs of one register.
pub(super) type Row = [u64; 8];

/// A number below R = 2^(416·Z): every limb is at most [`LIMB`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Number<const Z: usize>(pub(super) [Row; Z]);

impl<const Z: usize> Number<Z> {
    pub(super) const ZERO: Self = Self([[0; 8]; Z]);

    /// Reads a big-endian number of at most 52·Z bytes; the upper bytes of a longer one
    /// are ignored.
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut number = Self::ZERO;
        let (rest, whole) = bytes.as_rchunks::<13>();
        let mut pairs = number.0.as_flattened_mut().chunks_exact_mut(2);
        // Thirteen bytes are two limbs.
        for (bytes, pair) in whole.iter().rev().zip(pairs.by_ref()) {
            pair.copy_from_slice(&two_limbs(bytes));
        }
        if let Some(pair) = pairs.next() {
            let mut bytes = [0; 13];
            bytes[13 - rest.len()..].copy_from_slice(rest);
            pair.copy_from_slice(&two_limbs(&bytes));
        }
        number
    }

    /// Writes the number, big-endian, into the whole of `bytes`. The number
    /// must be small enough for them.
    pub(super) fn to_bytes(self, bytes: &mut [u8]) {
        let pairs = self.0.as_flattened().chunks_exact(2);
        for (bytes, pair) in bytes.rchunks_mut(13).zip(pairs) {
            let both = u128::from(pair[0]) | u128::from(pair[1]) << LIMB_BITS;
            let whole = both.to_be_bytes();
            bytes.copy_from_slice(&whole[16 - bytes.len()..]);
        }
    }

    pub(super) const fn limbs(&self) -> &[u64] {
        self.0.as_flattened()
    }

    const fn limbs_mut(&mut self) -> &mut [u64] {
        self.0.as_flattened_mut()
    }

    /// Returns self - n if that is not negative, otherwise self.
    pub(super) fn less(self, n: &Self) -> Self {
        let mut difference = Self::ZERO;
        let mut borrow = 0;
        for ((to, a), b) in difference.limbs_mut().iter_mut().zip(self.limbs()).zip(n.limbs()) {
            // It is above -2^53, so the sign bit is the borrow.
            let value = a.wrapping_sub(*b).wrapping_sub(borrow);
            *to = value & LIMB;
            borrow = value >> 63;
        }
        if borrow == 0 { difference } else { self }
    }

    /// Returns 2·self mod n, for self < n.
    fn doubled(mut self, n: &Self) -> Self {
        let mut carry = 0;
        for limb in self.limbs_mut() {
            let value = *limb << 1 | carry; // below 2^53
            *limb = value & LIMB;
            carry = value >> LIMB_BITS;
        }
        self.less(n)
    }
}

/// Splits 104 bits in the middle, the lower half first.
fn two_limbs(bytes: &[u8; 13]) -> [u64; 2] {
    let [upper @ .., _, _, _, _, _] = *bytes;
    let [_, _, _, _, _, lower @ ..] = *bytes;
    [u64::from_be_bytes(lower) & LIMB, u64::from_be_bytes(upper) >> 12]
}

/// The numbers computed from a modulus.
#[derive(Debug)]
pub(super) struct Modulus<const Z: usize> {
    pub(super) n: Number<Z>,
    /// -n^-1 mod R; its lowest limb is -n^-1 mod 2^52.
    pub(super) negative_inverse: Number<Z>,
    pub(super) r_squared: Number<Z>,
}

impl<const Z: usize> Modulus<Z> {
    const R_BITS: usize = Z * 8 * LIMB_BITS;

    /// Prepares an odd modulus. The first bit of its first byte must be set.
    pub(super) fn new(modulus: &[u8]) -> Self {
        let n = Number::from_bytes(modulus);
        let negative_inverse = negative_inverse(&n);
        let mut prepared = Self { n, negative_inverse, r_squared: Number::ZERO };
        prepared.r_squared = prepared.r_squared(modulus.len() * 8);
        prepared
    }

    /// Returns R² mod n. Montgomery squaring turns 2^i·R into 2^(2i)·R, so only a few
    /// doublings are needed at the beginning.
    fn r_squared(&self, n_bits: usize) -> Number<Z> {
        let squarings = Self::R_BITS.trailing_zeros();
        let first = Self::R_BITS >> squarings;
        // 2^n_bits - n is below n, because the highest bit of n is set.
        let mut power = Number::ZERO;
        power.limbs_mut()[n_bits / LIMB_BITS] = 1 << (n_bits % LIMB_BITS);
        power = power.less(&self.n);
        for _ in n_bits..Self::R_BITS + first {
            power = power.doubled(&self.n);
        }
        for _ in 0..squarings {
            power = self.multiply(&power, &power);
        }
        power
    }

    /// Returns a·b·R^-1 mod n, for a and b below n: the portable twin of the vector
    /// code.
    pub(super) fn multiply(&self, a: &Number<Z>, b: &Number<Z>) -> Number<Z> {
        let inverse = u128::from(self.negative_inverse.limbs()[0]);
        let mut sum = Number::<Z>::ZERO;
        for digit in b.limbs().iter().map(|digit| u128::from(*digit)) {
            let lowest = u128::from(sum.limbs()[0]) + u128::from(a.limbs()[0]) * digit;
            let quotient = ((lowest & u128::from(LIMB)) * inverse) & u128::from(LIMB);
            let mut carry = 0;
            for i in 0..Z * 8 {
                // Two products below 2^104, a limb, and a carry below 2^54.
                let value = u128::from(sum.limbs()[i])
                    + u128::from(a.limbs()[i]) * digit
                    + quotient * u128::from(self.n.limbs()[i])
                    + carry;
                carry = value >> LIMB_BITS;
                // The lowest limb has become zero and is dropped.
                if let Some(below) = i.checked_sub(1) {
                    sum.limbs_mut()[below] = value as u64 & LIMB;
                }
            }
            // The sum is below a + n, which is below R: one limb.
            sum.limbs_mut()[Z * 8 - 1] = carry as u64;
        }
        sum.less(&self.n)
    }
}

/// Returns -n^-1 mod R for an odd n: the number q for which q·n + 1 is a
/// multiple of R, digit by digit from below.
fn negative_inverse<const Z: usize>(n: &Number<Z>) -> Number<Z> {
    // Newton's iteration doubles the number of correct bits, from one.
    let mut inverse = 1_u64;
    for _ in 0..6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.limbs()[0].wrapping_mul(inverse)));
    }
    let inverse = inverse.wrapping_neg() & LIMB;
    let mut digits = Number::<Z>::ZERO;
    let mut sum = Number::<Z>::ZERO;
    sum.limbs_mut()[0] = 1;
    for digit in digits.limbs_mut() {
        *digit = sum.limbs()[0].wrapping_mul(inverse) & LIMB;
        let mut carry = 0;
        for i in 0..Z * 8 {
            // A product below 2^104, a limb and a carry.
            let value = u128::from(sum.limbs()[i]) + u128::from(*digit) * u128::from(n.limbs()[i]) + carry;
            carry = value >> LIMB_BITS;
            if let Some(below) = i.checked_sub(1) {
                sum.limbs_mut()[below] = value as u64 & LIMB;
            }
        }
        // The sum is at most n.
        sum.limbs_mut()[Z * 8 - 1] = carry as u64;
    }
    digits
}
