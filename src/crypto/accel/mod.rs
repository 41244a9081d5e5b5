//! The accelerated backend: what it may do, when it is used, and what it did.
//!
//! A key that verifies many tokens deserves tables of its own. With them, and
//! with several signatures at once in the lanes of a vector unit, a signature
//! is checked in a fraction of aws-lc's time. One rule keeps this sound: **the
//! accelerated path may only accept; whatever it does not accept, aws-lc
//! decides.** So a [`Form`] has no way to say "no", and no fault in it can
//! refuse a good token. That it accepts no bad one is argued in
//! docs/accelerated.md. The code itself is the crate `jot-accel`.
//!
//! Whose word counts for what:
//! - an [`Implementation`] is code for one family of algorithms; it is offered
//!   only where the processor has what it needs and its known answers came out
//!   right;
//! - an [`Accelerator`] belongs to a verifier: which implementation each
//!   algorithm has, the budget of its tables, the counts;
//! - a [`Slot`] belongs to a key and an algorithm, and holds the key's form
//!   once it was built.
//!
//! **When a form is built.** The engine has no thread of its own, so some call
//! must do it. With [`Backend::Auto`], a key that has verified [`PROVEN`]
//! signatures pays for its form in instalments: each further good signature
//! builds one window of the table, which costs about what aws-lc's
//! verification beside it costs. So no call waits longer than for two
//! verifications, and after a few dozen calls the key is fast. One thread
//! builds at a time; the others go on with aws-lc. Only good signatures count,
//! so nobody without the private key can make a verifier build anything.
//! [`Backend::Accelerated`] builds the forms when the verifier is made and when
//! keys are replaced, as `Verifier::prepare` does on demand.

mod form;
mod report;
mod slot;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, Weak};

use super::{Job, SignatureHeld};
use crate::alg::{Alg, AlgSet};
use crate::simd::Wide;
use crate::stripes::{STRIPES, stripe};

pub(super) use form::{Build, BuildProgress, Form, Implementation};
pub use report::{BackendReport, BackendWarning};
pub(crate) use slot::Slot;

/// After how many good signatures a key's form is begun. With P-256 the form
/// costs about as much as 35 verifications by aws-lc and then saves more than
/// nine tenths of each; a key that comes in and out of the budget so loses a
/// seventh at most.
const PROVEN: u32 = 256;

/// Room for the forms of 128 keys on P-256.
const DEFAULT_TABLE_BYTES: usize = 32 << 20;

/// What verifies the signatures.
///
/// Whichever it is, the verdicts are the same: the accelerated code may only
/// accept, and what it does not accept aws-lc decides.
///
/// ```
/// use jot::backend::Backend;
/// use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
///
/// let key = SigningKey::generate(Alg::ES256)?.verifying_key()?;
/// let verifier = Verifier::builder(Policy::new([Alg::ES256]))
///     .keys(KeySet::new([key]))
///     .backend(Backend::Auto)
///     .build()?;
/// // "avx512-ifma", "portable-comb", or "aws-lc" where nothing is faster.
/// println!("ES256 is verified by {}", verifier.backend_name(Alg::ES256));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// aws-lc alone. The default.
    #[default]
    AwsLc,
    /// The fastest that this machine can do, for keys that have verified some
    /// hundred signatures; their tables are built little by little, so that no
    /// call waits for a whole one.
    Auto,
    /// Like `Auto`, but the tables are built when the verifier is built and
    /// when keys are replaced, some milliseconds for each key.
    Accelerated,
    /// Like `Accelerated`, without the vector unit: what a machine without
    /// AVX-512 IFMA would do.
    Portable,
}

impl Backend {
    /// Every backend.
    pub const ALL: [Self; 4] = [Self::AwsLc, Self::Auto, Self::Accelerated, Self::Portable];

