//! The primes of an RSA key, found again by its exponents (NIST SP 800-56B
//! Rev. 2, appendix C.1; RFC 7518 §6.3.2).
//!
//! `d · e - 1` is a multiple of the order of every number modulo `n`. It is even,
//! so raising a base to an odd part of it and squaring again and again ends at 1;
//! the last number before is a square root of 1. Where it is neither 1 nor -1, it
//! is 1 modulo one prime and -1 modulo the other, and what it has in common with
//! `n`, less one, is a prime. Half of all bases or more lead there.

use zeroize::Zeroizing;

use super::bignum::{BigNumber, Workspace};
use super::sign::RsaNumbers;

/// The bases that are tried. All of them fail for one key of four thousand
/// million; for a key that is none each costs a power modulo `n`.
const BASES: [u32; 32] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131,
];

/// What a key without its primes lacks, big-endian (RFC 7518 §6.3.2).
pub(super) struct Primes {
    p: Zeroizing<Vec<u8>>,
    q: Zeroizing<Vec<u8>>,
    dp: Zeroizing<Vec<u8>>,
    dq: Zeroizing<Vec<u8>>,
    qi: Zeroizing<Vec<u8>>,
}

impl Primes {
    /// Finds the primes of `n`, which is odd; `None` where `d` does not belong
    /// to `n` and `e`, and mostly where `n` is not the product of two primes.
    pub(super) fn find(n: &[u8], e: &[u8], d: &[u8]) -> Option<Self> {
        let mut work = Workspace::new()?;
        let (n, e, d) = (BigNumber::from_bytes(n)?, BigNumber::from_bytes(e)?, BigNumber::from_bytes(d)?);
        if d >= n {
            return None;
        }
        let root = root_of_one(&mut work, &n, &e, &d)?;
        let one = work.common_divisor(&root.less_one()?, &n)?;
        let other = work.quotient(&n, &one)?;
        let (p, q) = if one > other { (one, other) } else { (other, one) };
        let bytes_of = BigNumber::to_bytes;
        Some(Self {
            qi: bytes_of(&work.inverse(&q, &p)?),
            p: bytes_of(&p),
            q: bytes_of(&q),
            dp: bytes_of(&work.remainder(&d, &p.less_one()?)?),
            dq: bytes_of(&work.remainder(&d, &q.less_one()?)?),
        })
    }

    /// Returns the numbers of the key whose primes these are.
    pub(super) fn complete<'k>(&'k self, n: &'k [u8], e: &'k [u8], d: &'k [u8]) -> RsaNumbers<'k> {
        RsaNumbers { n, e, d, p: &self.p, q: &self.q, dp: &self.dp, dq: &self.dq, qi: &self.qi }
    }
}

/// Finds a square root of 1 modulo `n` that is neither 1 nor -1.
fn root_of_one(work: &mut Workspace, n: &BigNumber, e: &BigNumber, d: &BigNumber) -> Option<BigNumber> {
    let order = work.product(d, e)?.less_one()?;
    let squarings = order.low_zero_bits();
    let odd = order.shifted_right(squarings)?;
    let minus_one = BigNumber::from_bytes(&n.to_bytes())?.less_one()?;
    for base in BASES {
        let mut power = work.power(&BigNumber::from_word(base)?, &odd, n)?;
        if power.is_one() {
            continue;
        }
        let mut root = None;
        for _ in 0..squarings {
            let square = work.square(&power, n)?;
            let last = std::mem::replace(&mut power, square);
            if power.is_one() {
                root = Some(last);
                break;
            }
        }
        // A base that does not end at 1 tells that `d` is wrong.
        let root = root?;
        if root != minus_one {
            return Some(root);
        }
    }
    None
}
