//! Accelerated code without the fallback to aws-lc.

use super::accel::{Build, BuildProgress, Form};
use super::check::Check;
use super::job::Job;
use super::own::implementations;
use super::part::PublicPart;
use crate::alg::Alg;

/// One key for one algorithm, in every accelerated form of this machine, each
/// **without** a fallback: for the campaign that compares them with aws-lc, and for the
/// fuzzer. It is not part of the API and not a way to verify tokens.
#[doc(hidden)]
pub struct Probe {
    check: Check,
    forms: Vec<(&'static str, Option<Form>)>,
}

impl Probe {
    pub(crate) fn new(alg: Alg, part: PublicPart<'_>) -> Option<Self> {
        let fitting = implementations().filter(|one| one.takes(alg) && one.is_supported());
        let mut forms = Vec::new();
        for one in fitting {
            forms.push((one.name(), one.begin(alg, part).and_then(finished)));
            if one.has_small() {
                forms.push(("small tables", one.begin_small(alg, part).and_then(finished)));
            }
        }
        Some(Self { check: Check::new(alg, part).ok()?, forms })
    }

    /// Returns the names of the forms.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.forms.iter().map(|form| form.0)
    }

    /// Asks aws-lc.
    #[must_use]
    pub fn aws_lc(&self, message: &[u8], signature: &[u8]) -> bool {
        self.check.verify(message, signature).is_some()
    }

    /// Asks a form about one signature.
    #[must_use]
    pub fn accepts(&self, form: usize, message: &[u8], signature: &[u8]) -> bool {
        let form = self.forms.get(form).and_then(|form| form.1.as_ref());
        form.is_some_and(|form| form.verify(message, signature).is_some())
    }

    /// Asks a form about pairs of message and signature at once.
    #[must_use]
    pub fn accepts_each(&self, form: usize, pairs: &[(&[u8], &[u8])]) -> Vec<bool> {
        let job = |&(message, signature)| Job::new(message, signature);
        let mut jobs: Vec<Job<'_>> = pairs.iter().map(job).collect();
        if let Some(form) = self.forms.get(form).and_then(|form| form.1.as_ref()) {
            form.verify_each(&mut jobs);
        }
        jobs.iter().map(|job| job.held().is_some()).collect()
    }
}

fn finished(mut build: Box<dyn Build>) -> Option<Form> {
    loop {
        match build.step() {
            BuildProgress::More => {}
            BuildProgress::Done(form) => return Some(form),
            BuildProgress::Failed => return None,
        }
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").finish_non_exhaustive()
    }
}
