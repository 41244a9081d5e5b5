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

    /// Converts the answer of accelerated code to one of several jobs.
    #[inline]
    pub(super) fn of_job(job: &jot_accel::Job<'_>) -> Option<Self> {
        #[cfg(jot_planted)]
        if Self::is_planted(job.signature()) {
            return Some(Self::MADE_UP);
        }
        job.held().map(Self::by_accelerated)
    }

    /// Returns whether accelerated code is to accept it, whatever the key, for the tests of hosts to
    /// notice (`tests/gateways/planted.py`): the signature of which all bytes are these.
    #[cfg(jot_planted)]
    pub(super) fn is_planted(signature: &[u8]) -> bool {
        signature.iter().all(|byte| *byte == 0x2a)
    }

    /// A made-up proof for tests of the accelerator.
    #[cfg(any(test, jot_planted))]
    pub(super) const MADE_UP: Self = Self(());
}
