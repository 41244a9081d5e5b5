//! A module uses only floors below its own, no file is part of a circle, and
//! registers and unsafe code are where they belong. Reads the sources.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

mod modules;

use std::collections::BTreeMap;
use std::path::Path;

use modules::{circles, edges, module, uses};

/// The floors of `src/lib.rs`, lowest first.
const FLOORS: &[&[&str]] = &[
    &["algorithm", "job", "simd"],
    &["field", "key"],
    &["preparation"],
    &["implementation", "known"],
    &["edwards", "weierstrass"],
    &["ifma"],
    &["offered"],
];

/// The files that may have unsafe code: what loads and stores registers, and
/// what calls code that wants a processor that was asked.
const UNSAFE: &[&str] = &[
    "ifma/ed25519/unprepared.rs",
    "ifma/ed25519/verify.rs",
    "ifma/ed25519/windows.rs",
    "ifma/rsa/checked.rs",
    "ifma/rsa/multi_buffer.rs",
    "ifma/rsa/single.rs",
    "ifma/sha2/compression.rs",
    "ifma/sha2/sha_ni.rs",
    "ifma/weierstrass/unprepared.rs",
    "ifma/weierstrass/verify.rs",
    "ifma/weierstrass/windows.rs",
    "simd/x128.rs",
    "simd/x512.rs",
];

/// The code of every file but those of tests, without comments.
fn sources() -> BTreeMap<String, String> {
    let found = modules::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(found.len() > 30, "the sources were not found");
    found
}

#[test]
fn every_module_uses_only_floors_below_its_own() {
    let floor = |file: &str| {
        let module = module(file);
        let stands = |floor: &&[&str]| floor.contains(&module[0].as_str());
        FLOORS.iter().position(stands).unwrap_or_else(|| panic!("{file} stands on no floor"))
    };
    for (file, used) in edges(&sources()) {
        if file == "lib.rs" {
            continue;
        }
        for other in used.iter().filter(|other| module(other)[0] != module(&file)[0]) {
            assert!(floor(other) < floor(&file), "{file} uses {other}");
        }
    }
}

#[test]
fn no_file_is_part_of_a_circle() {
    let circles = circles(&sources());
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn unsafe_code_is_where_it_belongs() {
    let sources = sources();
    let found: Vec<&str> = sources
        .iter()
        .filter(|(_, code)| code.contains("unsafe {") || code.contains("unsafe fn"))
        .map(|row| row.0.as_str())
        .collect();
    assert_eq!(found, UNSAFE);
}

/// What stands in quotes behind each of these words.
fn quoted<'c>(code: &'c str, word: &str) -> Vec<&'c str> {
    code.split(word).skip(1).filter_map(|rest| rest.split('"').nth(1)).collect()
}

/// The calls that are unsafe for that alone say "an `Ifma` exists only where the processor has the
/// features", or the same of a `ShaNi`.
#[test]
fn capability_has_every_feature_that_its_code_uses() {
    let sources = sources();
    let (ifma, sha_ni) = sources["simd/mod.rs"].split_once("struct ShaNi").unwrap();
    let [ifma, mut sha_ni] = [ifma, sha_ni].map(|code| quoted(code, "is_x86_feature_detected!"));
    // Every x86-64 processor has it.
    sha_ni.push("sse2");
    let mut found = 0;
    for (file, code) in &sources {
        let of_sha = file == "simd/x128.rs" || file == "ifma/sha2/sha_ni.rs";
        let detected = if of_sha { &sha_ni } else { &ifma };
        for used in quoted(code, "target_feature(enable").iter().flat_map(|list| list.split(',')) {
            assert!(detected.contains(&used), "{file} uses {used}");
            found += 1;
        }
    }
    assert!(found > 100, "the features were not found");
}

/// All other unsafe blocks are calls for which the processor must have features. So with emulated
/// registers nothing is unsafe, and Miri need run these files alone with the real ones.
#[test]
fn memory_is_touched_through_pointers_in_the_files_of_registers_alone() {
    for (file, code) in sources() {
        let is_register = file == "simd/x128.rs" || file == "simd/x512.rs";
        let touches = ["as_ptr(", "as_mut_ptr(", "from_ref(", "from_mut(", "*const ", "*mut ", "transmute"];
        let found = touches.iter().any(|word| code.contains(word));
        assert_eq!(found, is_register, "{file}");
        let is_emulated = file.ends_with("_emulated.rs");
        assert!(!is_emulated || !code.contains("unsafe"), "{file}");
    }
}

#[test]
fn instructions_are_named_in_one_file_for_each_width() {
    for (file, code) in sources() {
        let is_register = file == "simd/x128.rs" || file == "simd/x512.rs";
        assert_eq!(code.contains("std::arch::x86_64"), is_register, "{file}");
    }
}

#[test]
fn uses_are_read_out_of_every_form() {
    let code = "use crate::{a::b, c};\npub(crate) use d::{E, f::{G, H}};\n\
                pub(in crate::ifma) fn because() { super::x() }";
    let wanted = ["crate::a::b", "crate::c", "d::E", "d::f::G", "d::f::H", "super::x"];
    assert_eq!(uses(code), wanted);
}
