//! What a test does that cannot run on this machine: it says so where everybody
//! sees it, and fails if everything is required.
//!
//! `JOT_REQUIRE=all` requires everything, as `make test` does. `JOT_ALLOW_MISSING`
//! names what may be missing all the same, with blanks or commas between.

use std::io::Write;

/// Everything that a test may name.
pub(crate) const NAMES: &[&str] = &["avx512", "sha-ni", "chromium", "device", "root", "venv"];

/// Says that the calling test needs `name` and is left out.
///
/// # Panics
/// If everything is required and `name` is not allowed to be missing.
#[track_caller]
pub(crate) fn missing(name: &str) {
    let set = |variable| std::env::var(variable).unwrap_or_default();
    let caller = std::panic::Location::caller();
    let is_fault = is_fault(name, &set("JOT_REQUIRE"), &set("JOT_ALLOW_MISSING"));
    assert!(!is_fault, "{name} is missing, and JOT_ALLOW_MISSING does not name it");
    // Not println!, whose output is hidden when a test passes.
    let _ = writeln!(std::io::stderr(), "NOT TESTED, {name} is missing: {caller}");
}

/// Returns `true` if the test must fail.
pub(crate) fn is_fault(name: &str, required: &str, allowed: &str) -> bool {
    assert!(NAMES.contains(&name), "the table of names lacks {name}");
    assert!(["", "all"].contains(&required), "JOT_REQUIRE is all or nothing, not {required}");
    let mut allowed = allowed.split([' ', ',']).filter(|word| !word.is_empty());
    let unknown = allowed.clone().find(|word| !NAMES.contains(word));
    assert_eq!(unknown, None, "JOT_ALLOW_MISSING has a word that no test knows");
    // Other processors have no code that would need these.
    let has_code = cfg!(target_arch = "x86_64") || !["avx512", "sha-ni"].contains(&name);
    required == "all" && has_code && !allowed.any(|word| word == name)
}
