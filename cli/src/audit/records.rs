//! The records of a chunk: the place of each token, its time, status and address.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use jot::json::JsonReader;

use super::coverage::{Counts, add};
use super::input::format::LineFormat;
use super::input::parquet::ParquetColumns;
use super::input::shown::shown;
use super::input::token_text::{self, Held, Kind};
use super::input::{Flaw, Manner, Part, Parts, Unreadable, address, time_text};

/// A piece of the chunk's bytes, or of the unescaped tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    own: bool,
    start: usize,
    end: usize,
}

impl Piece {
    pub(super) fn within<'b>(self, chunk: &'b [u8], own: &'b [u8]) -> &'b [u8] {
        let bytes = if self.own { own } else { chunk };
        bytes.get(self.start..self.end).unwrap_or_default()
    }
}

/// One token of a readable line or row, or its lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The number within its source, from 1; in text, the line number.
    pub(super) number: u64,
    /// Counts the tokens of a line that has several, from 1; 0 where there is one.
    pub(super) index: u32,
    pub(super) used_at: i64,
    pub(super) status: Option<u16>,
    pub(super) token: Option<Piece>,
    pub(super) kind: Option<Kind>,
    pub(super) address: Option<Piece>,
}

/// A line or row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) number: u64,
    pub(super) reason: Unreadable,
    /// The text that could not be read, harmless and without secrets.
    pub(super) seen: Option<String>,
}

/// Of no more unreadable lines of a chunk the text is kept.
const SEEN: usize = 100;

/// The records of a chunk.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) rows: Vec<Record>,
    pub(super) unreadable: Vec<Unread>,
    pub(super) counts: Counts,
    /// Tokens that were escaped, after unescaping.
    pub(super) own: Vec<u8>,
    reader: JsonReader,
}

