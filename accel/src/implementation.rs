//! Code for some algorithms, and the checks before its use.

use crate::algorithm::{Algorithm, RawKey};
use crate::preparation::{Build, Preparation};

/// Code for some algorithms.
///
/// Use it only if the processor has the instructions that it needs
/// ([`is_supported`](Self::is_supported)) and its known answers are right
/// ([`is_sane`](Self::is_sane)), as [`FastKey::new`](crate::FastKey::new) does.
#[derive(Debug)]
pub struct Implementation {
    pub(crate) name: &'static str,
    pub(crate) is_portable: bool,
    pub(crate) algorithms: &'static [Algorithm],
    pub(crate) is_supported: fn() -> bool,
    /// Run once in a process, before the first use.
    pub(crate) is_sane: fn() -> bool,
    pub(crate) begin: fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>,
}

impl Implementation {
    /// Returns the name, for logs and statistics; several implementations share a name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns `true` if it runs on every processor.
    #[must_use]
    pub const fn is_portable(&self) -> bool {
        self.is_portable
    }

    /// Returns the algorithms with code.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [Algorithm] {
        self.algorithms
    }

    /// Returns `true` if there is code for `algorithm`.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Returns `true` if the processor has the instructions that it needs.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        (self.is_supported)()
    }

    /// Returns `true` if the known answers are right. They are tested once in a
    /// process, which takes some milliseconds. Do not call it if it is not
    /// [supported](Self::is_supported).
    #[must_use]
    pub fn is_sane(&self) -> bool {
        (self.is_sane)()
    }

    /// Begins to prepare a key. Returns `None` if there is no code for this key,
    /// although it may be valid, or if it is not a key of the algorithm.
    #[must_use]
    pub fn begin(&self, algorithm: Algorithm, key: RawKey<'_>) -> Option<Preparation> {
        if !self.verifies(algorithm) {
            return None;
        }
        (self.begin)(algorithm, key).map(Preparation)
    }
}
