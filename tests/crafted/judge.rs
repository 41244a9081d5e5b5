//! Asks every form about every case, in every company.

use jot::{Alg, VerifyingKey};

use crate::random::Random;

/// A message, a signature, and what they are.
pub(crate) struct Case {
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) what: String,
}

/// How many cases there were, and how many of them are good.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Total {
    pub(crate) cases: usize,
    pub(crate) good: usize,
    /// Good ones that some form accepted, in a batch at least.
    pub(crate) accepted: usize,
}

impl Total {
    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.good += other.good;
        self.accepted += other.accepted;
    }
}

/// Asks about each case alone, about the first `in_each_lane` in every lane
/// among good ones, and about all in random batches, with repeats.
///
/// # Panics
/// When a form accepts what aws-lc refuses.
pub(crate) fn judge(
    key: &VerifyingKey,
    alg: Alg,
    cases: &[Case],
    in_each_lane: usize,
    random: &mut Random,
) -> Total {
    let probe = key.probe(alg).unwrap();
    let wanted: Vec<bool> = cases.iter().map(|case| probe.aws_lc(&case.message, &case.signature)).collect();
    let good: Vec<usize> = (0..cases.len()).filter(|case| wanted[*case]).collect();
    let mut is_accepted = vec![false; cases.len()];
    for (form, name) in probe.names().enumerate() {
        for (case, wanted) in cases.iter().zip(&wanted) {
            let accepted = probe.accepts(form, &case.message, &case.signature);
            assert!(*wanted || !accepted, "{name} {alg} accepts alone: {}", case.what);
        }
        let mut ask = |chosen: &[usize]| {
            let pair = |case: &usize| (&cases[*case].message[..], &cases[*case].signature[..]);
            let answers = probe.accepts_each(form, &chosen.iter().map(pair).collect::<Vec<_>>());
            for (case, accepted) in chosen.iter().zip(answers) {
                assert!(wanted[*case] || !accepted, "{name} {alg} accepts together: {}", cases[*case].what);
                is_accepted[*case] |= accepted;
            }
        };
        let any = |from: &[usize], random: &mut Random| match from {
            [] => random.below(cases.len()),
            from => random.pick(from),
        };
        for case in 0..cases.len().min(in_each_lane) {
            for lane in 0..8 {
                let mut chosen: [usize; 8] = std::array::from_fn(|_| any(&good, random));
                chosen[lane] = case;
                ask(&chosen);
            }
        }
        for turn in 0..(cases.len() / 6).max(30) {
            let length = 1 + random.below(70);
            let mut chosen: Vec<usize> = (0..length).map(|_| random.below(cases.len())).collect();
            let repeated = random.below(cases.len());
            for other in &mut chosen {
                match (turn % 3, random.below(2)) {
                    (0, 0) => *other = repeated,
                    (1, 0) => *other = any(&good, random),
                    _ => {}
                }
            }
            ask(&chosen);
        }
        ask(&(0..cases.len()).collect::<Vec<_>>());
    }
    let accepted = good.iter().filter(|case| is_accepted[**case]).count();
    Total { cases: cases.len(), good: good.len(), accepted }
}
