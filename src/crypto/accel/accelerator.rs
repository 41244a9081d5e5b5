//! A verifier's accelerated code: what it may accept, and when it builds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::budget::{Budget, Wish};
use super::cost::{Cost, Size};
use super::distrust::Distrusted;
use super::fault::Fault;
use super::form::{Chosen, Implementation};
use super::report::{BackendReport, BackendWarning};
use super::sample::Sample;
use super::settings::{Backend, Settings};
use super::slot::{Building, BuiltGuard, Slot};
use crate::alg::{Alg, AlgSet};
use crate::crypto::held::SignatureHeld;
use crate::crypto::job::Job;
use crate::crypto::part::PublicPart;
use crate::error::Error;
use crate::simd::Wide;
use crate::stripes::Stripes;

#[derive(Default)]
struct Counts {
    /// Calls that noted good signatures.
    noted: AtomicU64,
    accepted: AtomicU64,
    referred: AtomicU64,
    cross_checked: AtomicU64,
    disagreements: AtomicU64,
    failed_checks: AtomicU64,
}

/// Of the uses of a form one in so many is counted, as so many: to count each would cost more
/// than a cached token.
const SAMPLED: u32 = 16;

/// The good signatures of an epoch of a verifier, after which earlier ones count half: many
/// for each of ten thousand keys, and those of some seconds at full load.
const EPOCH: u64 = 1 << 20;

/// A verifier's accelerated code and its state.
pub(crate) struct Accelerator {
    settings: Settings,
    chosen: Box<[Option<Chosen>]>,
    /// The algorithms with an implementation.
    algorithms: AlgSet,
    /// Permits wide registers for text, if signatures are checked in them.
    wide: Option<Wide>,
    /// How often an implementation gave a wrong known answer for an algorithm.
    failed_self_tests: u64,
    /// Which accepted signatures aws-lc checks as well.
    sample: Sample,
    /// What the process no longer trusts: only aws-lc decides under these algorithms.
    distrusted: &'static Distrusted,
    /// The good signatures by which epochs are told, as far as they were sampled.
    clock: AtomicU64,
    budget: Budget,
    /// Tables that got no memory.
    tables_refused: AtomicU64,
    stripes: Stripes<Counts>,
}

impl Accelerator {
    /// Chooses for each of `algorithms` the first of the implementations `there`
    /// that the machine can run and that passes its self-test.
    ///
    /// # Errors
    /// [`Code::RandomnessMissing`](crate::error::Code::RandomnessMissing) if signatures
    /// are to be sampled, and the system has no random numbers.
    pub(in crate::crypto) fn of(
        there: &[&'static dyn Implementation],
        settings: Settings,
        algorithms: AlgSet,
        distrusted: &'static Distrusted,
    ) -> Result<Self, Error> {
        let mut failed_self_tests = 0_u64;
        let mut choose = |alg: Alg| {
            if settings.backend == Backend::AwsLc || !algorithms.contains(alg) {
                return None;
            }
            let chosen = there.iter().copied().find(|one| {
                let fits = one.takes(alg)
                    && (one.is_portable() || settings.backend != Backend::Portable)
                    && one.is_supported();
                let is_sane = fits && is_sane(*one, alg);
                if fits && !is_sane {
                    failed_self_tests = failed_self_tests.saturating_add(1);
                    distrusted.note_self_test(alg);
                }
                is_sane
            });
            chosen.map(|implementation| Chosen { name: implementation.name(), implementation })
        };
        let chosen: Box<[_]> = Alg::ALL.iter().map(|alg| choose(*alg)).collect();
        let uses_wide = chosen.iter().flatten().any(|one| !one.implementation.is_portable());
        let wide = if uses_wide { Wide::detect() } else { None };
        let algorithms: AlgSet =
            Alg::ALL.iter().zip(&chosen).filter(|row| row.1.is_some()).map(|row| *row.0).collect();
        // Where nothing is accepted, there is nothing to choose from.
        // A test need not try thousands.
        let cross_check = if cfg!(jot_planted) { 1 } else { settings.cross_check };
        let sample = Sample::new(if algorithms.is_empty() { 0 } else { cross_check })?;
        Ok(Self {
            settings,
            chosen,
            algorithms,
            wide,
            failed_self_tests,
            sample,
            distrusted,
            clock: AtomicU64::new(0),
            budget: Budget::new(settings.table_bytes),
            tables_refused: AtomicU64::new(0),
            stripes: Stripes::default(),
        })
    }

    /// Returns `true` if accelerated code may accept signatures under `alg`.
    #[inline]
    pub(in crate::crypto) fn takes(&self, alg: Alg) -> bool {
        self.algorithms.contains(alg) && !self.distrusted.contains(alg)
    }

    /// Returns the permission to use wide registers for text, if there is one.
    #[inline]
    pub(crate) fn wide(&self) -> Option<Wide> {
        self.wide
    }

    fn chosen(&self, alg: Alg) -> Option<Chosen> {
        self.chosen.get(alg as usize).copied().flatten()
    }

    /// Returns the name of the code that verifies `alg`.
    pub(crate) fn name(&self, alg: Alg) -> &'static str {
        match self.chosen(alg) {
            Some(one) if self.takes(alg) => one.name,
            _ => "aws-lc",
        }
    }

