//! Parquet sources: columns of an Arrow batch.

use std::fs::File;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use jiff::tz::TimeZone;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::nested::{Values, Way};
use super::{Fields, Flaw, Part, status, usual};

/// How many rows are read at a time.
const BATCH_ROWS: usize = 4096;

/// The first bytes of every Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// The ways to the parts within the batches that are read.
#[derive(Clone, Debug)]
pub(in crate::audit) struct ParquetColumns {
    ways: [Option<Way>; 4],
    kept: Vec<Option<Way>>,
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
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| told(&error))?;
    let columns = builder.schema().fields().clone();
    let mut ways = [const { None }; 4];
    for (part, way) in Part::ALL.into_iter().zip(&mut ways) {
        let named = fields.of(part);
        *way = match named.first() {
            Some(field) => Some(Way::to(&columns, field).ok_or_else(|| missing(&columns, field))?),
            None => usual::of(part).iter().find_map(|name| Way::to(&columns, name)),
        };
        if part == Part::Token && way.is_none() {
            return Err(missing(&columns, "with a usual name for tokens; name it with --token"));
        }
    }
    let mut kept: Vec<_> =
        fields.keep.iter().map(|kept| kept.fields().find_map(|name| Way::to(&columns, name))).collect();
    let mut order: Vec<_> = ways.iter().chain(&kept).flatten().map(|way| way.column).collect();
    order.sort_unstable();
    order.dedup();
    for way in ways.iter_mut().chain(&mut kept).flatten() {
        way.column = order.iter().position(|other| *other == way.column).unwrap_or_default();
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), order);
    let skip = usize::try_from(skip_rows).unwrap_or(usize::MAX);
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).with_offset(skip).build();
    Ok((ParquetColumns { ways, kept }, reader.map_err(|error| told(&error))?))
}

fn missing(columns: &arrow_schema::Fields, field: &str) -> String {
    let names: Vec<_> = columns.iter().map(|column| column.name().as_str()).collect();
    format!("there is no column {field}; there are: {}", super::shown::shown(names.join(" ").as_bytes()))
}

/// Names the compression that is not read.
pub(in crate::audit) fn told(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    if text.contains("LZO") {
        "pages compressed with LZO are not read; write them anew with zstd".to_owned()
    } else {
        text
    }
}

/// Times as whole seconds, or as text that is still to be parsed.
enum Times {
    Seconds(ArrayRef, i64),
    Text(BinaryArray),
}

/// Statuses as numbers, or as text that is still to be parsed.
enum Statuses {
    Numbers(ArrayRef),
    Text(BinaryArray),
}

/// The parts of a batch, as columns.
pub(in crate::audit) struct Parted {
    pub(in crate::audit) tokens: BinaryArray,
    token_values: Values,
    times: Option<(Values, Times)>,
    statuses: Option<(Values, Statuses)>,
    addresses: Option<(Values, BinaryArray)>,
    kept: Vec<Option<(Values, BinaryArray)>>,
}

impl ParquetColumns {
    pub(in crate::audit) fn has(&self, part: Part) -> bool {
        self.ways.get(part as usize).is_some_and(Option::is_some)
    }

    /// Finds the parts in a batch.
    ///
    /// # Errors
    /// A message about the type.
    pub(in crate::audit) fn parted(&self, batch: &RecordBatch) -> Result<Parted, String> {
        let follow = |way: &Way| batch.columns().get(way.column).map(|column| way.follow(column));
        let values = |part: Part| follow(self.ways.get(part as usize)?.as_ref()?);
        let texts = |values: Values| values.bytes().map(|bytes| (values, bytes));
        let kept =
            self.kept.iter().map(|way| way.as_ref().and_then(follow).transpose()?.map(texts).transpose());
        let token_values = values(Part::Token).ok_or("the token's column is missing")??;
        let times = values(Part::Time).transpose()?;
        let statuses = values(Part::Status).transpose()?;
        let addresses = values(Part::Address).transpose()?;
        Ok(Parted {
            tokens: token_values.bytes()?,
            token_values,
            times: times.map(|values| times_of(&values).map(|times| (values, times))).transpose()?,
            statuses: statuses
                .map(|values| statuses_of(&values).map(|statuses| (values, statuses)))
                .transpose()?,
            addresses: addresses.map(texts).transpose()?,
            kept: kept.collect::<Result<_, _>>()?,
        })
    }
}

