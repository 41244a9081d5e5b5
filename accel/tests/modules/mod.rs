//! Reads which module uses which, out of the text of sources.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The code of every file below `root` but what is for tests, without comments.
pub(crate) fn sources(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    read_folder(root, root, &mut found);
    found
}

fn read_folder(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
            let code = code.join("\n");
            let product = code.split("\nmod tests {").next().unwrap();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, product.to_owned());
        }
    }
}

/// The path of a file's module: that of `a/mod.rs` and of `a.rs` is `a`.
pub(crate) fn module(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(stem, "lib" | "main") { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

/// The paths of the `use` declarations, groups written out, and those that stand
/// elsewhere.
pub(crate) fn uses(code: &str) -> Vec<String> {
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

/// The first names of the paths in `code`: a parent names its children by them.
fn first_names(code: &str) -> BTreeSet<String> {
    let name_before = |(at, _): (usize, &str)| {
        let name = code[..at].rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next();
        let is_first = |name: &&str| !code[..at - name.len()].ends_with("::");
        name.filter(|name| is_first(name) && !matches!(*name, "crate" | "self" | "super")).map(str::to_owned)
    };
    code.match_indices("::").filter_map(name_before).collect()
}

/// Which files each file uses. An item that `lib.rs` re-exports is one of `lib.rs`.
pub(crate) fn edges(sources: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<Vec<String>, &String> = sources.keys().map(|file| (module(file), file)).collect();
    let resolve = |own: &[String], path: &str| {
        let names: Vec<&str> = path.split("::").collect();
        let ups = names.iter().take_while(|name| **name == "super").count();
        let (mut base, names) = match names[0] {
            "crate" => (Vec::new(), &names[1..]),
            "super" => (own[..own.len().saturating_sub(ups)].to_vec(), &names[ups..]),
            "self" => (own.to_vec(), &names[1..]),
            // A name of the module's own, or of another crate, which no file has.
            first => {
                let mut child = own.to_vec();
                child.push(first.to_owned());
                if !files.contains_key(&child) {
                    return None;
                }
                (own.to_vec(), &names[..])
            }
        };
        for name in names {
            base.push((*name).to_owned());
            if !files.contains_key(&base) {
                base.pop();
                break;
            }
        }
        (base != own).then(|| files.get(&base).map(|file| (*file).clone())).flatten()
    };
    let used = |(file, code): (&String, &String)| {
        let own = module(file);
        let mut paths = uses(code);
        paths.extend(first_names(code));
        let found = paths.iter().filter_map(|path| resolve(&own, path)).collect();
        (file.clone(), found)
    };
    sources.iter().map(used).collect()
}

/// Returns the circles: the greatest sets of files of which each uses each other one,
/// by others or itself.
pub(crate) fn circles(sources: &BTreeMap<String, String>) -> BTreeSet<BTreeSet<String>> {
    let edges = edges(sources);
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|file| (file, reached_from(file, &edges))).collect();
    let around = |file: &String| reached[file].contains(file);
    let together = |file: &String| {
        let back = |other: &&&String| reached[**other].contains(file);
        reached[file].iter().filter(back).map(|other| (*other).clone()).collect()
    };
    edges.keys().filter(|file| around(file)).map(together).collect()
}

fn reached_from<'e>(file: &String, edges: &'e BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&'e String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = edges[file].iter().collect();
    while let Some(file) = open.pop() {
        if reached.insert(file) {
            open.extend(&edges[file]);
        }
    }
    reached
}
