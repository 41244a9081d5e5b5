//! The accelerated backend: its rules, when it is used, and its counters.
//!
//! Tables are worth their memory for a key that verifies many tokens. With tables, and
//! with several signatures at once in the lanes of a vector unit, a signature is
//! checked in a fraction of aws-lc's time. One rule keeps this sound: **the accelerated
//! path may only accept; whatever it does not accept, aws-lc decides.** A [`Form`] has
//! no way to say "no", so no fault in it can reject a good token. docs/accelerated.md
//! argues that it accepts no bad one. The code itself is the crate `jot-accel`.
//!
//! The parts:
//! - an [`Implementation`] is code for one family of algorithms; it is used only if the
//!   processor has the instructions that it needs and its known answers are right;
//! - an [`Accelerator`] belongs to a verifier, and holds the implementation of each
//!   algorithm, the memory limit of the tables, and the counters;
//! - a [`Slot`] belongs to a key and an algorithm, and holds the key's form once it is
//!   built.
//!
//! **When a form is built.** The engine has no thread of its own, so some call must do
//! the work. With [`Backend::Auto`], a key that has verified [`PROVEN`] signatures gets
//! its form step by step: each further good signature builds one window of the table,
//! which costs about as much as aws-lc's verification in the same call. So no call
//! takes longer than two verifications, and after a few dozen calls the key is fast.
//! One thread builds at a time; the others continue with aws-lc. Only good signatures
//! count, so nobody without the private key can make a verifier build anything.
//! [`Backend::Accelerated`] builds the forms when the verifier is made and when keys
//! are replaced, as `Verifier::prepare` does on demand.

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

/// The number of good signatures after which a key's form is begun. On P-256 the form
/// costs about as much as 35 verifications by aws-lc, and then saves more than nine
/// tenths of each; so a key that is repeatedly evicted and rebuilt is slowed down by at
/// most one seventh.
const PROVEN: u32 = 256;

/// Enough for the forms of 128 keys on P-256.
const DEFAULT_TABLE_BYTES: usize = 32 << 20;

/// The code that verifies signatures.
///
/// The verdicts are the same with each: accelerated code may only accept, and aws-lc
/// decides everything that it does not accept.
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
    /// Only aws-lc. The default.
    #[default]
    AwsLc,
    /// The fastest code on this machine, for keys that have verified some hundred
    /// signatures. Their tables are built step by step, so no call waits for a whole
    /// table.
    Auto,
    /// Like `Auto`, but the tables are built when the verifier is built and when keys
    /// are replaced, which takes some milliseconds for each key.
    Accelerated,
    /// Like `Accelerated`, but without the vector unit, as on a machine without AVX-512
    /// IFMA.
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
    /// aws-lc also checks one in this many accepted signatures; 0 for none.
    pub(crate) cross_check: u32,
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self { backend: Backend::AwsLc, table_bytes: DEFAULT_TABLE_BYTES, cross_check: 0 }
    }
}

/// Aligned to 128 bytes, because processors fetch cache lines of 64 bytes in pairs.
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
    /// A copy of the implementation's name, because each verification compares it.
    name: &'static str,
    implementation: &'static dyn Implementation,
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
    /// Set if a cross-check disagreed: from then on only aws-lc decides.
    distrusted: AtomicBool,
    /// Incremented with every form that is begun; measures the age of a form's last
    /// use.
    epoch: AtomicU32,
    /// The slots whose forms count against the memory limit, with their bytes.
    held: Mutex<Vec<(Weak<Slot>, usize)>>,
    stripes: Box<[Stripe]>,
    /// A fallback for an index without a stripe, which cannot happen.
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

    /// Returns `true` if accelerated code may accept signatures under `alg`.
    #[inline]
    pub(super) fn takes(&self, alg: Alg) -> bool {
        self.algorithms.contains(alg) && !self.distrusted.load(Ordering::Relaxed)
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

    /// Returns the stripe of this thread. Stacks of threads are megabytes apart, so the
    /// address of a local variable distinguishes threads.
    fn stripe(&self) -> &Stripe {
        let here = 0_u8;
        let stack = std::ptr::from_ref(&here).addr() >> 20;
        self.stripes.get(stripe(stack)).unwrap_or(&self.spare)
    }

    /// Counts the answers of a form, and lets aws-lc decide the jobs that it did not
    /// accept and a sample of those that it did.
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
                // aws-lc's answer replaces the form's: a disagreement rejects the token.
                job.held = aws_lc(job);
                if job.held.is_none() {
                    stripe.disagreements.fetch_add(1, Ordering::Relaxed);
                    self.distrusted.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Reserves memory for a form by dropping the least recently used ones. Returns
    /// `false` if the form alone exceeds the limit.
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

    /// Returns the counters and the state.
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
