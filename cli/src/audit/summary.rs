//! The summary of all rows as JSON.

use std::collections::BTreeMap;

use jot::Code;
use serde_json::{Map, Value, json};

use super::args::Column;
use super::audited::Audited;
use super::input::kept::{Keep, Kept};
use super::rules::Rules;
use super::tally::{Codes, Group, KeptTexts, SEPARATOR, SampleRow, Tally};

/// The number of names of each kind in the JSON.
const LISTED: usize = 1000;

pub(super) fn code_name(number: u32) -> &'static str {
    Code::from_number(number).map_or("internal", Code::name)
}

fn codes(codes: &Codes) -> Value {
    let named = codes.iter().map(|(number, count)| (code_name(*number).to_owned(), Value::from(*count)));
    Value::Object(named.collect::<Map<_, _>>())
}

fn group(group: &Group) -> Map<String, Value> {
    let value = json!({
        "rows": group.rows,
        "refused": group.refused(),
        "codes": codes(&group.codes),
        "first_use": group.first,
        "last_use": group.last,
    });
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Returns sample rows with the names of their codes and of what is kept of them.
fn samples(samples: &BTreeMap<u32, Vec<SampleRow>>, keep: &Keep) -> Vec<Value> {
    let mut listed = Vec::new();
    for (code, rows) in samples {
        for row in rows {
            let kept =
                keep.iter().map(|kept| kept.name().to_owned()).zip(row.kept.iter().cloned().map(Value::from));
            let kept = Value::Object(kept.collect());
            let mut row = serde_json::to_value(row).unwrap_or_default();
            if let Value::Object(members) = &mut row {
                members.insert("name".to_owned(), code_name(*code).into());
                members.insert("kept".to_owned(), kept);
            }
            listed.push(row);
        }
    }
    listed
}

/// The texts of a column that is kept, the most frequent first.
fn kept(name: &str, texts: &KeptTexts) -> Value {
    let top = texts.uses.top(100).into_iter();
    let top = top.map(|(text, uses)| json!({"text": text, "rows": uses.rows, "refused": uses.refused}));
    let invalid = texts.accepted_invalid.top(100).into_iter();
    let invalid = invalid.map(|(text, rows)| json!({"text": text, "rows": rows}));
    json!({
        "name": name,
        "texts": texts.uses.len(),
        "lacking": texts.uses.lacking,
        "top": top.collect::<Vec<_>>(),
        "accepted_invalid": invalid.collect::<Vec<_>>(),
    })
}

/// Returns the whole tally as JSON, for other programs.
pub(super) fn to_json(tally: &Tally, audited: &Audited, rules: &Rules) -> Value {
    let keep = &rules.manner.keep;
    let issuer_is_shown = !rules.omit.iter().chain(&rules.hash).any(|column| *column == Column::Issuer);
    let first = rules
        .snapshots
        .first()
        .map(|(issuer, date)| json!({"issuer": issuer.filter(|_| issuer_is_shown), "date": date}));
    let keys = tally.named.keys.top(LISTED).into_iter().map(|(name, counts)| {
        let mut parts = name.split(SEPARATOR).map(|part| (!part.is_empty()).then_some(part));
        let mut object = Map::new();
        for member in ["issuer", "kid", "alg"] {
            object.insert(member.to_owned(), parts.next().flatten().into());
        }
        object.append(&mut group(counts));
        Value::Object(object)
    });
    let kids = tally.named.unknown_kids.top(LISTED).into_iter().map(|(kid, counts)| {
        let mut object = Map::from_iter([("kid".to_owned(), Value::from(kid))]);
        object.append(&mut group(counts));
        Value::Object(object)
    });
    let subjects = tally.named.subjects.top(100);
    let subjects = subjects
        .into_iter()
        .map(|(subject, uses)| json!({"subject": subject, "rows": uses.rows, "refused": uses.refused}));
    let shared = tally.shared.top(100).into_iter().map(|shared| {
        json!({
            "fingerprint": shared.fingerprint,
            "addresses": shared.addresses(),
            "uses": shared.uses,
            "first_use": shared.first,
            "last_use": shared.last,
            "subject": shared.subject,
        })
    });
    let kept = keep.iter().map(Kept::name).zip(tally.kept.iter()).map(|(name, texts)| kept(name, texts));
    let addresses = tally.named.addresses.top(100);
    let addresses = addresses.into_iter().map(
        |(address, uses)| json!({"address": address, "refused": uses.refused, "answered": uses.answered}),
    );
    let spans =
        tally.spans.counts.iter().map(|(start, counts)| json!({"start": start, "codes": codes(counts)}));
    let lags = tally.lags.classes().map(|(name, count)| json!({"lag": name, "rows": count}));
    let statuses = tally.statuses.classes.iter().map(|(class, [accepted, refused, time_unknown])| {
        let class = if *class == 0 { "none".to_owned() } else { format!("{class}xx") };
        json!({"status": class, "accepted": accepted, "refused": refused, "time_unknown": time_unknown})
    });
    json!({
        "lines": tally.lines(),
        "rows": tally.totals.rows,
        "accepted": tally.code(Code::Accepted),
        "refused": tally.refused(),
        "time_unknown": tally.code(Code::TimeUnknown),
        "codes": codes(&tally.totals.codes),
        "first_use": tally.totals.first_use,
        "last_use": tally.totals.last_use,
        "unreadable": {
            "lines": tally.unreadable.count,
            "reasons": tally.unreadable.reasons,
            "samples": tally.unreadable.samples,
        },
        "records": {
            "count": tally.coverage.counts.records,
            "unreadable": tally.coverage.counts.unreadable,
            "without_token": tally.coverage.counts.tokenless,
            "without_time": tally.coverage.counts.timeless,
            "flaws": tally.flaws.reasons,
            "flaw_samples": tally.flaws.samples,
        },
        "sources": {
            "broken": tally.coverage.broken,
            "broken_named": tally.coverage.broken_named,
            "empty": tally.coverage.empty,
            "empty_named": tally.coverage.empty_named,
            "read": audited.sources_json(),
            "counts": tally.sources,
        },
        "before_snapshots": {
            "rows": tally.early.count,
            "samples": tally.early.samples,
            "first_snapshots": first.collect::<Vec<_>>(),
        },
        "findings": {
            "accepted_invalid": tally.statuses.accepted_invalid_total(),
            "alg_confusion": tally.totals.alg_confusion,
            "unknown_kid": tally.code(Code::KidUnknown),
            "key_retired": tally.code(Code::KeyRetired),
            "expired": tally.code(Code::Expired),
            "shared_token": tally.shared.len(),
            "truncated": tally.totals.truncated,
        },
        "doubt": audited.doubt,
        "trusted_keys": audited.keys_json(),
        "span_seconds": tally.spans.seconds,
        "spans": spans.collect::<Vec<_>>(),
        "keys": keys.collect::<Vec<_>>(),
        "unknown_kids": kids.collect::<Vec<_>>(),
        "unknown_kid_names": tally.named.unknown_kids.len(),
        "expiry_lags": lags.collect::<Vec<_>>(),
        "statuses": statuses.collect::<Vec<_>>(),
        "accepted_invalid": codes(&tally.statuses.accepted_invalid),
        "incidents": samples(&tally.samples.answered, keep),
        "samples": samples(&tally.samples.others, keep),
        "subjects": subjects.collect::<Vec<_>>(),
        "subjects_lacking": tally.named.subjects.lacking,
        "kept": kept.collect::<Vec<_>>(),
        "refused_addresses": addresses.collect::<Vec<_>>(),
        "shared_tokens": shared.collect::<Vec<_>>(),
        "shared_tokens_forgotten": tally.shared.forgotten,
    })
}
