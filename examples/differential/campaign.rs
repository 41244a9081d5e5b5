//! The campaign, whatever the algorithm.

use std::fmt;

use jot::{Alg, VerifyingKey};

use crate::random::Random;

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

    /// Tells whether forms leave every single signature to aws-lc, and accept
    /// several at once.
    fn is_left_alone(&self) -> bool {
        false
    }
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
    pub(crate) forms: Vec<OfForm>,
}

/// What a form did with the good signatures.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfForm {
    pub(crate) name: &'static str,
    /// Accepted, where no known reason would excuse the contrary: without them
    /// a campaign says little.
    pub(crate) accepted: usize,
    /// Left to aws-lc for known reasons.
    pub(crate) left: usize,
    /// Left to aws-lc for others.
    pub(crate) missed: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, keys, good, forms } = self;
        write!(f, "{cases} cases with {keys} keys, of which {good} good; no false accept")?;
        forms.iter().try_for_each(|OfForm { name, accepted, left, missed }| {
            write!(f, "; {name} accepted {accepted} ordinary ones, ")?;
            write!(f, "left {left} to aws-lc for known reasons and {missed} for others")
        })
    }
}

/// Runs at least so many cases, with another key after every `per_key`.
///
/// # Panics
/// When a form accepts what aws-lc refuses, or answers differently alone and in
/// a batch.
pub(crate) fn run(
    algorithm: &mut dyn Algorithm,
    cases: usize,
    per_key: usize,
    random: &mut Random,
) -> Report {
    let mut report = Report::default();
    while report.cases < cases {
        let key = algorithm.next_key(random);
        let probe = key.probe(algorithm.alg()).expect("the key is bound to the algorithm");
        report.keys += 1;
        report.forms.resize(probe.names().count(), OfForm::default());
        let mut of_key = 0;
        while of_key < per_key.min(cases) {
            let length = 1 + random.below(70);
            let batch: Vec<Case> = (0..length).map(|_| algorithm.case(random)).collect();
            let wanted: Vec<bool> =
                batch.iter().map(|case| probe.aws_lc(&case.message, &case.signature)).collect();
            let pairs: Vec<(&[u8], &[u8])> =
                batch.iter().map(|case| (case.message.as_slice(), case.signature.as_slice())).collect();
            for (form, name) in probe.names().enumerate() {
                let together = probe.accepts_each(form, &pairs);
                let of_form = &mut report.forms[form];
                of_form.name = name;
                for ((case, wanted), together) in batch.iter().zip(&wanted).zip(together) {
                    let alone = probe.accepts(form, &case.message, &case.signature);
                    assert!(
                        *wanted || !alone && !together,
                        "{name} accepts what aws-lc refuses (alone {alone}, together {together}): {case:02x?} of {}",
                        key.to_jwk().unwrap_or_default()
                    );
                    if !*wanted {
                        continue;
                    }
                    match (together && (alone || algorithm.is_left_alone()), algorithm.is_left(case)) {
                        (true, false) => of_form.accepted += 1,
                        (true, true) => {}
                        (false, true) => of_form.left += 1,
                        (false, false) => of_form.missed += 1,
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
