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

    pub(super) fn of(rules: &Rules, row: &Row<'_>) -> Self {
        let mut redacted = Self::default();
        if rules.omit.is_empty() && rules.hash.is_empty() {
            return redacted;
        }
        let values = [row.address, row.kid, row.issuer, row.subject, row.jti];
        for (((column, name), value), place) in Self::ORDER.iter().zip(values).zip(&mut redacted.columns) {
            if rules.omit.contains(column) {
                *place = Some(None);
            } else if rules.hash.contains(column) {
                *place = Some(value.map(|value| rules.fingerprint_key.of_value(name, value)));
            }
        }
        redacted
    }

    pub(super) fn apply<'r>(&'r self, row: Row<'r>) -> Row<'r> {
        let [address, kid, issuer, subject, jti] = &self.columns;
        let choose = |redacted: &'r Option<Option<String>>, value| match redacted {
            Some(text) => text.as_deref(),
            None => value,
        };
        Row {
            address: choose(address, row.address),
            kid: choose(kid, row.kid),
            issuer: choose(issuer, row.issuer),
            subject: choose(subject, row.subject),
            jti: choose(jti, row.jti),
            ..row
        }
    }
}
