//! All implementations.

use crate::algorithm::{Algorithm, RawKey};
#[cfg(any(target_arch = "x86_64", software_lanes))]
use crate::ifma;
use crate::implementation::Implementation;
use crate::key::FastKey;
use crate::weierstrass;

impl Implementation {
    /// Returns all implementations, fastest first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        #[cfg(any(target_arch = "x86_64", software_lanes))]
        let vector = ifma::IMPLEMENTATIONS;
        #[cfg(not(any(target_arch = "x86_64", software_lanes)))]
        let vector: &'static [Self] = &[];
        vector.iter().chain(weierstrass::IMPLEMENTATIONS)
    }
}

impl FastKey {
    /// Prepares a key with the fastest code for the processor, which takes up to some
    /// milliseconds and, for P-256, 256 KiB. Returns `None` if there is no code for
    /// this key or algorithm.
    #[must_use]
    pub fn new(algorithm: Algorithm, key: RawKey<'_>) -> Option<Self> {
        let fits = |one: &&Implementation| {
            one.verifies(algorithm) && one.is_supported() && one.is_sane_for(algorithm)
        };
        Implementation::all().filter(fits).find_map(|one| one.begin(algorithm, key)?.finish())
    }
}
