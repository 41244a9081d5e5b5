//! The proof that a signature holds.

use jot_accel::Held;

/// The proof that a signature holds. Only this file makes it, from aws-lc's answer or
/// from the accelerated crate's own proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct SignatureHeld(());

impl SignatureHeld {
    /// Converts aws-lc's answer.
    #[inline]
    pub(super) fn by_aws_lc(answer: Result<(), aws_lc_rs::error::Unspecified>) -> Option<Self> {
        answer.ok().map(Self)
    }

    /// Converts the proof of accelerated code.
    #[inline]
    pub(super) fn by_accelerated(_: Held) -> Self {
        Self(())
    }

    /// A made-up proof for tests of the accelerator.
    #[cfg(any(test, jot_planted))]
    pub(super) const MADE_UP: Self = Self(());
}
