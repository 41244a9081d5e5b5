//! What the process no longer trusts.

use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::Fault;
use super::form::Implementation;
use super::report::BackendWarning;
use crate::alg::{Alg, AlgSet};

/// The algorithms with accelerated code that was wrong, by what showed it. They are never taken out
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

    /// Returns `true` if aws-lc alone decides under this algorithm. It is `false` where only a known
    /// answer was wrong: what gave it was never chosen.
    #[inline]
    pub(super) fn contains(&self, alg: Alg) -> bool {
        self.bits() & Fault::ending_bits(alg) != 0
    }

    /// Adds every algorithm of the code that was wrong: its parts are shared.
    pub(super) fn add(&self, wrong: &dyn Implementation, fault: Fault) {
        let shared = Alg::ALL.iter().filter(|alg| wrong.takes(**alg));
        self.0.fetch_or(shared.fold(0, |bits, alg| bits | fault.bit(*alg)), Ordering::Relaxed);
    }

    /// Notes that code for this algorithm gave a wrong known answer.
    pub(super) fn note_self_test(&self, alg: Alg) {
        self.0.fetch_or(Fault::SelfTestFailed.bit(alg), Ordering::Relaxed);
    }

    /// Returns the gravest fault that ended the use of the code for these algorithms.
    pub(super) fn warning(&self, algorithms: AlgSet) -> Option<BackendWarning> {
        let bits = self.bits();
        let found = |fault: &&Fault| algorithms.iter().any(|alg| bits & fault.bit(alg) != 0);
        Fault::ENDING.iter().find(found).map(|fault| fault.warning())
    }

    /// Returns the algorithms with any fault.
    pub(super) fn algorithms(&self) -> AlgSet {
        let bits = self.bits();
        Alg::ALL.iter().copied().filter(|alg| bits & Fault::bits(*alg) != 0).collect()
    }

    pub(super) fn bits(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Returns the algorithms with accelerated code that this process does not use, because it was
/// found wrong in some verifier: a [cross-check](crate::VerifierBuilder::cross_check) disagreed with
/// it, or the tables that it computed for a key did not pass their check, and aws-lc verifies alone
/// from then on; or it gave a wrong known answer before its first use, and other code takes its place
/// where there is some.
///
/// It is empty unless the processor, its memory, the compiler or the code is faulty: tell
/// somebody. [`BackendNews`](crate::backend::BackendNews) has the words for it. Asking costs one load from memory.
///
/// ```
/// assert!(jot::backend::distrusted().is_empty());
/// ```
#[must_use]
pub fn distrusted() -> AlgSet {
    PROCESS.algorithms()
}
