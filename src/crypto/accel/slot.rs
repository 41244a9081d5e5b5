//! The place of one key's accelerated form.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use arc_swap::ArcSwapOption;

use super::{Accelerator, Build, BuildProgress, Chosen, Form, PROVEN};
use crate::alg::Alg;
use crate::crypto::PublicPart;

/// A form, and what it is a form for: the name of the implementation alone
/// would not tell that of RS256 from that of RS384.
pub(in crate::crypto) struct Built {
    name: &'static str,
    /// As [`Alg::operation`] gives it.
    operation: Alg,
    pub(in crate::crypto) form: Form,
}

/// A form in the making.
struct Building {
    name: &'static str,
    operation: Alg,
    build: Box<dyn Build>,
}

/// A form that stays while it is used, also when its slot is vacated.
type BuiltGuard = arc_swap::Guard<Option<Arc<Built>>>;

/// Holds a key's form for one algorithm, or counts towards its being built.
///
/// Verifiers that share a key share its form, where they have chosen the same
/// implementation; whoever chose another one has aws-lc verify with that key.
#[derive(Default)]
pub(crate) struct Slot {
    form: ArcSwapOption<Built>,
    /// Good signatures so far, while there is no form.
    proven: AtomicU32,
    /// The accelerator's epoch when the form was last used.
    used: AtomicU32,
    building: Mutex<Option<Building>>,
}

impl Slot {
    /// Returns the form, if it was built for this algorithm by the
    /// implementation that the accelerator has chosen, and notes its use.
    #[inline]
    pub(in crate::crypto) fn form(&self, with: &Accelerator, alg: Alg) -> Option<BuiltGuard> {
        let form = self.form.load();
        let built = form.as_ref()?;
        if built.operation != alg.operation() || with.chosen(alg).is_none_or(|one| one.name != built.name) {
            return None;
        }
        let epoch = with.epoch.load(Ordering::Relaxed);
        if self.used.load(Ordering::Relaxed) != epoch {
            self.used.store(epoch, Ordering::Relaxed);
        }
        Some(form)
    }

    /// Notes that aws-lc found `good` signatures good. A key that has proven
    /// its worth has its form built, a step for each of them.
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

    /// Builds the form if it is not there; tells whether it is there now.
    pub(in crate::crypto) fn prepare(
        self: &Arc<Self>,
        with: &Accelerator,
        alg: Alg,
        part: PublicPart<'_>,
    ) -> bool {
        self.build(with, alg, part, u32::MAX);
        self.form(with, alg).is_some()
    }

    /// Does at most so many steps, unless another thread is at it.
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

    /// Gives the form up; whoever is using it may end that.
    pub(super) fn vacate(&self) {
        self.proven.store(0, Ordering::Relaxed);
        // A form in the making is given up unless its thread is at work; it
        // then ends a little past the budget.
        if let Ok(mut building) = self.building.try_lock() {
            *building = None;
        }
        self.form.store(None);
    }

    /// Returns `true` if there is no form, also none in the making.
    pub(super) fn is_idle(&self) -> bool {
        self.form.load().is_none()
            && match self.building.try_lock() {
                Ok(building) => building.is_none(),
                Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned).is_none(),
                Err(TryLockError::WouldBlock) => false,
            }
    }

    /// For how many epochs the form was not used.
    pub(super) fn age(&self, epoch: u32) -> u32 {
        epoch.wrapping_sub(self.used.load(Ordering::Relaxed))
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot").field("is_built", &self.form.load().is_some()).finish_non_exhaustive()
    }
}
