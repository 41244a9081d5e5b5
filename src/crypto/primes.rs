//! Recovers the primes of an RSA key from its exponents (NIST SP 800-56B Rev. 2,
//! appendix C.1; RFC 7518 §6.3.2).
//!
//! `d · e - 1` is a multiple of the order of every number modulo `n`. It is even. So if a
//! base is raised to its odd part and then squared repeatedly, the sequence ends at 1, and
//! the number before that is a square root of 1. If the root `x` is neither 1 nor -1, it is
//! 1 modulo one prime and -1 modulo the other, and the greatest common divisor of `x - 1`
//! and `n` is a prime. At least half of all bases lead to such a root.

use zeroize::Zeroizing;

use super::bignum::{BigNumber, Workspace};
use super::part::RsaNumbers;

/// The bases to try. All of them fail for at most one key in four thousand million. For
/// numbers that are not a key, each costs a power modulo `n`.
const BASES: [u32; 32] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131,
];

/// The numbers that a key without its primes lacks, big-endian (RFC 7518 §6.3.2).
pub(super) struct Primes {
    p: Zeroizing<Vec<u8>>,
    q: Zeroizing<Vec<u8>>,
    dp: Zeroizing<Vec<u8>>,
    dq: Zeroizing<Vec<u8>>,
    qi: Zeroizing<Vec<u8>>,
}

impl Primes {
    /// Finds the primes of `n`, which is odd; returns `None` if `d` does not belong to
    /// `n` and `e`, and usually if `n` is not the product of two primes.
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
        // If a base does not end at 1, `d` is wrong.
        let root = root?;
        if root != minus_one {
            return Some(root);
        }
    }
    None
}
