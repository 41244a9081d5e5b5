//! The proof that a signature holds.

use jot_accel::Held;

/// The proof that a signature holds: made in this file alone, of aws-lc's word or
/// of the accelerated crate's own proof. Whoever has one need not ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct SignatureHeld(());

impl SignatureHeld {
    /// Takes what aws-lc answered.
    #[inline]
    pub(super) fn by_aws_lc(answer: Result<(), aws_lc_rs::error::Unspecified>) -> Option<Self> {
        answer.ok().map(Self)
    }

    /// Takes the proof of accelerated code.
    #[inline]
    pub(super) fn by_accelerated(_: Held) -> Self {
        Self(())
    }

    /// What tests of the accelerator make up.
    #[cfg(test)]
    pub(super) const MADE_UP: Self = Self(());
}
