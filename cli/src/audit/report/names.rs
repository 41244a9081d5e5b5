//! Whose tokens they were, and where they were used.

use super::html::{bar, number, part, percent, shown, shown_or};
use super::samples::time;
use super::table::{Cell, Column, Table};
use crate::audit::tally::Tally;

/// How many names are asked for.
const ASKED: usize = 100;

/// Returns the subjects with the most uses.
pub(super) fn subjects(tally: &Tally) -> String {
    let columns = [
        Column::Text("subject"),
        Column::Number("uses"),
        Column::Number("share of all"),
        Column::Number("not valid"),
        Column::Number("share not valid"),
        Column::Bar,
    ];
    let mut table = Table::new("subjects-table", "Subjects with the most uses", &columns);
    for (subject, uses) in tally.named.subjects.top(ASKED) {
        let refused = part(uses.refused, uses.rows);
        table.row([
            shown(subject).into(),
            Cell::number(uses.rows),
            Cell::sorted(percent(uses.rows, tally.totals.rows), uses.rows),
            Cell::number(uses.refused),
            Cell::sorted(percent(uses.refused, uses.rows), refused),
            bar(refused, "accent").into(),
        ]);
    }
    let lacking = match tally.named.subjects.lacking {
        0 => String::new(),
        lacking => {
            format!("<p class=\"note\">Of rare subjects up to {} uses are not counted.</p>", number(lacking))
        }
    };
    format!("{}{lacking}", table.html("No subject is known."))
}

/// Returns the addresses from which the most tokens came that were not valid.
pub(super) fn addresses(tally: &Tally) -> String {
    let columns = [
        Column::Text("address"),
        Column::Number("not valid"),
        Column::Number("share of all not valid"),
        Column::Bar,
        Column::Number("answered 2xx"),
    ];
    let mut table =
        Table::new("addresses-table", "Addresses with the most uses that were not valid", &columns);
    for (address, uses) in tally.named.addresses.top(ASKED) {
        let share = part(uses.refused, tally.refused());
        table.row([
            shown(address).into(),
            Cell::number(uses.refused),
            Cell::sorted(percent(uses.refused, tally.refused()), uses.refused),
            bar(share, "accent").into(),
            Cell::number(uses.answered),
        ]);
    }
    table.html("None, or no address is known.")
}

/// Returns the tokens that were used from several addresses.
pub(super) fn shared(tally: &Tally) -> String {
    let columns = [
        Column::Word("token"),
        Column::Text("subject"),
        Column::Number("addresses"),
        Column::Number("uses"),
        Column::Word("first use (UTC)"),
        Column::Word("last use (UTC)"),
    ];
    let mut table = Table::new("shared-table", "Tokens that were used from several addresses", &columns);
    for token in tally.shared.top(ASKED) {
        let fingerprint = token.fingerprint.get(..16).unwrap_or(&token.fingerprint);
        table.row([
            format!("<code>{fingerprint}</code>").into(),
            shown_or(token.subject.as_deref(), "not known").into(),
            Cell::number(u64::try_from(token.addresses()).unwrap_or(u64::MAX)),
            Cell::number(token.uses),
            time(token.first),
            time(token.last),
        ]);
    }
    table.html("None, or no address is known.")
}
