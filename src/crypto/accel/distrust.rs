//! What the process no longer trusts.

use std::sync::atomic::{AtomicU32, Ordering};

use super::form::Implementation;
use crate::alg::{Alg, AlgSet};

/// The algorithms whose accelerated code accepted a signature that aws-lc denied. They are
/// never taken out again: whatever went wrong in one verifier is wrong in all.
///
/// A process has one of these ([`PROCESS`]), a word of memory, whatever happens.
#[derive(Debug, Default)]
pub(in crate::crypto) struct Distrusted(AtomicU32);

/// What no verifier of this process trusts.
pub(in crate::crypto) static PROCESS: Distrusted = Distrusted::new();

impl Distrusted {
    pub(in crate::crypto) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    #[inline]
    pub(super) fn contains(&self, alg: Alg) -> bool {
        self.0.load(Ordering::Relaxed) & bit(alg) != 0
    }

    /// Adds every algorithm of the code that was wrong: its parts are shared.
    pub(super) fn add(&self, wrong: &dyn Implementation) {
        let shared = Alg::ALL.iter().filter(|alg| wrong.takes(**alg));
        self.0.fetch_or(shared.fold(0, |bits, alg| bits | bit(*alg)), Ordering::Relaxed);
    }
}

/// There are fewer algorithms than bits.
const fn bit(alg: Alg) -> u32 {
    1_u32.wrapping_shl(alg as u32)
}

/// Returns the algorithms whose accelerated code this process no longer uses, because a
/// [cross-check](crate::VerifierBuilder::cross_check) disagreed with it in some verifier.
///
/// It is empty unless the processor, the compiler or the code is faulty: tell somebody.
/// Asking costs one load from memory.
///
/// ```
/// assert!(jot::backend::distrusted().is_empty());
/// ```
#[must_use]
pub fn distrusted() -> AlgSet {
    Alg::ALL.iter().copied().filter(|alg| PROCESS.contains(*alg)).collect()
}
