//! Rows as Parquet, in a file that a run can go on with.
//!
//! Parquet says at the end of a file where its row groups are, so a file without its end
//! is bytes that nobody can read. A row group therefore ends wherever a state is written,
//! and the state holds the description of the row groups so far. A run that goes on cuts
//! the file behind them and tells a new writer of each. The writer writes these row groups
//! again, byte for byte; those bytes are in the file already, and are left out.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::target::Target;

/// The least number of rows in a row group, but for those that end at a state.
const GROUP_ROWS: usize = 131_072;

/// Columns whose values seldom come again, or follow one another: a dictionary of them
/// would be made for nothing.
const WITHOUT_DICTIONARY: [&str; 5] = ["line", "used_at", "expires_at", "jti", "fingerprint"];

/// What follows the description of the row groups in a file: its length, and `PAR1`.
const TAIL_BYTES: usize = 8;

/// Writes rows into row groups.
pub(super) struct ParquetRows {
    writer: SerializedFileWriter<Continued>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// The columns of the row group in progress, and its rows.
    columns: Vec<ArrowColumnWriter>,
    rows: usize,
}

/// A file of which the beginning is there already.
struct Continued {
    target: Target,
    /// The number of bytes that are still to be left out.
    there_bytes: u64,
}

impl Write for Continued {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.there_bytes == 0 {
            return self.target.write(bytes);
        }
        let there = usize::try_from(self.there_bytes).unwrap_or(usize::MAX).min(bytes.len());
        self.there_bytes = self.there_bytes.saturating_sub(there as u64);
        Ok(there)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

impl ParquetRows {
    /// Begins a file.
    pub(super) fn begin(target: Target, schema: SchemaRef) -> Result<Self> {
        Self::on(Continued { target, there_bytes: 0 }, schema)
    }

