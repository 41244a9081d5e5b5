//! The records of a chunk: the place of each token, its time, status and address.

use std::borrow::Cow;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, RecordBatch};
use jot::json::JsonReader;

use super::input::format::LineFormat;
use super::input::parquet::ParquetColumns;
use super::input::{Parts, Unreadable, time_text, token_text};

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

/// One readable line or row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The number within its source, from 1; in text, the line number.
    pub(super) number: u64,
    pub(super) used_at: i64,
    pub(super) status: Option<u16>,
    pub(super) token: Option<Piece>,
    pub(super) address: Option<Piece>,
}

/// The records of a chunk.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) rows: Vec<Record>,
    pub(super) unreadable: Vec<(u64, Unreadable)>,
    /// Tokens that were escaped, after unescaping.
    pub(super) own: Vec<u8>,
    reader: JsonReader,
}

impl Records {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.unreadable.clear();
        self.own.clear();
    }

    /// Reads the lines of a chunk, the first of which has the number `first`. Returns
    /// the number after the last line.
    pub(super) fn read_lines(
        &mut self,
        chunk: &[u8],
        format: &LineFormat,
        first: u64,
        now: Option<i64>,
    ) -> u64 {
        let mut number = first;
        let mut start = 0;
        let mut reader = std::mem::take(&mut self.reader);
        while start < chunk.len() {
            let rest = chunk.get(start..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let is_header = number == 1 && format.has_header();
            if !is_header && !line.trim_ascii().is_empty() {
                let parts = format.pick(line, &mut reader);
                let mut read = parts.and_then(|parts| self.record(number, parts, chunk, now));
                // A log may hold bytes from clients, which need not be UTF-8.
                if read == Err(Unreadable::NotJson) && std::str::from_utf8(line).is_err() {
                    let text = String::from_utf8_lossy(line);
                    let parts = format.pick(text.as_bytes(), &mut reader);
                    read = parts.and_then(|parts| self.record(number, parts, chunk, now));
                }
                match read {
                    Ok(record) => self.rows.push(record),
                    Err(reason) => self.unreadable.push((number, reason)),
                }
            }
            number = number.saturating_add(1);
            start = start.saturating_add(length).saturating_add(1);
        }
        self.reader = reader;
        number
    }

    fn record(
        &mut self,
        number: u64,
        parts: Parts<'_>,
        chunk: &[u8],
        now: Option<i64>,
    ) -> Result<Record, Unreadable> {
        let [token, time, status, address] = parts;
        let used_at = match time {
            None => now.ok_or(Unreadable::TimeMissing)?,
            Some(time) => time_text::parse(&time).ok_or(Unreadable::Time)?,
        };
        let status = match status {
            None => None,
            Some(status) => status_of(&status)?,
        };
        let token = token.and_then(token_text::token_in).map(|token| self.piece(token, chunk));
        let address = address.filter(|address| !address.is_empty()).map(|address| self.piece(address, chunk));
        Ok(Record { number, used_at, status, token, address })
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
        now: Option<i64>,
    ) -> Result<arrow_array::BinaryArray, String> {
        let parted = columns.parted(batch)?;
        let chunk = parted.tokens.value_data();
        for (number, row) in (first..).zip(0..batch.num_rows()) {
            let used_at = match &parted.times {
                None => Ok(None),
                Some(times) => times.at(row),
            };
            let used_at = used_at.and_then(|at| at.or(now).ok_or(Unreadable::TimeMissing));
            let status = match &parted.statuses {
                Some(statuses) if statuses.is_valid(row) => {
                    status_in(statuses.as_primitive::<Int64Type>().value(row))
                }
                _ => Ok(None),
            };
            match used_at.and_then(|used_at| Ok((used_at, status?))) {
                Err(reason) => self.unreadable.push((number, reason)),
                Ok((used_at, status)) => {
                    let value = parted.tokens.is_valid(row).then(|| Cow::Borrowed(parted.tokens.value(row)));
                    let token = value.and_then(token_text::token_in).map(|token| self.piece(token, chunk));
                    let address = parted
                        .addresses
                        .as_ref()
                        .filter(|addresses| addresses.is_valid(row))
                        .map(|addresses| self.piece(Cow::Owned(addresses.value(row).to_vec()), chunk));
                    self.rows.push(Record { number, used_at, status, token, address });
                }
            }
        }
        Ok(parted.tokens)
    }
}

fn status_of(text: &[u8]) -> Result<Option<u16>, Unreadable> {
    let text = text.trim_ascii();
    if matches!(text, b"" | b"-") {
        return Ok(None);
    }
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
    status_in(number.ok_or(Unreadable::Status)?)
}

/// Reads a status. Envoy and others write 0 if no response was sent.
fn status_in(number: i64) -> Result<Option<u16>, Unreadable> {
    match u16::try_from(number) {
        Ok(0) => Ok(None),
        Ok(status @ 100..600) => Ok(Some(status)),
        _ => Err(Unreadable::Status),
    }
}
