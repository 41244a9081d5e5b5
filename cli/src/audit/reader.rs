//! One thread that cuts the sources into chunks.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender};

use super::args::Compression;
use super::chunk::{Chunk, Payload, Position};
use super::input::Part;
use super::input::detect::Wanted;
use super::input::format::{Framing, LineFormat};
use super::input::parquet;
use super::input::source::Source;
use super::window::Window;

/// The size of a chunk of lines: large enough for equal headers and keys to meet in a
/// batch, and small enough to bound the memory of the chunks in progress.
const CHUNK_BYTES: usize = 1024 * 1024;

/// The sources and how to read them.
pub(super) struct Plan {
    pub(super) sources: Vec<Source>,
    pub(super) wanted: Wanted,
    pub(super) compression: Compression,
    /// The longest line that is read.
    pub(super) line_bytes: usize,
    /// Stop after the chunk that reaches this many lines.
    pub(super) stop_after: Option<u64>,
}

/// The state that the reader shares with the other threads.
#[derive(Default)]
pub(super) struct Signals {
    pub(super) interrupted: AtomicBool,
    /// The number of chunks sent.
    pub(super) sent: AtomicU64,
    /// The number of bytes read from the sources, before decompression.
    pub(super) read_bytes: Arc<AtomicU64>,
}

/// What came of a source.
enum Reading {
    Whole,
    Empty,
    Stopped,
}

/// Sends chunks on, one for each permit.
pub(super) struct Reader {
    pub(super) plan: Plan,
    pub(super) signals: Arc<Signals>,
    /// Each carries a buffer for a chunk's lines.
    pub(super) permits: Receiver<Vec<u8>>,
    /// Buffers of finished chunks.
    pub(super) room: Vec<Vec<u8>>,
    pub(super) chunks: Sender<Chunk>,
    pub(super) sequence: u64,
    pub(super) lines: u64,
}

/// Whether to continue reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    On,
    Stopped,
}

impl Reader {
    /// Reads everything from `start` on.
    pub(super) fn run(mut self, start: Position) {
        let count = self.plan.sources.len();
        for index in start.source..count {
            let Some(source) = self.plan.sources.get(index).cloned() else { break };
            let begin = if index == start.source && start.line > 0 {
                start
            } else {
                Position { source: index, offset: 0, line: 1 }
            };
            let name: Arc<str> = source.name().into();
            let read = match &source {
                Source::File(path) if self.plan.wanted.is_parquet(source.is_parquet_file()) => {
                    self.rows(path, &name, begin)
                }
                _ => self.lines_of(&source, &name, begin),
            };
            let next = Position { source: index.saturating_add(1), ..Position::default() };
            let going = match read {
                Ok(Reading::Whole) => Going::On,
                Ok(Reading::Empty) => self.send(&name, Payload::Empty, 0, next),
                Ok(Reading::Stopped) => Going::Stopped,
                // The other sources are read all the same.
                Err(reason) => self.send(&name, Payload::Broken(reason), 0, next),
            };
            if going == Going::Stopped {
                break;
            }
        }
    }

    fn rows(&mut self, path: &Path, name: &Arc<str>, begin: Position) -> Result<Reading, String> {
        let Wanted { fields, manner, .. } = &self.plan.wanted;
        let file = File::open(path).map_err(|error| error.to_string())?;
        let (columns, batches) = parquet::open(file, fields, begin.offset)?;
        if !columns.has(Part::Time) && manner.now.is_none() {
            return Err(
                "no column has a usual name for times; name it with --time, or one for all with --now"
                    .to_owned(),
            );
        }
        let columns = Arc::new(columns);
        let mut place = begin;
        for batch in batches {
            let batch = batch.map_err(|error| parquet::told(&error))?;
            let rows = u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
            let first = place.line;
            place.offset = place.offset.saturating_add(rows);
            place.line = place.line.saturating_add(rows);
            let payload = Payload::Batch(batch, Arc::clone(&columns));
            if self.send(name, payload, first, place) == Going::Stopped {
                return Ok(Reading::Stopped);
            }
        }
        let size = std::fs::metadata(path).map_or(0, |data| data.len());
        self.signals.read_bytes.fetch_add(size, Ordering::Relaxed);
        Ok(if place.line > 1 { Reading::Whole } else { Reading::Empty })
    }

