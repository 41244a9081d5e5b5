//! The output of rows. It appears whole or not at all; the rows of an interrupted run
//! are kept as `.partial`.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::args::RowFormat;
use super::places::RowsPlace;
use super::row;
use super::rows::{RowWriter, Rows};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::output_file::OutputFile;

/// Parquet is written in batches of exactly this number of rows, so the file does not
/// depend on where a run was interrupted.
const BATCH_ROWS: usize = 8192;

/// The number of rows in a row group.
const GROUP_ROWS: usize = 131_072;

/// The rows' destination.
pub(super) struct Output {
    sink: Sink,
    /// `None` if no rows are written.
    place: Option<RowsPlace>,
}

enum Sink {
    None,
    /// A new temporary file, or the partial file of the interrupted run.
    Text(BufWriter<Target>),
    Parquet(Box<ParquetSink>),
}

enum Target {
    New(OutputFile),
    Partial(File),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::New(file) => file.write(bytes),
            Self::Partial(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::New(file) => file.flush(),
            Self::Partial(file) => file.flush(),
        }
    }
}

struct ParquetSink {
    writer: ArrowWriter<OutputFile>,
    coalescer: BatchCoalescer,
    schema: SchemaRef,
}

impl Output {
    /// Opens the output. `resumed` is the length of the partial text of the run that is
    /// resumed.
    pub(super) fn open(
        place: Option<RowsPlace>,
        rows: &RowWriter,
        resumed: Option<u64>,
    ) -> Result<Self, Failure> {
        let (Some(RowsPlace { whole, partial, staged }), Some(format)) = (&place, rows.format()) else {
            return Ok(Self { sink: Sink::None, place: None });
        };
        let sink = match (format, resumed, partial) {
            (RowFormat::Parquet, resumed, partial) => {
                let file = match staged {
                    Some(staged) => whole.open_staged(staged.named())?,
                    None => whole.open()?,
                };
                let mut sink = Box::new(ParquetSink::new(file, rows.schema())?);
                if let (Some(_), Some(partial)) = (resumed, partial) {
                    sink.replay(partial.named())?;
                }
                Sink::Parquet(sink)
            }
            (_, Some(length), Some(partial)) => {
                let file = OpenOptions::new().write(true).open(partial.named());
                let file = file.and_then(|mut file| {
                    file.set_len(length)?;
                    file.seek(SeekFrom::End(0))?;
                    Ok(file)
                });
                let file = file.map_err(|error| partial.blame(error))?;
                Sink::Text(BufWriter::with_capacity(1 << 16, Target::Partial(file)))
            }
            (format, _, partial) => {
                let target = match partial {
                    // It has its name from the beginning: whatever ends the run, it stays.
                    Some(partial) => {
                        partial.place(partial.open()?)?;
                        let file = OpenOptions::new().write(true).open(partial.named());
                        Target::Partial(file.map_err(|error| partial.blame(error))?)
                    }
                    None => Target::New(whole.open()?),
                };
                let mut out = BufWriter::with_capacity(1 << 16, target);
                if format == RowFormat::Csv {
                    let header = row::csv_header(rows.columns());
                    out.write_all(&header).map_err(|error| whole.blame(error))?;
                }
                Sink::Text(out)
            }
        };
        Ok(Self { sink, place })
    }

    pub(super) fn write(&mut self, rows: Rows) -> Result<(), Failure> {
        let Some(RowsPlace { whole, .. }) = &self.place else { return Ok(()) };
        match (&mut self.sink, rows) {
            (Sink::Text(out), Rows::Text(text)) => out.write_all(&text).map_err(|error| whole.blame(error)),
            (Sink::Parquet(sink), Rows::Columns(columns)) => {
                let batch = columns.finish(Arc::clone(&sink.schema));
                let written = batch.map_err(|error| error.to_string()).and_then(|batch| sink.push(batch));
                written.map_err(|reason| Failure::of(whole.named().display(), reason))
            }
            _ => Ok(()),
        }
    }

