//! Where the code is that does what a requirement wants: beside comments that quote
//! it, in duvet's form.
//!
//! ```text
//! //= rfc7515#section-4.1.11
//! //# Producers MUST NOT use the empty list "[]" as the "crit" value.
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use super::texts::joined;

/// A comment that quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) document: String,
    pub(crate) section: String,
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// A file, and the item in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) item: String,
}

/// Returns every quote in the sources below these folders.
pub(crate) fn quotes(root: &Path, folders: &[&str]) -> Vec<Quote> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    files.iter().flat_map(|path| quotes_of(&name(path), &fs::read_to_string(path).unwrap())).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the quotes of one source.
pub(crate) fn quotes_of(file: &str, source: &str) -> Vec<Quote> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(target) = line.strip_prefix("//= ") else { continue };
        let (document, section) = target
            .split_once("#section-")
            .unwrap_or_else(|| panic!("{file}: {target} names no section of a document"));
        let quote = lines[at + 1..].iter().map_while(|line| line.strip_prefix("//#"));
        let text = joined(&quote.collect::<Vec<_>>().join(" "));
        found.push(Quote {
            document: document.to_owned(),
            section: section.to_owned(),
            text,
            place: Place { file: file.to_owned(), item: item(&lines, at) },
        });
    }
    found
}

/// Returns the name of the item that begins below the comment, or of the function
/// that the comment is in.
fn item(lines: &[&str], at: usize) -> String {
    let is_between = |line: &&&str| line.is_empty() || line.starts_with("//") || line.starts_with('#');
    let below = lines[at..].iter().find(|line| !is_between(line)).and_then(|line| named(line));
    let around = || lines[..at].iter().rev().filter(|line| line.contains("fn ")).find_map(|line| named(line));
    below.or_else(around).unwrap_or_default()
}

/// Returns the name that a line gives to an item, or that of the macro it calls.
fn named(line: &str) -> Option<String> {
    if let Some(name) = line.strip_suffix("! {").filter(|name| !name.contains(' ')) {
        return Some(name.to_owned());
    }
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let starts = ["fn", "pub", "const", "static", "struct", "enum", "impl", "macro_rules"];
    if !starts.contains(words.first()?) {
        return None;
    }
    let at = words.iter().rposition(|word| ["fn", "struct", "enum"].contains(word));
    let at = at.or_else(|| words.iter().position(|word| ["const", "static"].contains(word)))?;
    words.get(at + 1).filter(|name| !name.is_empty()).map(|name| (*name).to_owned())
}

/// The shared table of tokens, whose rows are named without the file.
pub(crate) const TABLE: &str = "tests/cases/tokens.json";

/// Returns the file and the name of a test.
pub(crate) fn test(named: &str) -> (&str, &str) {
    named.split_once(": ").unwrap_or((TABLE, named))
}

/// Says what is wrong with the name of a test: `file: function`, or the row of the
/// table of tokens.
pub(crate) fn missing_test(root: &Path, named: &str) -> Option<String> {
    let (file, test) = test(named);
    let Ok(text) = fs::read_to_string(root.join(file)) else { return Some(format!("{file} is not there")) };
    let mark = match file.rsplit('.').next() {
        Some("json") => format!("\"id\":\"{test}\""),
        Some("py") => format!("def {test}("),
        _ => format!("fn {test}("),
    };
    (!text.contains(&mark)).then(|| format!("{file} has no {test}"))
}