fn numbers(column: &ArrayRef) -> Result<ArrayRef, String> {
    cast(column, &DataType::Int64).map_err(|error| error.to_string())
}

fn statuses_of(values: &Values) -> Result<Statuses, String> {
    match values.array.data_type().is_numeric() {
        true => numbers(&values.array).map(Statuses::Numbers),
        false => values.bytes().map(Statuses::Text),
    }
}

fn times_of(values: &Values) -> Result<Times, String> {
    let whole = |per_second| Ok(Times::Seconds(numbers(&values.array)?, per_second));
    match values.array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => whole(1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => whole(1000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => whole(1_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => whole(1_000_000_000),
        _ => Ok(Times::Text(values.bytes()?)),
    }
}

impl Parted {
    /// The tokens of a row that are not null.
    pub(in crate::audit) fn tokens_of(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        self.token_values
            .places(row)
            .filter(|place| self.tokens.is_valid(*place))
            .map(|place| self.tokens.value(place))
    }

    /// Returns the second of a row's use, `None` for null.
    ///
    /// # Errors
    /// Says why the value is not a time.
    pub(in crate::audit) fn time(&self, row: usize, zone: Option<&TimeZone>) -> Result<Option<i64>, Flaw> {
        let Some((values, times)) = &self.times else { return Ok(None) };
        let Some(place) = values.places(row).next() else { return Ok(None) };
        match times {
            Times::Seconds(numbers, per_second) => {
                let numbers = numbers.as_primitive::<Int64Type>();
                Ok(numbers.is_valid(place).then(|| numbers.value(place).div_euclid(*per_second)))
            }
            Times::Text(text) if text.is_null(place) => Ok(None),
            Times::Text(text) => super::time_text::parse(text.value(place), zone).map(Some),
        }
    }

    /// Returns the text of a row's time, if it is one.
    pub(in crate::audit) fn time_text(&self, row: usize) -> Option<&[u8]> {
        let (values, Times::Text(text)) = self.times.as_ref()? else { return None };
        values.places(row).next().map(|place| text.value(place))
    }

    /// Returns the status of a row.
    ///
    /// # Errors
    /// `Status`
    pub(in crate::audit) fn status(&self, row: usize) -> Result<Option<u16>, Flaw> {
        let Some((values, statuses)) = &self.statuses else { return Ok(None) };
        let Some(place) = values.places(row).next() else { return Ok(None) };
        match statuses {
            Statuses::Numbers(numbers) if numbers.is_null(place) => Ok(None),
            Statuses::Numbers(numbers) => status::of(numbers.as_primitive::<Int64Type>().value(place)),
            Statuses::Text(text) if text.is_null(place) => Ok(None),
            Statuses::Text(text) => status::parse(text.value(place)),
        }
    }

    /// Returns what stands in the place of a row's status.
    pub(in crate::audit) fn status_text(&self, row: usize) -> Option<Vec<u8>> {
        let (values, statuses) = self.statuses.as_ref()?;
        let place = values.places(row).next()?;
        Some(match statuses {
            Statuses::Numbers(numbers) => {
                numbers.as_primitive::<Int64Type>().value(place).to_string().into_bytes()
            }
            Statuses::Text(text) => text.value(place).to_vec(),
        })
    }

    /// Returns the text of each column that is kept.
    pub(in crate::audit) fn kept(&self, row: usize) -> impl Iterator<Item = Option<&[u8]>> {
        self.kept.iter().map(move |column| {
            let (values, texts) = column.as_ref()?;
            let place = values.places(row).next()?;
            texts.is_valid(place).then(|| texts.value(place))
        })
    }

    /// Returns the address of a row.
    pub(in crate::audit) fn address(&self, row: usize) -> Option<&[u8]> {
        let (values, addresses) = self.addresses.as_ref()?;
        let place = values.places(row).next()?;
        addresses.is_valid(place).then(|| addresses.value(place))
    }
}
