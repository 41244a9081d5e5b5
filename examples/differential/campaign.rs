//! The campaign, whatever the algorithm.

use std::collections::VecDeque;
use std::fmt;

use jot::{Alg, Probe, VerifyingKey};

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
    /// Whether several keys shared the lanes.
    pub(crate) is_mixed: bool,
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
        forms.iter().try_for_each(|OfForm { name, is_mixed, accepted, left, missed }| {
            let keys = if *is_mixed { ", keys mixed," } else { "" };
            write!(f, "; {name}{keys} accepted {accepted} ordinary ones, ")?;
            write!(f, "left {left} to aws-lc for known reasons and {missed} for others")
        })
    }
}

/// How many of the last keys share lanes.
const MIXED: usize = 9;

/// What code without forms is called in a report.
const UNPREPARED: &str = "without tables";

/// How many signatures code without forms is asked about at a time, and how many of them must be
/// well formed.
const CHUNK: usize = 64;
const COPIES: usize = 3;

/// One of the last keys, and its last cases.
struct Kept {
    probe: Probe,
    jwk: String,
    cases: Vec<Judged>,
}

/// A case, aws-lc's answer, and whether a form may leave it to aws-lc.
#[derive(Clone)]
struct Judged {
    case: Case,
    is_good: bool,
    may_be_left: bool,
}

/// Runs at least so many cases, with another key after every `per_key`. Each is asked about
/// alone, in a batch of its key, and in one of several keys.
///
/// # Panics
/// When a form accepts what aws-lc refuses.
pub(crate) fn run(
    algorithm: &mut dyn Algorithm,
    cases: usize,
    per_key: usize,
    random: &mut Random,
) -> Report {
    let mut report = Report::default();
    let mut kept: VecDeque<Kept> = VecDeque::new();
    while report.cases < cases {
        let key = algorithm.next_key(random);
        let probe = key.probe(algorithm.alg()).expect("the key is bound to the algorithm");
        report.keys += 1;
        kept.truncate(MIXED - 1);
        kept.push_front(Kept { probe, jwk: key.to_jwk().unwrap_or_default(), cases: Vec::new() });
        let mut of_key = 0;
        while of_key < per_key.min(cases) {
            let length = 1 + random.below(70);
            kept[0].cases = (0..length).map(|_| judged(algorithm, &kept[0].probe, random)).collect();
            report.good += kept[0].cases.iter().filter(|judged| judged.is_good).count();
            alone_and_together(&mut report, &kept[0], algorithm.is_left_alone());
            if length > 1 || !algorithm.is_left_alone() {
                mixed(&mut report, &kept, algorithm.alg(), random);
            }
            of_key += length;
        }
        report.cases += of_key;
    }
    report
}

fn judged(algorithm: &mut dyn Algorithm, probe: &Probe, random: &mut Random) -> Judged {
    let case = algorithm.case(random);
    let is_good = probe.aws_lc(&case.message, &case.signature);
    let may_be_left = is_good && algorithm.is_left(&case);
    Judged { case, is_good, may_be_left }
}

/// Asks each form of a key about its cases.
fn alone_and_together(report: &mut Report, key: &Kept, is_left_alone: bool) {
    let pairs: Vec<(&[u8], &[u8])> =
        key.cases.iter().map(|Judged { case, .. }| (&*case.message, &*case.signature)).collect();
    for (form, name) in key.probe.names().enumerate() {
        let together = key.probe.accepts_each(form, &pairs);
        for (judged, together) in key.cases.iter().zip(together) {
            let alone = key.probe.accepts(form, &judged.case.message, &judged.case.signature);
            report.note((name, false), key, judged, &[alone || is_left_alone && together, together]);
        }
    }
}

/// Asks about cases of several keys, in lanes that they share.
fn mixed(report: &mut Report, kept: &VecDeque<Kept>, alg: Alg, random: &mut Random) {
    let rows: Vec<(&Kept, &Judged)> = (0..kept[0].cases.len())
        .map(|_| {
            let key = &kept[random.below(kept.len())];
            (key, &key.cases[random.below(key.cases.len())])
        })
        .collect();
    let asked: Vec<(&Probe, &[u8], &[u8])> = rows
        .iter()
        .map(|(key, Judged { case, .. })| (&key.probe, &*case.message, &*case.signature))
        .collect();
    for (form, name) in kept[0].probe.names().enumerate() {
        for ((key, judged), answer) in rows.iter().zip(Probe::accepts_mixed(form, &asked)) {
            report.note((name, true), key, judged, &[answer]);
        }
    }
    // Code without tables leaves what is alone, so each case comes several times.
    for (rows, asked) in rows.chunks(CHUNK / COPIES).zip(asked.chunks(CHUNK / COPIES)) {
        let copies: Vec<_> = asked.iter().cycle().take(CHUNK).copied().collect();
        let answers = Probe::accepts_unprepared(alg, &copies);
        for ((key, judged), answer) in rows.iter().cycle().zip(answers) {
            report.note((UNPREPARED, true), key, judged, &[answer]);
        }
    }
}

impl Report {
    fn note(
        &mut self,
        (name, is_mixed): (&'static str, bool),
        key: &Kept,
        judged: &Judged,
        answers: &[bool],
    ) {
        let Judged { case, is_good, may_be_left } = judged;
        assert!(
            *is_good || !answers.contains(&true),
            "{name} accepts what aws-lc refuses: {case:02x?} of {}",
            key.jwk
        );
        let place = self.forms.iter().position(|form| (form.name, form.is_mixed) == (name, is_mixed));
        let place = place.unwrap_or_else(|| {
            self.forms.push(OfForm { name, is_mixed, ..OfForm::default() });
            self.forms.len() - 1
        });
        let form = &mut self.forms[place];
        match (answers.iter().all(|answer| *answer), may_be_left) {
            _ if !is_good => {}
            (true, false) => form.accepted += 1,
            (true, true) => {}
            (false, true) => form.left += 1,
            (false, false) => form.missed += 1,
        }
    }
}
