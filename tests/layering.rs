//! A module uses only floors below its own; modules on one floor do not know
//! each other. No file is part of a circle. Reads the paths in the sources.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is wrong")]

#[path = "../accel/tests/modules/mod.rs"]
mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of ARCHITECTURE.md, lowest first.
const FLOORS: &[&[&str]] = &[
    &["authorization", "error", "time", "limits", "missing", "planted", "simd", "stripes"],
    &["base64url", "json", "alg"],
    &["header_cache"],
    &["jws", "crypto", "scratch"],
    &["key", "detail", "cache"],
    &["verified", "jwks"],
    &["claims"],
    &["policy", "revocation", "stats", "status"],
    &["verifier", "signer", "self_signed"],
    &["batch", "lists"],
    &["ffi"],
];

fn floor(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("the module {module} stands on no floor"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first names behind `crate::`, groups included, comments left out.
fn uses(source: &str) -> BTreeSet<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            names.extend(
                group.split(',').map(|part| part.trim().split("::").next().unwrap_or_default().to_owned()),
            );
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs").to_owned();
        if module != "lib" {
            let used = uses(&fs::read_to_string(&file).unwrap());
            edges.entry(module).or_default().extend(used);
        }
    }
    edges
}

#[test]
fn every_module_uses_only_floors_below_its_own() {
    let edges = edges();
    assert!(edges.len() >= 10, "the sources were not found");
    for (module, used) in &edges {
        for other in used.iter().filter(|other| *other != module) {
            assert!(
                floor(other) < floor(module),
                "{module} (floor {}) uses {other} (floor {})",
                floor(module),
                floor(other)
            );
        }
    }
}

#[test]
fn every_floor_stands() {
    let edges = edges();
    for module in FLOORS.iter().copied().flatten() {
        assert!(edges.contains_key(*module), "the module {module} has no source");
    }
}

#[test]
fn no_file_of_a_crate_is_part_of_a_circle() {
    for (folder, least) in [
        ("src", 100),
        ("cli/src", 60),
        ("fetch/src", 6),
        ("proofs/src", 8),
        ("bindings/envoy/src", 15),
        ("bindings/duckdb/src", 5),
        ("bindings/tower/src", 8),
        ("server/src", 30),
        ("server/core/src", 12),
        ("server/show/src", 15),
    ] {
        let mut sources = modules::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        // The programs of `proofs` have the modules of another crate among their own: see below.
        sources.retain(|file, _| !file.starts_with("bin/"));
        assert!(sources.len() >= least, "the sources were not found");
        let circles = modules::circles(&sources);
        assert!(circles.is_empty(), "{circles:#?}");
    }
}

/// A file that is a module by its path, and the modules that it includes in turn. The sources of
/// another crate have modules below themselves no more, and stand here without their text.
fn include(sources: &mut BTreeMap<String, String>, file: &str, place: &Path) {
    let code = sources[file].clone();
    for behind in code.split("#[path = \"").skip(1) {
        let (path, rest) = behind.split_once('"').unwrap();
        let name = rest.split_once("mod ").unwrap().1.split(';').next().unwrap();
        let path = place.parent().unwrap().join(path);
        let is_of_program = !path.components().any(|part| part.as_os_str() == "accel");
        let text = if is_of_program { fs::read_to_string(&path).unwrap() } else { String::new() };
        let mut module = modules::module(file);
        module.push(name.to_owned());
        let included = module.join("/") + ".rs";
        assert!(sources.insert(included.clone(), text).is_none(), "{included} is there twice");
        include(sources, &included, &path);
    }
}

#[test]
fn no_file_of_a_proving_program_is_part_of_a_circle() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/src/bin");
    for (program, least) in [("curves", 70), ("field", 15), ("formulas", 25), ("rsa", 12)] {
        let root = programs.join(program);
        let mut sources = modules::sources(&root);
        for file in sources.keys().cloned().collect::<Vec<_>>() {
            include(&mut sources, &file, &root.join(&file));
        }
        assert!(sources.len() >= least, "{} sources of {program}", sources.len());
        let circles = modules::circles(&sources);
        assert!(circles.is_empty(), "{program}: {circles:#?}");
    }
    assert_eq!(fs::read_dir(&programs).unwrap().count(), 4, "a program is not looked at");
}

#[test]
fn circles_are_found_through_parents_children_and_exports() {
    let circles = |files: &[(&str, &str)]| {
        let owned = |row: &(&str, &str)| (row.0.to_owned(), row.1.to_owned());
        let found = modules::circles(&files.iter().map(owned).collect());
        found.into_iter().map(|circle| Vec::from_iter(circle).join(" ")).collect::<Vec<_>>()
    };
    let lib = ("lib.rs", "mod a; mod b; pub use a::{A, X}; use b::B;");
    assert_eq!(circles(&[lib, ("a.rs", "use crate::b::B;"), ("b.rs", "")]), [""; 0]);
    assert_eq!(circles(&[lib, ("a.rs", ""), ("b.rs", "use crate::{A, X};")]), ["b.rs lib.rs"]);
    let children = |child| [("a/mod.rs", "mod c; fn f() { c::g() }"), ("a/c.rs", child), ("a/d.rs", "")];
    assert_eq!(circles(&children("use super::d::D;")), [""; 0]);
    assert_eq!(circles(&children("use super::A;")), ["a/c.rs a/mod.rs"]);
    let three = [("a.rs", "use crate::b;"), ("b.rs", "use crate::c::C;"), ("c.rs", "use crate::a::A;")];
    assert_eq!(circles(&three), ["a.rs b.rs c.rs"]);
    let nephew = [("a/b.rs", ""), ("a/b/c.rs", "use super::super::d::D;"), ("a/d.rs", "use super::b::c;")];
    assert_eq!(circles(&nephew), ["a/b/c.rs a/d.rs"]);
}

#[test]
fn uses_are_read_out_of_every_form() {
    let source = "use crate::error::Code; // crate::not_this\nuse crate::{alg::Alg, json};\nfn f() { crate::time::g() }";
    let names: Vec<_> = uses(source).into_iter().collect();
    assert_eq!(names, ["alg", "error", "json", "time"]);
}
