//! The campaign, whatever the algorithm.

use std::fmt;

use jot::{Alg, VerifyingKey};

use crate::random::Random;

/// How many cases a key gets before there is another.
const CASES_PER_KEY: usize = 2048;

/// An algorithm's keys and signatures. To add one, implement this and name it
/// in `main`.
pub(crate) trait Algorithm {
    fn alg(&self) -> Alg;

    /// Makes another key, often a bad one; further cases are of it.
    fn next_key(&mut self, random: &mut Random) -> VerifyingKey;

    /// Makes a message and a signature of the last key, good or bad.
    fn case(&mut self, random: &mut Random) -> Case;

    /// Tells whether it is known why a form leaves this good signature to
    /// aws-lc.
    fn is_left(&self, case: &Case) -> bool;
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// What a campaign came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    pub(crate) cases: usize,
    pub(crate) keys: usize,
    /// Those that aws-lc accepts.
    pub(crate) good: usize,
    /// By form: good signatures that it left to aws-lc, for known reasons and
    /// for others.
    pub(crate) left: Vec<(&'static str, usize, usize)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, keys, good, left } = self;
        write!(f, "{cases} cases with {keys} keys, of which {good} good; no false accept")?;
        left.iter().try_for_each(|(form, known, unknown)| {
            write!(f, "; {form} left {known} to aws-lc for known reasons and {unknown} for others")
        })
    }
}

/// Runs at least so many cases.
///
/// # Panics
/// When a form accepts what aws-lc refuses, or answers differently alone and in
/// a batch.
pub(crate) fn run(algorithm: &mut dyn Algorithm, cases: usize, random: &mut Random) -> Report {
    let mut report = Report::default();
    while report.cases < cases {
        let key = algorithm.next_key(random);
        let probe = key.probe(algorithm.alg()).expect("the key is bound to the algorithm");
        report.keys += 1;
        report.left.resize(probe.names().count(), ("", 0, 0));
        let mut of_key = 0;
        while of_key < CASES_PER_KEY.min(cases) {
            let length = 1 + random.below(70);
            let batch: Vec<Case> = (0..length).map(|_| algorithm.case(random)).collect();
            let wanted: Vec<bool> =
                batch.iter().map(|case| probe.aws_lc(&case.message, &case.signature)).collect();
            let pairs: Vec<(&[u8], &[u8])> =
                batch.iter().map(|case| (case.message.as_slice(), case.signature.as_slice())).collect();
            for (form, name) in probe.names().enumerate() {
                let together = probe.accepts_each(form, &pairs);
                let left = &mut report.left[form];
                left.0 = name;
                for ((case, wanted), together) in batch.iter().zip(&wanted).zip(together) {
                    let alone = probe.accepts(form, &case.message, &case.signature);
                    assert!(
                        *wanted || !alone && !together,
                        "{name} accepts what aws-lc refuses (alone {alone}, together {together}): {case:02x?} of {}",
                        key.to_jwk().unwrap_or_default()
                    );
                    if *wanted && !(alone && together) {
                        if algorithm.is_left(case) { left.1 += 1 } else { left.2 += 1 }
                    }
                }
            }
            report.good += wanted.iter().filter(|wanted| **wanted).count();
            of_key += length;
        }
        report.cases += of_key;
    }
    report
}
