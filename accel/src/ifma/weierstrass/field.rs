//! The field of a curve in lanes: eight numbers modulo p side by side.
//!
//! A number is kept in N limbs of 52 bits, in Montgomery form with R = 2^(52 N). It need not
//! be below p: each kind of value has its bound, in hundredths of p, which is noted where
//! the value is made and asserted by debug builds ([`Field::bounded`]).
//!
//! The multiplier reads only the low 52 bits of a lane, so factors must have limbs
//! below 2^52: they must be *carried* and below R > 15 p. Then, as p·p/R < p/16 for every
//! p here:
//!
//! > a < A·p and b < B·p give a·b/R < (1 + A·B/16)·p.

use std::marker::PhantomData;

use crate::ifma::radix52::{self, Columns, LIMB, LIMB_BITS};
use crate::simd::moves::{splat, stored};
use crate::simd::x512::{
    V, add64, and, greater64, madd52_high, madd52_low, masked_sub64, shift_right_signed64, signs64, sub64,
    zero,
};

/// What lanes need to know of a curve: its modulus, which has `N` limbs, and its a.
///
/// The moduli of the curves are sums of few powers of two. `PLUS` and `MINUS` have the terms
/// of either sign, in few limbs that are not 0, and reductions multiply only by those.
pub(in crate::ifma) trait InLanes<const N: usize>: Copy + Send + Sync + 'static {
    /// a of the curve's equation, which is -3 or 0.
    const A: i8;
    /// 2 to this power is just above p.
    const BITS: usize;
    /// The positive terms of p, with limbs below 2^52.
    const PLUS: [u64; N];
    /// Its negative terms, without their sign: p is PLUS - MINUS.
    const MINUS: [u64; N];
    /// R modulo p, the Montgomery form of 1.
    const ONE: [u64; N];
    /// R² modulo p.
    const R_SQUARED: [u64; N];

    /// The bits of p in its last limb.
    const LAST_BITS: usize = Self::BITS - LIMB_BITS * (N - 1);
    const P: [u64; N] = multiple(&Self::PLUS, &Self::MINUS, 1);
    const P2: [u64; N] = multiple(&Self::PLUS, &Self::MINUS, 2);
    const P3: [u64; N] = multiple(&Self::PLUS, &Self::MINUS, 3);
    const P4: [u64; N] = multiple(&Self::PLUS, &Self::MINUS, 4);
    const P6: [u64; N] = multiple(&Self::PLUS, &Self::MINUS, 6);
    /// -1/p modulo 2^52
    const NEGATED_INVERSE: u64 = negated_inverse(Self::P[0]);
}

/// The limbs of k·(plus - minus), each below 2^52.
const fn multiple<const N: usize>(plus: &[u64; N], minus: &[u64; N], k: i64) -> [u64; N] {
    let mut limbs = [0; N];
    let mut carry = 0;
    let mut i = 0;
    while i < N {
        let limb = (plus[i].cast_signed() - minus[i].cast_signed()) * k + carry;
        limbs[i] = limb.cast_unsigned() & LIMB;
        carry = limb >> LIMB_BITS;
        i += 1;
    }
    limbs
}

/// Each round of Newton's iteration doubles the number of correct bits; an odd number is its
/// own inverse modulo 8.
const fn negated_inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut round = 0;
    while round < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        round += 1;
    }
    inverse.wrapping_neg() & LIMB
}

/// Eight numbers modulo p.
#[derive(Clone, Copy)]
pub(in crate::ifma) struct Field<C, const N: usize>(pub(in crate::ifma) [V; N], PhantomData<C>);

impl<C: InLanes<N>, const N: usize> Field<C, N> {
    /// Takes the limbs of eight numbers.
    #[inline(always)]
    pub(in crate::ifma) const fn of(limbs: [V; N]) -> Self {
        Self(limbs, PhantomData)
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn splat(limbs: &[u64; N]) -> Self {
        let mut splats = [zero(); N];
        for (to, limb) in splats.iter_mut().zip(limbs) {
            *to = splat(*limb);
        }
        Self::of(splats)
    }

    /// Asserts in debug builds that the limbs are carried and the numbers
    /// below `hundredths`/100·p, as far as the last limb tells.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn bounded(self, hundredths: u64) -> Self {
        // Proofs have words that are no numbers, and assert more.
        if cfg!(all(debug_assertions, not(abstract_lanes))) {
            let limbs = || self.0.map(|limb| stored(limb));
            let is_carried = self.0.iter().all(|limb| greater64(*limb, splat(LIMB)) == 0);
            debug_assert!(is_carried, "not carried: {:x?}", limbs());
            let last = splat((hundredths << C::LAST_BITS) / 100);
            debug_assert!(greater64(self.0[N - 1], last) == 0, "above {hundredths}: {:x?}", limbs());
        }
        self
    }

