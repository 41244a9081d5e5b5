//! What shows that accelerated code is wrong.

use super::report::BackendWarning;
use crate::alg::Alg;

/// What shows that accelerated code is wrong, or what it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It accepted a signature that aws-lc denied. Others may have been accepted before: only a
    /// sample is compared.
    Disagreement,
    /// What it computed of a key did not pass the check that comes before every use. Nothing was
    /// accepted with it.
    CheckFailed,
}

impl Fault {
    /// The gravest first.
    pub(super) const ALL: [Self; 2] = [Self::Disagreement, Self::CheckFailed];

    pub(super) const fn warning(self) -> BackendWarning {
        match self {
            Self::Disagreement => BackendWarning::Disagreement,
            Self::CheckFailed => BackendWarning::CheckFailed,
        }
    }

    /// Returns what happened, for a log.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Disagreement => {
                "accelerated code accepted a signature that aws-lc denied; the token was rejected"
            }
            Self::CheckFailed => {
                "what accelerated code computed of a key did not pass its check, and nothing was verified with it"
            }
        }
    }

    /// Returns the bits for an algorithm with any fault.
    #[inline]
    pub(super) const fn bits(alg: Alg) -> u64 {
        Self::Disagreement.bit(alg) | Self::CheckFailed.bit(alg)
    }

    /// Returns the bit for an algorithm with this fault. There are fewer algorithms than half of
    /// the bits.
    #[inline]
    pub(super) const fn bit(self, alg: Alg) -> u64 {
        1_u64.wrapping_shl(alg as u32).wrapping_shl((self as u32).wrapping_mul(32))
    }
}