    /// Returns the name for settings: `aws-lc`, `auto`, `accelerated` or
    /// `portable`.
    ///
    /// ```
    /// # use jot::backend::Backend;
    /// assert_eq!(Backend::from_name("auto"), Some(Backend::Auto));
    /// assert!(Backend::ALL.iter().all(|one| Backend::from_name(one.name()) == Some(*one)));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsLc => "aws-lc",
            Self::Auto => "auto",
            Self::Accelerated => "accelerated",
            Self::Portable => "portable",
        }
    }

    /// Returns the backend of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How a verifier uses the backends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) backend: Backend,
    pub(crate) table_bytes: usize,
    /// One in so many acceptances is checked by aws-lc as well; 0 for none.
    pub(crate) cross_check: u32,
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self { backend: Backend::AwsLc, table_bytes: DEFAULT_TABLE_BYTES, cross_check: 0 }
    }
}

/// Lines of 128 bytes: processors fetch them in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Stripe {
    accepted: AtomicU64,
    referred: AtomicU64,
    cross_checked: AtomicU64,
    disagreements: AtomicU64,
}

/// The implementation of an algorithm.
#[derive(Clone, Copy)]
struct Chosen {
    /// Kept beside it, since each verification compares it.
    name: &'static str,
    implementation: &'static dyn Implementation,
}

/// What a verifier knows of its accelerated code.
pub(crate) struct Accelerator {
    settings: Settings,
    chosen: Box<[Option<Chosen>]>,
    /// The algorithms that have one.
    algorithms: AlgSet,
    /// Leave to read text in wide registers, where signatures are checked in
    /// them.
    wide: Option<Wide>,
    /// An implementation gave a wrong known answer.
    failed: bool,
    /// A cross-check disagreed: from then on aws-lc decides alone.
    distrusted: AtomicBool,
    /// Raised with every form that is begun: the age of a form's last use.
    epoch: AtomicU32,
    /// The slots whose forms count against the budget, with their bytes.
    held: Mutex<Vec<(Weak<Slot>, usize)>>,
    stripes: Box<[Stripe]>,
    /// Where no stripe is found, which is never.
    spare: Stripe,
}

impl Accelerator {
    /// Chooses for each of `algorithms` the first of the implementations `there`
    /// that the machine can run and that passes its self-test.
    pub(super) fn of(there: &[&'static dyn Implementation], settings: Settings, algorithms: AlgSet) -> Self {
        let mut failed = false;
        let mut choose = |alg: Alg| {
            if settings.backend == Backend::AwsLc || !algorithms.contains(alg) {
                return None;
            }
            let chosen = there.iter().copied().find(|one| {
                let fits = one.takes(alg)
                    && (one.is_portable() || settings.backend != Backend::Portable)
                    && one.is_supported();
                let is_sane = fits && one.is_sane();
                failed |= fits && !is_sane;
                is_sane
            });
            chosen.map(|implementation| Chosen { name: implementation.name(), implementation })
        };
        let chosen: Box<[_]> = Alg::ALL.iter().map(|alg| choose(*alg)).collect();
        let uses_wide = chosen.iter().flatten().any(|one| !one.implementation.is_portable());
        let wide = if uses_wide { Wide::detect() } else { None };
        let algorithms =
            Alg::ALL.iter().zip(&chosen).filter(|row| row.1.is_some()).map(|row| *row.0).collect();
        Self {
            settings,
            chosen,
            algorithms,
            wide,
            failed,
            distrusted: AtomicBool::new(false),
            epoch: AtomicU32::new(0),
            held: Mutex::new(Vec::new()),
            stripes: (0..STRIPES).map(|_| Stripe::default()).collect(),
            spare: Stripe::default(),
        }
    }

    /// Returns `true` if signatures under `alg` may be accepted by accelerated
    /// code.
    #[inline]
    pub(super) fn takes(&self, alg: Alg) -> bool {
        self.algorithms.contains(alg) && !self.distrusted.load(Ordering::Relaxed)
    }

    /// Returns the leave to read text in wide registers, if there is any.
    #[inline]
    pub(crate) fn wide(&self) -> Option<Wide> {
        self.wide
    }

    fn chosen(&self, alg: Alg) -> Option<Chosen> {
        self.chosen.get(alg as usize).copied().flatten()
    }

    /// Returns the name of what verifies `alg`.
    pub(crate) fn name(&self, alg: Alg) -> &'static str {
        match self.chosen(alg) {
            Some(one) if self.takes(alg) => one.name,
            _ => "aws-lc",
        }
    }

