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
    /// It gave a wrong known answer before its first use. It never verified anything, and other
    /// accelerated code may take its place.
    SelfTestFailed,
}

impl Fault {
    /// The gravest first.
    pub(super) const ALL: [Self; 3] = [Self::Disagreement, Self::CheckFailed, Self::SelfTestFailed];

    /// Those that end the use of code that was in use, the gravest first.
    pub(super) const ENDING: [Self; 2] = [Self::Disagreement, Self::CheckFailed];

    pub(super) const fn warning(self) -> BackendWarning {
        match self {
            Self::Disagreement => BackendWarning::Disagreement,
            Self::CheckFailed => BackendWarning::CheckFailed,
            Self::SelfTestFailed => BackendWarning::SelfTestFailed,
        }
    }

    /// Returns what happened and what follows of it for these algorithms, for a log. It ends in
    /// the name of the warning.
    pub(super) fn sentence(self, algorithms: &str) -> String {
        let name = self.warning().name();
        let ended = |words| format!("{words}, and aws-lc verifies {algorithms} alone from now on ({name})");
        match self {
            Self::Disagreement => {
                ended("accelerated code accepted a signature that aws-lc denied; the token was rejected")
            }
            Self::CheckFailed => ended(
                "what accelerated code computed of a key did not pass its check, and nothing was verified with it",
            ),
            Self::SelfTestFailed => format!(
                "accelerated code gave a wrong known answer before its first use, and is not used for {algorithms} ({name})"
            ),
        }
    }

    /// Returns the bits for an algorithm with any fault that ends the use of its code.
    #[inline]
    pub(super) const fn ending_bits(alg: Alg) -> u64 {
        Self::Disagreement.bit(alg) | Self::CheckFailed.bit(alg)
    }

    /// Returns the bits for an algorithm with any fault.
    pub(super) const fn bits(alg: Alg) -> u64 {
        Self::ending_bits(alg) | Self::SelfTestFailed.bit(alg)
    }

    /// Returns the bit for an algorithm with this fault. There are fewer algorithms than a third of
    /// the bits.
    #[inline]
    pub(super) const fn bit(self, alg: Alg) -> u64 {
        1_u64.wrapping_shl(alg as u32).wrapping_shl((self as u32).wrapping_mul(u64::BITS / 3))
    }
}
