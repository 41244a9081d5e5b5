//! Rows behind the figures.

use std::fmt::Write as _;

use jot::Code;

use super::gravity;
use super::html::{instant, number, shown, shown_or};
use super::table::{Cell, Column, Table};
use crate::audit::summary::code_name;
use crate::audit::tally::{SampleRow, Tally};

/// How many characters of a fingerprint are shown; they find the row.
const FINGERPRINT: usize = 16;

/// Returns the name of the first row of a code, to which links lead.
fn place(number: u32) -> String {
    format!("rows-{}", code_name(number))
}

/// Returns where the page shows rows of one of these codes.
pub(super) fn place_of(tally: &Tally, codes: &[Code]) -> String {
    let code = codes.iter().map(|code| code.number()).find(|number| {
        tally.samples.answered.contains_key(number) || tally.samples.others.contains_key(number)
    });
    code.map_or_else(|| "verdicts".to_owned(), place)
}

/// Returns a count of rows, which leads to samples of them if there are any.
pub(super) fn counted(tally: &Tally, code: u32, count: u64) -> Cell {
    let known = Code::from_number(code).unwrap_or(Code::Internal);
    match place_of(tally, &[known]) {
        place if place == "verdicts" => Cell::number(count),
        place => Cell::sorted(format!("<a href=\"#{place}\">{}</a>", number(count)), count),
    }
}

/// Returns the rows that were answered with success although they were not valid, those
/// of the gravest codes first.
pub(super) fn answered(tally: &Tally, kept: &[String]) -> String {
    let mut rows: Vec<_> = tally.samples.answered.iter().collect();
    rows.sort_by_key(|(number, _)| (Code::from_number(**number).map(gravity::of), **number));
    let caption = "Answered with success although not valid, the gravest first";
    table("answered-rows", caption, &rows, kept, |number| !tally.samples.others.contains_key(&number))
        .html("None.")
}

/// Returns rows of each code that were not answered with success.
pub(super) fn others(tally: &Tally, kept: &[String]) -> String {
    let rows: Vec<_> = tally.samples.others.iter().collect();
    table("other-rows", "Other uses that were not valid, by code", &rows, kept, |_| true).html("None.")
}

/// Makes a table of samples. The first row of a code has its name if `is_place` says so.
fn table(
    id: &'static str,
    caption: &str,
    samples: &[(&u32, &Vec<SampleRow>)],
    kept: &[String],
    is_place: impl Fn(u32) -> bool,
) -> Table {
    let columns = [
        Column::Word("verdict"),
        Column::Number("status"),
        Column::Word("used at (UTC)"),
        Column::Text("place in the log"),
        Column::Text("address"),
        Column::Text("kid"),
        Column::Text("subject"),
        Column::Word("token"),
    ];
    let mut table = Table::new(id, caption, &columns).whole();
    for (number, rows) in samples {
        for (place_of_row, row) in rows.iter().enumerate() {
            match place_of_row == 0 && is_place(**number) {
                true => table.named_row(place(**number), cells(**number, row, kept)),
                false => table.row(cells(**number, row, kept)),
            }
        }
    }
    table
}

fn cells(number: u32, row: &SampleRow, kept: &[String]) -> [Cell; 8] {
    let status = row.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let fingerprint = row.fingerprint.as_deref().and_then(|text| text.get(..FINGERPRINT));
    let mut place = format!("{}<span class=\"line\">:{}</span>", shown(&row.source), row.line);
    for (name, text) in kept.iter().zip(&row.kept) {
        if let Some(text) = text {
            // Writing to a String cannot fail.
            let _ = write!(place, "<br><span class=\"soft\">{}</span> {}", shown(name), shown(text));
        }
    }
    [
        code_link(number).into(),
        Cell::sorted(status, row.status.unwrap_or_default()),
        time(row.used_at),
        Cell::sorted(place, format!("{}:{:020}", row.source, row.line)),
        shown_or(row.address.as_deref(), "unknown").into(),
        shown_or(row.kid.as_deref(), "none").into(),
        shown_or(row.subject.as_deref(), "not known").into(),
        fingerprint.map(|text| format!("<code>{text}</code>")).unwrap_or_default().into(),
    ]
}

/// Returns an instant for a table.
pub(super) fn time(seconds: impl Into<Option<i64>>) -> Cell {
    match seconds.into() {
        Some(seconds) => Cell::sorted(instant(seconds), seconds),
        None => Cell::sorted("<span class=\"soft\">unknown</span>".to_owned(), i64::MIN),
    }
}

/// Returns the name of a code, which leads to its meaning.
pub(super) fn code_link(number: u32) -> String {
    let name = code_name(number);
    format!("<a href=\"#code-{name}\"><code>{name}</code></a>")
}
