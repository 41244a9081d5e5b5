//! The fields of the log that `--keep` named, such as the path: which endpoint took what.

use std::collections::HashMap;

use super::html::{bar, number, part, percent, shown};
use super::table::{Cell, Column, Table};
use crate::audit::tally::{KeptTexts, Tally};

/// How many texts of a field are listed.
const LISTED: usize = 100;

/// Returns a table for each field, or how to get one.
pub(super) fn section(tally: &Tally, names: &[String]) -> String {
    if names.is_empty() {
        return "<p class=\"nothing\">No field was kept; <code>--keep path</code> shows which endpoint took what.</p>"
            .to_owned();
    }
    names
        .iter()
        .zip(tally.kept.iter())
        .enumerate()
        .map(|(place, (name, texts))| table(place, name, texts))
        .collect()
}

/// Returns the texts of a field: first those of wrongly accepted requests.
fn table(place: usize, name: &str, texts: &KeptTexts) -> String {
    let columns = [
        Column::Text("text"),
        Column::Number("answered 2xx, not valid"),
        Column::Number("uses"),
        Column::Number("not valid"),
        Column::Number("share not valid"),
        Column::Bar,
    ];
    let mut table =
        Table::new(format!("kept-{place}-table"), format!("By {}", jot_show::text::one_line(name)), &columns);
    let invalid = texts.accepted_invalid.top(usize::MAX);
    let counts: HashMap<_, _> = invalid.iter().copied().collect();
    let uses = texts.uses.top(usize::MAX);
    let uses_of: HashMap<_, _> = uses.iter().copied().collect();
    let others = uses.iter().map(|(text, _)| *text).filter(|text| !counts.contains_key(text));
    let listed = invalid.iter().map(|(text, _)| *text).chain(others);
    for text in listed.take(LISTED) {
        let (rows, refused) = uses_of.get(text).map_or((0, 0), |uses| (uses.rows, uses.refused));
        table.row([
            shown(text).into(),
            Cell::number(counts.get(text).copied().copied().unwrap_or_default()),
            Cell::number(rows),
            Cell::number(refused),
            Cell::sorted(percent(refused, rows), part(refused, rows)),
            bar(part(refused, rows), "accent").into(),
        ]);
    }
    let found = texts.uses.len();
    let more = match found > LISTED {
        true => format!("<p class=\"note\">The first {LISTED} of at least {}.</p>", number(found as u64)),
        false => String::new(),
    };
    format!("{}{more}", table.html("No record has it."))
}
