//! What the process no longer trusts.

use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::Fault;
use super::form::Implementation;
use super::report::BackendWarning;
use crate::alg::{Alg, AlgSet};

/// The algorithms whose accelerated code was wrong, by what showed it. They are never taken out
/// again: whatever went wrong in one verifier is wrong in all.
///
/// A process has one of these ([`PROCESS`]), eight bytes of memory, whatever happens.
#[derive(Debug, Default)]
pub(in crate::crypto) struct Distrusted(AtomicU64);

/// What no verifier of this process trusts.
pub(in crate::crypto) static PROCESS: Distrusted = Distrusted::new();

impl Distrusted {
    pub(in crate::crypto) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    #[inline]
    pub(super) fn contains(&self, alg: Alg) -> bool {
        self.bits() & Fault::bits(alg) != 0
    }

    /// Adds every algorithm of the code that was wrong: its parts are shared.
    pub(super) fn add(&self, wrong: &dyn Implementation, fault: Fault) {
        let shared = Alg::ALL.iter().filter(|alg| wrong.takes(**alg));
        self.0.fetch_or(shared.fold(0, |bits, alg| bits | fault.bit(*alg)), Ordering::Relaxed);
    }

    /// Returns the gravest fault of the code for these algorithms.
    pub(super) fn warning(&self, algorithms: AlgSet) -> Option<BackendWarning> {
        let bits = self.bits();
        let found = |fault: &&Fault| algorithms.iter().any(|alg| bits & fault.bit(alg) != 0);
        Fault::ALL.iter().find(found).map(|fault| fault.warning())
    }

    pub(super) fn bits(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Returns the algorithms whose accelerated code this process no longer uses, because it was
/// found wrong in some verifier: a [cross-check](crate::VerifierBuilder::cross_check) disagreed with
/// it, or the tables that it computed for a key did not pass their check.
///
/// It is empty unless the processor, its memory, the compiler or the code is faulty: tell
/// somebody. [`BackendNews`](crate::backend::BackendNews) has the words for it. Asking costs one load from memory.
///
/// ```
/// assert!(jot::backend::distrusted().is_empty());
/// ```
#[must_use]
pub fn distrusted() -> AlgSet {
    Alg::ALL.iter().copied().filter(|alg| PROCESS.contains(*alg)).collect()
}
