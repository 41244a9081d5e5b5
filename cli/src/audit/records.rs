//! The records of a chunk: the place of each token, its time, status and address.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use jot::json::JsonReader;

use super::coverage::{Counts, add};
use super::input::format::LineFormat;
use super::input::parquet::ParquetColumns;
use super::input::shown::shown;
use super::input::token_text::{self, Held, Kind};
use super::input::{Flaw, Flaws, Manner, Part, Parts, Unreadable, address, status, time_text};

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
    /// `None` if the time of use is unknown.
    pub(super) used_at: Option<i64>,
    pub(super) status: Option<u16>,
    pub(super) token: Option<Piece>,
    pub(super) kind: Option<Kind>,
    pub(super) address: Option<Piece>,
    /// Where the texts of its line that are kept begin in [`Records::kept`].
    pub(super) kept: usize,
}

/// What could not be read: a whole line or row, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) number: u64,
    pub(super) reason: &'static str,
    /// The text that could not be read, harmless and without secrets.
    pub(super) seen: Option<String>,
}

/// Of no more remarks of a chunk with the same reason the text is kept.
const SEEN: u32 = 20;

/// The records of a chunk.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) rows: Vec<Record>,
    pub(super) unreadable: Vec<Remark>,
    /// What could not be read of records whose tokens are judged all the same.
    pub(super) flaws: Vec<Remark>,
    pub(super) counts: Counts,
    /// The texts that are kept, those of a line after those of the line before.
    pub(super) kept: Vec<Option<Piece>>,
    /// Tokens that were escaped, after unescaping.
    pub(super) own: Vec<u8>,
    /// How many remarks with their texts there are for each reason.
    seen: [u32; Unreadable::COUNT + Flaw::ALL.len()],
    reader: JsonReader,
}

impl Records {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.unreadable.clear();
        self.flaws.clear();
        self.seen = Default::default();
        self.own.clear();
        self.kept.clear();
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
        let seen = self.seen(reason as usize, text);
        self.unreadable.push(Remark { number, reason: reason.told(), seen });
    }

    /// Notes a part of a record that could not be read.
    fn flaw(&mut self, number: u64, flaw: Flaw, text: &[u8]) {
        let seen = self.seen(Unreadable::COUNT.saturating_add(flaw as usize), text);
        self.flaws.push(Remark { number, reason: flaw.told(), seen });
    }

    /// Returns the text for a remark, unless there are enough.
    fn seen(&mut self, reason: usize, text: &[u8]) -> Option<String> {
        let count = self.seen.get_mut(reason).filter(|count| **count < SEEN && !text.is_empty())?;
        *count = count.saturating_add(1);
        Some(shown(text))
    }

    fn record(&mut self, number: u64, mut parts: Parts<'_>, chunk: &[u8], manner: &Manner) {
        self.count_fields(|part| parts.has(part));
        self.structural(number, parts.flaws);
        let time = parts.take(Part::Time);
        let used_at = match &time {
            None => manner.now.ok_or(Flaw::TimeMissing),
            Some(time) => time_text::parse(time, manner.zone.as_ref()),
        };
        let used_at = self.time(number, used_at, time.as_deref());
        let text = parts.take(Part::Status);
        let status = text.as_deref().map_or(Ok(None), status::parse);
        let status = status.unwrap_or_else(|flaw| {
            self.flaw(number, flaw, text.as_deref().unwrap_or_default());
            None
        });
        let client = parts.take(Part::Address).and_then(|text| self.client(number, text, chunk, manner));
        let kept = self.kept.len();
        for number in 0..manner.keep.len() {
            let text = parts.kept.get_mut(number).and_then(Option::take);
            self.keep(number, text, chunk, manner);
        }
        let has_field = parts.has(Part::Token);
        let tokens = parts.take(Part::Token).into_iter().chain(std::mem::take(&mut parts.more_tokens));
        let record =
            Record { number, index: 0, used_at, status, token: None, kind: None, address: client, kept };
        self.tokens(record, tokens, has_field, chunk, manner);
    }

    /// Keeps a text of a line.
    fn keep(&mut self, number: usize, text: Option<Cow<'_, [u8]>>, chunk: &[u8], manner: &Manner) {
        let kept = manner.keep.get(number).zip(text.as_deref()).and_then(|(kept, text)| kept.text(text));
        if let (Some(_), Some(count)) = (&kept, self.counts.kept.get_mut(number)) {
            add(count, 1);
        }
        let place = kept.map(|text| self.piece(text, chunk));
        self.kept.push(place);
    }

    fn structural(&mut self, number: u64, flaws: Flaws) {
        if !flaws.is_empty() {
            flaws.iter().for_each(|flaw| self.flaw(number, flaw, b""));
        }
    }

    /// Takes a time of use, or notes why it is unknown.
    fn time(&mut self, number: u64, used_at: Result<i64, Flaw>, text: Option<&[u8]>) -> Option<i64> {
        used_at.map_or_else(
            |flaw| {
                add(&mut self.counts.timeless, 1);
                self.flaw(number, flaw, text.unwrap_or_default());
                None
            },
            Some,
        )
    }

    /// Reads the address of a client, or notes that it cannot be read.
    fn client(&mut self, number: u64, text: Cow<'_, [u8]>, chunk: &[u8], manner: &Manner) -> Option<Piece> {
        if matches!(&*text, b"" | b"-") {
            return None;
        }
        match address::normal(text.clone(), manner.hop) {
            Ok(address) => Some(self.piece(address, chunk)),
            Err(flaw) => {
                self.flaw(number, flaw, &text);
                None
            }
        }
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
            let used_at = used_at.and_then(|at| at.or(manner.now).ok_or(Flaw::TimeMissing));
            let used_at = self.time(number, used_at, parted.time_text(row));
            let status = parted.status(row).unwrap_or_else(|flaw| {
                self.flaw(number, flaw, &parted.status_text(row).unwrap_or_default());
                None
            });
            let client = parted.address(row);
            let client = client.and_then(|text| self.client(number, Cow::Borrowed(text), chunk, manner));
            let kept = self.kept.len();
            for (column, text) in parted.kept(row).enumerate() {
                self.keep(column, text.map(Cow::Borrowed), chunk, manner);
            }
            let record =
                Record { number, index: 0, used_at, status, token: None, kind: None, address: client, kept };
            let texts = parted.tokens_of(row).map(Cow::Borrowed);
            self.tokens(record, texts, true, chunk, manner);
        }
        Ok(parted.tokens)
    }
}
