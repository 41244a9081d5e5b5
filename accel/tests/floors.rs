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
