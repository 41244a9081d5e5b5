//! Products modulo 2^k - 1 in Montgomery form, where the last limb of 2^k - 1 has some bits and the
//! others are full.
//!
//! 2^k is 1. So what is divided by R = 2^(64 N) is only moved: k is 64 N less some bits, `LESS`, and a
//! division by R is one by 2^LESS. Of the lower half of a product, u·2^LESS + v, it
//! makes u + v·2^(k - LESS).

use super::limbs;
use super::words::{self, Carry, NONE, add_three, masked, multiply_add};

/// The lower half of a number and the upper one.
type Wide<const N: usize> = [[u64; N]; 2];

/// Whether m is such a number.
pub(super) const fn is_mersenne<const N: usize>(m: &[u64; N]) -> bool {
    let mut i = 0;
    while i + 1 < N {
        if m[i] != u64::MAX {
            return false;
        }
        i += 1;
    }
    m[i] & (m[i] + 1) == 0
}

/// Returns a·b/R modulo m, for `a` below R and `b` below m.
#[inline]
pub(super) fn product<const N: usize>(a: &[u64; N], b: &[u64; N], m: &[u64; N]) -> [u64; N] {
    let mut wide = [[0; N]; 2];
    let sum = wide.as_flattened_mut();
    for i in 0..N {
        let mut carry = 0;
        for j in 0..N {
            (sum[i + j], carry) = multiply_add(sum[i + j], a[i], b[j], carry);
        }
        sum[i + N] = carry;
    }
    by_r(&wide, NONE, m)
}

/// Returns a²/R modulo m, for `a` below m. The products off the diagonal count twice.
#[inline]
pub(super) fn square<const N: usize>(a: &[u64; N], m: &[u64; N]) -> [u64; N] {
    let mut wide = [[0; N]; 2];
    let sum = wide.as_flattened_mut();
    for i in 0..N {
        let mut carry = 0;
        for j in i + 1..N {
            (sum[i + j], carry) = multiply_add(sum[i + j], a[i], a[j], carry);
        }
        sum[i + N] = carry;
    }
    let mut carry = NONE;
    for word in &mut *sum {
        (*word, carry) = words::add(*word, *word, carry);
    }
    let mut carry = NONE;
    for i in 0..N {
        let (low, high) = multiply_add(0, a[i], a[i], 0);
        (sum[2 * i], carry) = words::add(sum[2 * i], low, carry);
        (sum[2 * i + 1], carry) = words::add(sum[2 * i + 1], high, carry);
    }
    by_r(&wide, carry, m)
}

/// Divides a product of a number below R and one below m by R, with its carry.
#[inline]
fn by_r<const N: usize>([low, high]: &Wide<N>, carry: Carry, m: &[u64; N]) -> [u64; N] {
    // 2^(64 - LESS): times this, the lower half is v in its first word, and u in the others.
    let shift = m[N - 1] + 1;
    let (first, mut more) = multiply_add(0, low[0], shift, 0);
    let mut u = [0; N];
    for i in 1..N {
        (u[i - 1], more) = multiply_add(more, low[i], shift, 0);
    }
    u[N - 1] = more;
    // v·2^(k - LESS), the first word times 2^(k - 64), has two words.
    let (lower, upper) = multiply_add(0, first, shift, 0);
    let mut v = [0; N];
    (v[N - 2], v[N - 1]) = (lower, upper);
    let (sum, one) = limbs::add(high, &u);
    let (mut sum, other) = limbs::add(&sum, &v);
    // What the sum has from 2^k on is added below. It is at most 2, for each of the three is below
    // 2^k; all carries are 0, and stand here for the proof, which does not know that.
    let unit = 1 << (64 - shift.trailing_zeros());
    let (kept, above) = multiply_add(0, sum[N - 1], unit, 0);
    let above = [carry, one, other]
        .into_iter()
        .fold(above, |above, carry| add_three(above, masked(unit, carry), 0).0);
    (_, sum[N - 1]) = multiply_add(0, kept, shift, 0);
    let mut more = [0; N];
    more[0] = above;
    let (sum, _) = limbs::add(&sum, &more);
    limbs::subtract_once(sum, NONE, m)
}
