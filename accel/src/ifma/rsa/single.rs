//! x^65537 mod n of one number, which lies across registers.
//!
//! A product of two numbers of L limbs is a sum in 2·L *columns*: the low half of limb
//! i times limb j belongs into column i + j, the high half into the next one. One
//! instruction adds eight such halves at once: those of one limb of b, in every lane,
//! with eight neighbouring limbs of a. For the limb 8·q + r of b they belong into
//! columns that begin at 8·q + r. To keep columns aligned to registers, a is read
//! shifted up by r limbs, from a buffer with zeros around it. Carries wait until the
//! end.
//!
//! Montgomery's reduction usually finds its quotient limb by limb, and each limb waits for
//! the one before it. Here one product with -n^-1 mod R, which is computed once for a key,
//! gives the whole quotient without waiting:
//!
//! 1. T = a·b;
//! 2. m = (T mod R) · (-n^-1 mod R) mod R;
//! 3. (T + m·n) / R, which is below 2·n (see `modulus`).
//!
//! The lower L columns of T + m·n add up to c·R for a small c, and step 3 needs only c.
//! It follows from the highest of these columns, x: the carry into it from below is
//! some e with x + e = c·2^52. Columns are below 2^60, so e < 2^9, and c = ⌊(x + 2^20)
//! / 2^52⌋.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::needless_range_loop,
    reason = "indices are below the constant lengths of arrays, over which they run"
)]

use super::modulus::{Modulus, Number, Row};
use crate::ifma::radix52::{LIMB, LIMB_BITS};
use crate::simd::Ifma;
use crate::simd::moves::splat;
use crate::simd::x512::{
    V, add64, align64, and, equal64, greater64, load, madd52_high, madd52_low, shift_right64, store, sub64,
    zero,
};

/// An upper bound on columns: sums of at most 4·80 halves below 2^52, and a carry.
const COLUMN: u64 = 1 << 61;

/// A number of at most eighty limbs, with a register of zeros on either side.
#[repr(align(64))]
pub(super) struct Padded([Row; 12]);

impl Padded {
    pub(super) fn new<const Z: usize>(number: &Number<Z>) -> Self {
        let mut padded = Self([[0; 8]; 12]);
        padded.0[1..=Z].copy_from_slice(&number.0);
        padded
    }

    /// Returns register `at` of the number shifted up by `limbs` < 8.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn shifted(&self, at: usize, limbs: usize) -> V {
        let words = &self.0.as_flattened()[8 * (at + 1) - limbs..];
        let Some(words) = words.first_chunk() else { return zero() };
        load(words)
    }
}

/// Returns the columns 8·`FROM` to 8·(`FROM` + `W`) of a·b, not carried. Those of the
/// first register lack the carry from the column below it.
///
/// Each is the sum of at most L low halves and L high halves.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
pub(super) fn columns<const Z: usize, const FROM: usize, const W: usize>(a: &Padded, b: &[Row; Z]) -> [V; W] {
    let zero = zero();
    let (mut low, mut high) = ([zero; W], [zero; W]);
    for r in 0..8 {
        let mut shifted = [zero; 11];
        for at in 0..=Z {
            shifted[at] = a.shifted(at, r);
        }
        for q in 0..Z {
            let digit = splat(b[q][r]);
            for at in 0..=Z {
                let column = (q + at).wrapping_sub(FROM);
                if column < W {
                    low[column] = madd52_low(low[column], shifted[at], digit);
                    high[column] = madd52_high(high[column], shifted[at], digit);
                }
            }
        }
    }
    let mut below = zero;
    for (low, high) in low.iter_mut().zip(high) {
        *low = add64(*low, align64::<7>(high, below));
        below = high;
    }
    low
}

/// Carries until every column is a limb. Returns the carry out of the highest column,
/// in the lowest lane.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
pub(super) fn carry<const W: usize>(columns: &mut [V; W]) -> V {
    let (zero, limb) = (zero(), splat(LIMB));
    debug_assert!(columns.iter().all(|column| { greater64(*column, splat(COLUMN)) == 0 }));
    let mut out = zero;
    loop {
        let mut below = zero;
        let mut too_large = 0;
        for column in columns.iter_mut() {
            let carries = shift_right64::<{ LIMB_BITS as u32 }>(*column);
            let kept = and(*column, limb);
            *column = add64(kept, align64::<7>(carries, below));
            too_large |= greater64(*column, limb);
            below = carries;
        }
        out = add64(out, align64::<7>(zero, below));
        // Few rounds are needed: after the first ones all carries are ones, and a carry
        // of one only continues through limbs that are full.
        if too_large == 0 {
            return out;
        }
    }
}

