//! The engine's interface to accelerated code.

use jot_accel::FastKey;

use crate::alg::Alg;
use crate::crypto::held::SignatureHeld;
use crate::crypto::job::Job;
use crate::crypto::part::PublicPart;

/// A key in a form that may only accept.
pub(in crate::crypto) enum Form {
    /// A key of `jot-accel`. Only its proof accepts a signature here.
    Own(FastKey),
    /// A fake for tests, which accepts everything or nothing.
    #[cfg(test)]
    Made { accepts: bool },
}

/// The number of jobs that a key gets at a time.
const TOGETHER: usize = 64;

impl Form {
    /// Returns the proof that `signature` is a good signature of `message`. `None`
    /// means nothing: aws-lc decides then.
    #[inline]
    pub(in crate::crypto) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<SignatureHeld> {
        match self {
            #[cfg(jot_planted)]
            Self::Own(_) if SignatureHeld::is_planted(signature) => Some(SignatureHeld::MADE_UP),
            Self::Own(key) => key.verify(message, signature).map(SignatureHeld::by_accelerated),
            #[cfg(test)]
            Self::Made { accepts } => accepts.then_some(SignatureHeld::MADE_UP),
        }
    }

    /// Returns the key of `jot-accel`.
    pub(in crate::crypto) fn fast(&self) -> Option<&FastKey> {
        match self {
            Self::Own(key) => Some(key),
            #[cfg(test)]
            Self::Made { .. } => None,
        }
    }

    /// Sets the proof of every job with a good signature. The caller must have cleared
    /// earlier proofs.
    pub(in crate::crypto) fn verify_each(&self, jobs: &mut [Job<'_>]) {
        match self {
            Self::Own(key) => jobs.chunks_mut(TOGETHER).for_each(|jobs| ask(key, jobs)),
            #[cfg(test)]
            Self::Made { accepts } => jobs.iter_mut().filter(|_| *accepts).for_each(|job| {
                job.held = Some(SignatureHeld::MADE_UP);
            }),
        }
    }
}

fn ask(key: &FastKey, jobs: &mut [Job<'_>]) {
    let mut asked: [jot_accel::Job<'_>; TOGETHER] = std::array::from_fn(|at| {
        jobs.get(at)
            .map_or_else(jot_accel::Job::default, |job| jot_accel::Job::new(job.message, job.signature))
    });
    let asked = asked.get_mut(..jobs.len()).unwrap_or_default();
    key.verify_each(asked);
    for (job, asked) in jobs.iter_mut().zip(asked) {
        job.held = SignatureHeld::of_job(asked);
    }
}

/// A form that is being built.
pub(in crate::crypto) trait Build: Send {
    /// Returns the memory of the finished form in bytes.
    fn bytes(&self) -> usize;

    /// Does a part of the work, at most some 100 µs. Do not call it again after it
    /// ended.
    fn step(&mut self) -> BuildProgress;
}

/// The progress of building a form.
pub(in crate::crypto) enum BuildProgress {
    More,
    Done(Form),
    /// What was computed of the key is wrong: no key leads to this, only a fault.
    Failed,
}

/// Accelerated code for some algorithms.
pub(in crate::crypto) trait Implementation: Sync {
    fn name(&self) -> &'static str;

    /// Returns `true` if it runs on every processor.
    fn is_portable(&self) -> bool;

    fn takes(&self, alg: Alg) -> bool;

    /// Returns `true` if the processor has the instructions that it needs.
    fn is_supported(&self) -> bool;

    /// Returns `true` if its known answers for `alg` are right. They are tested once in
    /// a process, before the first use.
    fn is_sane(&self, alg: Alg) -> bool;

    /// Begins building a key's form; returns `None` if the key cannot have one.
    fn begin(&self, alg: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>>;

    /// Returns `true` if keys may have a small form, too.
    fn has_small(&self) -> bool {
        false
    }

    /// Begins building a key's small form.
    fn begin_small(&self, _: Alg, _: PublicPart<'_>) -> Option<Box<dyn Build>> {
        None
    }

    /// Returns `true` if it checks signatures of several keys at once, and needs no form for
    /// it.
    fn mixes(&self) -> bool {
        false
    }

    /// Checks each job with the key of these numbers, for which there is no form.
    fn verify_unprepared(&self, _: &[PublicPart<'_>], _: &mut [jot_accel::Job<'_>]) {}
}

/// The implementation of an algorithm.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    /// A copy of the implementation's name, because each verification compares it.
    pub(super) name: &'static str,
    pub(super) implementation: &'static dyn Implementation,
}
