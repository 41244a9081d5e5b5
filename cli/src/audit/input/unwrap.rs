//! Records within those of collectors: containers, journals and syslog.

use std::borrow::Cow;

use jot::json::JsonReader;

use super::kept::Keep;
use super::ndjson::Picker;
use super::{Fields, Part, usual};

/// The members in which collectors put a line: Docker, journald, Loki, CloudWatch,
/// Google, Elastic.
pub(super) const MEMBERS: [&str; 7] =
    ["log", "MESSAGE", "line", "message", "textPayload", "event.original", "_source.message"];

/// What stands around the line of a server.
#[derive(Debug)]
pub(in crate::audit) enum Wrapper {
    /// Text before an object of JSON, such as the head of syslog or of CRI.
    Front,
    /// A member of JSON objects.
    Member(Picker),
}

/// A line without what was around it.
pub(in crate::audit) struct Unwrapped {
    pub(in crate::audit) line: Vec<u8>,
    /// When the collector had it.
    pub(in crate::audit) time: Option<Vec<u8>>,
    /// What the collector says of columns that are kept.
    pub(in crate::audit) kept: Vec<Option<Cow<'static, [u8]>>>,
}

impl Wrapper {
    pub(super) fn member(name: &str, keep: &Keep) -> Self {
        let mut fields = Fields::keeping(keep);
        fields.set(Part::Token, vec![name.to_owned()]);
        fields.set(Part::Time, usual::of(Part::Time).iter().map(|name| (*name).to_owned()).collect());
        Self::Member(Picker::new(&fields))
    }

    /// Takes a line out; `None` if there is none.
    pub(in crate::audit) fn open(&self, line: &[u8], reader: &mut JsonReader) -> Option<Unwrapped> {
        match self {
            Self::Front => {
                let begin = memchr::memchr(b'{', line)?;
                Some(Unwrapped { line: line.get(begin..)?.to_vec(), time: None, kept: Vec::new() })
            }
            Self::Member(picker) => {
                let mut parts = picker.pick(line, reader).ok()?.into_owned();
                let time = parts.take(Part::Time).map(Cow::into_owned);
                let line = parts.take(Part::Token)?.into_owned();
                let line = line.strip_suffix(b"\n").map_or(line.clone(), <[u8]>::to_vec);
                Some(Unwrapped { line, time, kept: parts.kept })
            }
        }
    }
}
