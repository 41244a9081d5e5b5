//! Every MUST has its place: each requirement of the RFCs has code, and a test that
//! fails without this code, or a reason.
//!
//! The requirements stand in the TOML files of this folder, in the words of the RFCs.
//! Comments quote them beside the code (see `places`), and the files name the tests.
//! `docs/conformance.md` is made from both.
//!
//! Why code is found by comments and tests by name: a comment moves with its code, and a
//! reader of the code sees the rule. Most tests are rows of a table, which has no room
//! for comments.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod page;
mod places;
mod requirements;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use places::{Quote, missing_test, quotes};
use requirements::{Document, State, resolve};

/// Where code is that may quote.
const FOLDERS: [&str; 4] = ["src", "accel/src", "cli/src", "bindings/envoy/src"];

/// A quote of fewer characters says too little.
const SHORTEST: usize = 24;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads everything, and puts to each requirement the code that quotes it. What is
/// quoted and is no requirement comes back as a complaint.
fn read() -> (Vec<Document>, Vec<String>) {
    let mut documents = requirements::documents(&root().join("tests/conformance"));
    let quotes = quotes(root(), &FOLDERS);
    assert!(documents.len() > 3 && quotes.len() > 10, "the sources were not found");
    let mut strange = Vec::new();
    for quote in quotes {
        if !put(&quote, &mut documents) {
            let Quote { document, section, text, place } = quote;
            strange.push(format!("{}: {document} §{section} does not say: {text}", place.file));
        }
    }
    resolve(&mut documents);
    (documents, strange)
}

/// Puts a quote to what it quotes, if it quotes a requirement.
fn put(quote: &Quote, documents: &mut [Document]) -> bool {
    let mut is_found = false;
    let of_document = documents.iter_mut().filter(|document| document.stem == quote.document);
    for requirement in of_document.flat_map(|document| &mut document.requirements) {
        let is_quoted = requirement.section == quote.section && requirement.quote.contains(&quote.text);
        if is_quoted && quote.text.len() >= SHORTEST {
            requirement.code.push(quote.place.clone());
            is_found = true;
        }
    }
    is_found
}

/// Says what a document's requirements lack.
fn faults(document: &Document) -> Vec<String> {
    let mut faults = Vec::new();
    for requirement in &document.requirements {
        let mut fault = |what: &str| {
            faults.push(format!("{} {} {what}: {}", document.stem, requirement.id(), requirement.quote));
        };
        let state = requirement.state;
        if state.has_code() && requirement.code.is_empty() {
            fault("is quoted by no code");
        }
        let wants_tests = state.has_code() && state != State::Untestable;
        if wants_tests == requirement.tests.is_empty() {
            fault(if wants_tests { "has no test" } else { "has tests that its state does not want" });
        }
        if !state.has_code() && !requirement.code.is_empty() {
            fault("is quoted by code, and its state says that there is none");
        }
        if state != State::Implemented && requirement.why.is_none() {
            fault("has no reason");
        }
        let is_demand = requirement
            .level
            .split(", ")
            .any(|level| !level.contains("SHOULD") && !level.contains("RECOMMENDED"));
        if state == State::NotFollowed && is_demand {
            fault("must be followed");
        }
        for test in &requirement.tests {
            if let Some(missing) = missing_test(root(), test) {
                fault(&missing);
            }
        }
    }
    faults
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} faults:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_quote_in_the_code_is_that_of_a_requirement() {
    assert_none(&read().1);
}

#[test]
fn every_requirement_has_its_code_and_test_or_a_reason() {
    let (documents, _) = read();
    assert_none(&documents.iter().flat_map(faults).collect::<Vec<_>>());
}

