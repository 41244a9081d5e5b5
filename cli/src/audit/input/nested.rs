//! Values within columns of structs, maps and lists.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, BinaryArray};
use arrow_cast::cast;
use arrow_schema::{DataType, Fields};

/// Where a value is: a column, and the names below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) column: usize,
    names: Vec<String>,
}

impl Way {
    /// Finds a column by its whole name, or a way to a value in it by a JSON Pointer or
    /// by names with dots between them.
    pub(super) fn to(columns: &Fields, field: &str) -> Option<Self> {
        let position = |name: &str| columns.iter().position(|column| column.name() == name);
        if let Some(column) = position(field) {
            return Some(Self { column, names: Vec::new() });
        }
        let names: Vec<String> = match field.strip_prefix('/') {
            Some(pointer) => {
                pointer.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
            }
            None => field.split('.').map(str::to_owned).collect(),
        };
        let (first, rest) = names.split_first()?;
        let column = position(first)?;
        let way = Self { column, names: rest.to_vec() };
        way.leads(columns.get(column)?.data_type(), &way.names).then_some(way)
    }

    fn leads(&self, kind: &DataType, names: &[String]) -> bool {
        match (kind, names) {
            (DataType::List(inner) | DataType::LargeList(inner), _) => self.leads(inner.data_type(), names),
            (DataType::Struct(fields), [first, rest @ ..]) => fields
                .iter()
                .find(|field| field.name() == first)
                .is_some_and(|field| self.leads(field.data_type(), rest)),
            (DataType::Map(_, _), [_, ..]) => true,
            (DataType::Struct(_) | DataType::Map(_, _), []) => false,
            (_, names) => names.is_empty(),
        }
    }

    /// Follows the way into a column.
    ///
    /// # Errors
    /// A message about the type.
    pub(super) fn follow(&self, column: &ArrayRef) -> Result<Values, String> {
        let mut values = Values { array: Arc::clone(column), rows: None };
        let mut names = self.names.as_slice();
        loop {
            let array = Arc::clone(&values.array);
            match array.data_type() {
                DataType::List(_) => {
                    let list = array.as_list::<i32>();
                    let offsets = list.value_offsets();
                    values.narrow(|row| {
                        list.is_valid(row).then(|| index(offsets, row)..index(offsets, row.saturating_add(1)))
                    });
                    values.array = Arc::clone(list.values());
                }
                DataType::LargeList(_) => {
                    let list = array.as_list::<i64>();
                    let offsets = list.value_offsets();
                    values.narrow(|row| {
                        list.is_valid(row).then(|| index(offsets, row)..index(offsets, row.saturating_add(1)))
                    });
                    values.array = Arc::clone(list.values());
                }
                DataType::Struct(_) => {
                    let (first, rest) =
                        names.split_first().ok_or("the column is a struct; name a field of it")?;
                    let parent = array.as_struct();
                    let child =
                        parent.column_by_name(first).ok_or_else(|| format!("there is no field {first}"))?;
                    values.narrow(|row| parent.is_valid(row).then(|| row..row.saturating_add(1)));
                    values.array = Arc::clone(child);
                    names = rest;
                }
                DataType::Map(_, _) => {
                    let key = names.join(".");
                    let map = array.as_map();
                    let keys = cast(map.keys(), &DataType::Utf8).map_err(|error| error.to_string())?;
                    let keys = keys.as_string::<i32>();
                    let offsets = map.value_offsets();
                    values.narrow(|row| {
                        let entries = index(offsets, row)..index(offsets, row.saturating_add(1));
                        let mut entries = entries.filter(|_| map.is_valid(row));
                        let found = entries.find(|entry| keys.value(*entry) == key)?;
                        Some(found..found.saturating_add(1))
                    });
                    values.array = Arc::clone(map.values());
                    names = &[];
                }
                _ => return Ok(values),
            }
        }
    }
}

fn index<N: Copy + TryInto<usize>>(offsets: &[N], at: usize) -> usize {
    offsets.get(at).and_then(|offset| (*offset).try_into().ok()).unwrap_or_default()
}

/// The values that a way leads to.
pub(super) struct Values {
    pub(super) array: ArrayRef,
    /// Which of them belong to each row; without it, one to each.
    rows: Option<Vec<Range<usize>>>,
}

impl Values {
    fn narrow(&mut self, step: impl Fn(usize) -> Option<Range<usize>>) {
        let count = self.array.len();
        let rows =
            self.rows.take().unwrap_or_else(|| (0..count).map(|row| row..row.saturating_add(1)).collect());
        let narrowed = rows.into_iter().map(|row| {
            // Neighbours in a list are neighbours below it.
            let mut found = row.filter_map(&step).filter(|range| !range.is_empty());
            let first = found.next().unwrap_or(0..0);
            let last = found.last().unwrap_or(first.clone());
            first.start..last.end
        });
        self.rows = Some(narrowed.collect());
    }

    /// Lists the places of a row's values.
    pub(super) fn places(&self, row: usize) -> Range<usize> {
        match &self.rows {
            None => row..row.saturating_add(1),
            Some(rows) => rows.get(row).cloned().unwrap_or_default(),
        }
    }

    /// The values as bytes of text.
    ///
    /// # Errors
    /// A message about the type.
    pub(super) fn bytes(&self) -> Result<BinaryArray, String> {
        let text = match self.array.data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Arc::clone(&self.array),
            _ => cast(&self.array, &DataType::Utf8).map_err(|error| error.to_string())?,
        };
        let binary = cast(&text, &DataType::Binary).map_err(|error| error.to_string())?;
        Ok(binary.as_binary::<i32>().clone())
    }
}