    /// Returns a·b/R, below (1 + A·B/16)·p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(in crate::ifma) fn times(&self, other: &Self) -> Self {
        let _ = (self.bounded(1500), other.bounded(1500));
        reduced(radix52::columns(&self.0, &other.0))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(in crate::ifma) fn squared(&self) -> Self {
        let _ = self.bounded(1500);
        reduced(radix52::square_columns(&self.0))
    }

    /// Returns a + b.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn plus(&self, other: &Self) -> Self {
        Self::of(radix52::carried(radix52::add(&self.0, &other.0)))
    }

    /// Returns `limbs` + a - b, where `limbs` are those of a multiple of p that is
    /// larger than b.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn minus(&self, other: &Self, limbs: &[u64; N]) -> Self {
        let raised = radix52::add(&self.0, &Self::splat(limbs).0);
        Self::of(radix52::carried(radix52::subtract(&raised, &other.0)))
    }

    /// Returns `limbs` - a + b, or `limbs` - a - b in the lanes of `mask`.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn opposite_with(&self, other: &Self, mask: u8, limbs: &[u64; N]) -> Self {
        let mut sum = radix52::subtract(&Self::splat(limbs).0, &self.0);
        for (limb, other) in sum.iter_mut().zip(other.0) {
            let plus = add64(*limb, other);
            *limb = masked_sub64(plus, mask, *limb, other);
        }
        Self::of(radix52::carried(sum))
    }

    /// Returns a + 4p - b - 2c, for carried a, b and c with b + 2c below
    /// 3.9 p, as a number below 1.01 p.
    ///
    /// Let t be the sum before any carry, limb by limb, which is more than p/10; the lower limbs
    /// of t alone are above -3·2^(52 (N - 1)). What the last limb has above its bits of p, q,
    /// stands for q·2^BITS, and 2^BITS ≡ 2^BITS - p (mod p). So q·2^BITS is taken off and
    /// q·(2^BITS - p) put on, which is not negative. Four units of the last limb are counted in
    /// the one before it, so that the lower limbs are not negative either; then q is not, and what
    /// is left is below 2^BITS + 2^(52 (N - 1) + 4) + 20·(2^BITS - p) < 1.01 p.
    ///
    /// If p has too few bits in its last limb for that, as on P-521, t is carried first, and
    /// nothing needs to be counted elsewhere.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(in crate::ifma) fn minus_and_twice(&self, other: &Self, twice: &Self) -> Self {
        let taken = radix52::add(&other.0, &radix52::add(&twice.0, &twice.0));
        let raised = radix52::add(&self.0, &Self::splat(&raised::<C, N>()).0);
        let mut t = radix52::subtract(&raised, &taken);
        if !leaves_room::<C, N>() {
            t = radix52::carried(t);
        }
        let last = t[N - 1];
        let q = radix52::shifted_right(last, C::LAST_BITS);
        t[N - 1] = and(last, splat((1 << C::LAST_BITS) - 1));
        for (i, limb) in t.iter_mut().enumerate() {
            // 2^BITS - p, in limbs with signs.
            let from: u64 = if i + 1 == N { 1 << C::LAST_BITS } else { 0 };
            let rest = from.cast_signed() - C::PLUS[i].cast_signed() + C::MINUS[i].cast_signed();
            if rest > 0 {
                *limb = add64(*limb, few_times(q, rest.unsigned_abs()));
            } else if rest < 0 {
                *limb = sub64(*limb, few_times(q, rest.unsigned_abs()));
            }
        }
        Self::of(radix52::carried(t)).bounded(101)
    }

    /// Reduces numbers below 2p to below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    pub(in crate::ifma) fn canonical(&self) -> Self {
        let _ = self.bounded(199);
        let difference = radix52::carried(radix52::subtract(&self.0, &Self::splat(&C::P).0));
        let is_below = signs64(difference[N - 1]);
        Self::of(radix52::choose(is_below, &self.0, &difference))
    }

    /// Returns the lanes in which numbers are below p. They may be any that words in memory hold, split
    /// into limbs: the last limb need not be below 2^52, so they are not factors yet.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    pub(in crate::ifma) fn is_below_p(&self) -> u8 {
        let difference = radix52::carried(radix52::subtract(&self.0, &Self::splat(&C::P).0));
        signs64(difference[N - 1])
    }

    /// Returns the lanes in which a number below 3.1 p is 0 modulo p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn is_zero(&self) -> u8 {
        let _ = self.bounded(310);
        [&[0; N], &C::P, &C::P2, &C::P3]
            .into_iter()
            .fold(0, |mask, zero| mask | radix52::equal(&self.0, zero))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(in crate::ifma) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self::of(radix52::choose(mask, &yes.0, &no.0))
    }
}

