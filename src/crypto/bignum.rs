//! Big integers of aws-lc, which are wiped when they are dropped.

#![expect(unsafe_code, reason = "aws-lc's numbers are for C")]

use std::cmp::Ordering;
use std::ffi::c_int;
use std::ptr::{self, NonNull};

use aws_lc_sys::{BIGNUM, BN_CTX, BN_ULONG};
use zeroize::Zeroizing;

/// A number that is not negative.
pub(super) struct BigNumber(NonNull<BIGNUM>);

/// aws-lc's memory for intermediate results.
///
/// All functions return `None` if aws-lc fails: if there is no memory or no such
/// number.
pub(super) struct Workspace(NonNull<BN_CTX>);

impl BigNumber {
    /// Reads a big-endian number.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        // SAFETY: the pointer and the length are those of a slice; a new number is asked for.
        NonNull::new(unsafe { aws_lc_sys::BN_bin2bn(bytes.as_ptr(), bytes.len(), ptr::null_mut()) }).map(Self)
    }

    pub(super) fn from_word(word: u32) -> Option<Self> {
        // SAFETY: the number is one of aws-lc's and lent to nobody else.
        Self::filled(|number| unsafe { aws_lc_sys::BN_set_word(number, BN_ULONG::from(word)) })
    }

    /// Writes the number big-endian, without leading zeros.
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // SAFETY: the number is one of aws-lc's.
        let length = unsafe { aws_lc_sys::BN_num_bytes(self.as_ptr()) };
        let mut bytes = Zeroizing::new(vec![0; length as usize]);
        // SAFETY: as many bytes are written as were counted.
        unsafe { aws_lc_sys::BN_bn2bin(self.as_ptr(), bytes.as_mut_ptr()) };
        bytes
    }

    pub(super) fn is_one(&self) -> bool {
        // SAFETY: the number is one of aws-lc's.
        1 == unsafe { aws_lc_sys::BN_is_one(self.as_ptr()) }
    }

    /// Counts the zeros at the low end; a zero has none.
    pub(super) fn low_zero_bits(&self) -> c_int {
        // SAFETY: the number is one of aws-lc's.
        unsafe { aws_lc_sys::BN_count_low_zero_bits(self.as_ptr()) }
    }

    /// Divides by a power of two.
    pub(super) fn shifted_right(&self, bits: c_int) -> Option<Self> {
        // SAFETY: both numbers are aws-lc's, and the result is lent to nobody else.
        Self::filled(|result| unsafe { aws_lc_sys::BN_rshift(result, self.as_ptr(), bits) })
    }

    /// Subtracts one from a number that is not zero.
    pub(super) fn less_one(self) -> Option<Self> {
        // SAFETY: the number is one of aws-lc's and lent to nobody else.
        let done = unsafe { aws_lc_sys::BN_sub_word(self.0.as_ptr(), 1) };
        (done == 1).then_some(self)
    }

    const fn as_ptr(&self) -> *const BIGNUM {
        self.0.as_ptr()
    }

    /// Makes a number by a function that fills it in and then returns 1.
    fn filled(fill: impl FnOnce(*mut BIGNUM) -> c_int) -> Option<Self> {
        // SAFETY: the function takes nothing.
        let number = Self(NonNull::new(unsafe { aws_lc_sys::BN_new() })?);
        (fill(number.0.as_ptr()) == 1).then_some(number)
    }
}

impl PartialEq for BigNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for BigNumber {}

impl PartialOrd for BigNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BigNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        // SAFETY: both numbers are aws-lc's.
        unsafe { aws_lc_sys::BN_cmp(self.as_ptr(), other.as_ptr()) }.cmp(&0)
    }
}

impl Drop for BigNumber {
    fn drop(&mut self) {
        // SAFETY: the number is one of aws-lc's and not used afterwards.
        unsafe { aws_lc_sys::BN_clear_free(self.0.as_ptr()) };
    }
}

impl Workspace {
    pub(super) fn new() -> Option<Self> {
        // SAFETY: the function takes nothing.
        NonNull::new(unsafe { aws_lc_sys::BN_CTX_new() }).map(Self)
    }

