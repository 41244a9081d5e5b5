//! The thumbprint of a key.

use std::fmt;

use crate::base64url;

/// The JWK Thumbprint of a public key with SHA-256 (RFC 7638 §3).
///
/// It is written in base64url, as `cnf.jkt` has it (RFC 9449 §6.1).
///
/// ```
/// use jot::Thumbprint;
///
/// let thumbprint = Thumbprint::from([0; 32]);
/// assert_eq!(thumbprint.to_string(), "A".repeat(43));
/// assert!(thumbprint.is(&"A".repeat(43)) && !thumbprint.is("AAAA"));
/// assert_eq!(thumbprint.as_bytes(), &[0; 32]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Returns the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns `true` if `text` is the thumbprint in base64url, such as the `jkt` of an
    /// access token.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        base64url::encode(&self.0) == text
    }
}

impl From<[u8; 32]> for Thumbprint {
    fn from(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
