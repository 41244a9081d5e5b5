//! A piece of a source, which is judged as one unit.

use std::sync::Arc;

use arrow_array::RecordBatch;
use serde::{Deserialize, Serialize};

use super::input::format::LineFormat;
use super::input::parquet::ParquetColumns;

/// Where the next chunk begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Which source.
    pub(super) source: usize,
    /// The number of bytes (after decompression) or rows before it.
    pub(super) offset: u64,
    /// The number of its first line or row.
    pub(super) line: u64,
}

/// The content of a chunk.
pub(super) enum Payload {
    /// Whole lines.
    Lines(Vec<u8>, Arc<LineFormat>),
    /// A source without a byte.
    Empty,
    /// Why a source could not be read, or not from here on.
    Broken(String),
    /// A line that is longer than the longest line that is read.
    TooLong,
    /// Rows of a Parquet file.
    Batch(RecordBatch, Arc<ParquetColumns>),
}

/// Lines or rows of one source. Its boundaries depend only on the source.
pub(super) struct Chunk {
    pub(super) sequence: u64,
    /// The source's name.
    pub(super) source: Arc<str>,
    pub(super) payload: Payload,
    /// The number of its first line or row, from 1.
    pub(super) first: u64,
    pub(super) after: Position,
}
