//! Code for some algorithms, and the checks before its use.

use crate::algorithm::{Algorithm, RawKey};
use crate::job::{Job, LEAST_UNPREPARED};
use crate::key::VerifyUnprepared;
use crate::preparation::{Build, Preparation};

/// Begins to prepare a key.
pub(crate) type Begin = fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>;

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
    pub(crate) begin: Begin,
    pub(crate) begin_small: Option<Begin>,
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
    /// several keys and messages, good signatures and bad ones, alone, in every lane, and beside
    /// those of another key where the code mixes them.
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

    /// Returns `true` if keys may be prepared with less memory, too.
    #[must_use]
    pub const fn has_small(&self) -> bool {
        self.begin_small.is_some()
    }

    /// Begins to prepare a key with less memory, in less time, for slower verifications: on
    /// P-256 8 KiB instead of 256, and signatures in lanes take some half more. Keys of both
    /// kinds may be mixed in a batch. Returns `None` where [`begin`](Self::begin) does, or if
    /// there is no such code.
    ///
    /// ```
    /// use jot_accel::{Algorithm, Implementation, RawKey};
    ///
    /// // RFC 8032 §7.1, test 3
    /// let key = [
    ///     0xfc, 0x51, 0xcd, 0x8e, 0x62, 0x18, 0xa1, 0xa3, 0x8d, 0xa4, 0x7e, 0xd0, 0x02, 0x30, 0xf0, 0x58,
    ///     0x08, 0x16, 0xed, 0x13, 0xba, 0x33, 0x03, 0xac, 0x5d, 0xeb, 0x91, 0x15, 0x48, 0x90, 0x80, 0x25,
    /// ];
    /// for code in Implementation::all().filter(|code| code.is_supported() && code.is_sane()) {
    ///     if let Some(small) = code.begin_small(Algorithm::Ed25519, RawKey::Ed25519(&key)) {
    ///         let large = code.begin(Algorithm::Ed25519, RawKey::Ed25519(&key)).unwrap();
    ///         assert!(small.bytes() * 32 == large.bytes());
    ///         assert!(small.finish().is_some());
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn begin_small(&self, algorithm: Algorithm, key: RawKey<'_>) -> Option<Preparation> {
        if !self.verifies(algorithm) {
            return None;
        }
        (self.begin_small?)(algorithm, key).map(Preparation)
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
