//! What the pages name is there: files, Rust's items, C's functions, targets of
//! make, sections; and what they say of versions is so. What they say of jotctl
//! is held by `cli/tests/cli/documents.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod pages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pages::{Page, pages};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Looks at every page, and fails with all that `faults` finds there.
#[track_caller]
fn assert_nothing_is_missing(faults: impl Fn(&Page) -> Vec<String>) {
    let pages = pages(root());
    assert!(pages.len() > 15, "the pages were not found");
    let told = |page: &Page| -> Vec<String> {
        faults(page).into_iter().map(|fault| format!("{}: {fault}", page.name)).collect()
    };
    let missing: Vec<String> = pages.iter().flat_map(told).collect();
    assert!(missing.is_empty(), "{} are not there:\n{}", missing.len(), missing.join("\n"));
}

/// Every file and folder below the root, but for what is built and fetched.
fn tree() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_made = [".git", "target", "demo", "__pycache__"].contains(&name)
                || name.starts_with(".venv")
                || path.ends_with("nginx/build")
                || path.ends_with("fuzz/corpus")
                || path.ends_with("fuzz/artifacts");
            if !is_made {
                found.insert(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
                if path.is_dir() && !path.is_symlink() {
                    walk(&path, found);
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(root(), &mut found);
    found
}

/// Names in pages that look like ours and are not: what installing and building
/// makes, and files of others.
const OTHERS: &[&str] = &["bindings/nginx/build/ngx_http_jot_module.so"];

/// The endings of files that are written by hand.
const SOURCES: &[&str] = &["rs", "c", "h", "hpp", "cpp", "py", "sh", "toml", "md", "in"];

fn has_source_ending(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| SOURCES.contains(&ending))
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let tree = tree();
    let is_path = |word: &str| {
        !word.starts_with(['/', '$', '-'])
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
            && word.chars().any(|c| c.is_ascii_alphabetic())
    };
    assert_nothing_is_missing(|page| {
        // In prose only what begins in one of our folders; in backticks parts of
        // paths as well.
        let prose = page.prose();
        let bare = prose.split(|c: char| c.is_whitespace() || "()`,;:".contains(c));
        let bare = bare.map(|word| word.trim_end_matches('.').to_owned()).map(|word| (word, false));
        let spans = page
            .spans()
            .into_iter()
            .flat_map(|span| span.split(' ').map(|word| (word.to_owned(), true)).collect::<Vec<_>>());
        let mut missing = Vec::new();
        for (word, is_quoted) in spans.chain(bare).filter(|(word, _)| is_path(word)) {
            let word = word.trim_end_matches('/');
            let first = word.split('/').next().unwrap();
            let is_ours = word.contains('/') && !first.contains('.') && tree.contains(first);
            let is_there = if is_ours {
                tree.contains(word) || OTHERS.contains(&word)
            } else if is_quoted && has_source_ending(word) {
                let inner = format!("/{word}");
                tree.contains(word) || tree.iter().any(|path| path.ends_with(&inner))
            } else {
                true
            };
            if !is_there {
                missing.push(word.to_owned());
            }
        }
        missing
    });
}

/// The anchor that a heading has on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn every_link_of_a_page_leads_to_a_file_and_a_section() {
    assert_nothing_is_missing(|page| {
        let folder = root().join(&page.name);
        let prose = page.prose();
        let links = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let is_dead = |link: &&str| {
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() { folder.clone() } else { folder.parent().unwrap().join(file) };
            if section.is_empty() {
                return !path.exists();
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            let mut headings = text.lines().filter(|line| line.starts_with('#'));
            !headings.any(|line| anchor(line.trim_start_matches('#')) == section)
        };
        links.filter(|link| !link.contains("://")).filter(is_dead).map(str::to_owned).collect()
    });
}

/// `Type::name` for everything that a Rust file defines in a type: functions,
/// constants, variants, public fields; and `Type` itself.
fn items_of(source: &str, found: &mut BTreeSet<String>) {
    let words = |line: &str| -> Vec<String> {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let name_after = |line: &str, word: &str| {
        let words = words(line);
        words.iter().position(|one| one == word).and_then(|at| words.get(at + 1).cloned())
    };
    // The types that are open, with the indentation that closes them.
    let mut open: Vec<(usize, String, bool)> = Vec::new();
    let mut derives_default = false;
    for line in source.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        derives_default |= text.starts_with("#[derive(") && text.contains("Default");
        if text.starts_with("//") || text.starts_with('#') {
            continue;
        }
        while open.last().is_some_and(|(at, ..)| !text.is_empty() && indent <= *at) {
            open.pop();
        }
        if let Some((_, owner, is_enum)) = open.last() {
            for word in ["fn", "const", "type"] {
                let name = name_after(text, word).filter(|name| name != "fn");
                found.extend(name.map(|name| format!("{owner}::{name}")));
            }
            // A field of the caller's.
            if let Some((name, _)) = text.strip_prefix("pub ").and_then(|rest| rest.split_once(':')) {
                found.insert(format!("{owner}::{name}"));
            }
            if *is_enum && text.starts_with(|c: char| c.is_ascii_uppercase()) {
                found.extend(words(text).first().map(|name| format!("{owner}::{name}")));
            }
        }
        if let Some(head) = text.strip_prefix("impl") {
            let head = head.rsplit(" for ").next().unwrap();
            let head = if let Some(rest) = head.strip_prefix('<') {
                rest.split_once("> ").map_or(rest, |(_, rest)| rest)
            } else {
                head
            };
            if let (Some(owner), true) = (words(head).first(), text.ends_with('{')) {
                open.push((indent, owner.clone(), false));
            }
        } else {
            for word in ["struct", "enum", "trait", "union"] {
                let starts = [format!("{word} "), format!("pub {word} "), format!("pub(crate) {word} ")];
                if starts.iter().any(|start| text.starts_with(start)) {
                    let owner = name_after(text, word).unwrap();
                    found.insert(owner.clone());
                    if std::mem::take(&mut derives_default) {
                        found.insert(format!("{owner}::default"));
                    }
                    if text.ends_with('{') {
                        open.push((indent, owner, word == "enum"));
                    }
                }
            }
        }
    }
}

fn items() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in tree().iter().filter(|path| path.ends_with(".rs") && !path.starts_with("tests/")) {
        items_of(&read(path), &mut found);
    }
    // Made by macros, a line for each.
    for (path, owner) in [("src/error/code.rs", "Code"), ("src/alg.rs", "Alg")] {
        let source = read(path);
        let rows = source.lines().filter_map(|line| line.trim_start().split_once(" = "));
        found.extend(rows.map(|(name, _)| format!("{owner}::{name}")));
    }
    // Made by bitflags.
    found.insert("Flags::from_bits_retain".to_owned());
    found
}

