//! A signature to check.

use super::held::SignatureHeld;

/// One signature to check together with others of the same key and algorithm. Only a
/// [`Check`](super::check::Check) sets the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Job<'j> {
    pub(super) message: &'j [u8],
    pub(super) signature: &'j [u8],
    /// The answer.
    pub(super) held: Option<SignatureHeld>,
}

impl<'j> Job<'j> {
    pub(crate) const fn new(message: &'j [u8], signature: &'j [u8]) -> Self {
        Self { message, signature, held: None }
    }

    /// Returns the proof, if the signature was found to hold.
    #[inline]
    pub(crate) const fn held(&self) -> Option<SignatureHeld> {
        self.held
    }
}
