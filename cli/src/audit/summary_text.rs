//! The summary of all rows as text for a terminal.

use std::fmt::{Display, Write as _};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use jot_show::date::calendar;
use jot_show::text::{one_line, quoted};

use super::input::kept::{Keep, Kept};
use super::summary::code_name;
use super::tally::{Remarks, Tally};

/// How many kids, and texts of each column that is kept, are shown.
const SHOWN: usize = 3;

/// Returns a number of things in words.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Returns a table of the verdicts, and what else was found. `width` is that of the
/// terminal, if it is one.
pub(super) fn to_text(tally: &Tally, keep: &Keep, seconds: f64, width: Option<u16>) -> String {
    let mut text = format!("{}\n", verdicts(tally, width));
    let mut line = |line: &dyn Display| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
    };
    if let (Some(first), Some(last)) = (tally.totals.first_use, tally.totals.last_use) {
        let date = |seconds| calendar(jot::UnixSeconds(seconds));
        line(&format_args!("used from {} to {}", date(first), date(last)));
    }
    accepted_invalid(tally, keep, &mut line);
    findings(tally, &mut line);
    remarks(&tally.unreadable, ("record is unreadable", "records are unreadable"), &mut line);
    remarks(&tally.flaws, ("record is read in part", "records are read in part"), &mut line);
    remarks(&tally.early, ("use cannot be judged for sure", "uses cannot be judged for sure"), &mut line);
    if tally.coverage.empty > 0 {
        line(&counted(tally.coverage.empty, "empty source", "empty sources"));
    }
    for (kid, counts) in tally.named.unknown_kids.top(SHOWN) {
        line(&format_args!("unknown kid {}: {}", quoted(kid), counted(counts.rows, "use", "uses")));
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
    let rate = tally.lines() as f64 / seconds.max(1e-9);
    let lines = counted(tally.lines(), "line", "lines");
    line(&format_args!("{lines} in {seconds:.2} s, {rate:.0} per second"));
    text
}

fn verdicts(tally: &Tally, width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(["verdict at use", "code", "tokens", "share"]);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    #[expect(clippy::cast_precision_loss, reason = "a share is rounded anyway")]
    let share = |count: u64| format!("{:.1} %", 100.0 * count as f64 / tally.lines().max(1) as f64);
    for (number, count) in &tally.totals.codes {
        table.add_row([code_name(*number).to_owned(), number.to_string(), count.to_string(), share(*count)]);
    }
    let unreadable = tally.unreadable.count;
    if unreadable > 0 {
        let name = "unreadable".to_owned();
        table.add_row([name, String::new(), unreadable.to_string(), share(unreadable)]);
    }
    table.add_row(["total".to_owned(), String::new(), tally.lines().to_string(), String::new()]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Tells of what was wrongly accepted, and what is kept of it.
fn accepted_invalid(tally: &Tally, keep: &Keep, line: &mut impl FnMut(&dyn Display)) {
    let count = tally.statuses.accepted_invalid_total();
    if count == 0 {
        return;
    }
    let (one, many) =
        ("use was answered with 2xx although not valid", "uses were answered with 2xx although not valid");
    line(&counted(count, one, many));
    for (name, texts) in keep.iter().map(Kept::name).zip(tally.kept.iter()) {
        for (text, count) in texts.accepted_invalid.top(SHOWN) {
            let uses = counted(*count, "use", "uses");
            line(&format_args!("  {} {}: {uses}", one_line(name), quoted(text)));
        }
    }
}

fn findings(tally: &Tally, line: &mut impl FnMut(&dyn Display)) {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    for (count, one, many) in [
        (
            tally.totals.alg_confusion,
            "use with the algorithm none, or an HMAC not allowed for the key",
            "uses with the algorithm none, or an HMAC not allowed for the key",
        ),
        (count(tally.named.unknown_kids.len()), "unknown kid", "unknown kids"),
        (
            count(tally.shared.len()),
            "token was used from several addresses",
            "tokens were used from several addresses",
        ),
        (
            tally.totals.truncated,
            "token looks truncated by a log field",
            "tokens look truncated by a log field",
        ),
    ] {
        if count > 0 {
            line(&counted(count, one, many));
        }
    }
}

/// Tells each reason with its first place.
fn remarks(remarks: &Remarks, (one, many): (&str, &str), line: &mut impl FnMut(&dyn Display)) {
    for (reason, count) in &remarks.reasons {
        let what = counted(*count, one, many);
        let Some(sample) = remarks.samples.iter().find(|sample| sample.reason == *reason) else { continue };
        let seen = sample.seen.as_ref().map(|seen| format!(": {seen}")).unwrap_or_default();
        let place = format_args!("{}:{}", one_line(&sample.source), sample.line);
        line(&format_args!("{what}, first {place}: {reason}{seen}"));
    }
}

#[cfg(test)]
mod tests {
    use jot::Code;

    use super::*;

    fn tally(count: u64) -> Tally {
        let mut tally = Tally::default();
        tally.totals.rows = count;
        for code in [Code::Accepted, Code::TokenJsonSerialization] {
            tally.totals.codes.insert(code.number(), count);
        }
        tally.totals.truncated = count;
        tally.coverage.empty = count;
        tally
    }

    #[test]
    fn numbers_agree_with_their_words() {
        let text = |count| to_text(&tally(count), &Keep::default(), 2.0, None);
        let one = text(1);
        for line in
            ["1 token looks truncated by a log field", "1 empty source", "1 line in 2.00 s, 0 per second"]
        {
            assert!(one.lines().any(|other| other == line), "{line}: {one}");
        }
        let two = text(2);
        for line in
            ["2 tokens look truncated by a log field", "2 empty sources", "2 lines in 2.00 s, 1 per second"]
        {
            assert!(two.lines().any(|other| other == line), "{line}: {two}");
        }
        assert!(!text(0).contains("truncated"));
    }

    #[test]
    fn table_fits_a_narrow_terminal() {
        let text = to_text(&tally(u64::MAX / 2), &Keep::default(), 2.0, Some(40));
        let mut lines = text.lines().take_while(|line| line.starts_with('|'));
        assert!(lines.clone().count() > 4 && lines.all(|line| line.chars().count() <= 40), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
