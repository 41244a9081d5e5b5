//! What forms cost and what they save, by which it is decided when a key gets one.
//!
//! Measured on an Intel Xeon with AVX-512 IFMA in December 2026: CPU time in nanoseconds, medians
//! of one run with aws-lc beside them. Only what they are to each other counts: a form is begun
//! after so many signatures that it would have saved its own cost, and of two forms the one is
//! kept that saves more for each byte.

use crate::alg::Alg;

/// The size of a form: one that is small and soon built, or the fastest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crypto) enum Size {
    Small,
    Large,
}

/// What a form costs once, and saves of each signature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    build: u32,
    /// In batches, compared with what there is without the form: lanes without tables or with
    /// small ones, or aws-lc.
    saves: u32,
    /// Of a call for one signature, if that is more and counts: see [`Cost::of`].
    saves_alone: u32,
}

impl Cost {
    /// Returns the cost of a form of this size; `has_small` tells whether there are small ones.
    ///
    /// A small form counts only what it saves in batches. A call for one signature gains
    /// more, up to what aws-lc takes, but the keys that small forms are for are many, and
    /// verify few signatures each.
    pub(super) const fn of(alg: Alg, has_small: bool, size: Size) -> Self {
        let (build, saves, saves_alone) = match (has_small, size) {
            // Lanes without tables take 14.0 µs on P-256, and with small ones 5.1.
            (true, Size::Small) => match alg {
                Alg::ES384 => (1_120_000, 40_200, 0),
                Alg::ES512 => (1_840_000, 72_000, 0),
                Alg::ES256K => (340_000, 8_400, 0),
                Alg::EdDSA | Alg::Ed25519 => (340_000, 5_800, 0),
                _ => (330_000, 8_900, 0),
            },
            // With large ones 3.4; and 7.3 instead of 11.3 alone.
            (true, Size::Large) => match alg {
                Alg::ES384 => (4_700_000, 7_400, 15_100),
                Alg::ES512 => (8_000_000, 13_800, 29_000),
                Alg::ES256K => (1_270_000, 1_900, 4_000),
                Alg::EdDSA | Alg::Ed25519 => (1_400_000, 1_000, 2_400),
                _ => (1_060_000, 1_700, 4_000),
            },
            // aws-lc takes 74 µs on P-256, and tables without lanes 18.5 alone and 11.8 in batches.
            (false, _) => match alg {
                Alg::ES384 => (7_250_000, 200_000, 168_000),
                Alg::ES512 => (12_200_000, 292_000, 235_000),
                Alg::ES256K => (2_500_000, 208_000, 200_000),
                Alg::EdDSA | Alg::Ed25519 => (3_110_000, 33_500, 32_000),
                // 19.3 µs become 3.4 with 2048 bits.
                Alg::RS256 | Alg::RS384 | Alg::RS512 | Alg::PS256 | Alg::PS384 | Alg::PS512 => {
                    (29_700, 15_900, 14_000)
                }
                Alg::HS256 => (940, 220, 130),
                Alg::HS384 | Alg::HS512 => (850, 660, 0),
                _ => (2_000_000, 62_000, 55_000),
            },
        };
        Self { build, saves, saves_alone }
    }

    /// Returns the number of good signatures after which a form has saved its cost, at best,
    /// rounded down to a power of two.
    pub(super) const fn proven(&self) -> u32 {
        let saved = if self.saves > self.saves_alone { self.saves } else { self.saves_alone };
        match self.build.checked_div(saved) {
            Some(signatures @ 1..) => 1 << signatures.ilog2(),
            _ => 1,
        }
    }

    /// Returns what a form saves of each signature, compared with other forms: in batches,
    /// which is where the memory decides.
    pub(super) const fn saves(&self) -> u32 {
        self.saves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_has_its_own_figures() {
        let proven = |alg| {
            let of = |has_small, size| Cost::of(alg, has_small, size).proven();
            [of(true, Size::Small), of(true, Size::Large), of(false, Size::Large)]
        };
        assert_eq!(proven(Alg::ES256), [32, 256, 32]);
        assert_eq!(proven(Alg::ES256K), [32, 256, 8]);
        assert_eq!(proven(Alg::ES384), [16, 256, 32]);
        assert_eq!(proven(Alg::ES512), [16, 256, 32]);
        assert_eq!(proven(Alg::EdDSA), [32, 512, 64]);
        assert_eq!(proven(Alg::EdDSA), proven(Alg::Ed25519));
        let only = |alg| Cost::of(alg, false, Size::Large).proven();
        assert_eq!([Alg::RS256, Alg::PS512, Alg::HS256, Alg::HS512].map(only), [1, 1, 4, 1]);
    }

    #[test]
    fn small_forms_save_most_for_each_byte() {
        for (alg, small, large) in
            [(Alg::ES256, 8, 256), (Alg::ES256K, 8, 256), (Alg::ES384, 24, 768), (Alg::EdDSA, 12, 384)]
        {
            let saves = |size, bytes: u32| Cost::of(alg, true, size).saves() * 1000 / bytes;
            assert!(saves(Size::Small, small) > 50 * saves(Size::Large, large), "{alg}");
        }
        let of = |alg| Cost::of(alg, true, Size::Small).saves();
        assert!(of(Alg::ES384) / 24 > of(Alg::ES256) / 8, "what is slower without a table gains more");
    }
}