#[test]
fn page_is_made_from_the_requirements() {
    let path = root().join("docs/conformance.md");
    let page = page::page(&read().0);
    if std::env::var_os("JOT_UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == page, "docs/conformance.md is out of date: make docs");
}

#[test]
fn requirements_are_those_of_the_texts() {
    let Some(folder) = std::env::var_os("JOT_RFCS").map(PathBuf::from) else {
        return println!("skipped: JOT_RFCS names no folder with the texts of the RFCs");
    };
    let (documents, _) = read();
    assert_none(&documents.iter().flat_map(|document| differences(document, &folder)).collect::<Vec<_>>());
}

/// Says where a document's requirements are not those of its text.
fn differences(document: &Document, folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join(&document.text)).unwrap();
    let theirs = texts::requirements(&text, document.text.ends_with(".md"));
    let mut ours = document.requirements.iter();
    let mut found = Vec::new();
    for sentence in theirs {
        let same = ours.clone().position(|one| one.section == sentence.section && one.quote == sentence.text);
        match same {
            None => found.push(format!("{} §{} lacks: {}", document.stem, sentence.section, sentence.text)),
            Some(skipped) => {
                let strange = ours.by_ref().take(skipped);
                found.extend(strange.map(|one| format!("{} {} is not in the text", document.stem, one.id())));
                ours.next();
            }
        }
    }
    found.extend(ours.map(|one| format!("{} {} is not in the text", document.stem, one.id())));
    found
}

#[cfg(test)]
mod tests {
    use super::places::quotes_of;
    use super::requirements::document;
    use super::*;

    const HEAD: &str = "name = \"RFC 1\"\ntitle = \"One\"\ntext = \"rfc1.txt\"\n";

    /// A document of one requirement with these lines.
    fn one(lines: &str) -> Document {
        let quote = "quote = '''\nA token MUST be\nshort, and SHOULD NOT be long.\n'''";
        let level = "level = \"MUST, SHOULD NOT\"";
        document("rfc1", &format!("{HEAD}[[spec]]\nsection = \"1.2\"\n{level}\n{quote}\n{lines}\n"))
    }

    fn quoted(mut document: Document, section: &str, text: &str) -> (bool, Document) {
        let source = format!("fn f() {{\n    //= rfc1#section-{section}\n    //# {text}\n    g();\n}}\n");
        let quotes = quotes_of("src/f.rs", &source);
        let is_found = put(&quotes[0], std::slice::from_mut(&mut document));
        (is_found, document)
    }

    #[test]
    fn quote_is_refused_unless_it_stands_in_its_section() {
        let text = "A token MUST be short, and SHOULD";
        assert!(quoted(one(""), "1.2", text).0);
        assert!(!quoted(one(""), "1.3", text).0);
        assert!(!quoted(one(""), "1.2", "A token MUST not be short").0);
        assert!(!quoted(one(""), "1.2", "A token MUST be short,").0, "it is too short");
    }

    #[test]
    fn quote_belongs_to_the_item_below_or_around_it() {
        let source = "\
            fn first() {}\n//= rfc1#section-1\n//# one\n//# two\n#[inline]\npub(crate) const fn second() {\n\
            //= rfc2#section-A.1\n//# three\n    first();\n}\n//= rfc3#section-1\n//# four\nrows! {\n";
        let found = quotes_of("f.rs", source);
        let told: Vec<_> = found.iter().map(|quote| (&*quote.text, &*quote.place.item)).collect();
        assert_eq!(told, [("one two", "second"), ("three", "second"), ("four", "rows")]);
        assert_eq!((&*found[1].document, &*found[1].section), ("rfc2", "A.1"));
    }

