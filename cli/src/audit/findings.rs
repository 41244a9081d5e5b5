//! What a run may fail on.

use std::fmt;
use std::str::FromStr;

use jot::Code;

use super::tally::Tally;

/// Something that an audit can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    AcceptedInvalid,
    AlgConfusion,
    UnknownKid,
    KeyRetired,
    Expired,
    SharedToken,
    Truncated,
    Unreadable,
    Refused,
    Code(Code),
}

const NAMED: [(&str, Finding); 9] = [
    ("accepted-invalid", Finding::AcceptedInvalid),
    ("alg-confusion", Finding::AlgConfusion),
    ("unknown-kid", Finding::UnknownKid),
    ("key-retired", Finding::KeyRetired),
    ("expired", Finding::Expired),
    ("shared-token", Finding::SharedToken),
    ("truncated", Finding::Truncated),
    ("unreadable", Finding::Unreadable),
    ("refused", Finding::Refused),
];

impl Finding {
    fn count(self, tally: &Tally) -> u64 {
        match self {
            Self::AcceptedInvalid => tally.accepted_invalid_total(),
            Self::AlgConfusion => tally.alg_confusion,
            Self::UnknownKid => tally.code(Code::KidUnknown),
            Self::KeyRetired => tally.code(Code::KeyRetired),
            Self::Expired => tally.code(Code::Expired),
            Self::SharedToken => u64::try_from(tally.shared.len()).unwrap_or(u64::MAX),
            Self::Truncated => tally.truncated,
            Self::Unreadable => tally.unreadable,
            Self::Refused => tally.refused(),
            Self::Code(code) => tally.code(code),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => f.write_str(code.name()),
            _ => f.write_str(NAMED.iter().find(|(_, finding)| finding == self).map_or("", |(name, _)| name)),
        }
    }
}

/// A finding, and how many of it are let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    finding: Finding,
    most: u64,
}

impl Limit {
    /// Says what was found, if that is too much.
    pub(super) fn broken(self, tally: &Tally) -> Option<String> {
        let count = self.finding.count(tally);
        let more = if self.most > 0 { format!(", more than {}", self.most) } else { String::new() };
        (count > self.most).then(|| format!("found: {}: {count}{more}", self.finding))
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, most) = match text.split_once('>') {
            None => (text, 0),
            Some((name, most)) => (name, most.parse().map_err(|_| "a whole number is wanted behind `>`")?),
        };
        let named = NAMED.iter().find(|(other, _)| *other == name).map(|(_, finding)| *finding);
        let code = || Code::ALL.iter().find(|code| code.name() == name && **code != Code::Accepted);
        let finding = named.or_else(|| code().map(|code| Finding::Code(*code)));
        let finding = finding.ok_or("it is neither a finding nor the name of a code")?;
        Ok(Self { finding, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_told() {
        let mut tally = Tally::default();
        tally.alg_confusion = 3;
        tally.codes.insert(Code::KidUnknown.number(), 101);
        let told = |text: &str| text.parse::<Limit>().unwrap().broken(&tally);
        assert_eq!(told("alg-confusion").as_deref(), Some("found: alg-confusion: 3"));
        assert_eq!(told("alg-confusion>3"), None);
        assert_eq!(told("unknown-kid>100").as_deref(), Some("found: unknown-kid: 101, more than 100"));
        assert_eq!(told("kid_unknown>101"), None);
        assert_eq!(told("signature_invalid"), None);
        for text in ["", "accepted", "unknown-kid>", "unknown-kid>x", "unknown"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
