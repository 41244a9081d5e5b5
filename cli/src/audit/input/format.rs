//! How the lines of a source are read.

use std::borrow::Cow;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use jot::json::JsonReader;

use super::access_log::LogFormat;
use super::delimited::Columns;
use super::json_records::JsonRecords;
use super::kept::Keep;
use super::ndjson::Picker;
use super::quoted_lines::QuotedLines;
use super::text_log::TextLog;
use super::unwrap::Wrapper;
use super::{Part, Parts, Unreadable};

/// What makes lines of records that are not on one line each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Framing {
    Lines,
    /// JSON, with the members that lead to the records.
    Json(&'static [&'static str]),
    /// CSV with line breaks within quotes.
    Quotes(u8),
}

impl Framing {
    /// Reads lines; `broken` takes the reason if the text ends within a record.
    pub(in crate::audit) fn lines(
        self,
        text: impl Read + Send + 'static,
        broken: Option<Arc<OnceLock<String>>>,
    ) -> Box<dyn Read + Send> {
        match self {
            Self::Lines => Box::new(text),
            Self::Json(way) => Box::new(JsonRecords::new(text, way, broken)),
            Self::Quotes(delimiter) => Box::new(QuotedLines::new(text, delimiter)),
        }
    }
}

/// How the lines of a source are read.
#[derive(Debug)]
pub(in crate::audit) enum LineFormat {
    Ndjson(Picker),
    Delimited(Columns),
    /// A format string.
    Log(LogFormat),
    Text(TextLog, Keep),
    /// Each line is a token.
    Token,
    /// Lines of another format within those of a collector.
    Wrapped(Wrapper, Box<LineFormat>),
}

impl LineFormat {
    /// Finds the parts of a line; `reader` is the room for reading JSON.
    pub(in crate::audit) fn pick<'l>(
        &self,
        line: &'l [u8],
        reader: &'l mut JsonReader,
    ) -> Result<Parts<'l>, Unreadable> {
        // Files with byte order marks may have been concatenated.
        let line = jot_show::text::without_mark(line);
        match self {
            Self::Ndjson(picker) => picker.pick(line, reader),
            Self::Delimited(columns) => columns.pick(line),
            Self::Log(format) => format.pick(line),
            Self::Text(log, keep) => log.pick(line, keep),
            Self::Token => {
                let mut parts = Parts::default();
                parts.put(Part::Token, Some(Cow::Borrowed(line)));
                Ok(parts)
            }
            Self::Wrapped(wrapper, inner) => {
                let found = wrapper.open(line, reader).ok_or(Unreadable::Wrapper)?;
                let mut parts = match inner.pick(&found.line, reader) {
                    Ok(parts) => parts.into_owned(),
                    Err(reason) => {
                        let mended = inner.mended(&found.line).ok_or(reason)?;
                        inner.pick(&mended, reader)?.into_owned()
                    }
                };
                if let (None, Some(time)) = (parts.get(Part::Time), found.time) {
                    parts.put(Part::Time, Some(Cow::Owned(time)));
                }
                for (number, text) in found.kept.into_iter().enumerate() {
                    text.into_iter().for_each(|text| parts.keep(number, text));
                }
                Ok(parts)
            }
        }
    }

    /// Returns a line that could not be read in a form that may be: bytes that are not
    /// UTF-8 replaced, and of nginx's `escape=default`, whose `\xHH` JSON does not
    /// know, and raw control characters, what JSON says for them.
    pub(in crate::audit) fn mended(&self, line: &[u8]) -> Option<Vec<u8>> {
        if !matches!(self, Self::Ndjson(_) | Self::Wrapped(Wrapper::Member(_), _)) {
            return None;
        }
        let text = String::from_utf8_lossy(line);
        let is_odd = |byte: u8| byte < b' ';
        if matches!(text, Cow::Borrowed(_))
            && memchr::memmem::find(line, b"\\x").is_none()
            && !line.iter().any(|byte| is_odd(*byte))
        {
            return None;
        }
        let mut mended = Vec::with_capacity(line.len().saturating_add(64));
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match (byte, bytes.peek()) {
                (b'\\', Some(b'x' | b'X')) => {
                    bytes.next();
                    mended.extend_from_slice(b"\\u00");
                }
                (b'\\', Some(_)) => mended.extend(std::iter::once(byte).chain(bytes.next())),
                (byte, _) => mended.push(if is_odd(byte) { b' ' } else { byte }),
            }
        }
        Some(mended)
    }

    /// Returns `true` if a line names columns instead of being a record.
    pub(in crate::audit) fn is_header(&self, line: &[u8], is_first: bool) -> bool {
        matches!(self, Self::Delimited(columns) if columns.is_header(line, is_first))
    }
}
