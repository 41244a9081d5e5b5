//! Signatures of several keys, checked together.

use jot_accel::FastKey;

use super::accel::{Accelerator, BuiltGuard, Size};
use super::check::Check;
use super::held::SignatureHeld;
use super::job::Job;
use super::part::PublicPart;
use crate::alg::Alg;

/// The number of jobs that are sorted for accelerated code at a time.
const TOGETHER: usize = 256;

/// A key of some jobs, and its numbers.
type Keyed<'k> = (&'k Check, PublicPart<'k>);

/// Verifies every job under `alg` with its own key, which `key` returns for its place; none
/// holds without a key. Jobs of the same key must follow one another.
///
/// Code that checks several signatures at once takes them whatever their keys are, those
/// whose form is not built among them. aws-lc decides the rest.
pub(crate) fn verify_mixed<'k>(
    accelerator: &Accelerator,
    alg: Alg,
    key: impl Fn(usize) -> Option<Keyed<'k>>,
    jobs: &mut [Job<'_>],
) {
    for (first, jobs) in (0_usize..).step_by(TOGETHER).zip(jobs.chunks_mut(TOGETHER)) {
        let mut keys = [None; TOGETHER];
        for (row, (place, job)) in keys.iter_mut().zip(&mut *jobs).enumerate() {
            *place = key(first.saturating_add(row));
            job.held = None;
        }
        verify_together(accelerator, alg, keys.get(..jobs.len()).unwrap_or_default(), jobs);
    }
}

fn verify_together(accelerator: &Accelerator, alg: Alg, keys: &[Option<Keyed<'_>>], jobs: &mut [Job<'_>]) {
    let form = |run: &[Option<Keyed<'_>>]| run.first().copied().flatten()?.0.form(accelerator);
    let forms: Vec<Option<(BuiltGuard, Size)>> = keys.chunk_by(is_same).map(form).collect();
    // Forms of one size share their lanes.
    let (mut large, mut small, mut unprepared) = (Asked::default(), Asked::default(), Asked::default());
    let mut place = 0_usize;
    for (run, form) in keys.chunk_by(is_same).zip(&forms) {
        let fast = form.as_ref().and_then(|(guard, size)| Some((guard.as_ref()?.form.fast()?, size)));
        for key in run {
            let Some(job) = jobs.get(place) else { break };
            match (fast, key) {
                (Some((fast, Size::Large)), _) => large.add(place, job, fast),
                (Some((fast, Size::Small)), _) => small.add(place, job, fast),
                (None, Some((_, part))) if form.is_none() => unprepared.add(place, job, *part),
                _ => {}
            }
            place = place.saturating_add(1);
        }
    }
    for prepared in [&mut large, &mut small] {
        FastKey::verify_mixed(&prepared.keys, &mut prepared.jobs);
        prepared.tell(jobs);
    }
    let is_asked = accelerator.verify_unprepared(alg, &unprepared.keys, &mut unprepared.jobs);
    unprepared.tell(jobs);
    let mut rest = jobs;
    for (run, form) in keys.chunk_by(is_same).zip(&forms) {
        let (jobs, others) = rest.split_at_mut_checked(run.len()).unwrap_or_default();
        rest = others;
        let Some((check, part)) = run.first().copied().flatten() else { continue };
        let aws_lc = |job: &Job<'_>| check.verify(job.message, job.signature);
        let built = form.as_ref().and_then(|(guard, _)| guard.as_ref());
        if let Some(built) = built.filter(|built| built.form.fast().is_none()) {
            built.form.verify_each(jobs);
        }
        if built.is_some() || is_asked {
            accelerator.conclude(alg, jobs, aws_lc);
        } else {
            jobs.iter_mut().for_each(|job| job.held = aws_lc(job));
        }
        check.note(accelerator, part, jobs, form.as_ref().map(|(_, size)| *size));
    }
}

/// Jobs for accelerated code, with their keys and their places.
struct Asked<'j, K> {
    places: Vec<usize>,
    keys: Vec<K>,
    jobs: Vec<jot_accel::Job<'j>>,
}

impl<K> Default for Asked<'_, K> {
    fn default() -> Self {
        Self { places: Vec::new(), keys: Vec::new(), jobs: Vec::new() }
    }
}

impl<'j, K> Asked<'j, K> {
    fn add(&mut self, place: usize, job: &Job<'j>, key: K) {
        self.places.push(place);
        self.keys.push(key);
        self.jobs.push(jot_accel::Job::new(job.message, job.signature));
    }

    /// Hands the proofs over.
    fn tell(&self, jobs: &mut [Job<'_>]) {
        for (place, asked) in self.places.iter().zip(&self.jobs) {
            if let Some(job) = jobs.get_mut(*place) {
                job.held = SignatureHeld::of_job(asked);
            }
        }
    }
}

fn is_same(a: &Option<Keyed<'_>>, b: &Option<Keyed<'_>>) -> bool {
    match (a, b) {
        (Some((a, _)), Some((b, _))) => std::ptr::eq(*a, *b),
        (None, None) => true,
        _ => false,
    }
}
