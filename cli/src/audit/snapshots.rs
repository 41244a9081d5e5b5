//! Uses from before the first snapshot of the keys, of which nobody knows with which keys
//! they would have been judged.

use jot::Code;

use super::past::Trusted;

/// Why such a use is listed.
pub(super) const REASON: &str = "used before the first snapshot of the keys";

/// The dates of the first snapshots.
#[derive(Debug, Default)]
pub(super) struct Snapshots(Vec<(Option<String>, i64)>);

impl Snapshots {
    pub(super) fn of(trusted: &[Trusted]) -> Self {
        let dated = |trusted: &Trusted| Some((trusted.issuer.clone(), trusted.first_snapshot?));
        Self(trusted.iter().filter_map(dated).collect())
    }

    /// Each issuer with the date of its first snapshot.
    pub(super) fn first(&self) -> impl Iterator<Item = (Option<&str>, i64)> {
        self.0.iter().map(|(issuer, date)| (issuer.as_deref(), *date))
    }

    /// Returns `true` if a use was not valid because of its key, and lies before the first
    /// snapshot: the key may have been in force all the same. `issuer` is that of a token
    /// whose signature holds; any other may be of each.
    pub(super) fn may_miss(&self, code: Code, used_at: Option<i64>, issuer: Option<&str>) -> bool {
        let of_keys = matches!(
            code,
            Code::KidUnknown | Code::KeyNotYetValid | Code::KeyNotForAlg | Code::SignatureInvalid
        );
        if self.0.is_empty() || !of_keys {
            return false;
        }
        let is_of = |owner: Option<&str>| code != Code::KeyNotYetValid || owner.is_none() || owner == issuer;
        used_at.is_some_and(|used_at| self.first().any(|(owner, date)| is_of(owner) && used_at < date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_before_the_snapshots_of_its_issuer_is_noticed() {
        let snapshots = Snapshots(vec![(Some("a".to_owned()), 10), (Some("b".to_owned()), 20)]);
        let misses = |code, at, issuer| snapshots.may_miss(code, at, issuer);
        assert!(misses(Code::KeyNotYetValid, Some(9), Some("a")));
        assert!(!misses(Code::KeyNotYetValid, Some(15), Some("a")));
        assert!(misses(Code::KeyNotYetValid, Some(15), Some("b")));
        assert!(misses(Code::KidUnknown, Some(15), None));
        assert!(!misses(Code::KidUnknown, Some(20), None) && !misses(Code::KidUnknown, None, None));
        assert!(!misses(Code::Expired, Some(9), Some("a")));
        assert!(!Snapshots::default().may_miss(Code::KidUnknown, Some(9), None));
    }
}
