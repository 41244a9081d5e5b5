//! What could not be read.

use super::html::{counted, escaped, percent, shown};
use super::table::{Cell, Column, Table};
use crate::audit::tally::Tally;

/// Returns the unreadable records by reason, and places of each.
pub(super) fn section(tally: &Tally) -> String {
    let records = tally.coverage.counts.records.max(tally.unreadable.count);
    let mut html = String::new();
    let columns = [Column::Text("reason"), Column::Number("records"), Column::Number("share")];
    let mut reasons = Table::new("reasons-table", "Records that could not be read, by reason", &columns);
    for (reason, count) in &tally.unreadable.reasons {
        reasons.row([
            escaped(reason).into(),
            Cell::number(*count),
            Cell::sorted(percent(*count, records), count),
        ]);
    }
    html.push_str(&reasons.html("Every record could be read."));
    let columns =
        [Column::Text("place in the log"), Column::Text("reason"), Column::Text("what stands there")];
    let mut places = Table::new("places-table", "Places of unreadable records", &columns);
    for sample in &tally.unreadable.samples {
        let place = format!("{}<span class=\"line\">:{}</span>", shown(&sample.source), sample.line);
        places.row([
            Cell::sorted(place, format!("{}:{:020}", sample.source, sample.line)),
            escaped(&sample.reason).into(),
            sample.seen.as_deref().map(shown).unwrap_or_default().into(),
        ]);
    }
    if !tally.unreadable.samples.is_empty() {
        html.push_str(&places.html(""));
    }
    let remarks = [&tally.flaws, &tally.early].into_iter();
    for (remarks, (reason, count)) in remarks.flat_map(|all| all.reasons.iter().map(move |one| (all, one))) {
        let first = remarks.samples.iter().find(|sample| sample.reason == *reason);
        let place = first.map(|sample| format!(", first {}:{}", shown(&sample.source), sample.line));
        html.push_str(&format!(
            "<p class=\"note\">Judged all the same: {}: {}{}.</p>",
            counted(*count, "use"),
            escaped(reason),
            place.unwrap_or_default()
        ));
    }
    html
}
