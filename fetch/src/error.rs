//! What a fetcher can be given wrong.

use std::fmt;

/// Why a fetcher cannot be made or cannot follow an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A setting, and what is wrong with it.
    Settings(&'static str, String),
    /// What the engine says, such as `url_refused`.
    Keys(jot::Error),
    /// The system started no thread.
    Thread(String),
    /// There were no keys or no list in time; the code says why.
    NotInTime(jot::Code),
    /// A fetch that failed: its code, and the reason in words.
    Fetch(jot::Code, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(setting, reason) => write!(f, "{setting}: {reason}"),
            Self::Keys(error) => error.fmt(f),
            Self::Thread(reason) => write!(f, "no thread could be started: {reason}"),
            Self::Fetch(code, reason) => write!(f, "{code} ({}): {reason}", code.number()),
            Self::NotInTime(code) => write!(f, "not in time: {code}: {}", code.meaning()),
        }
    }
}

impl std::error::Error for Error {}

impl From<jot::Error> for Error {
    fn from(error: jot::Error) -> Self {
        Self::Keys(error)
    }
}