    pub(super) fn product(&mut self, a: &BigNumber, b: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_mul(result, a.as_ptr(), b.as_ptr(), self.0.as_ptr())
        })
    }

    /// Divides and drops the remainder.
    pub(super) fn quotient(&mut self, a: &BigNumber, b: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else, and
        // the remainder may be left out.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_div(result, ptr::null_mut(), a.as_ptr(), b.as_ptr(), self.0.as_ptr())
        })
    }

    pub(super) fn remainder(&mut self, a: &BigNumber, b: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else, and
        // the quotient may be left out.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_div(ptr::null_mut(), result, a.as_ptr(), b.as_ptr(), self.0.as_ptr())
        })
    }

    /// Returns the greatest common divisor.
    pub(super) fn common_divisor(&mut self, a: &BigNumber, b: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_gcd(result, a.as_ptr(), b.as_ptr(), self.0.as_ptr())
        })
    }

    /// Returns the inverse of `a` modulo `modulus`.
    pub(super) fn inverse(&mut self, a: &BigNumber, modulus: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else.
        BigNumber::filled(|result| unsafe {
            let filled = aws_lc_sys::BN_mod_inverse(result, a.as_ptr(), modulus.as_ptr(), self.0.as_ptr());
            c_int::from(!filled.is_null())
        })
    }

    /// Raises `base`, which is below the odd `modulus`. The time depends only on the
    /// exponent's length.
    pub(super) fn power(
        &mut self,
        base: &BigNumber,
        exponent: &BigNumber,
        modulus: &BigNumber,
    ) -> Option<BigNumber> {
        let (base, exponent, modulus) = (base.as_ptr(), exponent.as_ptr(), modulus.as_ptr());
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else, and
        // what is made of the modulus may be left out.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_mod_exp_mont_consttime(
                result,
                base,
                exponent,
                modulus,
                self.0.as_ptr(),
                ptr::null(),
            )
        })
    }

    pub(super) fn square(&mut self, a: &BigNumber, modulus: &BigNumber) -> Option<BigNumber> {
        // SAFETY: all are aws-lc's; the result and the workspace are lent to nobody else.
        BigNumber::filled(|result| unsafe {
            aws_lc_sys::BN_mod_sqr(result, a.as_ptr(), modulus.as_ptr(), self.0.as_ptr())
        })
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // SAFETY: the workspace is aws-lc's and not used afterwards.
        unsafe { aws_lc_sys::BN_CTX_free(self.0.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(word: u32) -> BigNumber {
        BigNumber::from_word(word).unwrap()
    }

    fn word(number: Option<BigNumber>) -> Option<u32> {
        number.map(|number| number.to_bytes().iter().fold(0, |word, byte| word << 8 | u32::from(*byte)))
    }

    #[test]
    fn numbers_are_counted_with_as_on_paper() {
        let mut work = Workspace::new().unwrap();
        let (a, b, m) = (number(1000), number(36), number(1001));
        assert_eq!(word(work.product(&a, &b)), Some(36_000));
        assert_eq!(word(work.quotient(&a, &b)), Some(27));
        assert_eq!(word(work.remainder(&a, &b)), Some(28));
        assert_eq!(word(work.common_divisor(&a, &b)), Some(4));
        assert_eq!(word(work.square(&b, &m)), Some(295));
        assert_eq!(word(work.power(&b, &number(5), &m)), Some(771));
        assert_eq!(word(work.inverse(&number(3), &number(7))), Some(5));
        assert_eq!(word(work.inverse(&number(6), &number(9))), None);
        assert_eq!(word(work.quotient(&a, &number(0))), None);
        assert_eq!(word(work.power(&a, &b, &number(1002))), None);
        assert_eq!(b.low_zero_bits(), 2);
        assert_eq!(word(b.shifted_right(2)), Some(9));
        assert_eq!(word(number(256).less_one()), Some(255));
        assert!(number(1).is_one() && !number(2).is_one());
        assert_eq!(a.partial_cmp(&b), Some(Ordering::Greater));
        assert_eq!(b.partial_cmp(&a), Some(Ordering::Less));
        assert!(a == number(1000));
        assert_eq!(number(256).to_bytes().as_slice(), [1, 0]);
        assert!(number(0).to_bytes().is_empty());
        assert!(BigNumber::from_bytes(&[0, 0, 1, 0]).unwrap() == number(256));
    }
}