    /// Returns `true` if forms are to be built ahead of their use.
    pub(crate) fn is_eager(&self) -> bool {
        matches!(self.settings.backend, Backend::Accelerated | Backend::Portable)
    }

    /// Threads have stacks of their own, megabytes apart: the address of
    /// anything on it tells them from each other.
    fn stripe(&self) -> &Stripe {
        let here = 0_u8;
        let stack = std::ptr::from_ref(&here).addr() >> 20;
        self.stripes.get(stripe(stack)).unwrap_or(&self.spare)
    }

    /// Counts what a form came to, and lets aws-lc answer what it did not
    /// accept and the sample of what it did.
    pub(super) fn conclude(&self, jobs: &mut [Job<'_>], aws_lc: impl Fn(&Job<'_>) -> Option<SignatureHeld>) {
        let stripe = self.stripe();
        let accepted = jobs.iter().filter(|job| job.held.is_some()).count() as u64;
        let mut number = stripe.accepted.fetch_add(accepted, Ordering::Relaxed);
        let referred = (jobs.len() as u64).wrapping_sub(accepted);
        if referred != 0 {
            stripe.referred.fetch_add(referred, Ordering::Relaxed);
        }
        for job in jobs {
            if job.held.is_none() {
                job.held = aws_lc(job);
                continue;
            }
            let sampled = number.checked_rem(u64::from(self.settings.cross_check)) == Some(0);
            number = number.wrapping_add(1);
            if sampled {
                stripe.cross_checked.fetch_add(1, Ordering::Relaxed);
                job.held = aws_lc(job);
                if job.held.is_none() {
                    stripe.disagreements.fetch_add(1, Ordering::Relaxed);
                    self.distrusted.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Makes room for a form by giving up those whose last use is the longest
    /// ago. `false` when the form alone is larger than the budget.
    fn admit(&self, slot: &Weak<Slot>, bytes: usize) -> bool {
        if bytes > self.settings.table_bytes {
            return false;
        }
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(other, _)| {
            !other.ptr_eq(slot) && other.upgrade().is_some_and(|other| !other.is_idle())
        });
        let total =
            |held: &[(Weak<Slot>, usize)]| held.iter().map(|row| row.1).fold(bytes, usize::saturating_add);
        while total(&held) > self.settings.table_bytes {
            let age = |row: &(Weak<Slot>, usize)| row.0.upgrade().map_or(u32::MAX, |slot| slot.age(epoch));
            let Some(oldest) = (0..held.len()).max_by_key(|row| held.get(*row).map(age)) else { break };
            let (slot, _) = held.swap_remove(oldest);
            if let Some(slot) = slot.upgrade() {
                slot.vacate();
            }
        }
        held.push((slot.clone(), bytes));
        true
    }

    /// Returns what was done so far.
    pub(crate) fn report(&self) -> BackendReport {
        let sum = |counter: fn(&Stripe) -> &AtomicU64| {
            let counts = self
                .stripes
                .iter()
                .chain([&self.spare])
                .map(|stripe| counter(stripe).load(Ordering::Relaxed));
            counts.fold(0, u64::wrapping_add)
        };
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let alive = held.iter().filter(|row| row.0.upgrade().is_some_and(|slot| !slot.is_idle()));
        let table_bytes = alive.map(|row| row.1).fold(0, usize::saturating_add);
        let named = Alg::ALL.iter().filter(|alg| self.takes(**alg)).map(|alg| (*alg, self.name(*alg)));
        BackendReport {
            accelerated: named.collect(),
            warning: self.warning(),
            accepted: sum(|stripe| &stripe.accepted),
            referred: sum(|stripe| &stripe.referred),
            cross_checked: sum(|stripe| &stripe.cross_checked),
            disagreements: sum(|stripe| &stripe.disagreements),
            table_bytes,
        }
    }

    fn warning(&self) -> Option<BackendWarning> {
        if self.distrusted.load(Ordering::Relaxed) {
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
