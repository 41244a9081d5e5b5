//! What can go wrong with the database.

use std::fmt;

/// Why the database did not do what it was asked for. The request may come again.
#[derive(Clone, Debug)]
pub(crate) enum StoreFault {
    /// Too much is waiting.
    Busy,
    /// What the database says: a full disk, a read-only file, a lost connection.
    Database(String),
}

impl fmt::Display for StoreFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too many writes are waiting"),
            Self::Database(what) => write!(f, "the database: {what}"),
        }
    }
}

impl std::error::Error for StoreFault {}

pub(crate) type Outcome<T> = Result<T, StoreFault>;
