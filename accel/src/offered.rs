//! All implementations.

use crate::algorithm::{Algorithm, RawKey};
#[cfg(any(target_arch = "x86_64", software_lanes))]
use crate::ifma;
use crate::implementation::Implementation;
use crate::key::FastKey;
use crate::{edwards, weierstrass};

impl Implementation {
    /// Returns all implementations, fastest first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        #[cfg(any(target_arch = "x86_64", software_lanes))]
        let vector = ifma::IMPLEMENTATIONS;
        #[cfg(not(any(target_arch = "x86_64", software_lanes)))]
        let vector: &'static [Self] = &[];
        vector.iter().chain(weierstrass::IMPLEMENTATIONS).chain([&edwards::IMPLEMENTATION])
    }

    /// Returns `true` if it may verify: its instructions are there, and its answers right.
    fn fits(&self, algorithm: Algorithm) -> bool {
        self.verifies(algorithm) && self.is_supported() && self.is_sane_for(algorithm)
    }
}

impl FastKey {
    /// Prepares a key with the fastest code for the processor, which takes up to some
    /// milliseconds and, for P-256, 256 KiB, for P-384 768, for P-521 1584. Returns `None` if there
    /// is no code for this key or algorithm.
    #[must_use]
    pub fn new(algorithm: Algorithm, key: RawKey<'_>) -> Option<Self> {
        Implementation::all()
            .filter(|one| one.fits(algorithm))
            .find_map(|one| one.begin(algorithm, key)?.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::Hash;

    fn fits(is_supported: fn() -> bool, is_sane: fn(Algorithm) -> bool) -> bool {
        let code = Implementation {
            name: "made up",
            is_portable: false,
            algorithms: &[Algorithm::Ed25519],
            is_supported,
            is_sane,
            begin: |_, _| None,
            begin_small: None,
            verify_unprepared: None,
        };
        assert!(!code.fits(Algorithm::Hmac(Hash::Sha256)), "it has no code for it");
        code.fits(Algorithm::Ed25519)
    }

    #[test]
    fn code_fits_only_if_it_is_supported_and_sane() {
        assert!(fits(|| true, |_| true));
        assert!(!fits(|| false, |_| true));
        assert!(!fits(|| true, |_| false));
    }
}
