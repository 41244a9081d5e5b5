//! What the engine said of a token.

use jot::{Code, Rejection, Stage};

use super::cure;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) code: Code,
    /// The claim at fault, and where in the JSON text the fault is.
    pub(super) claim: Option<String>,
    pub(super) offset: Option<u32>,
}

impl Finding {
    pub(super) fn of(rejection: &Rejection) -> Self {
        Self {
            code: rejection.code(),
            claim: rejection.claim().map(str::to_owned),
            offset: rejection.offset(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.code.name()
    }

    pub(super) fn number(&self) -> u32 {
        self.code.number()
    }

    pub(super) fn meaning(&self) -> &'static str {
        self.code.meaning()
    }

    pub(super) fn cure(&self) -> &'static str {
        cure::of(self.code)
    }
}

/// How a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Holds,
    Refused,
    /// Something before it was refused.
    NotReached,
}

/// A step of the verification, as the bands of the codes have them.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) state: State,
    pub(super) findings: Vec<Finding>,
}

/// The verdict, and everything else that would have been refused.
#[derive(Clone, Debug)]
pub(super) struct Report {
    /// None: accepted. The first is the verdict's; the others were found by judging again
    /// without the rule that refused it.
    pub(super) findings: Vec<Finding>,
    /// The key that verified it, in words.
    pub(super) key: Option<String>,
    pub(super) signature_ok: bool,
    /// What nobody asked to be checked.
    pub(super) unchecked: Vec<&'static str>,
}

impl Report {
    pub(super) fn steps(&self) -> Vec<Step> {
        let first = self.findings.first().map(rank);
        let step = |at: usize, name, what| {
            let findings: Vec<_> =
                self.findings.iter().filter(|finding| rank(finding) == at).cloned().collect();
            let state = match first {
                _ if !findings.is_empty() => State::Refused,
                Some(first) if first < at => State::NotReached,
                _ => State::Holds,
            };
            Step { name, what, state, findings }
        };
        vec![
            step(0, "Form", "Three parts of strict base64url, and no longer than the limits"),
            step(1, "Header", "A JSON object with an algorithm that is allowed"),
            step(2, "Key", "A key that the token may be verified with"),
            step(3, "Signature", "Made by that key over header and payload"),
            step(4, "Claims", "What the token says meets the rules"),
        ]
    }
}

/// The step at which a code arises. A key that signed outside its time is found after the
/// signature, and is a matter of the key all the same.
fn rank(finding: &Finding) -> usize {
    match finding.code.stage() {
        Stage::Header => 1,
        Stage::Key => 2,
        Stage::Signature => 3,
        Stage::Claims => 4,
        Stage::Limits => match finding.code {
            Code::HeaderTooLong | Code::HeaderTooDeep => 1,
            Code::CandidatesTooMany => 2,
            Code::ClaimsTooDeep => 4,
            _ => 0,
        },
        _ => 0,
    }
}
