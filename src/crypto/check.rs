//! A key prepared to verify, and the order in which backends are asked.

use std::sync::Arc;

use super::accel::{Accelerator, BuiltGuard, Size, Slot};
use super::aws_lc;
use super::held::SignatureHeld;
use super::job::Job;
use super::part::PublicPart;
use crate::alg::Alg;
use crate::error::Code;

/// A key prepared to verify one algorithm.
#[derive(Debug)]
pub(crate) struct Check {
    alg: Alg,
    backend: aws_lc::ParsedKey,
    /// The place of the key's accelerated form, once it is built.
    slot: Arc<Slot>,
}

/// The arguments of accelerated code: the verifier's accelerator, and the numbers of
/// the key, from which its form may have to be built.
#[derive(Clone, Copy)]
pub(crate) struct Means<'m> {
    pub(crate) accelerator: &'m Accelerator,
    pub(crate) part: PublicPart<'m>,
}

impl Check {
    /// Parses `key` for `alg`.
    ///
    /// RSA keys below 2048 bits are accepted if the backend verifies them; `key`
    /// decides whether they are allowed.
    ///
    /// # Errors
    /// [`Code::KeyAlgMismatch`] if the key is not of the algorithm's type,
    /// [`Code::KeyInvalid`] if its numbers are not a key.
    pub(crate) fn new(alg: Alg, key: PublicPart<'_>) -> Result<Self, Code> {
        Ok(Self { alg, backend: aws_lc::ParsedKey::new(alg, key)?, slot: Arc::default() })
    }

    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    /// Shares the accelerated form with a check of the same key for the same algorithm
    /// under another name (RFC 9864 §2.2).
    pub(crate) fn share(&mut self, other: &Self) {
        if self.alg.operation() == other.alg.operation() {
            self.slot = Arc::clone(&other.slot);
        }
    }

    /// Verifies that `signature` is the algorithm's signature of `message`, only by
    /// aws-lc. MACs are compared in constant time.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<SignatureHeld> {
        self.backend.verify(message, signature)
    }

    /// Verifies like [`verify`](Self::verify), but asks accelerated code first.
    pub(crate) fn verify_by(
        &self,
        means: Means<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Option<SignatureHeld> {
        let Means { accelerator, part } = means;
        if !accelerator.takes(self.alg) {
            return self.verify(message, signature);
        }
        if let Some((form, size)) = accelerator.form(&self.slot, self.alg) {
            let held = form.as_ref().and_then(|built| built.form.verify(message, signature));
            let mut job = Job { message, signature, held };
            let aws_lc = |job: &Job<'_>| self.verify(job.message, job.signature);
            accelerator.conclude(self.alg, std::slice::from_mut(&mut job), aws_lc);
            let good = u32::from(job.held.is_some());
            accelerator.note(&self.slot, self.alg, part, (good, Some(size)));
            return job.held;
        }
        let held = self.verify(message, signature);
        accelerator.note(&self.slot, self.alg, part, (u32::from(held.is_some()), None));
        held
    }

    /// Verifies every job. Accelerated code checks several at once; aws-lc checks those
    /// that it did not accept, one by one.
    pub(crate) fn verify_each(&self, means: Means<'_>, jobs: &mut [Job<'_>]) {
        let Means { accelerator, part } = means;
        for job in &mut *jobs {
            job.held = None;
        }
        if !accelerator.takes(self.alg) {
            jobs.iter_mut().for_each(|job| job.held = self.verify(job.message, job.signature));
            return;
        }
        let form = accelerator.form(&self.slot, self.alg);
        if let Some(built) = form.as_ref().and_then(|(form, _)| form.as_ref()) {
            built.form.verify_each(jobs);
            accelerator.conclude(self.alg, jobs, |job| self.verify(job.message, job.signature));
        } else {
            jobs.iter_mut().for_each(|job| job.held = self.verify(job.message, job.signature));
        }
        self.note(accelerator, part, jobs, form.map(|(_, size)| size));
    }

    /// Returns the fastest accelerated form, if there is one, and its size.
    pub(super) fn form(&self, accelerator: &Accelerator) -> Option<(BuiltGuard, Size)> {
        accelerator.form(&self.slot, self.alg)
    }

    /// Notes the good signatures among jobs that were checked with a form of this size, or
    /// without one, which may build the next one.
    pub(super) fn note(
        &self,
        accelerator: &Accelerator,
        part: PublicPart<'_>,
        jobs: &[Job<'_>],
        form: Option<Size>,
    ) {
        let good = jobs.iter().filter(|job| job.held.is_some()).count();
        accelerator.note(&self.slot, self.alg, part, (u32::try_from(good).unwrap_or(u32::MAX), form));
    }

    /// Builds the accelerated form now, if the key can have one; returns `true` if it
    /// exists.
    pub(crate) fn prepare(&self, means: Means<'_>) -> bool {
        let Means { accelerator, part } = means;
        accelerator.takes(self.alg) && accelerator.prepare(&self.slot, self.alg, part)
    }
}
