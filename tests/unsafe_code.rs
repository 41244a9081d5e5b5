//! Unsafe code stands in these files and no other.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What needs it, and why. `accel/tests/floors.rs` has the like for `jot-accel`.
const FILES: &[&str] = &[
    // Wide registers for text.
    "base64url/avx512.rs",
    "json/scan.rs",
    "json/scan/avx2.rs",
    // aws-lc's functions for C that aws-lc-rs has not.
    "crypto/bignum.rs",
    "crypto/point.rs",
    "crypto/weak_rsa.rs",
    // Faults for the sanitizers to find, which no build of a user has.
    "planted.rs",
];

fn search(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(root, &path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        let marks = ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "unsafe("];
        if code.into_iter().any(|line| marks.iter().any(|mark| line.contains(mark))) {
            found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

#[test]
fn unsafe_code_stands_in_few_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    search(&root, &root, &mut found);
    // The C boundary is unsafe by its nature.
    found.retain(|file| !file.starts_with("ffi/"));
    assert_eq!(found, FILES.iter().map(|file| (*file).to_owned()).collect());
}