impl Records {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.unreadable.clear();
        self.own.clear();
        self.counts = Counts::default();
    }

    /// Reads the lines of a chunk, the first of which has the number `first`.
    pub(super) fn read_lines(&mut self, chunk: &[u8], format: &LineFormat, first: u64, manner: &Manner) {
        let mut number = first;
        let mut start = 0;
        let mut reader = std::mem::take(&mut self.reader);
        while start < chunk.len() {
            let rest = chunk.get(start..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.trim_ascii().is_empty() && !format.is_header(line, number == 1) {
                match format.pick(line, &mut reader) {
                    Ok(parts) => self.record(number, parts, chunk, manner),
                    // A log may hold what clients sent, which need not be JSON or UTF-8.
                    Err(reason) => match format.mended(line) {
                        None => self.unread(number, reason, line),
                        Some(text) => match format.pick(&text, &mut reader) {
                            Ok(parts) => self.record(number, parts, chunk, manner),
                            Err(reason) => self.unread(number, reason, line),
                        },
                    },
                }
            }
            number = number.saturating_add(1);
            start = start.saturating_add(length).saturating_add(1);
        }
        self.reader = reader;
    }

    /// Notes a line that could not be read.
    pub(super) fn unread(&mut self, number: u64, reason: Unreadable, text: &[u8]) {
        add(&mut self.counts.records, 1);
        add(&mut self.counts.unreadable, 1);
        let seen = (self.unreadable.len() < SEEN && !text.is_empty()).then(|| shown(text));
        self.unreadable.push(Unread { number, reason, seen });
    }

    fn record(&mut self, number: u64, mut parts: Parts<'_>, chunk: &[u8], manner: &Manner) {
        let used_at = match parts.get(Part::Time) {
            None => manner.now.ok_or(Unreadable::TimeMissing),
            Some(time) => time_text::parse(time, manner.zone.as_ref()),
        };
        self.count_fields(|part| parts.has(part));
        let used_at = match used_at {
            Ok(used_at) => used_at,
            Err(reason) => {
                let text = parts.take(Part::Time).unwrap_or_default();
                return self.unread(number, reason, &text);
            }
        };
        let status = parts.take(Part::Status).map_or(Ok(None), |status| status_of(&status));
        self.count_flaw(parts.flaw.or(status.err()));
        let client = parts.take(Part::Address).filter(|address| !address.is_empty());
        let client = client.map(|text| self.piece(address::normal(text, manner.hop), chunk));
        let has_field = parts.has(Part::Token);
        let tokens = parts.take(Part::Token).into_iter().chain(std::mem::take(&mut parts.more_tokens));
        let status = status.ok().flatten();
        let record = Record { number, index: 0, used_at, status, token: None, kind: None, address: client };
        self.tokens(record, tokens, has_field, chunk, manner);
    }

    /// Adds a row for each token, or one that has none.
    fn tokens<'t>(
        &mut self,
        record: Record,
        texts: impl Iterator<Item = Cow<'t, [u8]>>,
        has_field: bool,
        chunk: &[u8],
        manner: &Manner,
    ) {
        let begin = self.rows.len();
        for text in texts {
            match token_text::held(text, manner.first_token_only) {
                Held::Nothing => {}
                Held::Jwt(token) => {
                    let token = Some(self.piece(Cow::Borrowed(token), chunk));
                    self.rows.push(Record { token, kind: Some(Kind::Jwt), ..record });
                }
                Held::One(token) => self.token(record, token, chunk),
                Held::Several(tokens) => {
                    for token in tokens {
                        self.token(record, Cow::Owned(token), chunk);
                    }
                }
            }
            if manner.first_token_only && self.rows.len() > begin {
                break;
            }
        }
        let rows = self.rows.get_mut(begin..).unwrap_or_default();
        let is_jwt = |row: &Record| row.kind == Some(Kind::Jwt) || row.kind == Some(Kind::OtherScheme);
        let tokenless = if rows.is_empty() { !has_field } else { !rows.iter().any(is_jwt) };
        if rows.len() > 1 {
            for (index, row) in (1..).zip(rows) {
                row.index = index;
            }
        } else if rows.is_empty() {
            self.rows.push(record);
        }
        add(&mut self.counts.records, 1);
        add(&mut self.counts.tokenless, u64::from(tokenless));
    }

    fn token(&mut self, record: Record, token: Cow<'_, [u8]>, chunk: &[u8]) {
        let kind = Some(Kind::of(&token));
        let token = Some(self.piece(token, chunk));
        self.rows.push(Record { token, kind, ..record });
    }

    fn count_fields(&mut self, has: impl Fn(Part) -> bool) {
        for (part, count) in Part::ALL.into_iter().zip(&mut self.counts.fields) {
            add(count, u64::from(has(part)));
        }
    }

    fn count_flaw(&mut self, flaw: Option<Flaw>) {
        if let Some(count) = flaw.and_then(|flaw| self.counts.flaws.get_mut(flaw as usize)) {
            add(count, 1);
        }
    }

    /// Returns the place of borrowed bytes within the chunk, and stores owned bytes.
    fn piece(&mut self, bytes: Cow<'_, [u8]>, chunk: &[u8]) -> Piece {
        if let Cow::Borrowed(bytes) = bytes {
            let start = bytes.as_ptr().addr().wrapping_sub(chunk.as_ptr().addr());
            let end = start.saturating_add(bytes.len());
            if end <= chunk.len() {
                return Piece { own: false, start, end };
            }
        }
        let start = self.own.len();
        self.own.extend_from_slice(&bytes);
        Piece { own: true, start, end: self.own.len() }
    }

    /// Reads the rows of a batch. The returned buffer holds their tokens end to end.
    ///
    /// # Errors
    /// Names the type that cannot be read.
    pub(super) fn read_batch(
        &mut self,
        batch: &RecordBatch,
        columns: &ParquetColumns,
        first: u64,
        manner: &Manner,
    ) -> Result<arrow_array::BinaryArray, String> {
        let parted = columns.parted(batch)?;
        let chunk = parted.tokens.value_data();
        for (number, row) in (first..).zip(0..batch.num_rows()) {
            self.count_fields(|part| columns.has(part));
            let used_at = parted.time(row, manner.zone.as_ref());
            let used_at = match used_at.and_then(|at| at.or(manner.now).ok_or(Unreadable::TimeMissing)) {
                Ok(used_at) => used_at,
                Err(reason) => {
                    self.unread(number, reason, b"");
                    continue;
                }
            };
            let status = parted.status(row).map_or(Ok(None), status_in);
            self.count_flaw(status.err());
            let client = parted.address(row).filter(|address| !address.is_empty());
            // Not a place in the chunk, which is that of the tokens.
            let client = client.map(|text| address::normal(Cow::Borrowed(text), manner.hop).into_owned());
            let client = client.map(|text| self.piece(Cow::Owned(text), chunk));
            let status = status.ok().flatten();
            let record =
                Record { number, index: 0, used_at, status, token: None, kind: None, address: client };
            let texts = parted.tokens_of(row).map(Cow::Borrowed);
            self.tokens(record, texts, true, chunk, manner);
        }
        Ok(parted.tokens)
    }
}

/// Reads the digits that a text begins with: `200`, `200.0` and `200 OK`.
fn status_of(text: &[u8]) -> Result<Option<u16>, Flaw> {
    let text = text.trim_ascii();
    if matches!(text, b"" | b"-") {
        return Ok(None);
    }
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, behind) = text.split_at_checked(end).ok_or(Flaw::Status)?;
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok());
    match behind.first() {
        None | Some(b'.' | b' ') => status_in(number.ok_or(Flaw::Status)?),
        Some(_) => Err(Flaw::Status),
    }
}

/// Reads a status. Envoy and others write 0 if no response was sent.
fn status_in(number: i64) -> Result<Option<u16>, Flaw> {
    match u16::try_from(number) {
        Ok(0) => Ok(None),
        Ok(status @ 100..600) => Ok(Some(status)),
        _ => Err(Flaw::Status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_read_in_its_forms() {
        for text in ["200", "200.0", "200 OK", " 200 "] {
            assert_eq!(status_of(text.as_bytes()), Ok(Some(200)), "{text}");
        }
        for text in ["", "-", "0", "000"] {
            assert_eq!(status_of(text.as_bytes()), Ok(None), "{text}");
        }
        for text in ["999", "600", "99", "-200", "ok", "200x", "99999999999999999999"] {
            assert_eq!(status_of(text.as_bytes()), Err(Flaw::Status), "{text}");
        }
    }
}
