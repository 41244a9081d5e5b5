//! The public names of the engine, read from its sources.

use std::fs;
use std::path::Path;

/// The names that `src/lib.rs` and its public modules export.
pub(crate) fn exports() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(root.join("lib.rs")).unwrap();
    // What is hidden is for our own crates.
    let hidden = lib.find("#[doc(hidden)]\npub mod ").unwrap_or(lib.len());
    let (before, rest) = lib.split_at(hidden);
    let behind = rest.split_once("\n}\n").map_or("", |parts| parts.1);
    let mut names = used(before);
    names.extend(used(behind));
    let modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() >= 2, "the public modules were not found");
    for module in modules {
        let source = fs::read_to_string(root.join(module).join("mod.rs")).unwrap();
        names.extend(used(&source));
        names.extend(source.lines().filter_map(defined));
    }
    names
}

/// The types and constants after `pub use`; modules begin with a small letter.
fn used(source: &str) -> Vec<String> {
    let lists = source.split("pub use ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let names = lists.flat_map(|path| {
        let names = path.rsplit("::").next().unwrap();
        names.trim_matches(['{', '}', '\n']).split(',').map(str::trim)
    });
    names.filter(|name| name.starts_with(char::is_uppercase)).map(str::to_owned).collect()
}

/// The type that a line defines for everybody.
fn defined(line: &str) -> Option<String> {
    let rest = ["pub struct ", "pub enum ", "pub type "].iter().find_map(|word| line.strip_prefix(word))?;
    Some(rest.chars().take_while(|c| c.is_alphanumeric()).collect())
}
