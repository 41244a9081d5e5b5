//! A signature check, and its only answer.

/// The proof that a signature holds.
///
/// Only [`Job::held`] makes one, after a key found the signature good. There is no
/// proof of the contrary: another library must decide about a signature without a
/// proof.
///
/// ```compile_fail
/// let forged = jot_accel::Held(()); // there is no such constructor
/// ```
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Held(());

/// With fewer jobs whose keys are not prepared, most lanes would be empty.
pub(crate) const LEAST_UNPREPARED: usize = 3;

/// A message and its alleged signature, to check together with others of the same key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Job<'j> {
    pub(crate) message: &'j [u8],
    pub(crate) signature: &'j [u8],
    /// Whether a key found the signature good.
    pub(crate) holds: bool,
}

impl<'j> Job<'j> {
    /// Makes the check of `signature`.
    #[inline]
    #[must_use]
    pub const fn new(message: &'j [u8], signature: &'j [u8]) -> Self {
        Self { message, signature, holds: false }
    }

    /// Returns the message.
    #[must_use]
    pub const fn message(&self) -> &'j [u8] {
        self.message
    }

    /// Returns the alleged signature.
    #[must_use]
    pub const fn signature(&self) -> &'j [u8] {
        self.signature
    }

    /// Returns the proof, if the last key that checked it found the signature good.
    #[inline]
    pub fn held(&self) -> Option<Held> {
        self.holds.then_some(Held(()))
    }
}