/// Stores limbs to memory, because a product reads them one by one.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
pub(super) fn rows<const Z: usize>(limbs: &[V; Z]) -> [Row; Z] {
    let mut rows = [[0; 8]; Z];
    for (row, limbs) in rows.iter_mut().zip(limbs) {
        store(row, *limbs);
    }
    rows
}

/// Returns x - n if that is not negative, otherwise x, for carried x and n.
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
fn subtracted<const Z: usize>(x: &[Row; Z], n: &[Row; Z]) -> [Row; Z] {
    // What the limbs of n lack to full ones is R - 1 - n. So the sum is R + x - n, and the carry out
    // of it is 1 if x is n or more.
    let mut sum = [zero(); Z];
    for ((sum, x), n) in sum.iter_mut().zip(x).zip(n) {
        *sum = add64(load(x), sub64(splat(LIMB), load(n)));
    }
    sum[0] = add64(sum[0], load(&[1, 0, 0, 0, 0, 0, 0, 0]));
    let out = carry(&mut sum);
    if equal64(out, zero()) == u8::MAX { *x } else { rows(&sum) }
}

/// Returns x - n if that is not negative, otherwise x.
#[expect(unsafe_code, reason = "the CPU has the instructions")]
pub(super) fn less<const Z: usize>(_: Ifma, x: &Number<Z>, n: &Number<Z>) -> Number<Z> {
    // SAFETY: an `Ifma` exists only if the CPU has the instructions.
    Number(unsafe { subtracted(&x.0, &n.0) })
}

/// A modulus in the form that the products need. `TOP` is Z - 1, `UPPER` Z + 1 and
/// `DOUBLE` 2·Z.
pub(super) struct Reducer<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize> {
    n: Padded,
    negative_inverse: Padded,
}

impl<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>
    Reducer<Z, TOP, UPPER, DOUBLE>
{
    pub(super) fn new(modulus: &Modulus<Z>) -> Self {
        const { assert!(TOP + 1 == Z && UPPER == Z + 1 && DOUBLE == 2 * Z && Z <= 10) }
        Self { n: Padded::new(&modulus.n), negative_inverse: Padded::new(&modulus.negative_inverse) }
    }

    /// Returns a·b·R^-1 mod n, below 2·n, for a and b below 2·n.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    pub(super) fn multiply(&self, a: &Padded, b: &Number<Z>) -> [V; Z] {
        let zero = zero();
        let total = columns::<Z, 0, DOUBLE>(a, &b.0);
        let mut low = [zero; Z];
        low.copy_from_slice(&total[..Z]);
        let carried = carry(&mut low);
        let mut quotient = columns::<Z, 0, Z>(&self.negative_inverse, &rows(&low));
        // The carry out is a multiple of R, and the quotient is taken modulo R.
        let _ = carry(&mut quotient);
        let multiple = columns::<Z, TOP, UPPER>(&self.n, &rows(&quotient));
        // The highest of the columns that become zero is in the highest lane.
        let highest = add64(low[TOP], multiple[0]);
        let sum = add64(highest, splat(1 << 20));
        let c = align64::<7>(zero, shift_right64::<{ LIMB_BITS as u32 }>(sum));
        let mut product = [zero; Z];
        for i in 0..Z {
            product[i] = add64(total[Z + i], multiple[1 + i]);
        }
        product[0] = add64(product[0], add64(carried, c));
        // The product is below R, so there is no carry out.
        let _ = carry(&mut product);
        product
    }

    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    fn power(&self, x: &Number<Z>, r_squared: &Number<Z>) -> Number<Z> {
        let plain = Padded::new(x);
        let mut power = Padded::new(x);
        let mut limbs = Number(rows(&self.multiply(&plain, r_squared)));
        for _ in 0..16 {
            power.0[1..=Z].copy_from_slice(&limbs.0);
            limbs = Number(rows(&self.multiply(&power, &limbs)));
        }
        // x is not in Montgomery form, so this product also divides out R.
        Number(rows(&self.multiply(&plain, &limbs)))
    }
}

/// Returns x^65537 mod n, for x < n.
#[expect(unsafe_code, reason = "the CPU has the instructions")]
pub(super) fn power<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
    ifma: Ifma,
    modulus: &Modulus<Z>,
    x: &Number<Z>,
) -> Number<Z> {
    let reducer = Reducer::<Z, TOP, UPPER, DOUBLE>::new(modulus);
    // SAFETY: an `Ifma` exists only if the CPU has the instructions.
    let power = unsafe { reducer.power(x, &modulus.r_squared) };
    less(ifma, &power, &modulus.n)
}
