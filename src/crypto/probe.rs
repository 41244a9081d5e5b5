//! Accelerated code without the fallback to aws-lc.

use jot_accel::FastKey;

use super::accel::{Build, BuildProgress, Form, Implementation};
use super::check::Check;
use super::job::Job;
use super::own::implementations;
use super::part::PublicPart;
use crate::alg::{Alg, KeyType};

/// One key for one algorithm, in every accelerated form of this machine, each
/// **without** a fallback: for the campaign that compares them with aws-lc, and for the
/// fuzzer. It is not part of the API and not a way to verify tokens.
#[doc(hidden)]
pub struct Probe {
    check: Check,
    forms: Vec<(&'static str, Option<Form>)>,
    point: Option<Point>,
}

/// A key that code takes without a form.
enum Point {
    Ec { curve: KeyType, point: Box<[u8]> },
    Ed25519(Box<[u8]>),
}

impl Point {
    fn new(part: PublicPart<'_>) -> Option<Self> {
        Some(match part {
            PublicPart::Ec { curve, point } => Self::Ec { curve, point: point.into() },
            PublicPart::Ed25519(point) => Self::Ed25519(point.into()),
            _ => return None,
        })
    }

    fn part(&self) -> PublicPart<'_> {
        match self {
            Self::Ec { curve, point } => PublicPart::Ec { curve: *curve, point },
            Self::Ed25519(point) => PublicPart::Ed25519(point),
        }
    }
}

/// A message and its alleged signature, with the key.
type Row<'r> = (&'r Probe, &'r [u8], &'r [u8]);

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
        Some(Self { check: Check::new(alg, part).ok()?, forms, point: Point::new(part) })
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

    /// Asks the forms of several keys about a signature of each row at once.
    #[must_use]
    pub fn accepts_mixed(form: usize, rows: &[Row<'_>]) -> Vec<bool> {
        let (places, keys): (Vec<usize>, Vec<&FastKey>) =
            rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.0.fast(form)?))).unzip();
        answers(rows, &places, |jobs| FastKey::verify_mixed(&keys, jobs))
    }

    /// Asks code that needs no forms about a signature of each row at once; returns nothing
    /// if there is none for `alg`.
    #[must_use]
    pub fn accepts_unprepared(alg: Alg, rows: &[Row<'_>]) -> Vec<bool> {
        let fits = |one: &&dyn Implementation| one.mixes() && one.takes(alg) && one.is_supported();
        let Some(code) = implementations().find(fits) else { return Vec::new() };
        let (places, keys): (Vec<usize>, Vec<PublicPart<'_>>) =
            rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.0.part()?))).unzip();
        answers(rows, &places, |jobs| code.verify_unprepared(&keys, jobs))
    }

    fn fast(&self, form: usize) -> Option<&FastKey> {
        self.forms.get(form)?.1.as_ref()?.fast()
    }

    fn part(&self) -> Option<PublicPart<'_>> {
        self.point.as_ref().map(Point::part)
    }
}

/// Lets `verify` have the rows at these places, and returns its answer for every row.
fn answers(rows: &[Row<'_>], places: &[usize], verify: impl FnOnce(&mut [jot_accel::Job<'_>])) -> Vec<bool> {
    let job = |place: &usize| rows.get(*place).map(|row| jot_accel::Job::new(row.1, row.2));
    let mut jobs: Vec<jot_accel::Job<'_>> = places.iter().filter_map(job).collect();
    verify(&mut jobs);
    let mut answers = vec![false; rows.len()];
    for (place, job) in places.iter().zip(&jobs) {
        if let Some(answer) = answers.get_mut(*place) {
            *answer = job.held().is_some();
        }
    }
    answers
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
