//! The place of one key's accelerated form.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};

use arc_swap::ArcSwapOption;

use super::cost::{Cost, Size};
use super::form::{Build, BuildProgress, Chosen, Form};
use super::heat::Heat;
use crate::alg::Alg;
use crate::crypto::part::PublicPart;

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
    chosen: Chosen,
    operation: Alg,
    size: Size,
    build: Box<dyn Build>,
}

impl Building {
    /// Returns `None` if the key cannot have a form of this size.
    pub(super) fn begin(chosen: Chosen, alg: Alg, part: PublicPart<'_>, size: Size) -> Option<Self> {
        let build: Box<dyn Build> = match size {
            #[cfg(jot_planted)]
            _ if super::planted::is_spoiled(part) => Box::new(super::planted::Spoiled),
            Size::Small => chosen.implementation.begin_small(alg, part)?,
            Size::Large => chosen.implementation.begin(alg, part)?,
        };
        Some(Self { chosen, operation: alg.operation(), size, build })
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

/// Holds a key's forms for one algorithm, and counts its good signatures.
///
/// Verifiers that share a key and have chosen the same implementation share its forms. In a
/// verifier that chose another one, aws-lc verifies with that key.
#[derive(Default)]
pub(in crate::crypto) struct Slot {
    small: ArcSwapOption<Built>,
    large: ArcSwapOption<Built>,
    heat: Heat,
    /// The heat when a form was last refused its memory.
    refused: Heat,
    building: Mutex<Option<Building>>,
    is_building: AtomicBool,
}

impl Slot {
    const fn place(&self, size: Size) -> &ArcSwapOption<Built> {
        match size {
            Size::Small => &self.small,
            Size::Large => &self.large,
        }
    }

    /// Returns the fastest form that was built for this algorithm by the implementation of
    /// this name.
    #[inline]
    pub(super) fn form(&self, name: &'static str, alg: Alg) -> Option<(BuiltGuard, Size)> {
        [Size::Large, Size::Small].into_iter().find_map(|size| {
            let form = self.place(size).load();
            let built = form.as_ref()?;
            (built.operation == alg.operation() && built.name == name).then_some((form, size))
        })
    }

    /// Returns the number of good signatures of late.
    pub(super) fn heat(&self, epoch: u32) -> u32 {
        self.heat.now(epoch)
    }

    /// Adds good signatures to it; returns the sum.
    pub(super) fn note_use(&self, good: u32, epoch: u32) -> u32 {
        self.heat.add(good, epoch)
    }

    /// Returns the size of the form that a key with this heat has earned and does not have
    /// yet. If one was refused, the heat must be twice what is left of the heat then.
    pub(super) fn earned(&self, alg: Alg, has_small: bool, heat: u32, epoch: u32) -> Option<Size> {
        let size = match (self.large.load().is_some(), has_small && self.small.load().is_none()) {
            (true, _) => return None,
            (false, true) => Size::Small,
            (false, false) => Size::Large,
        };
        let proven = Cost::of(alg, has_small, size).proven();
        (heat >= proven && heat / 2 >= self.refused.now(epoch)).then_some(size)
    }

    /// Notes that a form was refused its memory.
    pub(super) fn refuse(&self, epoch: u32) {
        self.refused.set(self.heat(epoch), epoch);
    }

    /// Returns `true` if a form is being built.
    #[inline]
    pub(super) fn is_building(&self) -> bool {
        self.is_building.load(Ordering::Relaxed)
    }

    /// Takes at most `steps` steps of the form that is being built, or that `begin` begins
    /// if there is none of this size. Takes none if another thread is building. Returns the code
    /// whose form did not pass its check, if that is how it ended.
    pub(super) fn build(
        &self,
        size: Size,
        steps: u32,
        begin: impl FnOnce() -> Option<Building>,
    ) -> Option<Chosen> {
        let mut building = self.building()?;
        if building.is_none() {
            if self.place(size).load().is_some() {
                return None;
            }
            *building = begin();
        }
        let Building { chosen, operation, size, build } = building.as_mut()?;
        self.is_building.store(true, Ordering::Relaxed);
        let (chosen, operation, size) = (*chosen, *operation, *size);
        for _ in 0..steps {
            let wrong = match build.step() {
                BuildProgress::More => continue,
                BuildProgress::Done(form) => {
                    self.place(size).store(Some(Arc::new(Built { name: chosen.name, operation, form })));
                    None
                }
                BuildProgress::Failed => Some(chosen),
            };
            self.stop(&mut building);
            return wrong;
        }
        None
    }

    /// Drops what is being built.
    fn stop(&self, building: &mut Option<Building>) {
        *building = None;
        self.is_building.store(false, Ordering::Relaxed);
    }

    /// Drops the form of this size, and what is built of one. Callers that already hold the
    /// form may finish with it; until then it is not [`Gone`]. Returns `None`, and drops
    /// nothing, if a thread is building right now.
    pub(super) fn vacate(&self, size: Size) -> Option<Gone> {
        let mut building = self.building()?;
        if building.as_ref().is_some_and(|building| building.size == size) {
            self.stop(&mut building);
        }
        let form = self.place(size).swap(None);
        Some(Gone(form.as_ref().map(Arc::downgrade).unwrap_or_default()))
    }

    /// Returns `true` if there is no form of this size and none is being built.
    pub(super) fn is_idle(&self, size: Size) -> bool {
        self.place(size).load().is_none()
            && self.building().is_some_and(|building| !building.as_ref().is_some_and(|it| it.size == size))
    }

    /// Returns what is being built; `None` if a thread is at it right now.
    ///
    /// If a step panicked, it may be half done: what was being built is dropped.
    fn building(&self) -> Option<MutexGuard<'_, Option<Building>>> {
        match self.building.try_lock() {
            Ok(building) => Some(building),
            Err(TryLockError::Poisoned(poisoned)) => {
                let mut building = poisoned.into_inner();
                self.stop(&mut building);
                self.building.clear_poison();
                Some(building)
            }
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [has_small, has_large] = [Size::Small, Size::Large].map(|size| self.place(size).load().is_some());
        f.debug_struct("Slot")
            .field("has_small", &has_small)
            .field("has_large", &has_large)
            .finish_non_exhaustive()
    }
}
