//! What was audited, and how.

use super::html::{counted, escaped, instant, shown, shown_or, shown_whole, size};
use super::samples::time;
use super::table::{Cell, Column, Table};
use crate::audit::audited::{Audited, Hash, SourceFacts};
use crate::audit::tally::{SourceCounts, Tally};

/// Returns the sources and their size in a few words.
pub(super) fn told(audited: &Audited) -> String {
    let bytes = audited.sources.iter().filter_map(|source| source.bytes);
    let sources = counted(u64::try_from(audited.sources.len()).unwrap_or(u64::MAX), "source");
    match audited.sources.iter().all(|source| source.bytes.is_some()) {
        true => format!("{sources} of {}", size(bytes.fold(0, u64::saturating_add))),
        false => sources,
    }
}

/// Returns the table of sources.
pub(super) fn sources(audited: &Audited, tally: &Tally) -> String {
    let columns = [
        Column::Text("source"),
        Column::Number("size"),
        Column::Word("last changed (UTC)"),
        Column::Number("uses"),
        Column::Number("not valid"),
        Column::Number("unreadable"),
        Column::Text("state"),
        Column::Text("SHA-256"),
    ];
    let mut table = Table::new("sources-table", "Sources, in the order in which they were read", &columns);
    for source in &audited.sources {
        let counts = tally.sources.0.iter().find(|counts| counts.name == source.name);
        let of = |count: fn(&SourceCounts) -> u64| Cell::number(counts.map_or(0, count));
        table.row([
            shown(&source.name).into(),
            match source.bytes {
                Some(bytes) => Cell::sorted(size(bytes), bytes),
                None => Cell::sorted("unknown".to_owned(), 0),
            },
            time(source.modified()),
            of(|counts| counts.rows),
            of(|counts| counts.refused),
            of(|counts| counts.unreadable),
            state(source, tally).into(),
            match &source.hash {
                Hash::Taken(hash) => format!("<code>{}</code>", shown(hash)),
                Hash::NotWanted => "not taken".to_owned(),
                Hash::Missing(reason) => format!("none: {}", shown(reason)),
            }
            .into(),
        ]);
    }
    let mut html = table.html("None.");
    if audited.sources.iter().any(|source| matches!(source.hash, Hash::NotWanted)) {
        html.push_str("<p class=\"note\">Hashes were not taken; <code>--hash-sources</code> takes them.</p>");
    }
    html
}

fn state(source: &SourceFacts, tally: &Tally) -> String {
    let broken = tally.coverage.broken_named.iter().find(|broken| broken.source == source.name);
    match broken {
        Some(broken) => format!("<b class=\"high\">not read to the end:</b> {}", shown(&broken.reason)),
        None if tally.coverage.empty_named.contains(&source.name) => "empty".to_owned(),
        None => "read to the end".to_owned(),
    }
}

/// Returns the table of keys.
pub(super) fn keys(audited: &Audited) -> String {
    let columns = [
        Column::Text("issuer"),
        Column::Text("kid"),
        Column::Text("algorithms"),
        Column::Text("thumbprint (RFC 7638)"),
        Column::Word("in force from (UTC)"),
        Column::Word("until (UTC)"),
    ];
    let mut table = Table::new("trusted-table", "Keys with which signatures were verified", &columns);
    for key in &audited.keys {
        let bound = |bound: Option<i64>, none: &str, sort: i64| match bound {
            Some(_) => time(bound),
            None => Cell::sorted(format!("<span class=\"soft\">{none}</span>"), sort),
        };
        table.row([
            shown_or(key.issuer.as_deref(), "any").into(),
            shown_or(key.kid.as_deref(), "none").into(),
            escaped(&key.algorithms).into(),
            format!("<code>{}</code>", shown(&key.thumbprint)).into(),
            bound(key.from, "always", i64::MIN),
            bound(key.until, "open", i64::MAX),
        ]);
    }
    table.html("None.")
}

/// Returns the rules, and the run itself.
pub(super) fn run(audited: &Audited) -> String {
    let mut html = "<dl class=\"facts\">".to_owned();
    let mut fact = |name: &str, value: String| html.push_str(&format!("<dt>{name}</dt><dd>{value}</dd>"));
    fact("Program", format!("jotctl {}", env!("CARGO_PKG_VERSION")));
    fact("Begun", format!("{} UTC", instant(audited.begun)));
    let resumed = if audited.is_resumed { ", since it was resumed" } else { "" };
    fact("Took", format!("{:.1} s{resumed}", audited.elapsed.as_secs_f64()));
    fact("Command", format!("<code>{}</code>", shown_whole(&audited.command)));
    for (name, value) in &audited.rules {
        fact(name, shown_whole(value));
    }
    html.push_str("</dl>");
    html
}
