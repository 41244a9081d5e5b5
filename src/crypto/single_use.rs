//! Signatures with keys that are used once, and so are prepared for nothing.

use std::cell::Cell;

use super::accel::Accelerator;
use super::aws_lc::ParsedKey;
use super::held::SignatureHeld;
use super::job::Job;
use super::part::PublicPart;
use crate::alg::Alg;
use crate::error::Code;

/// A signature, and the key that it brings.
pub(crate) struct SingleUse<'j> {
    key: PublicPart<'j>,
    message: &'j [u8],
    signature: &'j [u8],
    answer: Result<SignatureHeld, Code>,
}

impl<'j> SingleUse<'j> {
    pub(crate) const fn new(key: PublicPart<'j>, message: &'j [u8], signature: &'j [u8]) -> Self {
        Self { key, message, signature, answer: Err(Code::SignatureInvalid) }
    }

    /// Returns the proof, if the signature was found to hold.
    pub(crate) const fn answer(&self) -> Result<SignatureHeld, Code> {
        self.answer
    }

    /// Lets aws-lc decide.
    ///
    /// # Errors
    /// [`Code::KeyInvalid`] if the numbers are not a key; [`Code::SignatureInvalid`].
    fn by_aws_lc(&self, alg: Alg) -> Result<SignatureHeld, Code> {
        let key = ParsedKey::new(alg, self.key)?;
        key.verify(self.message, self.signature).ok_or(Code::SignatureInvalid)
    }
}

/// Verifies every signature under `alg` with its own key. Code that checks several at
/// once, without preparing their keys, is asked first; aws-lc decides what it does not
/// accept.
pub(crate) fn verify_single_use(accelerator: &Accelerator, alg: Alg, jobs: &mut [SingleUse<'_>]) {
    let held = asked(accelerator, alg, jobs);
    for (place, job) in jobs.iter_mut().enumerate() {
        let Some(held) = &held else {
            job.answer = job.by_aws_lc(alg);
            continue;
        };
        let held = held.get(place).copied().flatten();
        let mut one = Job { message: job.message, signature: job.signature, held };
        let refusal = Cell::new(Code::SignatureInvalid);
        accelerator.conclude(alg, std::slice::from_mut(&mut one), |_| {
            job.by_aws_lc(alg).inspect_err(|code| refusal.set(*code)).ok()
        });
        job.answer = one.held.ok_or(refusal.get());
    }
}

/// Returns what accelerated code accepts; `None` if there is none, or if there are too few
/// signatures for it.
fn asked(accelerator: &Accelerator, alg: Alg, jobs: &[SingleUse<'_>]) -> Option<Vec<Option<SignatureHeld>>> {
    if !accelerator.mixes(alg) {
        return None;
    }
    let keys: Vec<_> = jobs.iter().map(|job| job.key).collect();
    let mut asked: Vec<_> = jobs.iter().map(|job| jot_accel::Job::new(job.message, job.signature)).collect();
    let is_asked = accelerator.verify_unprepared(alg, &keys, &mut asked);
    is_asked.then(|| asked.iter().map(SignatureHeld::of_job).collect())
}
