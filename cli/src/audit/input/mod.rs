//! From sources to records: finds the token, the time, the status and the address of
//! each line.

pub(super) mod access_log;
pub(super) mod compression;
pub(super) mod delimited;
pub(super) mod format;
pub(super) mod ndjson;
pub(super) mod parquet;
pub(super) mod source;
pub(super) mod text_decoding;
pub(super) mod time_text;
pub(super) mod token_text;

use std::fmt;

/// The names of the fields that an audit reads from a record.
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

/// The parts of a record; `None` if a part is absent or null.
pub(super) type Parts<'l> = [Option<std::borrow::Cow<'l, [u8]>>; 4];

/// The reason why a record is unreadable. It contains no text of the record.
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
            Self::MemberRepeated => "a selected member is repeated",
            Self::TooLong => "the line is too long",
            Self::Columns => "the line does not have as many columns as the first",
            Self::LogFormat => "the line does not match the log format",
            Self::Time => "the time of use cannot be read",
            Self::TimeMissing => "the time of use is missing",
            Self::Status => "the status is not a number from 100 to 599",
            Self::NotText => "a selected value is neither text nor a number",
        })
    }
}