    #[test]
    fn requirement_is_refused_without_code_test_or_reason() {
        let text = "A token MUST be short, and";
        let test = "test = \"src/alg.rs: names_are_found_exactly\"";
        let told = |document: &Document| faults(document).len();
        assert_eq!(told(&quoted(one(test), "1.2", text).1), 0);
        assert_eq!(told(&one(test)), 1);
        assert_eq!(told(&quoted(one(""), "1.2", text).1), 1);
        assert_eq!(told(&quoted(one("test = \"src/alg.rs: none\""), "1.2", text).1), 1);
        assert_eq!(told(&quoted(one("test = \"src/none.rs: none\""), "1.2", text).1), 1);
        assert_eq!(told(&quoted(one("test = \"01-none\""), "1.2", text).1), 1);
        assert_eq!(told(&quoted(one("test = \"01-none-with-signature\""), "1.2", text).1), 0);
        let state = |state: &str, rest: &str| one(&format!("state = \"{state}\"\n{rest}"));
        assert_eq!(told(&state("not applicable", "")), 1);
        assert_eq!(told(&state("not applicable", "why = \"x\"")), 0);
        assert_eq!(told(&state("caller's", "why = \"x\"\ntest = \"01-none-with-signature\"")), 1);
        assert_eq!(told(&quoted(state("caller's", "why = \"x\""), "1.2", text).1), 1);
        assert_eq!(told(&state("not followed", "why = \"x\"")), 1, "there is a MUST");
        assert_eq!(told(&quoted(state("untestable", "why = \"x\""), "1.2", text).1), 0);
        assert_eq!(told(&quoted(state("refused", test), "1.2", text).1), 1);
    }

    #[test]
    fn requirement_takes_over_what_another_has() {
        let again = "[[spec]]\nsection = \"1.2\"\nlevel = \"MUST\"\nquote = \"It MUST be so.\"\nlike = \"rfc1 1.2-1\"";
        let test = "state = \"refused\"\nwhy = \"x\"\ntest = \"01-none-with-signature\"";
        let mut documents = [quoted(one(&format!("{test}\n{again}")), "1.2", "A token MUST be short, and").1];
        resolve(&mut documents);
        let [one, two] = documents[0].requirements.as_slice() else { panic!("there are two") };
        assert_eq!((two.number, two.state, &two.why), (2, State::Refused, &one.why));
        assert_eq!((&two.code, &two.tests), (&one.code, &one.tests));
        assert!(faults(&documents[0]).is_empty());
    }

    const TEXT: &str = "\
1.  First\n\n   The key words \"MUST\" and so on.\n\n\
1.2.  Second\n\n   It is so.  A token MUST be\n   short, and SHOULD NOT be\n\n\
Author                      [Page 1]\n\u{c}\nRFC 1              One\n\n   long.  \"It\" may, e.g. REQUIRED here, be.\n\n\
   o  He SHALL.\n\n   1.  She MUSTER.\n";

    #[test]
    fn sentences_with_words_of_bcp_14_are_found() {
        let found: Vec<_> = texts::requirements(TEXT, false)
            .into_iter()
            .map(|sentence| format!("{} {}", sentence.section, sentence.text))
            .collect();
        assert_eq!(
            found,
            [
                "1.2 A token MUST be short, and SHOULD NOT be long.",
                "1.2 \"It\" may, e.g. REQUIRED here, be.",
                "1.2 He SHALL."
            ]
        );
        let draft =
            "--- middle\n# A {#a}\n## B\n\n* It\n  MUST NOT.\n\n# C\n\nIt SHOULD. It\n\n--- back\nIt MUST.";
        let found = texts::requirements(draft, true);
        assert_eq!(found.len(), 2);
        assert_eq!((&*found[0].section, &*found[0].text), ("1.1", "It MUST NOT."));
        assert_eq!((&*found[1].section, &*found[1].text), ("2", "It SHOULD."));
    }

    #[test]
    fn difference_between_file_and_text_is_told() {
        let folder = std::env::temp_dir().join(format!("jot-conformance-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("rfc1.txt"), TEXT).unwrap();
        let spec = |level: &str, quote: &str| {
            format!("[[spec]]\nsection = \"1.2\"\nlevel = \"{level}\"\nquote = '''\n{quote}\n'''\n")
        };
        let two = spec("REQUIRED", "\"It\" may, e.g. REQUIRED here, be.");
        let three = spec("SHALL", "He SHALL.");
        let told = |rest: &str| differences(&one(rest), &folder).len();
        assert_eq!(told(&format!("{two}{three}")), 0);
        assert_eq!(told(&two), 1);
        assert_eq!(told(&format!("{two}{}{three}", spec("MUST", "It MUST."))), 1);
        assert_eq!(told(&format!("{two}{}", spec("SHALL", "He SHALL not."))), 2);
        fs::remove_dir_all(&folder).unwrap();
    }
}
