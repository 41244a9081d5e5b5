//! A verifier's accelerated code: what it may accept, and when it builds.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::distrust::Distrusted;
use super::form::{Chosen, Implementation};
use super::report::{BackendReport, BackendWarning};
use super::sample::Sample;
use super::settings::{Backend, Settings};
use super::slot::{Building, BuiltGuard, Gone, Slot};
use crate::alg::{Alg, AlgSet};
use crate::crypto::held::SignatureHeld;
use crate::crypto::job::Job;
use crate::crypto::part::PublicPart;
use crate::error::Error;
use crate::simd::Wide;
use crate::stripes::Stripes;

#[derive(Default)]
struct Counts {
    accepted: AtomicU64,
    referred: AtomicU64,
    cross_checked: AtomicU64,
    disagreements: AtomicU64,
}

/// A form, and its bytes of the memory limit.
struct Held {
    slot: Weak<Slot>,
    bytes: usize,
    /// Set if the form was given up. It counts until nobody uses or builds it.
    given_up: Option<Gone>,
}

impl Held {
    /// Drops the form; returns `None` if a thread is building it right now.
    fn give_up(&mut self) -> Option<()> {
        let left = self.slot.upgrade().map_or_else(|| Some(Gone::default()), |slot| slot.vacate())?;
        self.given_up = Some(left);
        Some(())
    }

    /// Returns `true` if the form, or what is built of it, takes memory.
    fn is_there(&self) -> bool {
        match &self.given_up {
            Some(gone) => !gone.is_gone(),
            None => self.slot.upgrade().is_some_and(|slot| !slot.is_idle()),
        }
    }
}

/// A verifier's accelerated code and its state.
pub(crate) struct Accelerator {
    settings: Settings,
    chosen: Box<[Option<Chosen>]>,
    /// The algorithms with an implementation.
    algorithms: AlgSet,
    /// Permits wide registers for text, if signatures are checked in them.
    wide: Option<Wide>,
    /// An implementation gave a wrong known answer.
    failed: bool,
    /// Which accepted signatures aws-lc checks as well.
    sample: Sample,
    /// What the process no longer trusts: only aws-lc decides under these algorithms.
    distrusted: &'static Distrusted,
    /// Incremented with every form that is begun; measures the age of a form's last
    /// use.
    epoch: AtomicU32,
    /// The forms that count against the memory limit.
    held: Mutex<Vec<Held>>,
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
        let mut failed = false;
        let mut choose = |alg: Alg| {
            if settings.backend == Backend::AwsLc || !algorithms.contains(alg) {
                return None;
            }
            let chosen = there.iter().copied().find(|one| {
                let fits = one.takes(alg)
                    && (one.is_portable() || settings.backend != Backend::Portable)
                    && one.is_supported();
                let is_sane = fits && one.is_sane(alg);
                failed |= fits && !is_sane;
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
        let sample = Sample::new(if algorithms.is_empty() { 0 } else { settings.cross_check })?;
        Ok(Self {
            settings,
            chosen,
            algorithms,
            wide,
            failed,
            sample,
            distrusted,
            epoch: AtomicU32::new(0),
            held: Mutex::new(Vec::new()),
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
                        self.distrusted.add(chosen.implementation);
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

    /// Returns the form in `slot` and notes its use, if it was built for this algorithm
    /// by the chosen implementation.
    #[inline]
    pub(in crate::crypto) fn form(&self, slot: &Slot, alg: Alg) -> Option<BuiltGuard> {
        slot.form(self.chosen(alg)?.name, alg, &self.epoch)
    }

    /// Notes that aws-lc accepted `good` signatures. If the key has enough of them,
    /// builds its form, one step for each.
    pub(in crate::crypto) fn note(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>, good: u32) {
        if slot.is_proven(good) {
            self.build(slot, alg, part, good);
        }
    }

    /// Builds the form if there is none; returns `true` if there is one now.
    pub(in crate::crypto) fn prepare(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>) -> bool {
        self.build(slot, alg, part, u32::MAX);
        self.form(slot, alg).is_some()
    }

    /// Takes at most `steps` steps, or none if another thread is building.
    fn build(&self, slot: &Arc<Slot>, alg: Alg, part: PublicPart<'_>, steps: u32) {
        slot.build(steps, || {
            let building = Building::begin(self.chosen(alg)?, alg, part)?;
            // Counts as used now, so that `admit` of another key does not evict it at once.
            slot.note_use(&self.epoch);
            self.admit(&Arc::downgrade(slot), building.bytes()).then_some(building)
        });
    }

    /// Reserves memory for a form by dropping the least recently used ones. Returns
    /// `false` if the form exceeds the limit, alone or with those that were given up and
    /// are still in use.
    fn admit(&self, slot: &Weak<Slot>, bytes: usize) -> bool {
        if bytes > self.settings.table_bytes {
            return false;
        }
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|row| row.is_there() && (row.given_up.is_some() || !row.slot.ptr_eq(slot)));
        let total = |held: &[Held]| held.iter().map(|row| row.bytes).fold(bytes, usize::saturating_add);
        while total(&held) > self.settings.table_bytes {
            let mut used: Vec<_> = held.iter_mut().filter(|row| row.given_up.is_none()).collect();
            let age = |row: &&mut Held| row.slot.upgrade().map_or(u32::MAX, |slot| slot.age(epoch));
            used.sort_by_cached_key(age);
            if used.into_iter().rev().find_map(Held::give_up).is_none() {
                return false;
            }
            held.retain(Held::is_there);
        }
        held.push(Held { slot: slot.clone(), bytes, given_up: None });
        true
    }

    /// Returns the counters and the state.
    pub(crate) fn report(&self) -> BackendReport {
        let sum = |counter: fn(&Counts) -> &AtomicU64| self.stripes.sum(|counts| Some(counter(counts)));
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let alive = held.iter().filter(|row| row.is_there());
        let table_bytes = alive.map(|row| row.bytes).fold(0, usize::saturating_add);
        let named = Alg::ALL.iter().filter(|alg| self.takes(**alg)).map(|alg| (*alg, self.name(*alg)));
        BackendReport {
            accelerated: named.collect(),
            warning: self.warning(),
            accepted: sum(|counts| &counts.accepted),
            referred: sum(|counts| &counts.referred),
            cross_checked: sum(|counts| &counts.cross_checked),
            disagreements: sum(|counts| &counts.disagreements),
            table_bytes,
        }
    }

    fn warning(&self) -> Option<BackendWarning> {
        if self.algorithms.iter().any(|alg| self.distrusted.contains(alg)) {
            return Some(BackendWarning::Disagreement);
        }
        if self.failed {
            return Some(BackendWarning::SelfTestFailed);
        }
        let wanted = self.settings.backend != Backend::AwsLc;
        (wanted && self.algorithms.is_empty()).then_some(BackendWarning::Unsupported)
    }
}

impl std::fmt::Debug for Accelerator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accelerator")
            .field("settings", &self.settings)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}