/// Whether some units of the last limb are less than p/100.
pub(super) const fn leaves_room<C: InLanes<N>, const N: usize>() -> bool {
    C::LAST_BITS > 12
}

/// The limbs of 4p; if there is room, with four units of the last limb in the one before it.
const fn raised<C: InLanes<N>, const N: usize>() -> [u64; N] {
    let mut limbs = C::P4;
    if leaves_room::<C, N>() {
        limbs[N - 1] -= 4;
        limbs[N - 2] += 4 << LIMB_BITS;
    }
    limbs
}

/// Returns the product of a number below 2^5 and a constant below 2^47.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn few_times(few: V, constant: u64) -> V {
    if constant.is_power_of_two() {
        radix52::shifted_left(few, constant.trailing_zeros() as usize)
    } else {
        madd52_low(zero(), few, splat(constant))
    }
}

/// Divides the columns of a product, each below 2^57, by R modulo p.
///
/// In each round, a multiple of p clears the low 52 bits of the lowest column: it is q·p, where
/// q is these bits times -1/p modulo 2^52. What the column has above them moves up. Of q·p,
/// the positive terms are added to the columns, and the negative ones are summed beside them
/// and taken from a column when it is the lowest, or at the end.
///
/// If p is -1 modulo 2^52, q is the low bits themselves, which is just what the multiplier reads
/// of the column, and taking q off clears them.
///
/// N times over, a column takes on few halves below 2^52 and a carry below 2^7, so all stay
/// below 2^58. The result is (t + Q·p)/R with Q < R, below (A·B/16 + 1)·p, and with
/// A, B up to 15 below R: its last limb is below 2^52.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn reduced<C: InLanes<N>, const N: usize>(mut columns: Columns<N>) -> Field<C, N> {
    let mut negative = [[zero(); N]; 2];
    let (t, less) = (columns.as_flattened_mut(), negative.as_flattened_mut());
    for i in 0..N {
        let lowest = sub64(t[i], less[i]);
        let (q, cleared) = if C::NEGATED_INVERSE == 1 {
            (lowest, lowest)
        } else {
            let q = madd52_low(zero(), lowest, splat(C::NEGATED_INVERSE));
            let plus = times_low(lowest, q, C::PLUS[0]);
            (q, sub64(plus, times_low(zero(), q, C::MINUS[0])))
        };
        t[i + 1] = add64(t[i + 1], shift_right_signed64::<52>(cleared));
        for j in 0..N {
            // In the lowest limb, the low halves were what cleared the column.
            if j != 0 {
                t[i + j] = times_low(t[i + j], q, C::PLUS[j]);
                less[i + j] = times_low(less[i + j], q, C::MINUS[j]);
            }
            t[i + j + 1] = times_high(t[i + j + 1], q, C::PLUS[j]);
            less[i + j + 1] = times_high(less[i + j + 1], q, C::MINUS[j]);
        }
    }
    let [_, upper] = columns;
    let [_, negative] = negative;
    Field::of(radix52::carried(radix52::subtract(&upper, &negative))).bounded(1500)
}

/// Adds the low half of a product by a constant.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn times_low(sum: V, q: V, constant: u64) -> V {
    if constant == 0 { sum } else { madd52_low(sum, q, splat(constant)) }
}

/// Adds the high half, which is 0 for 0 and 1.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn times_high(sum: V, q: V, constant: u64) -> V {
    if constant < 2 { sum } else { madd52_high(sum, q, splat(constant)) }
}
