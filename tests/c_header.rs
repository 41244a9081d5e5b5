//! The committed header is the one that the sources make; every function in it
//! goes through the boundary; nothing was taken away from the ABI.
//!
//! `JOT_UPDATE=1 cargo test --features header --test c_header` writes
//! `include/jot.h`, `include/jot_fetch.h` and the lists in `tests/abi/` anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The headers, each with the sources that it is made of.
const HEADERS: [Header; 2] = [
    Header { name: "jot", text: include_str!(concat!(env!("OUT_DIR"), "/jot.h")), sources: "src/ffi" },
    Header {
        name: "jot_fetch",
        text: include_str!(concat!(env!("OUT_DIR"), "/jot_fetch.h")),
        sources: "fetch/src/ffi",
    },
];

#[derive(Clone, Copy)]
struct Header {
    name: &'static str,
    text: &'static str,
    sources: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn assert_same(path: &str, made: &str) {
    if std::env::var_os("JOT_UPDATE").is_some() {
        std::fs::write(root().join(path), made).unwrap();
    }
    assert!(file(path) == made, "{path} is stale: JOT_UPDATE=1 cargo test --features header --test c_header");
}

/// The header without comments and preprocessor lines, statement by statement,
/// each on a line of its own.
fn statements(header: Header) -> Vec<String> {
    let mut code = String::new();
    for (position, part) in header.text.split("/*").enumerate() {
        code.push_str(if position == 0 { part } else { part.split_once("*/").unwrap().1 });
    }
    let code: String = code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ");
    let mut found = vec![String::new()];
    let mut depth = 0;
    for word in code.replace("extern \"C\" {", "").split_whitespace() {
        let last = found.last_mut().unwrap();
        last.push_str(if last.is_empty() { "" } else { " " });
        last.push_str(word);
        depth += word.matches('{').count();
        depth -= word.matches('}').count().min(depth);
        if depth == 0 && word.ends_with(';') {
            found.push(String::new());
        }
    }
    found.retain(|statement| !statement.is_empty() && statement != "}");
    found
}

fn constants(header: Header) -> impl Iterator<Item = &'static str> {
    header.text.lines().filter(|line| {
        line.starts_with("#define JOT_") && !line.contains('(') && line.split(' ').count() == 3
    })
}

/// The names of the functions that a declaration begins with `JOT_API`.
fn declared(header: Header) -> BTreeSet<String> {
    let functions = statements(header).into_iter().filter(|statement| statement.starts_with("JOT_API"));
    functions
        .map(|function| {
            let name = function.split('(').next().unwrap();
            name.rsplit([' ', '*']).next().unwrap().to_owned()
        })
        .collect()
}

/// The body of every function of C's in the sources.
fn defined(header: Header) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(root().join(header.sources)).unwrap() {
        let path = entry.unwrap().path();
        // Only there for a test, and declared nowhere.
        if path.ends_with("planted.rs") {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        for function in source.split("#[unsafe(no_mangle)]\n").skip(1) {
            let function = function.split("\n}\n").next().unwrap();
            let (head, body) = function.split_once(" {\n").unwrap();
            let name = head.strip_prefix("pub extern \"C\" fn ").unwrap().split('(').next().unwrap();
            assert!(found.insert(name.to_owned(), body.to_owned()).is_none(), "{name} is there twice");
        }
    }
    found
}

#[test]
fn committed_header_is_the_one_that_the_sources_make() {
    for header in HEADERS {
        assert_same(&format!("include/{}.h", header.name), header.text);
    }
    let mut made_of_them = std::process::Command::new("python3");
    made_of_them.arg(root().join("scripts/lua_cdef.py"));
    if std::env::var_os("JOT_UPDATE").is_none() {
        made_of_them.arg("--check");
    }
    assert!(made_of_them.status().unwrap().success(), "what LuaJIT is told of the headers is stale");
}

#[test]
fn every_function_of_the_header_goes_through_the_boundary() {
    let mut all = BTreeMap::new();
    for header in HEADERS {
        let defined = defined(header);
        assert_eq!(defined.keys().cloned().collect::<BTreeSet<String>>(), declared(header));
        all.extend(defined);
    }
    // What each begins with: the boundary itself, or what does nothing but
    // call it.
    let doors =
        ["boundary(", "explained(", "answer(", "judge(", "set(", "self::set(", "add(", "demand(", "new("];
    let delegating = ["super::keys::add(", "code_text(", "jot_claims_path(", "jot_header_path("];
    for (name, body) in &all {
        let statement = body
            .trim_start()
            .trim_start_matches("const VERSION: &str = concat!(env!(\"CARGO_PKG_VERSION\"), \"\\0\");");
        let statement = statement.trim_start();
        assert!(
            doors.iter().chain(&delegating).any(|door| statement.starts_with(door)),
            "{name} does something outside of the boundary: {statement}"
        );
        // One call and nothing behind it.
        assert_eq!(depth_zero_statements(statement), 1, "{name}");
    }
}

/// How many expressions and statements a body has at its outermost level.
fn depth_zero_statements(body: &str) -> usize {
    let mut depth = 0_i32;
    let mut count = 0;
    let mut open = false;
    for character in body.chars() {
        match character {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        if character == ';' && depth == 0 {
            (count, open) = (count + 1, false);
        } else if !character.is_whitespace() {
            open = true;
        }
    }
    count + usize::from(open)
}

/// What programs that were built with this header rely on. Lines may be added;
/// a line that is gone or changed breaks them.
#[test]
fn abi_is_as_published() {
    for (header, list) in HEADERS.into_iter().zip(["symbols.txt", "fetch_symbols.txt"]) {
        let mut lines: Vec<String> = statements(header);
        lines.extend(constants(header).map(str::to_owned));
        lines.sort();
        assert_same(&format!("tests/abi/{}.txt", header.name), &(lines.join("\n") + "\n"));
        let symbols: String = declared(header).into_iter().map(|name| name + "\n").collect();
        assert_same(&format!("tests/abi/{list}"), &symbols);
    }
}

#[test]
fn header_tells_of_every_function_who_may_call_and_what_comes_back() {
    for header in HEADERS {
        for (name, comment) in comments(header) {
            assert!(comment.len() > 20, "{name} has no comment");
        }
        assert_eq!(comments(header).len(), declared(header).len());
    }
}

fn comments(header: Header) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for part in header.text.split("\n/**\n").skip(1) {
        let (comment, rest) = part.split_once("*/").unwrap();
        if let Some(function) = rest.trim_start().strip_prefix("JOT_API") {
            let head = function.split('(').next().unwrap();
            found.insert(head.rsplit([' ', '*']).next().unwrap().trim().to_owned(), comment.to_owned());
        }
    }
    found
}
