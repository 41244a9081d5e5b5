//! Reading settings: from a file of TOML, and over it from the environment. Each fault has
//! the line, or the name of the variable, and all of them are told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What stands before the name of each variable.
const PREFIX: &str = "JOTD_";

/// Where a value was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Line(usize),
    Variable(String),
    /// The file as a whole: something is missing.
    File,
}

/// What is wrong with the settings, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Line(line) => write!(f, "line {line}: {}", self.what),
            Place::Variable(name) => write!(f, "{name}: {}", self.what),
            Place::File => f.write_str(&self.what),
        }
    }
}

/// A value, and where it stood.
type Found<T> = Option<(T, Place)>;

/// A table of the file, with the variables that may stand in for its values.
pub(crate) struct Table<'t> {
    table: Option<&'t DeTable<'t>>,
    /// `listen.`, or nothing for the top.
    path: String,
}

pub(crate) struct Reader<'t> {
    text: &'t str,
    variables: BTreeMap<String, String>,
    used: BTreeSet<String>,
    pub(crate) faults: Vec<Fault>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX));
        Self { text, variables: ours.collect(), used: BTreeSet::new(), faults: Vec::new() }
    }

    pub(crate) fn line(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        Place::Line(before.matches('\n').count().saturating_add(1))
    }

    pub(crate) fn fault(&mut self, place: &Place, what: impl Into<String>) {
        self.faults.push(Fault { place: place.clone(), what: what.into() });
    }

    /// Notes a variable that is read elsewhere.
    pub(crate) fn allow_variable(&mut self, name: &str) -> Option<String> {
        let name = format!("{PREFIX}{name}");
        let value = self.variables.get(&name).cloned();
        self.used.insert(name);
        value
    }

    pub(crate) fn top(table: &'t DeTable<'t>) -> Table<'t> {
        Table { table: Some(table), path: String::new() }
    }

    /// The table `name`, which may be missing.
    pub(crate) fn table(&mut self, of: &Table<'t>, name: &str) -> Table<'t> {
        self.used.insert(format!("{}{name}", of.path));
        let path = format!("{}{name}.", of.path);
        let Some(value) = find(of.table, name) else { return Table { table: None, path } };
        let table = value.get_ref().as_table();
        if table.is_none() {
            let place = self.line(value.span().start);
            self.fault(&place, format!("{name} is a table: write [{name}]"));
        }
        Table { table, path }
    }

    /// The tables `[[name]]`.
    pub(crate) fn tables(&mut self, of: &Table<'t>, name: &str) -> Vec<(Table<'t>, Place)> {
        self.used.insert(format!("{}{name}", of.path));
        let Some(value) = find(of.table, name) else { return Vec::new() };
        let place = self.line(value.span().start);
        let Some(array) = value.get_ref().as_array() else {
            self.fault(&place, format!("{name} is a list of tables: write [[{name}]]"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for value in array.iter() {
            let place = self.line(value.span().start);
            match value.get_ref().as_table() {
                Some(table) => found.push((Table { table: Some(table), path: format!("{name}[].") }, place)),
                None => self.fault(&place, format!("{name} is a list of tables: write [[{name}]]")),
            }
        }
        found
    }

    fn value(&mut self, of: &Table<'t>, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.used.insert(format!("{}{name}", of.path));
        find(of.table, name)
    }

    /// The variable in the place of `listen.address` is `JOTD_LISTEN_ADDRESS`. Lists of
    /// tables have none.
    fn variable(&mut self, of: &Table<'t>, name: &str) -> Found<String> {
        if of.path.contains('[') {
            return None;
        }
        let name = format!("{PREFIX}{}{name}", of.path).replace('.', "_").to_ascii_uppercase();
        self.used.insert(name.clone());
        let value = self.variables.get(&name).cloned()?;
        Some((value, Place::Variable(name)))
    }

    pub(crate) fn text(&mut self, of: &Table<'t>, name: &str) -> Found<String> {
        let value = self.value(of, name);
        if let Some(found) = self.variable(of, name) {
            return Some(found);
        }
        let value = value?;
        let place = self.line(value.span().start);
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.fault(&place, format!("{name} is a text: write it in quotes"));
        }
        Some((text?, place))
    }

    pub(crate) fn number(
        &mut self,
        of: &Table<'t>,
        name: &str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let value = self.value(of, name);
        let (number, place) = if let Some((text, place)) = self.variable(of, name) {
            (text.parse::<i64>().ok(), place)
        } else if let Some(value) = value {
            let integer = value.get_ref().as_integer();
            let number = integer.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
            (number, self.line(value.span().start))
        } else {
            return default;
        };
        let number =
            number.and_then(|number| u32::try_from(number).ok()).filter(|number| range.contains(number));
        number.unwrap_or_else(|| {
            let (least, most) = (range.start(), range.end());
            self.fault(&place, format!("{name} is a whole number from {least} to {most}"));
            default
        })
    }

    pub(crate) fn flag(&mut self, of: &Table<'t>, name: &str, default: bool) -> bool {
        let value = self.value(of, name);
        let (flag, place) = if let Some((text, place)) = self.variable(of, name) {
            (text.parse().ok(), place)
        } else if let Some(value) = value {
            (value.get_ref().as_bool(), self.line(value.span().start))
        } else {
            return default;
        };
        flag.unwrap_or_else(|| {
            self.fault(&place, format!("{name} is true or false"));
            default
        })
    }

    /// A list of texts; in a variable they are separated by commas.
    pub(crate) fn texts(&mut self, of: &Table<'t>, name: &str) -> Found<Vec<(String, Place)>> {
        let value = self.value(of, name);
        if let Some((text, place)) = self.variable(of, name) {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            return Some((texts.map(|text| (text.to_owned(), place.clone())).collect(), place));
        }
        let value = value?;
        let place = self.line(value.span().start);
        let what = format!("{name} is a list of texts: write [\"…\", \"…\"]");
        let Some(array) = value.get_ref().as_array() else {
            self.fault(&place, what);
            return None;
        };
        let mut texts = Vec::new();
        for value in array.iter() {
            let place = self.line(value.span().start);
            match value.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), place)),
                None => self.fault(&place, what.clone()),
            }
        }
        Some((texts, place))
    }

    /// Where a setting stands, for faults that show themselves later.
    pub(crate) fn place(&mut self, of: &Table<'t>, name: &str) -> Place {
        if let Some((_, place)) = self.variable(of, name) {
            return place;
        }
        find(of.table, name).map_or(Place::File, |value| self.line(value.span().start))
    }

    /// Tells of every name that nothing asked for: a misspelt setting is no setting.
    pub(crate) fn finish(&mut self, table: &DeTable<'_>) {
        self.unknown(table, "");
        for name in
            self.variables.keys().filter(|name| !self.used.contains(*name)).cloned().collect::<Vec<_>>()
        {
            self.fault(&Place::Variable(name), "there is no such setting");
        }
    }

    fn unknown(&mut self, table: &DeTable<'_>, path: &str) {
        for (name, value) in table.iter() {
            let full = format!("{path}{}", name.get_ref());
            if !self.used.contains(&full) {
                let place = self.line(name.span().start);
                self.fault(&place, format!("there is no setting {full}"));
            } else if let Some(inner) = value.get_ref().as_table() {
                self.unknown(inner, &format!("{full}."));
            } else if let Some(array) = value.get_ref().as_array() {
                for inner in array.iter().filter_map(|value| value.get_ref().as_table()) {
                    self.unknown(inner, &format!("{full}[]."));
                }
            }
        }
    }
}

fn find<'t>(table: Option<&'t DeTable<'t>>, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
    table?.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}