    /// Moves the complete output to its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Some(RowsPlace { whole, partial, .. }) = self.place else { return Ok(()) };
        match self.sink.finish(&whole)? {
            Some(Target::New(file)) => whole.place(file)?,
            Some(Target::Partial(file)) => {
                if let Some(partial) = &partial {
                    whole.place_path(&file, partial.named())?;
                }
            }
            None => {}
        }
        if let Some(partial) = partial {
            let _ = std::fs::remove_file(partial.named());
        }
        Ok(())
    }

    /// Makes sure that the rows so far are on disk; returns their length, or `None` if
    /// they could not be resumed.
    pub(super) fn checkpoint(&mut self) -> Result<Option<u64>, Failure> {
        let Some(RowsPlace { whole, partial, .. }) = &self.place else { return Ok(Some(0)) };
        let (Sink::Text(out), Some(partial)) = (&mut self.sink, partial) else { return Ok(None) };
        out.flush().map_err(|error| whole.blame(error))?;
        let Target::Partial(file) = out.get_mut() else { return Ok(None) };
        let length = file.sync_data().and_then(|()| file.metadata()).map(|data| data.len());
        length.map(Some).map_err(|error| partial.blame(error))
    }

    /// Leaves nothing behind.
    pub(super) fn discard(self) {
        if let (Sink::Text(_), Some(RowsPlace { partial: Some(partial), .. })) = (&self.sink, &self.place) {
            let _ = std::fs::remove_file(partial.named());
        }
    }

    /// Keeps the rows so far as a partial output, if the place allows one; returns its
    /// length.
    pub(super) fn interrupt(self) -> Result<u64, Failure> {
        let Some(RowsPlace { whole, partial, .. }) = self.place else { return Ok(0) };
        let target = self.sink.finish(&whole)?;
        let Some(partial) = partial else { return Ok(0) };
        match target {
            Some(Target::New(file)) => partial.place(file)?,
            Some(Target::Partial(file)) => file.sync_all().map_err(|error| partial.blame(error))?,
            None => {}
        }
        partial.named().metadata().map(|data| data.len()).map_err(|error| partial.blame(error))
    }
}

impl Sink {
    /// Flushes all buffers.
    fn finish(self, whole: &Destination) -> Result<Option<Target>, Failure> {
        match self {
            Self::None => Ok(None),
            Self::Text(mut out) => {
                out.flush().map_err(|error| whole.blame(error))?;
                out.into_inner().map(Some).map_err(|error| whole.blame(error.into_error()))
            }
            Self::Parquet(sink) => {
                let file = sink.finish().map_err(|reason| Failure::of(whole.named().display(), reason))?;
                Ok(Some(Target::New(file)))
            }
        }
    }
}

impl ParquetSink {
    fn new(file: OutputFile, schema: SchemaRef) -> Result<Self, Failure> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer =
            ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(Failure::new)?;
        let coalescer = BatchCoalescer::new(Arc::clone(&schema), BATCH_ROWS);
        Ok(Self { writer, coalescer, schema })
    }

    fn push(&mut self, batch: RecordBatch) -> Result<(), String> {
        self.coalescer.push_batch(batch).map_err(|error| error.to_string())?;
        self.drain()
    }

    fn drain(&mut self) -> Result<(), String> {
        while let Some(batch) = self.coalescer.next_completed_batch() {
            self.writer.write(&batch).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Copies the rows of an interrupted run.
    fn replay(&mut self, partial: &Path) -> Result<(), Failure> {
        let blame = |reason: String| Failure::of(partial.display(), reason);
        let file = File::open(partial).map_err(|error| blame(error.to_string()))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| builder.with_batch_size(BATCH_ROWS).build())
            .map_err(|error| blame(error.to_string()))?;
        for batch in reader {
            let batch = batch.map_err(|error| blame(error.to_string()))?;
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec());
            self.push(batch.map_err(|error| blame(error.to_string()))?).map_err(blame)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<OutputFile, String> {
        self.coalescer.finish_buffered_batch().map_err(|error| error.to_string())?;
        self.drain()?;
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}
