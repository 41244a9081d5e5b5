//! The field of Ed25519 in lanes: eight numbers modulo p = 2^255 - 19.
//!
//! A number is kept in five limbs of 52 bits and need not be below p. Its bound is
//! noted in hundredths of p where it is made, and asserted by debug builds. Factors are
//! *carried*, with all limbs below 2^52, and so below 2^260 > 31 p. Every product is
//! below 1.01 p, for all factors.

use crate::field::{Ed25519Base, Modulus};
use crate::ifma::radix52::{self, Columns, split_number};
use crate::simd::moves::{splat, stored};
use crate::simd::x512::{V, add64, and, greater64, madd52_high, madd52_low, shift_right64, signs64, zero};

/// Eight numbers modulo p.
#[derive(Clone, Copy)]
pub(super) struct Field(pub(super) [V; 5]);

const P: [u64; 5] = split_number(Ed25519Base::VALUE);
/// The multiples of p below 4p.
const MULTIPLES: [[u64; 5]; 4] = [[0; 5], P, multiple(2), multiple(3)];
/// 2p: its limbs are those of p doubled, all of them below 2^53.
const P2: [u64; 5] = [P[0] << 1, P[1] << 1, P[2] << 1, P[3] << 1, P[4] << 1];

/// k·p = k·2^255 - 19·k
const fn multiple(k: u64) -> [u64; 5] {
    const LIMB: u64 = radix52::LIMB;
    [LIMB + 1 - 19 * k, LIMB, LIMB, LIMB, (k << 47) - 1]
}

impl Field {
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn splat(limbs: &[u64; 5]) -> Self {
        let [a, b, c, d, e] = *limbs;
        Self([splat(a), splat(b), splat(c), splat(d), splat(e)])
    }

    /// Asserts in debug builds that the limbs are carried and the numbers below
    /// `hundredths`/100·p. Only the last limb is compared: that of p is 2^47 - 1, and
    /// one is allowed for the lower limbs.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn bounded(self, hundredths: u64) -> Self {
        // Proofs have words that are no numbers, and assert more.
        if cfg!(all(debug_assertions, not(abstract_lanes))) {
            let limbs = || self.0.map(|limb| stored(limb));
            let is_carried = self.0.iter().all(|limb| greater64(*limb, splat(radix52::LIMB)) == 0);
            debug_assert!(is_carried, "not carried: {:x?}", limbs());
            let last = splat((hundredths << 47) / 100);
            debug_assert!(greater64(self.0[4], last) == 0, "above {hundredths}: {:x?}", limbs());
        }
        self
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn times(&self, other: &Self) -> Self {
        let _ = (self.bounded(3100), other.bounded(3100));
        reduced(radix52::columns(&self.0, &other.0))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
    pub(super) fn squared(&self) -> Self {
        let _ = self.bounded(3100);
        reduced(radix52::square_columns(&self.0))
    }

    /// Returns a + b.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self(radix52::carried(radix52::add(&self.0, &other.0)))
    }

    /// Returns a + 2p - b, for b below 2p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let _ = other.bounded(199);
        Self(radix52::carried(radix52::subtract(&radix52::add(&self.0, &Self::splat(&P2).0), &other.0)))
    }

    /// Returns a + p - b, for b not above p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn minus_canonical(&self, other: &Self) -> Self {
        Self(radix52::carried(radix52::subtract(&radix52::add(&self.0, &Self::splat(&P).0), &other.0)))
    }

    /// Returns the lanes in which a number below 4p is 0 modulo p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn is_zero(&self) -> u8 {
        let _ = self.bounded(400);
        MULTIPLES.iter().fold(0, |mask, zero| mask | radix52::equal(&self.0, zero))
    }

    /// Returns the lanes in which numbers are below p, which may be any below 2^256.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    pub(super) fn is_below_p(&self) -> u8 {
        let difference = radix52::carried(radix52::subtract(&self.0, &Self::splat(&P).0));
        signs64(difference[4])
    }

    /// Reduces numbers below 1.01 p to below p.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512dq"))]
    pub(super) fn canonical(&self) -> Self {
        let _ = self.bounded(101);
        let difference = radix52::carried(radix52::subtract(&self.0, &Self::splat(&P).0));
        let is_below = signs64(difference[4]);
        Self(radix52::choose(is_below, &self.0, &difference))
    }

    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f"))]
    pub(super) fn choose(mask: u8, yes: &Self, no: &Self) -> Self {
        Self(radix52::choose(mask, &yes.0, &no.0))
    }
}

/// Reduces ten columns, each below 2^56, modulo p.
///
/// The upper five columns are carried into one another; their low 52 bits, which the
/// multiplier reads, are then the limbs of a number h, with the last below 2^52 since
/// the whole is below 2^520. 2^260 is 608 modulo p, so 608·h goes to the lower columns;
/// its own part past 2^260, below 608, once more times 608. The lower columns are then
/// below 2^57.
///
/// 2^255 is 19 modulo p: what the last column has above 47 bits, below 2^10,
/// goes 19-fold to the first. The lower columns carry less than 2^6 into the
/// last limb, so the result is below 2^255 + 2^214 < 1.01 p.
#[inline]
#[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512ifma"))]
fn reduced(mut columns: Columns<5>) -> Field {
    let t = columns.as_flattened_mut();
    let fold = splat(608);
    for i in 5..9 {
        t[i + 1] = add64(t[i + 1], shift_right64::<52>(t[i]));
    }
    for i in 0..5 {
        t[i] = madd52_low(t[i], t[i + 5], fold);
    }
    for i in 0..4 {
        t[i + 1] = madd52_high(t[i + 1], t[i + 5], fold);
    }
    let past = madd52_high(zero(), t[9], fold);
    t[0] = madd52_low(t[0], past, fold);
    let above = shift_right64::<47>(t[4]);
    t[4] = and(t[4], splat((1 << 47) - 1));
    t[0] = madd52_low(t[0], above, splat(19));
    Field(radix52::carried([t[0], t[1], t[2], t[3], t[4]])).bounded(101)
}
