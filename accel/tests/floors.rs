//! A module uses only floors below its own, no file is part of a circle, and
//! registers and unsafe code are where they belong. Reads the sources.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of `src/lib.rs`, lowest first.
const FLOORS: &[&[&str]] = &[
    &["algorithm", "job", "simd"],
    &["field", "key"],
    &["edwards", "preparation"],
    &["implementation", "known"],
    &["weierstrass"],
    &["ifma"],
    &["offered"],
];

/// The files that may have unsafe code: what loads and stores registers, and
/// what calls code that wants a processor that was asked.
const UNSAFE: &[&str] = &[
    "ifma/ed25519/verify.rs",
    "ifma/p256/verify.rs",
    "ifma/rsa/multi_buffer.rs",
    "ifma/rsa/single.rs",
    "ifma/sha2/compression.rs",
    "ifma/sha2/sha_ni.rs",
    "simd/x128.rs",
    "simd/x512.rs",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read_folder(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, found);
        } else if !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, code.join("\n"));
        }
    }
}

/// The code of every file but those of tests, without comments.
fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    read_folder(&root(), &mut found);
    assert!(found.len() > 30, "the sources were not found");
    found
}

/// The path of a file's module: that of `a/mod.rs` and of `a.rs` is `a`.
fn module(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if stem == "lib" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

/// The paths of the `use` declarations, groups written out, and those that stand
/// elsewhere.
fn uses(code: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let begins = |at: usize| !code[..at].ends_with(is_part);
    let declarations = code.match_indices("use ").filter(|found| begins(found.0)).map(|(at, mark)| {
        let text = code[at + mark.len()..].split(';').next().unwrap();
        text.split_whitespace().collect::<String>()
    });
    let elsewhere = ["crate::", "super::"].into_iter().flat_map(|mark| code.match_indices(mark));
    // `pub(in crate::…)` uses nothing.
    let elsewhere = elsewhere.filter(|found| begins(found.0) && !code[..found.0].ends_with("in "));
    let elsewhere = elsewhere.map(|(at, _)| code[at..].split(|letter| !is_part(letter)).next().unwrap());
    let paths: Vec<String> = declarations.chain(elsewhere.map(str::to_owned)).collect();
    let whole = |path: &String| path.trim_end_matches("::") == path;
    paths.iter().flat_map(|path| spread(path)).filter(whole).collect()
}

fn spread(text: &str) -> Vec<String> {
    let Some((head, group)) = text.split_once('{') else {
        return vec![text.to_owned()];
    };
    let group = group.strip_suffix('}').unwrap_or(group);
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in group.chars() {
        match letter {
            ',' if depth == 0 => parts.push(String::new()),
            _ => {
                depth = depth.saturating_add(usize::from(letter == '{'));
                depth = depth.saturating_sub(usize::from(letter == '}'));
                parts.last_mut().unwrap().push(letter);
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.iter().flat_map(|part| spread(&format!("{head}{part}"))).collect()
}

/// Which files each file uses.
fn edges(sources: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<Vec<String>, &String> = sources.keys().map(|file| (module(file), file)).collect();
    let resolve = |own: &[String], path: &str| {
        let mut names: Vec<String> = path.split("::").map(str::to_owned).collect();
        let mut base = match names[0].as_str() {
            "crate" => Vec::new(),
            "super" => own[..own.len() - 1].to_vec(),
            // A name of the module's own, or of another crate, which no file has.
            first => {
                let mut child = own.to_vec();
                child.push(first.to_owned());
                if !files.contains_key(&child) {
                    return None;
                }
                own.to_vec()
            }
        };
        if matches!(names[0].as_str(), "crate" | "super") {
            names.remove(0);
        }
        for name in names {
            base.push(name);
            if !files.contains_key(&base) {
                base.pop();
                break;
            }
        }
        (base != own).then(|| files.get(&base).map(|file| (*file).clone())).flatten()
    };
    let used = |(file, code): (&String, &String)| {
        let own = module(file);
        let found = uses(code).iter().filter_map(|path| resolve(&own, path)).collect();
        (file.clone(), found)
    };
    sources.iter().map(used).collect()
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
    let mut edges = edges(&sources());
    // Takes away the files that use none of those that are left.
    loop {
        let free: Vec<String> =
            edges.iter().filter(|row| row.1.is_empty()).map(|row| row.0.clone()).collect();
        if free.is_empty() {
            break;
        }
        edges.retain(|file, _| !free.contains(file));
        for used in edges.values_mut() {
            used.retain(|file| !free.contains(file));
        }
    }
    assert!(edges.is_empty(), "in a circle, or above one: {edges:#?}");
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
