//! Every public type has an example in its documentation, and so has every function
//! that a program calls first. The examples are compiled and run with the other
//! tests of the documentation.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is wrong")]

mod exports;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Constants, and what only our own tests see.
const NO_TYPES: [&str; 3] = ["MAX_CANDIDATES", "MAX_DEPTH", "Probe"];

/// The functions that a program calls first.
const ENTRIES: [&str; 38] = [
    "Batch::new",
    "Batch::verify",
    "Batch::verify_with_progress",
    "Claims::claim",
    "Claims::path",
    "Columns::codes",
    "JsonReader::read",
    "KeySet::from_jwks",
    "KeySet::from_pem_bundle",
    "KeySet::from_text",
    "Policy::new",
    "Policy::validate_claims",
    "Rejection::detail",
    "Signer::sign_claims",
    "Signer::sign_claims_with",
    "Signer::sign_message",
    "Signer::sign_payload",
    "Signer::sign_serialize",
    "SigningKey::from_der",
    "SigningKey::from_jwk",
    "SigningKey::from_pem",
    "SigningKey::from_secret",
    "SigningKey::generate",
    "Verifier::builder",
    "Verifier::replace_keys",
    "Verifier::set_revocations",
    "Verifier::statistics",
    "Verifier::verdict",
    "Verifier::verdict_for",
    "Verifier::verify",
    "Verifier::verify_jws",
    "Verifier::verify_without_claims",
    "VerifyingKey::from_der",
    "VerifyingKey::from_jwk",
    "VerifyingKey::from_pem",
    "VerifyingKey::from_secret",
    "VerifyingKey::verify_signature",
    "VerifyingKey::with_validity",
];

/// Returns each public type, and each public function as `Type::function`, with
/// `true` if the comment above it has an example.
fn documented(source: &str) -> BTreeMap<String, bool> {
    let (mut found, mut owner, mut has_example) = (BTreeMap::new(), String::new(), false);
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for line in source.lines() {
        let code = line.trim_start();
        if let Some(comment) = code.strip_prefix("///") {
            has_example |= comment.trim_start().starts_with("```");
            continue;
        }
        if code.starts_with("#[") || code.starts_with("//") {
            continue;
        }
        if let Some(rest) = line.strip_prefix("impl") {
            let rest =
                rest.strip_prefix('<').and_then(|rest| rest.split_once('>')).map_or(rest, |rest| rest.1);
            owner = if line.contains(" for ") { String::new() } else { word(rest.trim_start()) };
        }
        for kind in ["struct", "enum", "type", "trait"] {
            if let Some(rest) = code.strip_prefix("pub ").and_then(|rest| rest.strip_prefix(kind)) {
                found.insert(word(rest.trim_start()), has_example);
            }
        }
        if let Some(rest) = code.strip_prefix("pub ").map(|rest| rest.trim_start_matches("const "))
            && let Some(rest) = rest.strip_prefix("fn ")
        {
            found.insert(format!("{owner}::{}", word(rest)), has_example);
        }
        has_example = false;
    }
    found
}

fn all_documented() -> BTreeMap<String, bool> {
    fn read(folder: &Path, found: &mut BTreeMap<String, bool>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // C has examples of its own, and names that are the engine's too.
                if !path.ends_with("ffi") {
                    read(&path, found);
                }
            } else {
                found.extend(documented(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = BTreeMap::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn every_public_type_and_every_entry_has_an_example() {
    let documented = all_documented();
    let types = exports::exports().into_iter().filter(|name| !NO_TYPES.contains(&&**name));
    let wanted = types.chain(ENTRIES.map(str::to_owned));
    let without: Vec<String> =
        wanted.filter(|name| !documented.get(name).copied().unwrap_or_default()).collect();
    assert!(without.is_empty(), "these have no example: {without:#?}");
}

#[test]
fn examples_are_found_above_types_and_functions() {
    let source = "/// One.\n///\n/// ```\n/// ```\n#[derive(Debug)]\npub struct A;\n\nimpl<'a> A {\n    \
                  /// Two.\n    pub const fn two() {}\n\n    /// ```\n    /// ```\n    //= rfc\n    pub fn three() {}\n}\n";
    let found: Vec<(String, bool)> = documented(source).into_iter().collect();
    let wanted = [("A", true), ("A::three", true), ("A::two", false)];
    assert_eq!(found, wanted.map(|(name, has)| (name.to_owned(), has)));
}
