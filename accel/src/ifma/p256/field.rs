//! The field of P-256 in lanes: eight numbers modulo p side by side.
//!
//! p = 2^256 - 2^224 + 2^192 + 2^96 - 1. A number is kept in five limbs of 52 bits, in
//! Montgomery form with R = 2^260. It need not be below p: each kind of value has its
//! bound, in hundredths of p, which is noted where the value is made and asserted by
//! debug builds ([`Field::bounded`]).
//!
//! The multiplier reads only the low 52 bits of a lane, so factors must have limbs
//! below 2^52: they must be *carried* and below 2^260 > 15 p. Then, as p < 2^256 and so
//! p·p/R < p/16:
//!
//! > a < A·p and b < B·p give a·b/R < (1 + A·B/16)·p.

use crate::field::{Modulus, P256Base, power_of_two};
use crate::ifma::radix52::{self, split_number};
use crate::simd::moves::{splat, stored};
use crate::simd::x512::{
    V, add64, and, madd52_high, madd52_low, masked_sub64, shift_left64, shift_right_signed64, shift_right64,
    signs64, sub64,
};

/// Eight numbers modulo p.
#[derive(Clone, Copy)]
pub(super) struct Field(pub(super) [V; 5]);

/// The limbs of k·p, each below 2^52.
const fn multiple(k: u64) -> [u64; 5] {
    let mut limbs = split_number(P256Base::VALUE);
    let mut carry = 0;
    let mut i = 0;
    while i < 5 {
        let limb = limbs[i] * k + carry;
        limbs[i] = limb & radix52::LIMB;
        carry = limb >> 52;
        i += 1;
    }
    limbs
}

pub(super) const P: [u64; 5] = multiple(1);
pub(super) const P2: [u64; 5] = multiple(2);
pub(super) const P3: [u64; 5] = multiple(3);
pub(super) const P4: [u64; 5] = multiple(4);
pub(super) const P6: [u64; 5] = multiple(6);

/// R modulo p, the Montgomery form of 1.
pub(super) const ONE: [u64; 5] = split_number(power_of_two(&P256Base::VALUE, 260));
/// R² modulo p.
pub(super) const R_SQUARED: [u64; 5] = split_number(power_of_two(&P256Base::VALUE, 520));

impl Field {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn splat(limbs: &[u64; 5]) -> Self {
        let [a, b, c, d, e] = *limbs;
        Self([splat(a), splat(b), splat(c), splat(d), splat(e)])
    }

