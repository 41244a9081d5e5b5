//! The place of one key's accelerated form.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use arc_swap::ArcSwapOption;

use super::{Accelerator, Build, BuildProgress, Chosen, Form, PROVEN};
use crate::alg::Alg;
use crate::crypto::PublicPart;

/// A form with its implementation and algorithm. The name of the implementation alone
/// does not distinguish the forms of RS256 and RS384.
pub(in crate::crypto) struct Built {
    name: &'static str,
    /// The algorithm, from [`Alg::operation`].
    operation: Alg,
    pub(in crate::crypto) form: Form,
}

/// A form that is being built.
struct Building {
    name: &'static str,
    operation: Alg,
    build: Box<dyn Build>,
}

/// A guard that keeps a form alive while it is used, even if its slot is vacated.
type BuiltGuard = arc_swap::Guard<Option<Arc<Built>>>;

/// Holds a key's form for one algorithm, or counts good signatures until it is built.
///
/// Verifiers that share a key and have chosen the same implementation share its form. In a
/// verifier that chose another one, aws-lc verifies with that key.
#[derive(Default)]
pub(crate) struct Slot {
    form: ArcSwapOption<Built>,
    /// The number of good signatures while there is no form.
    proven: AtomicU32,
    /// The accelerator's epoch when the form was last used.
    used: AtomicU32,
    building: Mutex<Option<Building>>,
}

impl Slot {
    /// Returns the form and notes its use, if it was built for this algorithm by the
    /// accelerator's chosen implementation.
    #[inline]
    pub(in crate::crypto) fn form(&self, with: &Accelerator, alg: Alg) -> Option<BuiltGuard> {
        let form = self.form.load();
        let built = form.as_ref()?;
        if built.operation != alg.operation() || with.chosen(alg).is_none_or(|one| one.name != built.name) {
            return None;
        }
        let epoch = with.epoch.load(Ordering::Relaxed);
        // Compared first, because writing at every use would contend for the cache
        // line.
        if self.used.load(Ordering::Relaxed) != epoch {
            self.used.store(epoch, Ordering::Relaxed);
        }
        Some(form)
    }

    /// Notes that aws-lc accepted `good` signatures. If the key has enough of them,
    /// builds its form, one step for each.
    pub(in crate::crypto) fn note(
        self: &Arc<Self>,
        with: &Accelerator,
        alg: Alg,
        part: PublicPart<'_>,
        good: u32,
    ) {
        if good == 0 || self.proven.fetch_add(good, Ordering::Relaxed) < PROVEN {
            return;
        }
        self.build(with, alg, part, good);
    }

    /// Builds the form if there is none; returns `true` if there is one now.
    pub(in crate::crypto) fn prepare(
        self: &Arc<Self>,
        with: &Accelerator,
        alg: Alg,
        part: PublicPart<'_>,
    ) -> bool {
        self.build(with, alg, part, u32::MAX);
        self.form(with, alg).is_some()
    }

    /// Takes at most `steps` steps, or none if another thread is building.
    fn build(self: &Arc<Self>, with: &Accelerator, alg: Alg, part: PublicPart<'_>, steps: u32) {
        let mut building = match self.building.try_lock() {
            Ok(building) => building,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if self.form.load().is_some() {
            return;
        }
        if building.is_none() {
            let begin = |one: Chosen| {
                let build = one.implementation.begin(alg, part)?;
                Some(Building { name: one.name, operation: alg.operation(), build })
            };
            let begun = with.chosen(alg).and_then(begin);
            // Counts as used now, so that `admit` of another key does not evict it at once.
            self.used.store(with.epoch.load(Ordering::Relaxed), Ordering::Relaxed);
            *building = begun;
            let bytes = building.as_ref().map(|begun| begun.build.bytes());
            if !bytes.is_some_and(|bytes| with.admit(&Arc::downgrade(self), bytes)) {
                *building = None;
                self.proven.store(0, Ordering::Relaxed);
                return;
            }
        }
        let Some(Building { name, operation, build }) = building.as_mut() else { return };
        let (name, operation) = (*name, *operation);
        for _ in 0..steps {
            match build.step() {
                BuildProgress::More => continue,
                BuildProgress::Done(form) => self.form.store(Some(Arc::new(Built { name, operation, form }))),
                BuildProgress::Failed => self.proven.store(0, Ordering::Relaxed),
            }
            *building = None;
            return;
        }
    }

    /// Drops the form; callers that already hold it may finish with it.
    pub(super) fn vacate(&self) {
        self.proven.store(0, Ordering::Relaxed);
        // Also drop a form that is being built, unless a thread is building it right
        // now. It may then exceed the memory limit a little.
        if let Ok(mut building) = self.building.try_lock() {
            *building = None;
        }
        self.form.store(None);
    }

    /// Returns `true` if there is no form and none is being built.
    pub(super) fn is_idle(&self) -> bool {
        self.form.load().is_none()
            && match self.building.try_lock() {
                Ok(building) => building.is_none(),
                Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned).is_none(),
                Err(TryLockError::WouldBlock) => false,
            }
    }

    /// Returns the number of epochs since the form was last used.
    pub(super) fn age(&self, epoch: u32) -> u32 {
        epoch.wrapping_sub(self.used.load(Ordering::Relaxed))
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot").field("is_built", &self.form.load().is_some()).finish_non_exhaustive()
    }
}
