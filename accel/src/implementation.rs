//! Code for some algorithms, and what tells whether to use it.

use crate::algorithm::{Algorithm, RawKey};
use crate::preparation::{Build, Preparation};

/// Code for some algorithms.
///
/// It is to be used only where the processor has what it takes
/// ([`is_supported`](Self::is_supported)) and its known answers come out right
/// ([`is_sane`](Self::is_sane)), as [`FastKey::new`](crate::FastKey::new) does.
#[derive(Debug)]
pub struct Implementation {
    pub(crate) name: &'static str,
    pub(crate) is_portable: bool,
    pub(crate) algorithms: &'static [Algorithm],
    pub(crate) is_supported: fn() -> bool,
    /// Tried once in a process, before the first use.
    pub(crate) is_sane: fn() -> bool,
    pub(crate) begin: fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>,
}

impl Implementation {
    /// Returns the name, for logs and statistics; several have the same.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns `true` if it needs no processor in particular.
    #[must_use]
    pub const fn is_portable(&self) -> bool {
        self.is_portable
    }

    /// Returns the algorithms that there is code for.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [Algorithm] {
        self.algorithms
    }

    /// Returns `true` if there is code for `algorithm`.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Returns `true` if the processor has what it takes.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        (self.is_supported)()
    }

    /// Returns `true` if the known answers come out right. They are tried once in a
    /// process, which takes some milliseconds; not where it is not
    /// [supported](Self::is_supported).
    #[must_use]
    pub fn is_sane(&self) -> bool {
        (self.is_sane)()
    }

    /// Begins to make a key ready. `None` when there is no code for the key,
    /// which may be as good as any, or when it is not one of the algorithm's.
    #[must_use]
    pub fn begin(&self, algorithm: Algorithm, key: RawKey<'_>) -> Option<Preparation> {
        if !self.verifies(algorithm) {
            return None;
        }
        (self.begin)(algorithm, key).map(Preparation)
    }
}
