//! Runs the shared table of tokens, and holds the list of refusals to it.
//!
//! `JOT_UPDATE=1 cargo test --test negative_tokens` writes the table anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

#[path = "cases/build/mod.rs"]
mod build;

use std::collections::BTreeSet;

use cases::{keys, table};

#[test]
fn table_is_made_by_its_code() {
    let made = build::all();
    if std::env::var_os("JOT_UPDATE").is_some() {
        table::store(&made);
        keys::store_signatures();
    }
    let stored = table::load();
    for (made, stored) in made.iter().zip(&stored) {
        assert_eq!(made, stored, "tests/cases/tokens.json is stale: run this test with JOT_UPDATE=1");
    }
    assert_eq!(made.len(), stored.len());
}

#[test]
fn every_case_has_its_outcome() {
    let mut wrong = Vec::new();
    for case in table::load() {
        let (expected, outcome) = (table::Outcome::expected(&case), table::run(&case));
        if outcome != expected {
            wrong.push(format!("{}: {expected:?} but {outcome:?}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn ids_are_unique_and_begin_with_their_line() {
    let cases = table::load();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), cases.len());
    for case in &cases {
        let line = format!("{:02}-", case["line"].as_u64().unwrap());
        assert!(case["id"].as_str().unwrap().starts_with(&line), "{}", case["id"]);
    }
}
