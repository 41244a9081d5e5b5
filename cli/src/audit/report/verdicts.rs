//! Every verdict that occurs, in words.

use jot::Code;

use super::gravity;
use super::html::{bar, escaped, number, part, percent};
use super::samples;
use super::table::{Cell, Column, Table};
use crate::audit::summary::code_name;
use crate::audit::tally::Tally;

/// Returns each verdict with its meaning and its count.
pub(super) fn explained(tally: &Tally) -> String {
    let columns = [
        Column::Word("verdict"),
        Column::Text("meaning"),
        Column::Word("gravity"),
        Column::Number("tokens"),
        Column::Number("share"),
        Column::Bar,
        Column::Number("answered 2xx"),
    ];
    let mut table = Table::new("verdicts-table", "Verdicts at the time of use", &columns);
    let mut codes: Vec<_> = tally.totals.codes.iter().collect();
    codes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let all = tally.totals.rows;
    for (code, count) in codes {
        let name = code_name(*code);
        let known = Code::from_number(*code).unwrap_or(Code::Internal);
        let accepted = known == Code::Accepted;
        let gravity = gravity::of(known);
        let (badge, rank) = match known {
            Code::Accepted | Code::TokenNull => (String::new(), 9),
            _ => (gravity.badge(), gravity as u8),
        };
        let answered = tally.statuses.accepted_invalid.get(code).copied().unwrap_or_default();
        let meaning =
            format!("{} <span class=\"soft\">{}</span>", escaped(known.meaning()), gravity::hint(known));
        table.named_row(
            format!("code-{name}"),
            [
                Cell::sorted(format!("<code>{name}</code> <span class=\"soft\">{code}</span>"), name),
                meaning.into(),
                Cell::sorted(badge, rank),
                samples::counted(tally, *code, *count),
                Cell::sorted(percent(*count, all), count),
                bar(part(*count, all), if accepted { "good" } else { "accent" }).into(),
                Cell::sorted(if accepted { String::new() } else { number(answered) }, answered),
            ],
        );
    }
    table.html("No token was judged.")
}

/// Returns the verdicts by class of the status.
pub(super) fn by_status(tally: &Tally) -> String {
    let columns = [
        Column::Word("status"),
        Column::Number("valid"),
        Column::Number("not valid"),
        Column::Number("share not valid"),
        Column::Bar,
    ];
    let mut table = Table::new("status-table", "Verdicts by the status of the answer", &columns);
    for (class, counts) in &tally.statuses.classes {
        let [valid, refused, ..] = *counts;
        let all = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let name = if *class == 0 { "none".to_owned() } else { format!("{class}xx") };
        table.row([
            name.into(),
            Cell::number(valid),
            Cell::number(refused),
            Cell::sorted(percent(refused, all), part(refused, all)),
            bar(part(refused, all), if *class == 2 { "high" } else { "accent" }).into(),
        ]);
    }
    table.html("No token was judged.")
}

/// Returns how late expired tokens were used.
pub(super) fn lags(tally: &Tally) -> String {
    let columns =
        [Column::Word("after the expiry"), Column::Number("uses"), Column::Number("share"), Column::Bar];
    let mut table = Table::new("lags-table", "How late expired tokens were used", &columns);
    let all = tally.code(Code::Expired);
    for (rank, (name, count)) in tally.lags.classes().enumerate().filter(|_| all > 0) {
        table.row([
            Cell::sorted(name.to_owned(), rank),
            Cell::number(count),
            Cell::sorted(percent(count, all), count),
            bar(part(count, all), "accent").into(),
        ]);
    }
    table.html("No token was expired.")
}
