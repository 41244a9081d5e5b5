//! What accelerated code is to the engine.

use jot_accel::FastKey;

use crate::alg::Alg;
use crate::crypto::{Job, PublicPart, SignatureHeld};

/// A key in a form that may only accept.
pub(in crate::crypto) enum Form {
    /// A key of `jot-accel`, whose proof is the only way in which a signature is
    /// accepted here.
    Own(FastKey),
    /// One that is made up: it accepts everything, or nothing.
    #[cfg(test)]
    Made { accepts: bool },
}

/// How many jobs are put to a key at a time.
const TOGETHER: usize = 64;

impl Form {
    /// Returns the proof that `signature` is a good signature of `message`.
    /// `None` says nothing: aws-lc decides then.
    #[inline]
    pub(in crate::crypto) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<SignatureHeld> {
        match self {
            Self::Own(key) => key.verify(message, signature).map(SignatureHeld::by_accelerated),
            #[cfg(test)]
            Self::Made { accepts } => accepts.then_some(SignatureHeld::MADE_UP),
        }
    }

    /// Gives every job whose signature was found good its proof; the caller has
    /// taken those of before away.
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
        job.held = asked.held().map(SignatureHeld::by_accelerated);
    }
}

/// A form in the making.
pub(in crate::crypto) trait Build: Send {
    /// The bytes that the finished form takes.
    fn bytes(&self) -> usize;

    /// Does a part of the work, at most some 100 µs. Not to be called again
    /// after it ended.
    fn step(&mut self) -> BuildProgress;
}

/// How far a form in the making is.
pub(in crate::crypto) enum BuildProgress {
    More,
    Done(Form),
    /// The key has no form after all.
    Failed,
}

/// Accelerated code for some algorithms.
pub(in crate::crypto) trait Implementation: Sync {
    fn name(&self) -> &'static str;

    /// Returns `true` if it needs no processor in particular.
    fn is_portable(&self) -> bool;

    fn takes(&self, alg: Alg) -> bool;

    /// Returns `true` if the processor has what it needs.
    fn is_supported(&self) -> bool;

    /// Returns `true` if its known answers come out right. They are tried once in a
    /// process, before the first use.
    fn is_sane(&self) -> bool;

    /// Begins a key's form; `None` when the key has none here.
    fn begin(&self, alg: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>>;
}
