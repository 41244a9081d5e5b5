//! Checks the findings of a run against `--fail-on`.

use jot::Code;

use super::limit::{Finding, Limit};
use super::tally::Tally;

/// Returns the count of a finding.
fn count(finding: Finding, tally: &Tally) -> u64 {
    match finding {
        Finding::AcceptedInvalid => tally.statuses.accepted_invalid_total(),
        Finding::AlgConfusion => tally.totals.alg_confusion,
        Finding::UnknownKid => tally.code(Code::KidUnknown),
        Finding::KeyRetired => tally.code(Code::KeyRetired),
        Finding::Expired => tally.code(Code::Expired),
        Finding::SharedToken => u64::try_from(tally.shared.len()).unwrap_or(u64::MAX),
        Finding::BeforeSnapshot => tally.early.count,
        Finding::Truncated => tally.totals.truncated,
        Finding::Unreadable => tally.unreadable.count,
        Finding::Refused => tally.refused(),
        Finding::Code(code) => tally.code(code),
    }
}

/// Returns a message if the count exceeds the limit.
pub(super) fn broken(limit: Limit, tally: &Tally) -> Option<String> {
    let count = count(limit.finding, tally);
    let more = if limit.most > 0 { format!(", more than {}", limit.most) } else { String::new() };
    (count > limit.most).then(|| format!("found: {}: {count}{more}", limit.finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_told() {
        let mut tally = Tally::default();
        tally.totals.alg_confusion = 3;
        tally.totals.codes.insert(Code::KidUnknown.number(), 101);
        let told = |text: &str| broken(text.parse().unwrap(), &tally);
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
