//! What may be wrong with a guard's settings.

use std::fmt;

/// What is wrong with a guard's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GuardFault {
    /// A realm or a URL has characters that no header can carry.
    Unprintable(String),
    /// A scope is empty, or has a character that none has (RFC 6749 §3.3): no token could
    /// grant it.
    Scope(String),
}

impl fmt::Display for GuardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unprintable(text) => write!(f, "{text:?} has characters that no header can carry"),
            Self::Scope(text) => write!(f, "{text:?} is not a scope: no token could grant it"),
        }
    }
}

impl std::error::Error for GuardFault {}
