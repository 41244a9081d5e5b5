//! A prepared key.

use std::any::Any;
use std::fmt;

use crate::algorithm::RawKey;
use crate::job::{Held, Job};

/// A key in the form of an algorithm's code. It may only accept.
pub(crate) trait Form: Any + Send + Sync {
    /// Returns `true` if `signature` is a good signature of `message`. `false` means
    /// nothing.
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool;

    /// Sets `holds` of every job with a good signature, and does not change the others,
    /// which the caller has set to `false`.
    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for job in jobs {
            job.holds = self.accepts(job.message, job.signature);
        }
    }

    /// Does the same with the key of the same index for each job; this is one of them.
    fn accept_mixed(&self, keys: &[&FastKey], jobs: &mut [Job<'_>]) {
        let mut rest = jobs;
        for keys in keys.chunk_by(|a, b| std::ptr::eq(*a, *b)) {
            let Some(first) = keys.first() else { return };
            let Some((jobs, others)) = rest.split_at_mut_checked(keys.len()) else { return };
            first.0.accept_each(jobs);
            rest = others;
        }
    }
}

/// Sets `holds` of every job whose key, that of the same index, made its signature, and
/// does not change the others.
pub(crate) type VerifyUnprepared = fn(&[RawKey<'_>], &mut [Job<'_>]);

/// A public key, or an HMAC secret, prepared for one algorithm. Any number of threads
/// may use it at once.
///
/// ```
/// use jot_accel::{Algorithm, FastKey, Job, RawKey};
///
/// // RFC 8032 §7.1, test 3, whose message is af82.
/// let hex = |text: &str| -> Vec<u8> {
///     (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
/// };
/// let point = hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
/// let signature = hex(
///     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
///      18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
/// );
///
/// // None if there is no code for Ed25519 on this processor.
/// if let Some(key) = FastKey::new(Algorithm::Ed25519, RawKey::Ed25519(&point)) {
///     assert!(key.verify(&[0xaf, 0x82], &signature).is_some());
///     // Not held: ask another library before you refuse it.
///     assert!(key.verify(b"another message", &signature).is_none());
///
///     // Several are faster than as many alone.
///     let mut jobs = [Job::new(&[0xaf, 0x82], &signature); 8];
///     key.verify_each(&mut jobs);
///     assert!(jobs.iter().all(|job| job.held().is_some()));
/// }
/// ```
pub struct FastKey(Box<dyn Form>);

impl FastKey {
    pub(crate) fn of(form: Box<dyn Form>) -> Self {
        Self(form)
    }

    /// Returns the proof that `signature` is a good signature of `message`. `None`
    /// means nothing: another library must decide.
    #[inline]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Option<Held> {
        let holds = self.0.accepts(message, signature);
        Job { message, signature, holds }.held()
    }

    /// Checks every job. Another library must decide those that are not held.
    #[inline]
    pub fn verify_each(&self, jobs: &mut [Job<'_>]) {
        for job in &mut *jobs {
            job.holds = false;
        }
        self.0.accept_each(jobs);
    }

    /// Checks every job with the key of the same index. Keys of one algorithm whose code
    /// checks several signatures at once may be mixed at will: it costs as much as if all
    /// were one key's. Without a key for each job, none is held.
    ///
    /// ```
    /// use jot_accel::{Algorithm, FastKey, Hash, Job, RawKey};
    ///
    /// let keys = [b"one", b"two"].map(|secret| {
    ///     FastKey::new(Algorithm::Hmac(Hash::Sha256), RawKey::Secret(secret))
    /// });
    /// if let [Some(one), Some(two)] = &keys {
    ///     let mut jobs = [Job::new(b"message", b"no tag"); 2];
    ///     FastKey::verify_mixed(&[one, two], &mut jobs);
    ///     assert!(jobs.iter().all(|job| job.held().is_none()));
    /// }
    /// ```
    #[inline]
    pub fn verify_mixed(keys: &[&Self], jobs: &mut [Job<'_>]) {
        for job in &mut *jobs {
            job.holds = false;
        }
        let Some(jobs) = jobs.get_mut(..keys.len()) else { return };
        if let Some(first) = keys.first() {
            first.0.accept_mixed(keys, jobs);
        }
    }

    /// Returns the form, if it is of this type.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    pub(crate) fn form<F: Form>(&self) -> Option<&F> {
        (&*self.0 as &dyn Any).downcast_ref()
    }
}

impl fmt::Debug for FastKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FastKey").finish_non_exhaustive()
    }
}
