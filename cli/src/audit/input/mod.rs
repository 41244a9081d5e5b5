//! From sources to records: where the token, the time, the status and the
//! address of each line are.

pub(super) mod access_log;
pub(super) mod compression;
pub(super) mod delimited;
pub(super) mod format;
pub(super) mod ndjson;
pub(super) mod parquet;
pub(super) mod source;
pub(super) mod time_text;
pub(super) mod token_text;

use std::fmt;

/// What an audit reads of a record, by the names in the source's own terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) token: Option<String>,
    pub(super) time: Option<String>,
    pub(super) status: Option<String>,
    pub(super) address: Option<String>,
}

/// The parts of a record, by their place in [`Parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Token = 0,
    Time = 1,
    Status = 2,
    Address = 3,
}

impl Part {
    pub(super) const ALL: [Self; 4] = [Self::Token, Self::Time, Self::Status, Self::Address];
}

impl Fields {
    pub(super) fn of(&self, part: Part) -> Option<&str> {
        match part {
            Part::Token => self.token.as_deref(),
            Part::Time => self.time.as_deref(),
            Part::Status => self.status.as_deref(),
            Part::Address => self.address.as_deref(),
        }
    }
}

/// What was found of a record; `None` where the part is absent or null.
pub(super) type Parts<'l> = [Option<std::borrow::Cow<'l, [u8]>>; 4];

/// Why a record cannot be read. Nothing of its own text is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    NotJson,
    MemberRepeated,
    TooLong,
    Columns,
    LogFormat,
    Time,
    TimeMissing,
    Status,
    NotText,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the line is not a JSON object",
            Self::MemberRepeated => "a wanted member stands there twice",
            Self::TooLong => "the line is too long",
            Self::Columns => "the line does not have the columns of the first",
            Self::LogFormat => "the line does not fit the log format",
            Self::Time => "the time of use cannot be read",
            Self::TimeMissing => "the time of use is missing",
            Self::Status => "the status is not a number from 100 to 599",
            Self::NotText => "a wanted value is neither text nor a number",
        })
    }
}