    /// Goes on with a file that has these row groups and ends behind them, after `length`
    /// bytes.
    pub(super) fn resume(file: File, schema: SchemaRef, length: u64, groups: &[u8]) -> Result<Self> {
        let groups = ParquetMetaDataReader::decode_metadata(groups)?;
        // Both have one place in the file.
        let mut there = file.try_clone()?;
        let mut rows = Self::on(Continued { target: Target::Partial(file), there_bytes: length }, schema)?;
        for group in groups.row_groups() {
            let mut again = rows.writer.next_row_group()?;
            for column in group.columns() {
                let close = ColumnCloseResult {
                    bytes_written: u64::try_from(column.compressed_size()).unwrap_or_default(),
                    rows_written: u64::try_from(group.num_rows()).unwrap_or_default(),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                again.append_column(&there, close)?;
            }
            again.close()?;
        }
        if rows.writer.bytes_written() as u64 != length {
            return Err(ParquetError::General("not the rows that the state describes".to_owned()));
        }
        rows.writer.flush()?;
        there.seek(SeekFrom::Start(length))?;
        Ok(rows)
    }

    fn on(file: Continued, schema: SchemaRef) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            // An index of pages would have to be kept for each state too.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true);
        let properties = WITHOUT_DICTIONARY.into_iter().fold(properties, |properties, column| {
            properties.set_column_dictionary_enabled(ColumnPath::from(column), false)
        });
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties.build()))?;
        let (writer, factory) = writer.into_serialized_writer()?;
        Ok(Self { writer, factory, schema, columns: Vec::new(), rows: 0 })
    }

    /// Returns the schema of the rows.
    pub(super) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Adds rows.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if self.columns.is_empty() {
            self.columns = self.factory.create_column_writers(self.writer.flushed_row_groups().len())?;
        }
        let mut writers = self.columns.iter_mut();
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            for (leaf, writer) in compute_leaves(field, column)?.iter().zip(writers.by_ref()) {
                writer.write(leaf)?;
            }
        }
        self.rows = self.rows.saturating_add(batch.num_rows());
        if self.rows >= GROUP_ROWS { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in self.columns.drain(..) {
            column.close()?.append_to_row_group(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Ends the row group in progress; returns the description of the row groups so far.
    /// Nothing is buffered then.
    pub(super) fn checkpoint(&mut self) -> Result<Vec<u8>> {
        self.end_group()?;
        self.writer.flush()?;
        let groups = self.writer.flushed_row_groups().to_vec();
        let rows = groups.iter().map(|group| group.num_rows()).fold(0, i64::saturating_add);
        let schema = Arc::new(ArrowSchemaConverter::new().convert(&self.schema)?);
        let described = ParquetMetaData::new(FileMetaData::new(2, rows, None, None, schema, None), groups);
        let mut text = Vec::new();
        ParquetMetaDataWriter::new(&mut text, &described).finish()?;
        text.truncate(text.len().saturating_sub(TAIL_BYTES));
        Ok(text)
    }

    /// Returns the file that is written to.
    pub(super) fn target(&self) -> &Target {
        &self.writer.inner().target
    }

    /// Writes the end of the file.
    pub(super) fn finish(mut self) -> Result<Target> {
        self.end_group()?;
        self.writer.into_inner().map(|file| file.target)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Array as _, Int64Array, StringArray};
    use arrow_schema::{DataType, Field, Schema};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    fn schema() -> SchemaRef {
        let fields = [Field::new("n", DataType::Int64, false), Field::new("text", DataType::Utf8, true)];
        Arc::new(Schema::new(fields.to_vec()))
    }

    fn batch(numbers: std::ops::Range<i64>) -> RecordBatch {
        let texts = numbers.clone().map(|number| (number % 3 != 0).then(|| format!("text {}", number % 7)));
        let texts: StringArray = texts.collect();
        let numbers: Int64Array = numbers.collect();
        RecordBatch::try_new(schema(), vec![Arc::new(numbers), Arc::new(texts)]).unwrap()
    }

    fn read(file: &File) -> Vec<i64> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(file.try_clone().unwrap()).unwrap();
        let mut found = Vec::new();
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let numbers = batch.column(0).as_any().downcast_ref::<Int64Array>().unwrap();
            let texts = batch.column(1).as_any().downcast_ref::<StringArray>().unwrap();
            for (row, number) in numbers.values().iter().enumerate() {
                assert_eq!(texts.is_null(row), number % 3 == 0);
                assert!(texts.is_null(row) || texts.value(row) == format!("text {}", number % 7));
            }
            found.extend(numbers.values());
        }
        found
    }

    #[test]
    fn file_goes_on_from_each_state() {
        let file = tempfile::tempfile().unwrap();
        let begin = |file: &File| ParquetRows::begin(Target::Partial(file.try_clone().unwrap()), schema());
        let mut rows = begin(&file).unwrap();
        let mut state = |numbers| {
            rows.push(&batch(numbers)).unwrap();
            let groups = rows.checkpoint().unwrap();
            (file.metadata().unwrap().len(), groups)
        };
        let states = [state(0..200_000), state(200_000..200_010)];
        // What is behind the state is lost, such as a row group without a description.
        state(900_000..990_000);
        drop(rows);
        for (state, from) in states.iter().zip([200_000, 200_010]).rev() {
            let again = file.try_clone().unwrap();
            again.set_len(state.0).unwrap();
            let mut rows = ParquetRows::resume(again, schema(), state.0, &state.1).unwrap();
            // There may be no rows in between.
            rows.checkpoint().unwrap();
            rows.push(&batch(from..210_000)).unwrap();
            rows.finish().unwrap();
            assert_eq!(read(&file), (0..210_000).collect::<Vec<_>>());
        }
    }

    #[test]
    fn file_with_other_rows_is_refused() {
        let file = tempfile::tempfile().unwrap();
        let mut rows = ParquetRows::begin(Target::Partial(file.try_clone().unwrap()), schema()).unwrap();
        rows.push(&batch(0..10)).unwrap();
        let groups = rows.checkpoint().unwrap();
        let length = file.metadata().unwrap().len();
        let resume = |length, groups: &[u8]| {
            ParquetRows::resume(file.try_clone().unwrap(), schema(), length, groups).err()
        };
        assert!(resume(length, b"?").is_some());
        assert!(resume(length.saturating_add(1), &groups).is_some());
        assert!(resume(length, &groups).is_none());
        file.set_len(20).unwrap();
        assert!(resume(20, &groups).is_some());
    }
}