    /// Returns `true` if forms are built before their use.
    pub(crate) fn is_eager(&self) -> bool {
        matches!(self.settings.backend, Backend::Accelerated | Backend::Portable)
    }

    /// Returns the counters of this thread. Stacks of threads are megabytes apart, so the
    /// address of a local variable distinguishes threads.
    fn counts(&self) -> &Counts {
        let here = 0_u8;
        let stack = std::ptr::from_ref(&here).addr() >> 20;
        self.stripes.of(stack)
    }

    /// Counts the answers of a form, and lets aws-lc decide the jobs that it did not
    /// accept and a sample of those that it did.
    pub(in crate::crypto) fn conclude(
        &self,
        alg: Alg,
        jobs: &mut [Job<'_>],
        aws_lc: impl Fn(&Job<'_>) -> Option<SignatureHeld>,
    ) {
        let counts = self.counts();
        let accepted = jobs.iter().filter(|job| job.held.is_some()).count() as u64;
        let mut number = counts.accepted.fetch_add(accepted, Ordering::Relaxed);
        let referred = (jobs.len() as u64).wrapping_sub(accepted);
        if referred != 0 {
            counts.referred.fetch_add(referred, Ordering::Relaxed);
        }
        for job in jobs {
            if job.held.is_none() {
                job.held = aws_lc(job);
                continue;
            }
            let sampled = self.sample.takes(number);
            number = number.wrapping_add(1);
            if sampled {
                counts.cross_checked.fetch_add(1, Ordering::Relaxed);
                // aws-lc's answer replaces the form's: a disagreement rejects the token.
                job.held = aws_lc(job);
                if job.held.is_none() {
                    counts.disagreements.fetch_add(1, Ordering::Relaxed);
                    if let Some(chosen) = self.chosen(alg) {
                        self.distrusted.add(chosen.implementation, Fault::Disagreement);
                    }
                }
            }
        }
    }

    /// Returns `true` if accelerated code checks signatures of several keys under `alg` at
    /// once.
    #[inline]
    pub(crate) fn mixes(&self, alg: Alg) -> bool {
        self.takes(alg) && self.chosen(alg).is_some_and(|chosen| chosen.implementation.mixes())
    }

    /// Checks each job with the key of these numbers, for which there is no form. Returns
    /// `false` if there are too few for it.
    pub(in crate::crypto) fn verify_unprepared(
        &self,
        alg: Alg,
        parts: &[PublicPart<'_>],
        jobs: &mut [jot_accel::Job<'_>],
    ) -> bool {
        let chosen = self.chosen(alg).filter(|_| jobs.len() >= jot_accel::Implementation::LEAST_UNPREPARED);
        chosen.map(|chosen| chosen.implementation.verify_unprepared(parts, jobs)).is_some()
    }

    /// Returns the fastest form in `slot` that was built for this algorithm by the chosen
    /// implementation.
    #[inline]
    pub(in crate::crypto) fn form(&self, slot: &Slot, alg: Alg) -> Option<(BuiltGuard, Size)> {
        slot.form(self.chosen(alg)?.name, alg)
    }

    fn epoch(&self) -> u32 {
        (self.clock.load(Ordering::Relaxed) / EPOCH) as u32
    }

    /// Notes `good` signatures of a key, which were checked with a form of this size. If the
    /// key has enough of them, builds its next form, one step for each.
    #[inline]
    pub(in crate::crypto) fn note(
        &self,
        slot: &Arc<Slot>,
        alg: Alg,
        part: PublicPart<'_>,
        (good, form): (u32, Option<Size>),
    ) {
        if good == 0 {
            return;
        }
        let number = self.counts().noted.fetch_add(1, Ordering::Relaxed);
        let is_sampled = Sample::fixed(SAMPLED).takes(number);
        if is_sampled {
            let counted = u64::from(good).saturating_mul(u64::from(SAMPLED));
            self.clock.fetch_add(counted, Ordering::Relaxed);
        }
        let weight = match form {
            None => 1,
            Some(_) if is_sampled => SAMPLED,
            Some(_) => 0,
        };
        if weight != 0 {
            self.count(slot, alg, part, (good, weight));
        } else if slot.is_building() {
            self.build(slot, alg, part, (Size::Large, good));
        }
    }

    /// Counts good signatures, each so many times, and builds what the key has earned.
    fn count(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>, (good, weight): (u32, u32)) {
        let Some(chosen) = self.chosen(alg) else { return };
        let epoch = self.epoch();
        let before = slot.heat(epoch);
        slot.note_use(good.saturating_mul(weight), epoch);
        if let Some(size) = slot.earned(alg, chosen.implementation.has_small(), before, epoch) {
            self.build(slot, alg, part, (size, good));
        }
    }

    /// Builds a form if there is none; returns `true` if there is one now. It is the large
    /// one if there is memory for it.
    pub(in crate::crypto) fn prepare(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>) -> bool {
        for size in [Size::Large, Size::Small] {
            if self.form(slot, alg).is_none() {
                self.build(slot, alg, part, (size, u32::MAX));
            }
        }
        self.takes(alg) && self.form(slot, alg).is_some()
    }

    /// Takes at most `steps` steps, or none if another thread is building. Code that computes what
    /// does not pass its check is not trusted any further, as after a disagreement, and builds
    /// nothing.
    fn build(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>, (size, steps): (Size, u32)) {
        if !self.takes(alg) {
            return;
        }
        let wrong = slot.build(size, steps, || {
            let chosen = self.chosen(alg)?;
            let epoch = self.epoch();
            let begin = || {
                let building = Building::begin(chosen, alg, part, size)?;
                let wish = Wish {
                    slot: &Arc::downgrade(slot),
                    size,
                    bytes: building.bytes(),
                    saves: Cost::of(alg, chosen.implementation.has_small(), size).saves(),
                    heat: slot.heat(epoch),
                };
                let is_admitted = self.budget.admit(&wish, epoch);
                if !is_admitted {
                    self.tables_refused.fetch_add(1, Ordering::Relaxed);
                }
                is_admitted.then_some(building)
            };
            let begun = begin();
            if begun.is_none() {
                slot.refuse(epoch);
            }
            begun
        });
        if let Some(chosen) = wrong {
            self.counts().failed_checks.fetch_add(1, Ordering::Relaxed);
            self.distrusted.add(chosen.implementation, Fault::CheckFailed);
        }
    }

    /// Returns the counters and the state.
    pub(crate) fn report(&self) -> BackendReport {
        let sum = |counter: fn(&Counts) -> &AtomicU64| self.stripes.sum(|counts| Some(counter(counts)));
        let (table_bytes, tables) = self.budget.in_use();
        let named = Alg::ALL.iter().filter(|alg| self.takes(**alg)).map(|alg| (*alg, self.name(*alg)));
        BackendReport {
            accelerated: named.collect(),
            warning: self.warning(),
            accepted: sum(|counts| &counts.accepted),
            referred: sum(|counts| &counts.referred),
            cross_checked: sum(|counts| &counts.cross_checked),
            disagreements: sum(|counts| &counts.disagreements),
            failed_checks: sum(|counts| &counts.failed_checks),
            failed_self_tests: self.failed_self_tests,
            table_bytes,
            tables,
            tables_refused: self.tables_refused.load(Ordering::Relaxed),
        }
    }

    fn warning(&self) -> Option<BackendWarning> {
        if let Some(warning) = self.distrusted.warning(self.algorithms) {
            return Some(warning);
        }
        if self.failed_self_tests != 0 {
            return Some(BackendWarning::SelfTestFailed);
        }
        let wanted = self.settings.backend != Backend::AwsLc;
        (wanted && self.algorithms.is_empty()).then_some(BackendWarning::Unsupported)
    }
}

/// Returns `true` if the code's known answers are right.
fn is_sane(one: &dyn Implementation, alg: Alg) -> bool {
    #[cfg(jot_planted)]
    if super::planted::has_wrong_answers(alg) {
        return false;
    }
    one.is_sane(alg)
}

impl std::fmt::Debug for Accelerator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accelerator")
            .field("settings", &self.settings)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}
