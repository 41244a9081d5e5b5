//! The steps of a verification, which are the bands of the codes.

use std::fmt;

/// The step at which a [`Code`](crate::Code) arises.
///
/// ```
/// use jot::{Code, Stage};
///
/// assert_eq!(Code::Expired.stage(), Stage::Claims);
/// assert_eq!(Stage::Claims.to_string(), "claims");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The token was accepted (0).
    Accepted,
    /// The caller's own arguments (1xx).
    Caller,
    /// The Compact Serialization of the token (2xx).
    Syntax,
    /// The JOSE Header (3xx).
    Header,
    /// Parsing or choosing a key (4xx).
    Key,
    /// The JWS Signature (5xx).
    Signature,
    /// The Claims Set (6xx).
    Claims,
    /// A ceiling on size, depth or effort (7xx).
    Limits,
    /// A fault of our own (9xx).
    Internal,
}

impl Stage {
    /// Returns the stage's name as it stands in the documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Caller => "caller",
            Self::Syntax => "syntax",
            Self::Header => "header",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Limits => "limits",
            Self::Internal => "internal",
        }
    }

    /// The name for C, ended by a NUL.
    #[cfg(feature = "capi")]
    pub(crate) const fn c_name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted\0",
            Self::Caller => "caller\0",
            Self::Syntax => "syntax\0",
            Self::Header => "header\0",
            Self::Key => "key\0",
            Self::Signature => "signature\0",
            Self::Claims => "claims\0",
            Self::Limits => "limits\0",
            Self::Internal => "internal\0",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
