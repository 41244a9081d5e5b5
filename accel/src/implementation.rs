//! Code for some algorithms, and the checks before its use.

use crate::algorithm::{Algorithm, RawKey};
use crate::job::{Job, LEAST_UNPREPARED};
use crate::key::VerifyUnprepared;
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
    /// Tests an algorithm once in a process, before its first use.
    pub(crate) is_sane: fn(Algorithm) -> bool,
    pub(crate) begin: fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>,
    pub(crate) verify_unprepared: Option<VerifyUnprepared>,
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

    /// Returns `true` if the known answers of all [`algorithms`](Self::algorithms) are
    /// right. Do not call it if it is not [supported](Self::is_supported).
    #[must_use]
    pub fn is_sane(&self) -> bool {
        self.algorithms.iter().all(|algorithm| self.is_sane_for(*algorithm))
    }

    /// Returns `true` if there is code for `algorithm` and its known answers are right:
    /// several keys and messages, good signatures and bad ones, alone and in every lane.
    /// They are tested once in a process, which takes a millisecond or two beside the
    /// tables of curves. Do not call it if it is not [supported](Self::is_supported).
    #[must_use]
    pub fn is_sane_for(&self, algorithm: Algorithm) -> bool {
        self.verifies(algorithm) && (self.is_sane)(algorithm)
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

    /// With fewer keys that are not prepared, most lanes would be empty: eight signatures cost
    /// as much as two of a general library.
    pub const LEAST_UNPREPARED: usize = LEAST_UNPREPARED;

    /// Returns `true` if there is code for keys that are not prepared.
    #[must_use]
    pub const fn verifies_unprepared(&self) -> bool {
        self.verify_unprepared.is_some()
    }

    /// Checks every job with the key of the same index, without preparing the keys: for
    /// keys that verify too few signatures to earn their tables. They are checked
    /// eight at once; fewer than [`LEAST_UNPREPARED`](Self::LEAST_UNPREPARED) are not held, and neither are jobs beyond the keys. Another library
    /// must decide about those that are not held.
    ///
    /// ```
    /// use jot_accel::{Algorithm, Implementation, Job, RawKey};
    ///
    /// let fits = |one: &&Implementation| {
    ///     let algorithm = Algorithm::EcdsaP256Sha256;
    ///     one.verifies(algorithm) && one.verifies_unprepared() && one.is_supported() && one.is_sane()
    /// };
    /// if let Some(code) = Implementation::all().find(fits) {
    ///     let mut jobs = [Job::new(b"message", &[1; 64]); 3];
    ///     code.verify_unprepared(&[RawKey::Sec1(&[4; 65]); 3], &mut jobs);
    ///     assert!(jobs.iter().all(|job| job.held().is_none())); // no points of the curve
    /// }
    /// ```
    pub fn verify_unprepared(&self, keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
        for job in &mut *jobs {
            job.holds = false;
        }
        if let Some(verify) = self.verify_unprepared {
            verify(keys, jobs);
        }
    }
}
