//! Columns that rows omit or replace by fingerprints.

use super::args::Column;
use super::row::Row;
use super::rules::Rules;

/// The replaced columns.
#[derive(Default)]
pub(super) struct Redacted {
    columns: [Option<Option<String>>; 5],
}

impl Redacted {
    const ORDER: [(Column, &'static str); 5] = [
        (Column::Address, "address"),
        (Column::Kid, "kid"),
        (Column::Issuer, "issuer"),
        (Column::Subject, "subject"),
        (Column::Jti, "jti"),
    ];

    pub(super) fn of(rules: &Rules, row: &Row<'_>) -> Option<Self> {
        if rules.omit.is_empty() && rules.hash.is_empty() {
            return None;
        }
        let mut redacted = Self::default();
        let values = [row.address, row.kid, row.issuer, row.subject, row.jti];
        for (((column, name), value), place) in Self::ORDER.iter().zip(values).zip(&mut redacted.columns) {
            if rules.omit.contains(column) {
                *place = Some(None);
            } else if rules.hash.contains(column) {
                *place = Some(value.map(|value| rules.fingerprint_key.of_value(name, value)));
            }
        }
        Some(redacted)
    }

    pub(super) fn apply<'r>(&'r self, row: &mut Row<'r>) {
        let [address, kid, issuer, subject, jti] = &self.columns;
        let choose = |redacted: &'r Option<Option<String>>, value: &mut Option<&'r str>| {
            if let Some(text) = redacted {
                *value = text.as_deref();
            }
        };
        choose(address, &mut row.address);
        choose(kid, &mut row.kid);
        choose(issuer, &mut row.issuer);
        choose(subject, &mut row.subject);
        choose(jti, &mut row.jti);
    }
}
