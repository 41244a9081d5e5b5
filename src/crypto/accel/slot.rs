//! The place of one key's accelerated form.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};

use arc_swap::ArcSwapOption;

use super::form::{Build, BuildProgress, Chosen, Form};
use crate::alg::Alg;
use crate::crypto::part::PublicPart;

/// The number of good signatures after which a key's form is begun. On P-256 the form
/// costs about as much as 35 verifications by aws-lc, and then saves more than nine
/// tenths of each; so a key that is repeatedly evicted and rebuilt is slowed down by at
/// most one seventh.
pub(super) const PROVEN: u32 = 256;

/// A form with its implementation and algorithm. The name of the implementation alone
/// does not distinguish the forms of RS256 and RS384.
pub(in crate::crypto) struct Built {
    name: &'static str,
    /// The algorithm, from [`Alg::operation`].
    operation: Alg,
    pub(in crate::crypto) form: Form,
}

/// A form that is being built.
pub(super) struct Building {
    name: &'static str,
    operation: Alg,
    build: Box<dyn Build>,
}

impl Building {
    /// Returns `None` if the key cannot have a form.
    pub(super) fn begin(chosen: Chosen, alg: Alg, part: PublicPart<'_>) -> Option<Self> {
        let build = chosen.implementation.begin(alg, part)?;
        Some(Self { name: chosen.name, operation: alg.operation(), build })
    }

    /// Returns the memory of the finished form in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.build.bytes()
    }
}

/// What is left of a form after its slot was vacated: it takes memory as long as others
/// use it.
#[derive(Default)]
pub(super) struct Gone(Weak<Built>);

impl Gone {
    pub(super) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// A guard that keeps a form alive while it is used, even if its slot is vacated.
pub(in crate::crypto) type BuiltGuard = arc_swap::Guard<Option<Arc<Built>>>;

/// Holds a key's form for one algorithm, or counts good signatures until it is built.
///
/// Verifiers that share a key and have chosen the same implementation share its form. In a
/// verifier that chose another one, aws-lc verifies with that key.
#[derive(Default)]
pub(in crate::crypto) struct Slot {
    form: ArcSwapOption<Built>,
    /// The number of good signatures while there is no form.
    proven: AtomicU32,
    /// The accelerator's epoch when the form was last used.
    used: AtomicU32,
    building: Mutex<Option<Building>>,
}

impl Slot {
    /// Returns the form and notes its use, if it was built for this algorithm by the
    /// implementation of this name.
    #[inline]
    pub(super) fn form(&self, name: &'static str, alg: Alg, epoch: &AtomicU32) -> Option<BuiltGuard> {
        let form = self.form.load();
        let built = form.as_ref()?;
        if built.operation != alg.operation() || built.name != name {
            return None;
        }
        self.note_use(epoch);
        Some(form)
    }

    /// Notes that the form is used now.
    #[inline]
    pub(super) fn note_use(&self, epoch: &AtomicU32) {
        let epoch = epoch.load(Ordering::Relaxed);
        // Compared first, because writing at every use would contend for the cache
        // line.
        if self.used.load(Ordering::Relaxed) != epoch {
            self.used.store(epoch, Ordering::Relaxed);
        }
    }

    /// Counts `good` signatures; returns `true` if the key had enough before.
    pub(super) fn is_proven(&self, good: u32) -> bool {
        good != 0 && self.proven.fetch_add(good, Ordering::Relaxed) >= PROVEN
    }

    /// Takes at most `steps` steps of the form that `begin` begins, if there is none.
    /// Takes none if another thread is building.
    pub(super) fn build(&self, steps: u32, begin: impl FnOnce() -> Option<Building>) {
        let Some(mut building) = self.building() else { return };
        if self.form.load().is_some() {
            return;
        }
        if building.is_none() {
            *building = begin();
            if building.is_none() {
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

    /// Drops the form, and what is built of one. Callers that already hold the form may
    /// finish with it; until then it is not [`Gone`]. Returns `None`, and drops nothing, if
    /// a thread is building it right now.
    pub(super) fn vacate(&self) -> Option<Gone> {
        *self.building()? = None;
        self.proven.store(0, Ordering::Relaxed);
        let form = self.form.swap(None);
        Some(Gone(form.as_ref().map(Arc::downgrade).unwrap_or_default()))
    }

    /// Returns `true` if there is no form and none is being built.
    pub(super) fn is_idle(&self) -> bool {
        self.form.load().is_none() && self.building().is_some_and(|building| building.is_none())
    }

    /// Returns what is being built; `None` if a thread is at it right now.
    ///
    /// If a step panicked, it may be half done: what was being built is dropped, and the key
    /// must prove itself again.
    fn building(&self) -> Option<MutexGuard<'_, Option<Building>>> {
        match self.building.try_lock() {
            Ok(building) => Some(building),
            Err(TryLockError::Poisoned(poisoned)) => {
                let mut building = poisoned.into_inner();
                *building = None;
                self.proven.store(0, Ordering::Relaxed);
                self.building.clear_poison();
                Some(building)
            }
            Err(TryLockError::WouldBlock) => None,
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
