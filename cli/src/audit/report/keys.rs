//! The issuers, keys and unknown key names that tokens named.

use super::heat::{self, Line};
use super::html::{bar, number, part, shown, shown_or};
use super::samples::{code_link, time};
use super::table::{Cell, Column, Table};
use crate::audit::audited::{Audited, KeyFacts};
use crate::audit::tally::{Group, SEPARATOR, Tally};

/// A key as the tally names it.
struct Name<'n> {
    issuer: Option<&'n str>,
    kid: Option<&'n str>,
    alg: Option<&'n str>,
}

impl<'n> Name<'n> {
    fn of(name: &'n str) -> Self {
        let mut parts = name.split(SEPARATOR).map(|part| Some(part).filter(|part| !part.is_empty()));
        let mut next = || parts.next().flatten();
        Self { issuer: next(), kid: next(), alg: next() }
    }

    /// Returns the keys of the audit with this issuer and `kid`.
    fn facts<'a>(&self, audited: &'a Audited) -> impl Iterator<Item = &'a KeyFacts> {
        let (issuer, kid) = (self.issuer, self.kid);
        audited.keys.iter().filter(move |key| {
            key.kid.as_deref() == kid && (key.issuer.is_none() || key.issuer.as_deref() == issuer)
        })
    }
}

/// Returns the map and the table of keys.
pub(super) fn used(tally: &Tally, audited: &Audited) -> String {
    let groups = tally.named.keys.top(usize::MAX);
    let mut by_name: Vec<_> = groups.iter().take(heat::NAMES).collect();
    by_name.sort_by_key(|(name, group)| (Name::of(name).issuer, group.first));
    let lines: Vec<_> = by_name
        .iter()
        .map(|(name, group)| {
            let name = Name::of(name);
            let in_force =
                name.facts(audited).map(|key| (key.from.unwrap_or(i64::MIN), key.until.unwrap_or(i64::MAX)));
            let in_force = in_force.collect();
            let Name { issuer, kid, alg } = name;
            Line {
                name: format!(
                    "{} <span class=\"soft\">{} {}</span>",
                    shown_or(kid, "no kid"),
                    shown_or(issuer, "no issuer"),
                    shown_or(alg, "")
                ),
                text: format!("{} of {}", kid.unwrap_or("no kid"), issuer.unwrap_or("no issuer")),
                days: &group.days,
                in_force,
                is_mixed: true,
            }
        })
        .collect();
    let columns = [
        Column::Text("issuer"),
        Column::Text("kid"),
        Column::Word("alg"),
        Column::Number("uses"),
        Column::Number("not valid"),
        Column::Text("most often"),
        Column::Word("first use (UTC)"),
        Column::Word("last use (UTC)"),
    ];
    let mut table = Table::new("keys-table", "Tokens whose signature holds, by issuer and key", &columns);
    for (name, group) in &groups {
        let Name { issuer, kid, alg } = Name::of(name);
        table.row([
            shown_or(issuer, "none").into(),
            shown_or(kid, "none").into(),
            shown_or(alg, "none").into(),
            Cell::number(group.rows),
            Cell::number(group.refused()),
            most_often(group).into(),
            time(group.first),
            time(group.last),
        ]);
    }
    format!("{}{}", heat::map(&lines), table.html("No signature holds."))
}

/// Returns the two most frequent verdicts other than acceptance.
fn most_often(group: &Group) -> String {
    let mut codes: Vec<_> = group.codes.iter().filter(|(code, _)| **code != 0).collect();
    codes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let told = codes.iter().take(2).map(|(code, count)| format!("{} {}", code_link(**code), number(**count)));
    told.collect::<Vec<_>>().join(", ")
}

/// Returns the map and the table of key names that no key has.
pub(super) fn unknown(tally: &Tally) -> String {
    let groups = tally.named.unknown_kids.top(usize::MAX);
    let lines: Vec<_> = groups
        .iter()
        .take(heat::NAMES)
        .map(|(kid, group)| Line {
            name: shown(kid),
            text: (*kid).to_owned(),
            days: &group.days,
            in_force: Vec::new(),
            is_mixed: false,
        })
        .collect();
    let columns = [
        Column::Text("kid"),
        Column::Number("uses"),
        Column::Bar,
        Column::Word("first use (UTC)"),
        Column::Word("last use (UTC)"),
    ];
    let mut table = Table::new("kids-table", "Key names that no key has", &columns);
    let all = groups.iter().fold(0_u64, |sum, (_, group)| sum.saturating_add(group.rows));
    for (kid, group) in &groups {
        table.row([
            shown(kid).into(),
            Cell::number(group.rows),
            bar(part(group.rows, all), "accent").into(),
            time(group.first),
            time(group.last),
        ]);
    }
    // A map of names that come once each says nothing.
    let map = if groups.len() <= heat::NAMES.saturating_mul(4) { heat::map(&lines) } else { String::new() };
    format!("{map}{}", table.html("None."))
}
