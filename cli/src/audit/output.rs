//! The output of rows. It appears whole or not at all; until then the rows are in
//! `.partial`, with which an ended run can go on.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use super::args::RowFormat;
use super::parquet_rows::ParquetRows;
use super::places::RowsPlace;
use super::row;
use super::rows::{RowWriter, Rows};
use super::target::{Mark, Target};
use crate::destination::Destination;
use crate::failure::Failure;

/// The rows' destination.
pub(super) struct Output {
    sink: Sink,
    /// `None` if no rows are written.
    place: Option<RowsPlace>,
}

enum Sink {
    None,
    Text(BufWriter<Target>),
    Parquet(Box<ParquetRows>),
}

impl Output {
    /// Opens the output, behind the rows of the run that is resumed, if there is one.
    pub(super) fn open(
        place: Option<RowsPlace>,
        rows: &RowWriter,
        resumed: Option<&Mark>,
    ) -> Result<Self, Failure> {
        let (Some(RowsPlace { whole, partial }), Some(format)) = (&place, rows.format()) else {
            return Ok(Self { sink: Sink::None, place: None });
        };
        let sink = match (resumed, partial) {
            (Some(mark), Some(partial)) => {
                let file = reopen(partial, mark.bytes).map_err(|error| partial.blame(error))?;
                match format {
                    RowFormat::Parquet => {
                        let sink = ParquetRows::resume(file, rows.schema(), mark.bytes, &mark.groups);
                        let sink = sink.map_err(|error| Failure::of(partial.named().display(), error))?;
                        Sink::Parquet(Box::new(sink))
                    }
                    _ => Sink::Text(BufWriter::with_capacity(1 << 16, Target::Partial(file))),
                }
            }
            (_, partial) => {
                let target = match partial {
                    // It has its name from the beginning: whatever ends the run, it stays.
                    Some(partial) => {
                        partial.place(partial.open()?)?;
                        Target::Partial(reopen(partial, 0).map_err(|error| partial.blame(error))?)
                    }
                    None => Target::Stream(whole.open()?),
                };
                Sink::begin(target, format, rows, whole)?
            }
        };
        Ok(Self { sink, place })
    }

    pub(super) fn write(&mut self, rows: Rows) -> Result<(), Failure> {
        let Some(RowsPlace { whole, .. }) = &self.place else { return Ok(()) };
        match (&mut self.sink, rows) {
            (Sink::Text(out), Rows::Text(text)) => out.write_all(&text).map_err(|error| whole.blame(error)),
            (Sink::Parquet(sink), Rows::Columns(columns)) => {
                let batch =
                    columns.finish(Arc::clone(sink.schema())).map_err(|error| refused(whole, error))?;
                sink.push(&batch).map_err(|error| refused(whole, error))
            }
            _ => Ok(()),
        }
    }

    /// Moves the complete output to its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Some(RowsPlace { whole, partial }) = self.place else { return Ok(()) };
        match (self.sink.finish(&whole)?, partial) {
            (Some(Target::Stream(file)), _) => whole.place(file),
            (Some(Target::Partial(file)), Some(partial)) => whole.place_path(&file, partial.named()),
            _ => Ok(()),
        }
    }

    /// Makes sure that the rows so far are on disk; returns how far they are, or `None`
    /// if they could not be resumed.
    pub(super) fn checkpoint(&mut self) -> Result<Option<Mark>, Failure> {
        let Some(RowsPlace { whole, partial }) = &self.place else { return Ok(Some(Mark::default())) };
        let Some(partial) = partial else { return Ok(None) };
        let mut groups = Vec::new();
        let target = match &mut self.sink {
            Sink::None => return Ok(Some(Mark::default())),
            Sink::Text(out) => {
                out.flush().map_err(|error| whole.blame(error))?;
                out.get_ref()
            }
            Sink::Parquet(sink) => {
                groups = sink.checkpoint().map_err(|error| refused(whole, error))?;
                sink.target()
            }
        };
        let Target::Partial(file) = target else { return Ok(None) };
        let length = file.sync_data().and_then(|()| file.metadata()).map(|data| data.len());
        length.map(|bytes| Some(Mark { bytes, groups })).map_err(|error| partial.blame(error))
    }

    /// Leaves nothing behind.
    pub(super) fn discard(self) {
        if let (Sink::Text(_) | Sink::Parquet(_), Some(RowsPlace { partial: Some(partial), .. })) =
            (&self.sink, &self.place)
        {
            let _ = std::fs::remove_file(partial.named());
        }
    }

    /// Keeps the rows so far as a partial output, if the place allows one: a whole file,
    /// of which the mark is where the rows end.
    pub(super) fn interrupt(mut self) -> Result<Mark, Failure> {
        let mark = self.checkpoint()?;
        let Some(RowsPlace { whole, partial }) = self.place else { return Ok(Mark::default()) };
        if let (Some(Target::Partial(file)), Some(partial)) = (self.sink.finish(&whole)?, partial) {
            file.sync_all().map_err(|error| partial.blame(error))?;
        }
        Ok(mark.unwrap_or_default())
    }
}

/// Opens the partial output and cuts what comes after `length` bytes.
fn reopen(partial: &Destination, length: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().read(true).write(true).open(partial.named())?;
    if file.metadata()?.len() < length {
        return Err(io::Error::other("shorter than it was when the state was written"));
    }
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

/// A failure of the writer of Parquet.
fn refused(whole: &Destination, error: impl std::fmt::Display) -> Failure {
    Failure::of(whole.named().display(), error)
}

impl Sink {
    fn begin(
        target: Target,
        format: RowFormat,
        rows: &RowWriter,
        whole: &Destination,
    ) -> Result<Self, Failure> {
        if format == RowFormat::Parquet {
            let sink = ParquetRows::begin(target, rows.schema()).map_err(|error| refused(whole, error))?;
            return Ok(Self::Parquet(Box::new(sink)));
        }
        let mut out = BufWriter::with_capacity(1 << 16, target);
        if format == RowFormat::Csv {
            let header = row::csv_header(rows.columns());
            out.write_all(&header).map_err(|error| whole.blame(error))?;
        }
        Ok(Self::Text(out))
    }

    /// Flushes all buffers.
    fn finish(self, whole: &Destination) -> Result<Option<Target>, Failure> {
        match self {
            Self::None => Ok(None),
            Self::Text(mut out) => {
                out.flush().map_err(|error| whole.blame(error))?;
                out.into_inner().map(Some).map_err(|error| whole.blame(error.into_error()))
            }
            Self::Parquet(sink) => sink.finish().map(Some).map_err(|error| refused(whole, error)),
        }
    }
}
