//! The values of `--fail-on`.

use std::fmt;
use std::str::FromStr;

use jot::Code;

/// Something that an audit can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    AcceptedInvalid,
    AlgConfusion,
    UnknownKid,
    KeyRetired,
    Expired,
    SharedToken,
    BeforeSnapshot,
    Truncated,
    Unreadable,
    Refused,
    Code(Code),
}

const NAMED: [(&str, Finding); 10] = [
    ("accepted-invalid", Finding::AcceptedInvalid),
    ("alg-confusion", Finding::AlgConfusion),
    ("unknown-kid", Finding::UnknownKid),
    ("key-retired", Finding::KeyRetired),
    ("expired", Finding::Expired),
    ("shared-token", Finding::SharedToken),
    ("before-snapshot", Finding::BeforeSnapshot),
    ("truncated", Finding::Truncated),
    ("unreadable", Finding::Unreadable),
    ("refused", Finding::Refused),
];

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => f.write_str(code.name()),
            _ => f.write_str(NAMED.iter().find(|(_, finding)| finding == self).map_or("", |(name, _)| name)),
        }
    }
}

/// A finding and the allowed count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) finding: Finding,
    pub(super) most: u64,
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, most) = match text.split_once('>') {
            None => (text, 0),
            Some((name, most)) => (name, most.parse().map_err(|_| "a whole number must follow `>`")?),
        };
        let named = NAMED.iter().find(|(other, _)| *other == name).map(|(_, finding)| *finding);
        let code = || Code::ALL.iter().find(|code| code.name() == name && **code != Code::Accepted);
        let finding = named.or_else(|| code().map(|code| Finding::Code(*code)));
        let finding = finding.ok_or("it is neither a finding nor the name of a code")?;
        Ok(Self { finding, most })
    }
}
