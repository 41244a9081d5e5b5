//! Where rows go: whole or not at all, and what there is of an interrupted run
//! under a name that says so.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use tempfile::NamedTempFile;

use super::args::RowFormat;
use super::row;
use super::rows::{RowWriter, Rows};
use crate::failure::Failure;
use crate::output_file::{self, Readers};

/// Parquet is written in batches of exactly so many rows, so that the file does
/// not depend on where a run was interrupted.
const BATCH_ROWS: usize = 8192;

/// How many rows a row group has.
const GROUP_ROWS: usize = 131_072;

/// The rows' destination.
pub(super) struct Output {
    sink: Sink,
    path: PathBuf,
    force: bool,
}

enum Sink {
    None,
    StandardOutput(BufWriter<io::Stdout>),
    /// A new file beside the place, or the one of the interrupted run.
    Text(BufWriter<Target>),
    Parquet(Box<ParquetSink>),
}

enum Target {
    New(NamedTempFile),
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
    writer: ArrowWriter<NamedTempFile>,
    coalescer: BatchCoalescer,
    schema: SchemaRef,
}

/// The name of what an interrupted run leaves.
pub(super) fn partial_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

impl Output {
    /// Opens the output. `resumed` is the length of the partial text of the
    /// run that is gone on with.
    pub(super) fn open(
        path: Option<&Path>,
        rows: &RowWriter,
        force: bool,
        resumed: Option<u64>,
    ) -> Result<Self, Failure> {
        let (Some(path), Some(format)) = (path, rows.format()) else {
            return Ok(Self { sink: Sink::None, path: PathBuf::new(), force });
        };
        let blame = |error: io::Error| Failure::of(path.display(), error);
        let owned = path.to_owned();
        if path.as_os_str() == "-" {
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
            if format == RowFormat::Csv {
                let header = row::csv_header(rows.with_token());
                out.write_all(header.as_bytes()).map_err(|error| Failure::of_output(&error))?;
            }
            return Ok(Self { sink: Sink::StandardOutput(out), path: owned, force });
        }
        output_file::refuse_existing(path, force)?;
        let partial = partial_path(path);
        let readers = if rows.with_token() { Readers::Owner } else { Readers::Everybody };
        let sink = match (format, resumed) {
            (RowFormat::Parquet, resumed) => {
                let mut sink =
                    Box::new(ParquetSink::new(output_file::beside(path, readers)?, rows.schema())?);
                if resumed.is_some() {
                    sink.replay(&partial)?;
                }
                Sink::Parquet(sink)
            }
            (_, Some(length)) => {
                let mut file = OpenOptions::new().write(true).open(&partial).map_err(blame)?;
                file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(blame)?;
                Sink::Text(BufWriter::with_capacity(1 << 16, Target::Partial(file)))
            }
            (format, None) => {
                let target = Target::New(output_file::beside(path, readers)?);
                let mut out = BufWriter::with_capacity(1 << 16, target);
                if format == RowFormat::Csv {
                    out.write_all(row::csv_header(rows.with_token()).as_bytes()).map_err(blame)?;
                }
                Sink::Text(out)
            }
        };
        Ok(Self { sink, path: owned, force })
    }

    pub(super) fn write(&mut self, rows: Rows) -> Result<(), Failure> {
        let blame = |error: io::Error| Failure::of(self.path.display(), error);
        match (&mut self.sink, rows) {
            (Sink::StandardOutput(out), Rows::Text(text)) => {
                out.write_all(&text).map_err(|error| Failure::of_output(&error))
            }
            (Sink::Text(out), Rows::Text(text)) => out.write_all(&text).map_err(blame),
            (Sink::Parquet(sink), Rows::Columns(columns)) => {
                let batch = columns.finish(Arc::clone(&sink.schema));
                let written = batch.map_err(|error| error.to_string()).and_then(|batch| sink.push(batch));
                written.map_err(|reason| Failure::of(self.path.display(), reason))
            }
            _ => Ok(()),
        }
    }

    /// Puts the whole output in its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let path = self.path;
        let blame = |error: io::Error| Failure::of(path.display(), error);
        let target = match self.sink {
            Sink::None => return Ok(()),
            Sink::StandardOutput(mut out) => return out.flush().map_err(|error| Failure::of_output(&error)),
            Sink::Text(out) => out.into_inner().map_err(|error| blame(error.into_error()))?,
            Sink::Parquet(sink) => {
                Target::New(sink.finish().map_err(|reason| Failure::of(path.display(), reason))?)
            }
        };
        match target {
            Target::New(file) => output_file::place(file, &path, self.force)?,
            Target::Partial(file) => {
                output_file::refuse_existing(&path, self.force)?;
                file.sync_all().and_then(|()| std::fs::rename(partial_path(&path), &path)).map_err(blame)?;
            }
        }
        let _ = std::fs::remove_file(partial_path(&path));
        Ok(())
    }

    /// Keeps what there is under the name of a partial output; returns its
    /// length.
    pub(super) fn interrupt(self) -> Result<u64, Failure> {
        let path = partial_path(&self.path);
        let blame = |error: io::Error| Failure::of(path.display(), error);
        let target = match self.sink {
            Sink::None => return Ok(0),
            Sink::StandardOutput(mut out) => {
                out.flush().map_err(|error| Failure::of_output(&error))?;
                return Ok(0);
            }
            Sink::Text(out) => out.into_inner().map_err(|error| blame(error.into_error()))?,
            Sink::Parquet(sink) => {
                Target::New(sink.finish().map_err(|reason| Failure::of(path.display(), reason))?)
            }
        };
        match target {
            Target::New(file) => output_file::place(file, &path, true)?,
            Target::Partial(file) => file.sync_all().map_err(blame)?,
        }
        path.metadata().map(|data| data.len()).map_err(blame)
    }

    /// Tells whether there is anything that an interrupted run could keep.
    pub(super) const fn is_resumable(&self) -> bool {
        !matches!(self.sink, Sink::StandardOutput(_))
    }
}

impl ParquetSink {
    fn new(file: NamedTempFile, schema: SchemaRef) -> Result<Self, Failure> {
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

    /// Writes the rows of an interrupted run once more.
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

    fn finish(mut self: Box<Self>) -> Result<NamedTempFile, String> {
        self.coalescer.finish_buffered_batch().map_err(|error| error.to_string())?;
        self.drain()?;
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}