    fn lines_of(&mut self, source: &Source, name: &Arc<str>, begin: Position) -> Result<Reading, String> {
        let told = |error: io::Error| error.to_string();
        let read_bytes = Arc::clone(&self.signals.read_bytes);
        let mut opened = source.open(self.plan.compression, read_bytes).map_err(told)?;
        if self.plan.wanted.is_parquet(opened.is_parquet) {
            return Err("Parquet is read from files only: write it to one".to_owned());
        }
        let mut window = Window::new(Vec::new());
        let mut at_end = window.fill(&mut opened.text, CHUNK_BYTES).map_err(told)?;
        if window.bytes().is_empty() {
            return opened.broken().map_or(Ok(Reading::Empty), |reason| Err(reason.to_owned()));
        }
        let (format, framing) = self.plan.wanted.lines(name, window.bytes(), at_end)?;
        let format = Arc::new(format);
        if framing != Framing::Lines {
            let text = io::Cursor::new(window.take()).chain(opened.take());
            opened.text = framing.lines(text, Some(opened.breaking()));
            at_end = window.fill(&mut opened.text, CHUNK_BYTES).map_err(told)?;
        }
        let input = &mut opened.text;
        let mut place = begin;
        if begin.offset > 0 {
            window.skip(input, begin.offset).map_err(told)?;
            at_end = window.fill(input, CHUNK_BYTES).map_err(told)?;
        }
        while !window.bytes().is_empty() {
            let length = window.bytes().len();
            let end = memchr::memrchr(b'\n', window.bytes()).map(|newline| newline.saturating_add(1));
            let end = match end {
                Some(end) if !at_end => end,
                _ if at_end => length,
                _ if length <= self.plan.line_bytes => {
                    at_end = window.fill(input, length.saturating_add(CHUNK_BYTES)).map_err(told)?;
                    continue;
                }
                _ => {
                    let first = place.line;
                    let passed = window.pass_line(input, CHUNK_BYTES).map_err(told)?;
                    place.offset = place.offset.saturating_add(passed);
                    place.line = place.line.saturating_add(1);
                    at_end = window.fill(input, CHUNK_BYTES).map_err(told)?;
                    if self.send(name, Payload::TooLong, first, place) == Going::Stopped {
                        return Ok(Reading::Stopped);
                    }
                    continue;
                }
            };
            let lines = window.split(end, self.room.pop().unwrap_or_default());
            at_end = at_end || window.fill(input, CHUNK_BYTES).map_err(told)?;
            if self.send_lines(name, lines, &format, &mut place) == Going::Stopped {
                return Ok(Reading::Stopped);
            }
        }
        opened
            .broken()
            .map_or(Ok(Reading::Whole), |reason| Err(format!("read up to line {}: {reason}", place.line)))
    }

    fn send_lines(
        &mut self,
        name: &Arc<str>,
        lines: Vec<u8>,
        format: &Arc<LineFormat>,
        place: &mut Position,
    ) -> Going {
        let first = place.line;
        let newlines = memchr::memchr_iter(b'\n', &lines).count();
        let open = usize::from(lines.last().is_some_and(|last| *last != b'\n'));
        let count = u64::try_from(newlines.saturating_add(open)).unwrap_or(u64::MAX);
        place.offset = place.offset.saturating_add(u64::try_from(lines.len()).unwrap_or(u64::MAX));
        place.line = place.line.saturating_add(count);
        self.send(name, Payload::Lines(lines, Arc::clone(format)), first, *place)
    }

    fn send(&mut self, name: &Arc<str>, payload: Payload, first: u64, after: Position) -> Going {
        let Ok(room) = self.permits.recv() else { return Going::Stopped };
        if self.signals.interrupted.load(Ordering::Acquire) {
            return Going::Stopped;
        }
        // Do not keep the buffer of a line of many megabytes.
        if (CHUNK_BYTES..=CHUNK_BYTES.saturating_mul(2)).contains(&room.capacity()) {
            self.room.push(room);
        }
        let source = Arc::clone(name);
        let chunk = Chunk { sequence: self.sequence, source, payload, first, after };
        self.sequence = self.sequence.saturating_add(1);
        self.signals.sent.fetch_add(1, Ordering::AcqRel);
        if self.chunks.send(chunk).is_err() {
            return Going::Stopped;
        }
        self.lines = self.lines.saturating_add(after.line.saturating_sub(first));
        if self.plan.stop_after.is_some_and(|lines| self.lines >= lines) {
            self.signals.interrupted.store(true, Ordering::Release);
            return Going::Stopped;
        }
        Going::On
    }
}
