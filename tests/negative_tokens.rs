//! Runs the shared table of tokens, and holds the list of refusals to it.
//!
//! `JOT_UPDATE=1 cargo test --all-features --test negative_tokens` writes the table anew.
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
use jot::Code;

/// Tests outside of the table that a line of the list also leans on: the line,
/// the file and the test.
const TESTS: &[(u64, &str, &str)] = &[
    (1, "policy_builder", "none_has_no_algorithm_when_it_is_asked_for"),
    (5, "negative_keys", "secret_is_refused_when_it_is_the_text_of_any_key"),
    (6, "negative_keys", "secret_is_refused_when_it_is_the_text_of_any_key"),
    (7, "negative_keys", "secret_is_refused_when_it_is_the_text_of_any_key"),
    (8, "negative_keys", "key_is_never_bound_to_another_type_when_it_names_no_alg"),
    (9, "negative_keys", "key_is_bound_to_its_alg_when_it_names_one"),
    (14, "negative_keys", "secret_is_refused_when_it_is_empty_or_short"),
    (15, "negative_keys", "secret_is_bound_to_the_hashes_that_are_no_longer_than_it"),
    (16, "negative_keys", "rsa_key_is_refused_when_its_numbers_are_unsound"),
    (17, "negative_keys", "key_is_refused_when_it_is_meant_for_something_else"),
    (21, "policy_builder", "jws_with_b64_false_is_verified_and_a_jwt_with_it_is_refused"),
    (26, "negative_keys", "jwk_is_refused_when_a_member_is_missing_or_of_another_type"),
    (34, "negative_key_files", "ed25519_key_of_small_order_verifies_forgeries_as_its_order_says"),
    (37, "exhaustive_changes", "token_is_refused_when_any_byte_is_another"),
    (38, "exhaustive_changes", "token_is_refused_when_anything_is_put_behind_it"),
    (43, "policy_builder", "limits_are_counted_when_they_are_set_to_extremes"),
    (46, "prop_json", "verdict_on_json_is_that_of_serde_json_when_bytes_are_changed"),
    (51, "policy_builder", "limits_are_64_and_8_kib_when_they_are_not_set"),
    (55, "prop_times", "dates_are_judged_as_the_model_says"),
    (59, "policy_builder", "jws_is_verified_with_the_keys_of_the_issuer_when_it_is_named"),
];

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

#[test]
fn every_line_of_the_list_has_a_refusal_and_its_tests_stand() {
    let cases = table::load();
    let lines = |refused: bool| -> BTreeSet<u64> {
        let of = cases.iter().filter(|case| (case["code"] != "accepted") == refused);
        of.map(|case| case["line"].as_u64().unwrap()).collect()
    };
    let refused = lines(true);
    let missing: Vec<u64> = (1..=61).filter(|line| !refused.contains(line)).collect();
    assert!(missing.is_empty(), "no case refuses what stands on the lines {missing:?}");
    for (line, file, test) in TESTS {
        let path = keys::file(&format!("../{file}.rs"));
        let source = std::fs::read_to_string(&path).unwrap();
        assert!(source.contains(&format!("fn {test}(")), "line {line}: {file} has no {test}");
    }
}

/// A code that no case comes to is a rule that nobody has seen at work.
#[test]
fn every_code_that_a_token_can_come_to_is_in_the_table() {
    let cases = table::load();
    let seen: BTreeSet<&str> = cases.iter().map(|case| case["code"].as_str().unwrap()).collect();
    // What needs another call than the table makes, and what never happens.
    let elsewhere = [Code::PayloadAttached, Code::KeysEmpty, Code::Internal];
    let of_keys_alone = [
        Code::KeyJson,
        Code::KeyTypeUnknown,
        Code::KeyInvalid,
        Code::KeyPemInvalid,
        Code::KeyDerInvalid,
        Code::KeyNotPrivate,
        Code::KeyGeneration,
        Code::KeySecretNotPublic,
        Code::KeyTextIsPage,
        Code::KeyOfAuthority,
        Code::KeyEncrypted,
        Code::KeyTextIsSsh,
        Code::KeyTextIsPkcs12,
        Code::KeyTextIsPkcs7,
        Code::KeyTextIsDer,
        Code::KeyTextIsPem,
        Code::KeyTextIsJson,
        Code::KeyTextIsBase64,
        Code::KeyTextIsEscaped,
        Code::KeyTextIsWide,
        Code::KeyTextIsDiscovery,
        Code::KeyTextIsMap,
        Code::KeyPemLabel,
        Code::KeyCurveRenamed,
        Code::KeyCurveExplicit,
        Code::KeyCertificateDiffers,
        Code::KeyRsaPss,
        Code::KeyTextUnknown,
        Code::KeyPemDashes,
        Code::KeyTextIsRealm,
        Code::KeysNotYet,
        Code::KeysStale,
        Code::RevocationsStale,
        Code::RevocationsNotYet,
        Code::RevocationsOlder,
        Code::StatusListInvalid,
        Code::StatusListTooLong,
        Code::FetchFailed,
        Code::FetchTimeout,
        Code::FetchStatus,
        Code::FetchRedirect,
        Code::ReplyTooLong,
        Code::KeysTooMany,
        Code::DiscoveryInvalid,
        Code::DiscoveryIssuer,
        Code::UrlRefused,
        Code::SavedKeysInvalid,
    ];
    let of_signing = [Code::ClaimsToSignInvalid, Code::HeaderToSignInvalid, Code::AlgorithmNotForKey];
    let of_batches_and_lists = [
        Code::RevocationsFull,
        Code::RevocationsInvalid,
        Code::StatusListsFull,
        Code::BatchInvalid,
        Code::BatchCancelled,
        Code::RandomnessMissing,
        Code::CacheTooLarge,
        Code::MemoryMissing,
        Code::ThreadsMissing,
        Code::TokenNull,
        Code::TimeUnknown,
        Code::KeyRevoked,
        Code::KeyNotYetValid,
        Code::KeyRetired,
        Code::SubRevoked,
        Code::JtiRevoked,
        Code::SidRevoked,
    ];
    let of_c = [
        Code::ArgumentNull,
        Code::ArgumentSize,
        Code::ArgumentMisaligned,
        Code::ArgumentText,
        Code::ArgumentValue,
        Code::HandleBusy,
        Code::KeySetFrozen,
        Code::ValueMissing,
        Code::ValueType,
        Code::ValueStale,
        Code::Panicked,
    ];
    let of_conditions = [
        Code::ConditionName,
        Code::ConditionTest,
        Code::ConditionOperands,
        Code::ConditionOperand,
        Code::ConditionQuotes,
        Code::ConditionPattern,
        Code::RegexMissing,
    ];
    // tests/self_signed has these.
    let of_own_keys =
        [Code::JwkMissing, Code::JwkInvalid, Code::JwkUnexpected, Code::JwkPrivate, Code::SelfSigned];
    for code in Code::ALL {
        let known = of_c.contains(code)
            || of_own_keys.contains(code)
            || of_conditions.contains(code)
            || of_batches_and_lists.contains(code)
            || elsewhere.contains(code)
            || of_keys_alone.contains(code)
            || of_signing.contains(code);
        assert!(seen.contains(code.name()) != known, "{code}");
    }
}
