//! Parts that were merged come to what one part of all rows comes to.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing that is wrong")]

use super::*;
use crate::audit::input::{Flaw, Unreadable};

const ROWS: u64 = 600;

/// Rows of every kind, some years apart.
fn count(tally: &mut Tally, kept: &mut Kept, number: u64) {
    let codes = [
        Code::Accepted,
        Code::Expired,
        Code::KidUnknown,
        Code::AlgNone,
        Code::TokenNull,
        Code::KeyRetired,
        Code::TimeUnknown,
    ];
    let pick = |count: u64| (number % count) as usize;
    let code = codes[pick(7)];
    if number.is_multiple_of(5) {
        let reasons = [Unreadable::NotJson, Unreadable::Columns, Unreadable::Wrapper];
        let unread = Remark { number, reason: reasons[pick(3)].told(), seen: None };
        tally.count_unreadable("b.log", &unread);
        return;
    }
    if code == Code::TimeUnknown {
        tally.count_flaw("a.log", &Remark { number, reason: Flaw::TimeMissing.told(), seen: None });
    }
    let signature_ok = matches!(code, Code::Accepted | Code::Expired | Code::KeyRetired | Code::TimeUnknown);
    let kid = format!("kid-{}", number % 13);
    let path = format!("/path/{}", number % 29);
    let subject = format!("subject-{}", number % 17);
    let row = Row {
        source: "a.log",
        line: number,
        used_at: (code != Code::TimeUnknown).then_some((number as i64 - 300) * 100_000),
        status: [None, Some(200), Some(204), Some(401)][pick(4)],
        address: Some(["10.0.0.1", "10.0.0.2", "10.0.0.3"][pick(3)]),
        code,
        signature_ok,
        time_ok: None,
        expired_by_seconds: (code == Code::Expired).then_some(number as i64 * 977),
        expires_at: None,
        alg: Some("ES256"),
        kid: Some(&kid),
        issuer: Some("https://issuer"),
        subject: Some(&subject).filter(|_| signature_ok).map(String::as_str),
        jti: None,
        key_state: None,
        truncated: number.is_multiple_of(11),
        kind: Some("jwt"),
        token_index: None,
        fingerprint: None,
        kept: &[None, Some(path.as_str().into())],
        token: None,
    };
    if code == Code::KidUnknown {
        tally.count_early("a.log", number);
    }
    let mut places = Places::default();
    tally.count(&row, &mut places);
    if let Some(kind) = kept.wants(&row) {
        tally.keep(kind, &row);
    }
    if signature_ok {
        let (token_id, address_id) = (number % 19, number % 23);
        tally.note(TokenUses::first(token_id, address_id, row.used_at, Piece::default(), places.subject));
    }
}

/// Counts these rows, without merging anything.
fn part(kept: &mut Kept, rows: std::ops::Range<u64>) -> Tally {
    let mut coverage = Coverage::default();
    if rows.start == 0 {
        coverage.count_broken("c.log", "gone".to_owned());
        coverage.count_empty("d.log");
    }
    let mut part = Tally::with(coverage, 0);
    for number in rows {
        count(&mut part, kept, number);
    }
    part.end("a.log");
    part
}

fn merged(part_rows: u64) -> serde_json::Value {
    let (mut whole, mut kept) = (Tally::default(), Kept::default());
    for first in (0..ROWS).step_by(part_rows as usize) {
        whole.merge(part(&mut kept, first..(first + part_rows).min(ROWS)), |_| 7);
        whole.merge(Tally::default(), |_| 7);
    }
    serde_json::to_value(&whole).unwrap()
}

#[test]
fn merged_parts_come_to_what_one_part_comes_to() {
    let one = serde_json::to_value(part(&mut Kept::default(), 0..ROWS)).unwrap();
    let empty = serde_json::to_value(Tally::default()).unwrap();
    let shared = merged(ROWS)["shared"].clone();
    assert!(shared != empty["shared"]);
    for part_rows in [1, 2, 64, 599, ROWS] {
        let whole = merged(part_rows);
        for (name, counter) in whole.as_object().unwrap() {
            // Shared tokens are looked for when a part is merged.
            let wanted = if name == "shared" { &shared } else { &one[name] };
            assert_eq!(counter, wanted, "{name} of parts of {part_rows} rows");
            assert!(*counter != empty[name], "nothing was counted in {name}");
        }
    }
}