    /// Asserts in debug builds that the limbs are carried and the numbers
    /// below `hundredths`/100·p. The last limb decides: p is 2^48 - 2^16 there.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn bounded(self, hundredths: u64) -> Self {
        // Proofs have words that are no numbers, and assert more.
        if cfg!(all(debug_assertions, not(abstract_lanes))) {
            let limbs = self.0.map(|limb| stored(limb));
            for lane in 0..8 {
                let limbs = radix52::lane(&limbs, lane);
                debug_assert!(limbs.iter().all(|limb| *limb <= radix52::LIMB), "not carried: {limbs:x?}");
                debug_assert!(limbs[4] * 100 <= hundredths << 48, "above {hundredths}: {limbs:x?}");
            }
        }
        self
    }

    /// Returns a·b/R, below (1 + A·B/16)·p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn times(&self, other: &Self) -> Self {
        let _ = (self.bounded(1500), other.bounded(1500));
        reduced(radix52::columns(&self.0, &other.0))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn squared(&self) -> Self {
        let _ = self.bounded(1500);
        reduced(radix52::square_columns(&self.0))
    }

    /// Returns a + b.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self(radix52::carried(radix52::add(&self.0, &other.0)))
    }

    /// Returns `limbs` + a - b, where `limbs` are those of a multiple of p that is
    /// larger than b.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn minus(&self, other: &Self, limbs: &[u64; 5]) -> Self {
        let raised = radix52::add(&self.0, &Self::splat(limbs).0);
        Self(radix52::carried(radix52::subtract(&raised, &other.0)))
    }

    /// Returns `limbs` - a + b, or `limbs` - a - b in the lanes of `mask`.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn opposite_with(&self, other: &Self, mask: u8, limbs: &[u64; 5]) -> Self {
        let mut sum = radix52::subtract(&Self::splat(limbs).0, &self.0);
        for (limb, other) in sum.iter_mut().zip(other.0) {
            let plus = add64(*limb, other);
            *limb = masked_sub64(plus, mask, *limb, other);
        }
        Self(radix52::carried(sum))
    }

    /// Returns a + 4p - b - 2c, for carried a, b and c with b + 2c below
    /// 3.9 p, as a number below 1.01 p.
    ///
    /// Let t be the sum before any carry, limb by limb; the lower limbs of t
    /// are above -3·2^52. What the last limb has above 2^48, q, stands for
    /// q·2^256, and 2^256 ≡ 2^224 - 2^192 - 2^96 + 1 (mod p). So q·2^256 is
    /// taken off and q·(2^224 - 2^192 - 2^96 + 1), which is not negative,
    /// put on. t is more than p/10. If q is 0, what is left is t itself. If it
    /// is more, the last limb has at least 2^16 - 1, which is more than the
    /// lower limbs can borrow, namely 3. So the number is not negative, and
    /// it is below 2^256 + 16·2^224 < 1.01 p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn minus_and_twice(&self, other: &Self, twice: &Self) -> Self {
        let taken = radix52::add(&other.0, &radix52::add(&twice.0, &twice.0));
        let [a, b, c, d, e] = radix52::subtract(&radix52::add(&self.0, &Self::splat(&P4).0), &taken);
        let q = shift_right_signed64::<48>(e);
        let e = and(e, splat((1 << 48) - 1));
        let sum = [
            add64(a, q),
            sub64(b, shift_left64::<44>(q)),
            c,
            sub64(d, shift_left64::<36>(q)),
            add64(e, shift_left64::<16>(q)),
        ];
        Self(radix52::carried(sum)).bounded(101)
    }

    /// Reduces numbers below 2p to below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    pub(super) fn canonical(&self) -> Self {
        let _ = self.bounded(199);
        let difference = radix52::carried(radix52::subtract(&self.0, &Self::splat(&P).0));
        let is_below = signs64(difference[4]);
        Self(radix52::choose(is_below, &self.0, &difference))
    }

    /// Returns the lanes in which a number below 3.1 p is 0 modulo p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn is_zero(&self) -> u8 {
        let _ = self.bounded(310);
        [&[0; 5], &P, &P2, &P3].into_iter().fold(0, |mask, zero| mask | radix52::equal(&self.0, zero))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self(radix52::choose(mask, &yes.0, &no.0))
    }
}

/// Divides ten columns, each below 2^56, by R modulo p.
///
/// p is -1 modulo 2^52, so the multiple of p that clears the low 52 bits of
/// the lowest column is q·p with q these bits themselves, which is just what
/// the multiplier reads of the column. Of q·p = q·(p + 1) - q, the -q clears
/// the bits, and what the column has above them moves up. p + 1 is 2^44 in limb
/// 1, 2^36 in limb 3 and [`P`]'s own limb 4. Five times over, a column takes on
/// at most six halves below 2^52 and a carry below 2^6, so all stay below
/// 2^57. The result is (t + Q·p)/R with Q < R, below (A·B/16 + 1)·p, and with
/// A, B up to 15 below 2^260: its last limb is below 2^52.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn reduced(mut t: [V; 10]) -> Field {
    let limb_1 = splat(1 << 44);
    let limb_3 = splat(1 << 36);
    let limb_4 = splat(P[4]);
    for i in 0..5 {
        let q = t[i];
        t[i + 1] = add64(t[i + 1], shift_right64::<52>(q));
        t[i + 1] = madd52_low(t[i + 1], q, limb_1);
        t[i + 2] = madd52_high(t[i + 2], q, limb_1);
        t[i + 3] = madd52_low(t[i + 3], q, limb_3);
        t[i + 4] = madd52_high(t[i + 4], q, limb_3);
        t[i + 4] = madd52_low(t[i + 4], q, limb_4);
        t[i + 5] = madd52_high(t[i + 5], q, limb_4);
    }
    Field(radix52::carried([t[5], t[6], t[7], t[8], t[9]])).bounded(1500)
}
