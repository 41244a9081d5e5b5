//! The page that people read, `docs/conformance.md`.

use super::places::test;
use super::requirements::{Document, Requirement, State};

const HEAD: &str = "\
# Conformance

The requirements of the RFCs, and how libjot meets each of them: with code, and tests
that fail without this code, or with a reason why the requirement does not apply. A
requirement is a sentence with MUST, MUST NOT, SHOULD, SHOULD NOT, SHALL, REQUIRED or
RECOMMENDED.

`make docs` writes this page. Its sources are the files in `tests/conformance/`, which
hold the requirements in the words of the RFCs, and comments in the code, which quote
them. `tests/conformance/main.rs` checks that all of these agree. If the variable
`JOT_RFCS` names a folder with the RFCs (`rfc7515.txt` and so on, as the RFC Editor
publishes them), the test also checks that no requirement is missing or changed.

";

const STATES: &str = "
- *implemented*: the code does it, and the tests fail without it. A test without a link,
  such as `18-unknown-extension`, is a row of the shared table of tokens
  (`tests/cases/tokens.json`), which runs in Rust, C, C++ and Python.
- *in part*: the same, with the exceptions that are named.
- *refused*: libjot refuses the subject of the rule, so the rule cannot be broken.
- *untestable*: the code does it, but no test can observe it.
- *caller's*: the calling program has to do it.
- *not followed*: a SHOULD that libjot does not follow.
- *not applicable*: libjot does nothing that the rule is about.

";

/// Writes the page.
pub(crate) fn page(documents: &[Document]) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| document |");
    State::ALL.iter().for_each(|state| page.push_str(&format!(" {} |", state.name())));
    page.push_str(" all |\n|---|");
    page.push_str(&"---:|".repeat(State::ALL.len() + 1));
    page.push('\n');
    for document in documents {
        let link = format!("[{}](#{})", document.name, anchor(&heading(document)));
        page.push_str(&counts(&link, &document.requirements.iter().collect::<Vec<_>>()));
    }
    let all: Vec<&Requirement> = documents.iter().flat_map(|document| &document.requirements).collect();
    page.push_str(&counts("all", &all));
    page.push_str(STATES);
    for (title, state) in [("Not followed", State::NotFollowed), ("Followed in part", State::InPart)] {
        page.push_str(&format!("## {title}\n\n"));
        // Several requirements have one reason.
        let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
        for document in documents {
            for requirement in document.requirements.iter().filter(|requirement| requirement.state == state) {
                let why = requirement.why.as_deref().unwrap_or_default();
                let place = format!("{} {} ({})", document.name, section(requirement), requirement.level);
                match reasons.iter_mut().find(|reason| reason.0 == why) {
                    Some((_, places)) if places.contains(&place) => {}
                    Some((_, places)) => places.push(place),
                    None => reasons.push((why, vec![place])),
                }
            }
        }
        for (why, places) in reasons {
            page.push_str(&format!("- {}: {why}\n", places.join(", ")));
        }
        page.push('\n');
    }
    for document in documents {
        write_document(document, &mut page);
    }
    page.trim_end().to_owned() + "\n"
}

fn heading(document: &Document) -> String {
    format!("{}: {}", document.name, document.title)
}

/// The anchor that a heading has on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

fn counts(name: &str, requirements: &[&Requirement]) -> String {
    let count = |state| requirements.iter().filter(|requirement| requirement.state == state).count();
    let counts: Vec<String> = State::ALL.iter().map(|state| count(*state).to_string()).collect();
    format!("| {name} | {} | {} |\n", counts.join(" | "), requirements.len())
}

fn section(requirement: &Requirement) -> String {
    let first = requirement.section.chars().next();
    let sign = if first.is_some_and(|c| c.is_ascii_digit()) { "§" } else { "" };
    format!("{sign}{}", requirement.section)
}

fn write_document(document: &Document, page: &mut String) {
    page.push_str(&format!("## {}\n\n", heading(document)));
    page.push_str("| section | requirement | state | code, tests, reason |\n|---|---|---|---|\n");
    let mut rest = document.requirements.as_slice();
    while let [first, ..] = rest {
        // What is left out for one reason is one row.
        let is_alike = |other: &&Requirement| {
            !first.state.has_code() && other.state == first.state && other.why == first.why
        };
        let count = rest.iter().take_while(is_alike).count().max(1);
        let (row, behind) = rest.split_at(count);
        let mut sections: Vec<String> = row.iter().map(section).collect();
        sections.dedup();
        let sections = match sections.as_slice() {
            [only] => only.clone(),
            [first, .., last] => format!("{first} to {last}"),
            [] => unreachable!("a row has a requirement"),
        };
        let quotes: Vec<String> = row.iter().map(|requirement| shown(&requirement.quote)).collect();
        page.push_str(&format!(
            "| {sections} | {} | {} | {} |\n",
            quotes.join("<br>"),
            first.state.name(),
            places(first)
        ));
        rest = behind;
    }
    page.push('\n');
}

/// A quote as Markdown, with its words of BCP 14 in bold.
fn shown(quote: &str) -> String {
    let mut text = String::new();
    for c in quote.chars() {
        if "\\|*_<>[]`".contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
    for level in ["MUST", "SHALL", "SHOULD", "RECOMMENDED", "REQUIRED"] {
        for word in [format!("{level} NOT"), format!("NOT {level}"), level.to_owned()] {
            text = bold(&text, &word);
        }
    }
    text
}

/// Makes a word bold, unless it is or is a part of another.
fn bold(text: &str, word: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, behind) = (&rest[..at], &rest[at + word.len()..]);
        let is_part = behind.starts_with(|c: char| c.is_alphanumeric() || c == '*')
            || behind.starts_with(" NOT")
            || before.ends_with(|c: char| c.is_alphanumeric() || c == '*')
            || before.ends_with("NOT ");
        done.push_str(before);
        done.push_str(&if is_part { word.to_owned() } else { format!("**{word}**") });
        rest = behind;
    }
    done + rest
}

fn places(requirement: &Requirement) -> String {
    let mut parts = Vec::new();
    let mut code: Vec<String> = Vec::new();
    for place in &requirement.code {
        let name = place.file.strip_prefix("src/").unwrap_or(&place.file);
        code.push(format!("[{name}](../{}) `{}`", place.file, place.item));
    }
    code.sort();
    code.dedup();
    if !code.is_empty() {
        parts.push(code.join(", "));
    }
    let mut tests: Vec<String> = Vec::new();
    for named in &requirement.tests {
        let (file, test) = test(named);
        let link = if named.contains(": ") { format!("[`{test}`](../{file})") } else { format!("`{test}`") };
        if !tests.contains(&link) {
            tests.push(link);
        }
    }
    if !tests.is_empty() {
        parts.push(format!("Tests: {}", tests.join(", ")));
    }
    parts.extend(requirement.why.clone());
    parts.join("<br>")
}
