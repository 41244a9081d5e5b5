//! Parquet sources: columns of an Arrow batch.

use std::fs::File;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::{Fields, Part};

/// How many rows are read at a time.
const BATCH_ROWS: usize = 4096;

/// The first bytes of every Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// The columns of each part within the batches that are read.
#[derive(Clone, Debug)]
pub(in crate::audit) struct ParquetColumns {
    places: [Option<usize>; 4],
}

/// Opens a file at a row.
///
/// # Errors
/// A message about the file or a missing column.
pub(in crate::audit) fn open(
    file: File,
    fields: &Fields,
    skip_rows: u64,
) -> Result<(ParquetColumns, ParquetRecordBatchReader), String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let names: Vec<_> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut roots = Vec::new();
    for part in Part::ALL {
        let Some(field) = fields.of(part) else { continue };
        let root = names
            .iter()
            .position(|name| name == field)
            .ok_or_else(|| format!("there is no column {field}"))?;
        roots.push((part, root));
    }
    let mut order: Vec<_> = roots.iter().map(|(_, root)| *root).collect();
    order.sort_unstable();
    order.dedup();
    let mut places = [None; 4];
    for (part, root) in &roots {
        if let Some(place) = places.get_mut(*part as usize) {
            *place = order.iter().position(|other| other == root);
        }
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), order);
    let skip = usize::try_from(skip_rows).unwrap_or(usize::MAX);
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).with_offset(skip).build();
    Ok((ParquetColumns { places }, reader.map_err(|error| error.to_string())?))
}

/// Lists the columns of a file.
pub(super) fn names(file: File) -> Result<Vec<String>, String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    Ok(builder.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// Times as whole seconds, or as text to parse.
pub(in crate::audit) enum Times {
    Seconds(ArrayRef, i64),
    Text(BinaryArray),
}

/// The parts of a batch, as columns.
pub(in crate::audit) struct Parted {
    pub(in crate::audit) tokens: BinaryArray,
    pub(in crate::audit) times: Option<Times>,
    pub(in crate::audit) statuses: Option<ArrayRef>,
    pub(in crate::audit) addresses: Option<BinaryArray>,
}

impl ParquetColumns {
    pub(in crate::audit) fn has_time(&self) -> bool {
        self.places.get(Part::Time as usize).is_some_and(Option::is_some)
    }

    /// Splits a batch into its parts.
    ///
    /// # Errors
    /// Names the type that cannot be read.
    pub(in crate::audit) fn parted(&self, batch: &RecordBatch) -> Result<Parted, String> {
        let column = |part: Part| {
            let place = self.places.get(part as usize).copied().flatten()?;
            batch.columns().get(place).map(Arc::clone)
        };
        let tokens = column(Part::Token).ok_or("the token's column is missing")?;
        let times = match column(Part::Time) {
            None => None,
            Some(column) => Some(times(&column)?),
        };
        let statuses = column(Part::Status).map(|column| cast(&column, &DataType::Int64)).transpose();
        Ok(Parted {
            tokens: bytes(&tokens)?,
            times,
            statuses: statuses.map_err(|error| error.to_string())?,
            addresses: column(Part::Address).map(|column| bytes(&column)).transpose()?,
        })
    }
}

fn bytes(column: &ArrayRef) -> Result<BinaryArray, String> {
    let text = match column.data_type() {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Arc::clone(column),
        _ => cast(column, &DataType::Utf8).map_err(|error| error.to_string())?,
    };
    let binary = cast(&text, &DataType::Binary).map_err(|error| error.to_string())?;
    Ok(binary.as_binary::<i32>().clone())
}

fn times(column: &ArrayRef) -> Result<Times, String> {
    let whole = |per_second| {
        let numbers = cast(column, &DataType::Int64).map_err(|error| error.to_string())?;
        Ok(Times::Seconds(numbers, per_second))
    };
    match column.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => whole(1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => whole(1000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => whole(1_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => whole(1_000_000_000),
        _ => Ok(Times::Text(bytes(column)?)),
    }
}

impl Times {
    /// Returns the time of a row in seconds; `None` if it is null, and an error if it
    /// is not a time.
    pub(in crate::audit) fn at(&self, row: usize) -> Result<Option<i64>, super::Unreadable> {
        match self {
            Self::Seconds(numbers, per_second) => {
                let numbers = numbers.as_primitive::<Int64Type>();
                Ok(numbers.is_valid(row).then(|| numbers.value(row).div_euclid(*per_second)))
            }
            Self::Text(text) if text.is_null(row) => Ok(None),
            Self::Text(text) => {
                super::time_text::parse(text.value(row)).map(Some).ok_or(super::Unreadable::Time)
            }
        }
    }
}