#[test]
fn every_item_of_rust_that_a_page_names_is_there() {
    let items = items();
    for known in ["Policy::new", "Backend::Auto", "Code::Expired", "Alg::ES256", "Code::name", "Verifier"] {
        assert!(items.contains(known), "{known} was not found in the sources");
    }
    assert_nothing_is_missing(|page| {
        let mut missing = Vec::new();
        for span in page.spans() {
            let names = span.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            for name in names.filter(|name| name.contains("::")) {
                let ours = name.strip_prefix("jot::").unwrap_or(name);
                let is_rust = ours.starts_with(|c: char| c.is_ascii_uppercase());
                if is_rust && !items.contains(ours) {
                    missing.push(name.to_owned());
                }
            }
        }
        missing
    });
}

/// The words of a text that begin like this.
fn words<'t>(text: &'t str, beginning: &'t str) -> impl Iterator<Item = &'t str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(move |word| word.starts_with(beginning))
}

/// The words of everything but pages that begin like this.
fn sources_with(beginning: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in tree().iter().filter(|path| !path.ends_with(".md") && root().join(path).is_file()) {
        if let Ok(text) = fs::read_to_string(root().join(path)) {
            found.extend(words(&text, beginning).map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_name_of_c_and_nginx_that_a_page_names_is_there() {
    let symbols = read("tests/abi/symbols.txt") + &read("tests/abi/fetch_symbols.txt");
    let functions: BTreeSet<&str> = symbols.lines().collect();
    let headers = ["jot.h", "jot.hpp", "jot_fetch.h", "jot_fetch.hpp"];
    let header: String = headers.iter().map(|header| read(&format!("include/{header}"))).collect();
    let mut known: BTreeSet<String> = words(&header, "jot_").map(str::to_owned).collect();
    let mut nginx = |path: &str| {
        let source = read(&format!("bindings/nginx/src/{path}"));
        let strings = source.split("ngx_string(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let strings: Vec<String> = strings.map(str::to_owned).collect();
        known.extend(strings.iter().cloned());
        strings
    };
    nginx("ngx_http_jot_commands.c");
    // Those that end so stand for a family, as `$jot_claim_NAME` does.
    let mut families = nginx("ngx_http_jot_variables.c");
    families.retain(|name| name.ends_with('_'));
    // The metrics of nginx, and of what it fetches.
    for file in ["ngx_http_jot_status.c", "ngx_http_jot_state.c"] {
        known.extend(words(&read(&format!("bindings/nginx/src/{file}")), "jot_").map(str::to_owned));
    }
    // What Envoy logs of a refusal begins with the code.
    let codes = read("docs/error-codes.md");
    let names = codes.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split('`').nth(1));
    known.extend(names.map(|name| format!("jot_{name}")));
    let is_there =
        |name: &str| known.contains(name) || families.iter().any(|family| name.starts_with(family.as_str()));
    let macros = sources_with("JOT_");
    assert_nothing_is_missing(|page| {
        let mut missing = Vec::new();
        let code = page.lines(&["c", "cpp", "nginx"]).into_iter().map(|line| {
            // Not what stands in strings and comments there.
            line.split("//").next().unwrap().split('#').next().unwrap().to_owned()
        });
        for text in page.spans().into_iter().chain(code) {
            for name in words(&text, "jot_") {
                let is_called = text.contains(&format!("{name}("));
                if !is_there(name) || (is_called && !functions.contains(name)) {
                    missing.push(name.to_owned());
                }
            }
            let gone = words(&text, "JOT_").filter(|name| *name != "JOT_" && !macros.contains(*name));
            missing.extend(gone.map(str::to_owned));
        }
        missing
    });
}

#[test]
fn every_target_of_make_that_a_page_names_is_there() {
    let makefile = read("Makefile").replace("\\\n", " ");
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.contains(":="))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let phony = makefile.lines().find_map(|line| line.strip_prefix(".PHONY: ")).unwrap();
    assert_eq!(targets, phony.split_whitespace().collect(), "what is no file is phony");
    assert_nothing_is_missing(|page| {
        let commands = page.spans().into_iter().chain(page.lines(&["", "sh", "text"]));
        let commands = commands.filter_map(|line| line.strip_prefix("make ").map(str::to_owned));
        let named = commands.filter(|line| !line.starts_with("-C ")).flat_map(|line| {
            let words = line.split(" #").next().unwrap().split_whitespace();
            words.filter(|word| !word.contains('=')).map(str::to_owned).collect::<Vec<_>>()
        });
        named.filter(|name| !targets.contains(name.as_str()) && name != "modules").collect()
    });
}

/// The value of the first line that sets `name` in a file of TOML.
fn setting(path: &str, name: &str) -> String {
    let text = read(path);
    let value = text.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")));
    value.unwrap_or_else(|| panic!("{path} has no {name}")).trim_end_matches('"').to_owned()
}

#[test]
fn oldest_rust_and_version_are_the_same_everywhere() {
    let rust = setting("Cargo.toml", "rust-version");
    let version = setting("Cargo.toml", "version");
    for path in ["cli", "benches", "bindings/envoy", "bindings/duckdb", "bindings/tower", "server"]
        .map(|folder| format!("{folder}/Cargo.toml"))
    {
        assert_eq!(setting(&path, "rust-version"), rust, "{path}");
        assert_eq!(setting(&path, "version"), version, "{path}");
    }
    let texts = ["README.md", "docs/python.md", "scripts/setup.sh", "bindings/python/setup.py"];
    for path in texts {
        let text = read(path);
        let stated: BTreeSet<&str> = text
            .match_indices("Rust")
            .filter_map(|(at, word)| text[at + word.len()..].trim_start_matches([' ', '(']).split(' ').next())
            .filter(|next| next.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        assert_eq!(stated, BTreeSet::from([rust.as_str()]), "{path}");
    }
    assert!(read("docs/c.md").contains(&format!("`lib/libjot.so.{version}`")), "docs/c.md");
}

#[test]
fn items_are_found_in_every_form() {
    let mut found = BTreeSet::new();
    let source = "#[derive(Default)]\npub struct A<'a> {\n    field: u8,\n    pub open: u8,\n}\n\
        impl<'a> A<'a> {\n    pub const fn made() {}\n    const FEW: u8 = 1;\n}\n\
        // impl Not {\n\
        impl Iterator for B {\n    fn next() {\n        let x = 1;\n    }\n}\n\
        pub(crate) enum C {\n    One(u8),\n    Two { field: u8 },\n}\n";
    items_of(source, &mut found);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        found,
        ["A", "A::FEW", "A::default", "A::made", "A::open", "B::next", "C", "C::One", "C::Two"]
    );
}

/// The first block of a page that begins with this line, and what stands in it.
fn first_block(page: &str, begin: &str) -> String {
    let text = read(page);
    let (_, rest) =
        text.split_once(&format!("\n{begin}\n")).unwrap_or_else(|| panic!("{page} has no {begin}"));
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// The first Rust example is the one that the crate of the fetcher runs, for the engine
/// cannot; `make test-c` holds C's to examples/c.
#[test]
fn first_examples_follow_the_keys_of_an_issuer() {
    let rust = first_block("README.md", "```rust,ignore");
    assert_eq!(rust, first_block("fetch/README.md", "```rust"));
    assert!(rust.contains("RemoteKeys::discover(\"https://issuer.example\")"));
    assert!(first_block("README.md", "```c") + "\n" == read("examples/c/issuer.c"));
    assert!(first_block("README.md", "```nginx").contains("jot_issuer_discover https://issuer.example;"));
    assert!(first_block("README.md", "```python").contains("jot.Verifier(issuer="));
    let jotctl = read("README.md").split_once("## jotctl").unwrap().1.to_owned();
    let first = jotctl.split_once("```sh\n").unwrap().1.lines().next().unwrap().to_owned();
    assert!(first.starts_with("jotctl verify --issuer https://issuer.example"), "{first}");
}
