//! From sources to records: where the tokens, the time, the status and the
//! address of each one are.

pub(super) mod access_log;
pub(super) mod address;
mod calendar;
pub(super) mod compression;
pub(super) mod delimited;
pub(super) mod detect;
pub(super) mod find_token;
pub(super) mod format;
mod json_records;
pub(super) mod kept;
pub(super) mod ndjson;
mod nested;
pub(super) mod parquet;
mod quoted_lines;
pub(super) mod shown;
pub(super) mod source;
pub(super) mod status;
pub(super) mod text_decoding;
pub(super) mod text_fields;
pub(super) mod text_log;
pub(super) mod time_text;
mod time_words;
pub(super) mod token_text;
mod tried;
pub(super) mod unwrap;
pub(super) mod usual;

use std::borrow::Cow;
use std::fmt;

use jiff::tz::TimeZone;

use kept::Keep;

/// The parts of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Token = 0,
    Time = 1,
    Status = 2,
    Address = 3,
}

impl Part {
    pub(super) const ALL: [Self; 4] = [Self::Token, Self::Time, Self::Status, Self::Address];

    /// The option that names the part's field.
    pub(super) const fn option(self) -> &'static str {
        match self {
            Self::Token => "--token",
            Self::Time => "--time",
            Self::Status => "--status",
            Self::Address => "--address",
        }
    }
}

/// What a field of a record is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Part(Part),
    /// The number of a column that is kept.
    Kept(usize),
}

impl Slot {
    pub(super) const COUNT: usize = 4 + kept::MOST;

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Part(part) => part as usize,
            Self::Kept(number) => number.saturating_add(4),
        }
    }
}

/// The names under which each part is looked for, the best first, and what is kept of
/// the other fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    names: [Vec<String>; 4],
    pub(super) keep: Keep,
}

impl Fields {
    pub(super) fn keeping(keep: &Keep) -> Self {
        Self { keep: Keep::clone(keep), ..Self::default() }
    }

    pub(super) fn of(&self, part: Part) -> &[String] {
        self.names.get(part as usize).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn set(&mut self, part: Part, names: Vec<String>) {
        if let Some(place) = self.names.get_mut(part as usize) {
            *place = names;
        }
    }
}

/// How values are read, whatever the format.
#[derive(Clone, Debug, Default)]
pub(super) struct Manner {
    /// The time of use of records that have none.
    pub(super) now: Option<i64>,
    /// The zone of times that have none.
    pub(super) zone: Option<TimeZone>,
    /// Whether only the first token of a text counts.
    pub(super) first_token_only: bool,
    /// Which address of several counts: 1 is the first, -1 the last.
    pub(super) hop: i32,
    /// What the rows keep of the records.
    pub(super) keep: Keep,
}

/// What was found of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts<'l> {
    /// `None` where the part is absent or null.
    values: [Option<Cow<'l, [u8]>>; 4],
    /// The columns that are kept, up to the last that is there.
    pub(super) kept: Vec<Option<Cow<'l, [u8]>>>,
    /// Tokens after the first.
    pub(super) more_tokens: Vec<Cow<'l, [u8]>>,
    /// Whether the record has the part's field, be it null.
    has: [bool; 4],
    /// What kept other parts than the token from being read.
    pub(super) flaws: Flaws,
}

impl<'l> Parts<'l> {
    pub(super) fn get(&self, part: Part) -> Option<&Cow<'l, [u8]>> {
        self.values.get(part as usize)?.as_ref()
    }

    pub(super) fn take(&mut self, part: Part) -> Option<Cow<'l, [u8]>> {
        self.values.get_mut(part as usize)?.take()
    }

    pub(super) fn has(&self, part: Part) -> bool {
        self.has.get(part as usize).copied().unwrap_or_default()
    }

    /// Puts what the part's field holds.
    pub(super) fn put(&mut self, part: Part, value: Option<Cow<'l, [u8]>>) {
        if let (Some(place), Some(has)) =
            (self.values.get_mut(part as usize), self.has.get_mut(part as usize))
        {
            (*place, *has) = (value, true);
        }
    }

    /// Puts the text of a column that is kept, unless it has one.
    pub(super) fn keep(&mut self, number: usize, text: Cow<'l, [u8]>) {
        if self.kept.len() <= number {
            self.kept.resize(number.saturating_add(1), None);
        }
        if let Some(place) = self.kept.get_mut(number) {
            place.get_or_insert(text);
        }
    }

    pub(super) fn into_owned(self) -> Parts<'static> {
        let owned = |value: Cow<'l, [u8]>| Cow::Owned(value.into_owned());
        Parts {
            values: self.values.map(|value| value.map(owned)),
            kept: self.kept.into_iter().map(|text| text.map(owned)).collect(),
            more_tokens: self.more_tokens.into_iter().map(owned).collect(),
            has: self.has,
            flaws: self.flaws,
        }
    }

    /// Adds a token behind those that are there.
    pub(super) fn add_token(&mut self, value: Cow<'l, [u8]>) {
        match self.get(Part::Token) {
            None => self.put(Part::Token, Some(value)),
            Some(_) => self.more_tokens.push(value),
        }
    }
}

/// Why a record cannot be read, and none of its tokens is judged. Nothing of its own text
/// is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    NotJson,
    TooLong,
    Columns,
    LogFormat,
    Wrapper,
}

impl Unreadable {
    /// How many reasons there are.
    pub(super) const COUNT: usize = 5;

    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::NotJson => "the line is not a JSON object",
            Self::TooLong => "the line is too long",
            Self::Columns => "the line does not have the columns of the first",
            Self::LogFormat => "the line does not fit the log format",
            Self::Wrapper => "the record has no line of a server in it",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told())
    }
}

/// Why a part of a record is missing, whose token is judged all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Repeated = 0,
    NotText = 1,
    Status = 2,
    Address = 3,
    Time = 4,
    TimeZone = 5,
    TimeMissing = 6,
}

impl Flaw {
    pub(super) const ALL: [Self; 7] = [
        Self::Repeated,
        Self::NotText,
        Self::Status,
        Self::Address,
        Self::Time,
        Self::TimeZone,
        Self::TimeMissing,
    ];

    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Repeated => "a wanted member stands there twice; the first counts",
            Self::NotText => "a wanted value is neither text nor a number",
            Self::Status => "the status is not a number from 100 to 599",
            Self::Address => "the address cannot be read",
            Self::Time => "the time of use cannot be read",
            Self::TimeZone => "the time of use has no zone; say it with --time-zone",
            Self::TimeMissing => "the time of use is missing",
        }
    }
}

/// Flaws of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flaws(u8);

impl Flaws {
    pub(super) const fn add(&mut self, flaw: Flaw) {
        self.0 |= 1 << flaw as u8;
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Flaw> {
        Flaw::ALL.into_iter().filter(move |flaw| self.0 & (1 << *flaw as u8) != 0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
