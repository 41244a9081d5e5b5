//! Limits on the work for a token before its signature holds.

/// The deepest nesting of a header or a Claims Set; the outer object counts as 1.
pub const MAX_DEPTH: usize = 32;

/// The maximum number of keys that are tried on one token.
pub const MAX_CANDIDATES: usize = 8;

/// Sizes beyond which a token is rejected before any work is done on it.
///
/// ```
/// let limits = jot::Limits::default().with_token_bytes(4096);
/// assert_eq!((limits.token_bytes, limits.header_bytes), (4096, 8 * 1024));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest token, in bytes. 64 KiB by default.
    pub token_bytes: usize,
    /// The longest header segment, in base64url characters. 8 KiB by default.
    pub header_bytes: usize,
}

impl Limits {
    /// The maximum of either limit, in bytes: offsets are 32 bits wide.
    pub const CEILING_BYTES: usize = 1 << 30;

    /// Sets the longest token, in bytes.
    #[must_use]
    pub const fn with_token_bytes(self, token_bytes: usize) -> Self {
        Self { token_bytes, ..self }
    }

    /// Sets the longest header segment, in base64url characters.
    #[must_use]
    pub const fn with_header_bytes(self, header_bytes: usize) -> Self {
        Self { header_bytes, ..self }
    }

    /// Returns the limits with both clamped to [`Limits::CEILING_BYTES`].
    #[must_use]
    pub(crate) fn clamped(self) -> Self {
        Self {
            token_bytes: self.token_bytes.min(Self::CEILING_BYTES),
            header_bytes: self.header_bytes.min(Self::CEILING_BYTES),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { token_bytes: 64 * 1024, header_bytes: 8 * 1024 }
    }
}
