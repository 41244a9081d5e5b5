//! The requirements of one document, read from its file beside this one.
//!
//! The files are a small part of TOML, in the form of duvet's: tables `[[spec]]` with
//! a section, a level and a quote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::places::Place;
use super::texts::{joined, levels};

/// What becomes of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    /// Code does it, and a test fails without it.
    Implemented,
    /// The same, and the reason says what is left.
    InPart,
    /// What the rule is about is refused: by code, with a test.
    Refused,
    /// Code does it, and no test can see whether it does.
    Untestable,
    /// The caller has to do it.
    Caller,
    /// A SHOULD that is not followed, for a reason.
    NotFollowed,
    /// The rule is about what the engine does not do.
    NotApplicable,
}

impl State {
    pub(crate) const ALL: [Self; 7] = [
        Self::Implemented,
        Self::InPart,
        Self::Refused,
        Self::Untestable,
        Self::Caller,
        Self::NotFollowed,
        Self::NotApplicable,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Implemented => "implemented",
            Self::InPart => "in part",
            Self::Refused => "refused",
            Self::Untestable => "untestable",
            Self::Caller => "caller's",
            Self::NotFollowed => "not followed",
            Self::NotApplicable => "not applicable",
        }
    }

    /// Returns `true` if code does something for the requirement.
    pub(crate) const fn has_code(self) -> bool {
        matches!(self, Self::Implemented | Self::InPart | Self::Refused | Self::Untestable)
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A requirement.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    pub(crate) section: String,
    /// Its place among those of its section, from 1.
    pub(crate) number: usize,
    pub(crate) level: String,
    pub(crate) quote: String,
    pub(crate) state: State,
    pub(crate) why: Option<String>,
    pub(crate) tests: Vec<String>,
    /// The one whose code, tests, state and reason are also its own.
    like: Option<String>,
    pub(crate) code: Vec<Place>,
}

impl Requirement {
    /// Returns the name within the document: section and number.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.section, self.number)
    }
}

/// A document and its requirements, in order.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The name of the file without its ending, as comments write it.
    pub(crate) stem: String,
    pub(crate) name: String,
    pub(crate) title: String,
    /// The file of the whole text, which is not in the repository.
    pub(crate) text: String,
    pub(crate) requirements: Vec<Requirement>,
}

/// Reads every document of a folder. What is malformed ends the test.
pub(crate) fn documents(folder: &Path) -> Vec<Document> {
    let mut documents: Vec<Document> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            document(stem, &fs::read_to_string(&path).unwrap())
        })
        .collect();
    documents.sort_by_key(|document| order(&document.stem));
    documents
}

/// By number, a successor behind the one that it replaces.
fn order(stem: &str) -> (usize, String) {
    let digits: String = stem.chars().filter(char::is_ascii_digit).collect();
    (digits.parse().unwrap(), stem.to_owned())
}

/// Takes over what a requirement has in common with the one that it names.
pub(crate) fn resolve(documents: &mut [Document]) {
    let mut known: BTreeMap<String, Requirement> = BTreeMap::new();
    for document in documents.iter() {
        for requirement in &document.requirements {
            known.insert(format!("{} {}", document.stem, requirement.id()), requirement.clone());
        }
    }
    for document in documents {
        for requirement in &mut document.requirements {
            let Some(name) = &requirement.like else { continue };
            let place = format!("{} {}", document.stem, requirement.id());
            let other =
                known.get(name).unwrap_or_else(|| panic!("{place} is like {name}, which is not there"));
            assert!(other.like.is_none(), "{place} is like {name}, which is like another");
            requirement.state = other.state;
            requirement.code.extend(other.code.iter().cloned());
            requirement.tests.extend(other.tests.iter().cloned());
            requirement.why = requirement.why.take().or_else(|| other.why.clone());
        }
    }
}

pub(crate) fn document(stem: &str, text: &str) -> Document {
    let mut tables = tables(stem, text).into_iter();
    let mut head = tables.next().unwrap();
    let mut requirements: Vec<Requirement> = Vec::new();
    for mut table in tables {
        let requirement = requirement(stem, &mut table, &requirements);
        assert!(table.is_empty(), "{stem} {}: what are {:?}?", requirement.id(), table.keys());
        requirements.push(requirement);
    }
    let mut take = |name: &str| head.remove(name).unwrap_or_else(|| panic!("{stem} has no {name}")).one();
    Document {
        stem: stem.to_owned(),
        name: take("name"),
        title: take("title"),
        text: take("text"),
        requirements,
    }
}

fn requirement(stem: &str, table: &mut Table, before: &[Requirement]) -> Requirement {
    let mut take = |name: &str| table.remove(name).map(Content::one);
    let section = take("section").unwrap_or_else(|| panic!("{stem}: a requirement has no section"));
    let number = before.iter().filter(|other| other.section == section).count() + 1;
    let place = format!("{stem} {section}-{number}");
    let quote = joined(&take("quote").unwrap_or_else(|| panic!("{place} has no quote")));
    let level = take("level").unwrap_or_default();
    assert_eq!(levels(&quote).join(", "), level, "the level of {place}");
    let state = take("state");
    let state = match &state {
        None => State::Implemented,
        Some(name) => State::from_name(name).unwrap_or_else(|| panic!("{place}: what is {name}?")),
    };
    let (why, like) = (take("why"), take("like"));
    assert!(like.is_none() || state == State::Implemented, "{place} has the state of the one it is like");
    let tests = table.remove("test").map(Content::several).unwrap_or_default();
    Requirement { section, number, level, quote, state, why, tests, like, code: Vec::new() }
}

type Table = BTreeMap<String, Content>;

/// What a key holds.
#[derive(Debug)]
enum Content {
    One(String),
    Several(Vec<String>),
}

impl Content {
    fn one(self) -> String {
        match self {
            Self::One(text) => text,
            Self::Several(texts) => panic!("one text is wanted, and not {texts:?}"),
        }
    }

    fn several(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}

/// Reads the tables in their order; what comes before the first `[[spec]]` is the
/// head.
fn tables(stem: &str, text: &str) -> Vec<Table> {
    let mut tables = vec![Table::new()];
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line == "[document]" {
            continue;
        }
        if line == "[[spec]]" {
            tables.push(Table::new());
            continue;
        }
        let Some((key, value)) = line.split_once(" = ") else { panic!("{stem}, line {}: {line}", at + 1) };
        let content = if value == "'''" {
            let text = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "'''");
            Content::One(text.collect::<Vec<_>>().join("\n"))
        } else if value == "[" {
            let items = lines.by_ref().map(|(_, line)| line.trim()).take_while(|line| *line != "]");
            Content::Several(items.map(|item| quoted(stem, item.trim_end_matches(','))).collect())
        } else {
            Content::One(quoted(stem, value))
        };
        let earlier = tables.last_mut().unwrap().insert(key.to_owned(), content);
        assert!(earlier.is_none(), "{stem}, line {}: {key} stands twice", at + 1);
    }
    tables
}

fn quoted(stem: &str, text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.filter(|inner| !inner.contains(['"', '\\']));
    inner.unwrap_or_else(|| panic!("{stem}: {text} is no plain text in quotes")).to_owned()
}
