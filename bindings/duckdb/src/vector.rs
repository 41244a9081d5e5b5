//! DuckDB's vectors: the columns of a chunk of rows.
#![expect(unsafe_code, reason = "vectors are memory that DuckDB's C functions name")]

use std::ffi::c_char;

use libduckdb_sys as duckdb;

/// Texts or numbers that come in, of as many rows as the chunk has.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    vector: duckdb::duckdb_vector,
    rows: usize,
}

impl Given {
    /// Takes a column of a chunk.
    ///
    /// # Safety
    /// The chunk is one that DuckDB passed to a function, and lives as long as this; it has
    /// that many columns.
    pub(crate) unsafe fn of(chunk: duckdb::duckdb_data_chunk, column: u64) -> Self {
        // SAFETY: the chunk is sound.
        let rows = unsafe { duckdb::duckdb_data_chunk_get_size(chunk) };
        // SAFETY: the chunk is sound and has this column.
        let vector = unsafe { duckdb::duckdb_data_chunk_get_vector(chunk, column) };
        Self { vector, rows: usize::try_from(rows).unwrap_or_default() }
    }

    pub(crate) const fn rows(self) -> usize {
        self.rows
    }

    fn is_valid(self, row: usize) -> bool {
        // SAFETY: the vector is sound.
        let validity = unsafe { duckdb::duckdb_vector_get_validity(self.vector) };
        // SAFETY: if there is a mask, it has a bit for each row of the chunk.
        validity.is_null() || unsafe { duckdb::duckdb_validity_row_is_valid(validity, row as u64) }
    }

    /// Returns the bytes of the texts, which live as long as the chunk.
    ///
    /// # Safety
    /// The column is VARCHAR, and the chunk outlives `'t`.
    pub(crate) unsafe fn texts<'t>(self) -> Vec<Option<&'t [u8]>> {
        // SAFETY: the vector is sound.
        let data = unsafe { duckdb::duckdb_vector_get_data(self.vector) };
        let texts = data.cast::<duckdb::duckdb_string_t>();
        let text = |row: usize| {
            let place = texts.wrapping_add(row);
            // SAFETY: a column of texts has one for each row.
            let length = unsafe { *place };
            // SAFETY: it is a text of DuckDB's.
            let length = unsafe { duckdb::duckdb_string_t_length(length) };
            // SAFETY: likewise; a short text is in the place itself.
            let start = unsafe { duckdb::duckdb_string_t_data(place) };
            if length == 0 {
                return &[][..];
            }
            // SAFETY: DuckDB's text has this many bytes, and lives as long as the chunk.
            unsafe { std::slice::from_raw_parts(start.cast::<u8>(), length as usize) }
        };
        (0..self.rows).map(|row| self.is_valid(row).then(|| text(row))).collect()
    }

    /// Returns the numbers.
    ///
    /// # Safety
    /// The column is BIGINT, TIMESTAMP or TIMESTAMP WITH TIME ZONE.
    pub(crate) unsafe fn numbers(self) -> Vec<Option<i64>> {
        // SAFETY: the vector is sound.
        let data = unsafe { duckdb::duckdb_vector_get_data(self.vector) };
        let numbers = data.cast::<i64>();
        // SAFETY: a column of these types has eight bytes for each row.
        let number = |row: usize| unsafe { *numbers.wrapping_add(row) };
        (0..self.rows).map(|row| self.is_valid(row).then(|| number(row))).collect()
    }
}

/// A column that goes out.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    vector: duckdb::duckdb_vector,
}

impl Told {
    /// Takes the vector of a result.
    ///
    /// # Safety
    /// It is one that DuckDB passed to a function, and lives as long as this.
    pub(crate) const unsafe fn of(vector: duckdb::duckdb_vector) -> Self {
        Self { vector }
    }

    /// Returns a member of a STRUCT.
    ///
    /// # Safety
    /// The column is a STRUCT with this many members.
    pub(crate) unsafe fn member(self, place: u64) -> Self {
        // SAFETY: the vector is a struct's, with this member.
        let vector = unsafe { duckdb::duckdb_struct_vector_get_child(self.vector, place) };
        Self { vector }
    }

    /// Writes a value.
    ///
    /// # Safety
    /// The column's type is that of `T`, and it has this row.
    pub(crate) unsafe fn write<T: Copy>(self, row: usize, value: Option<T>) {
        let Some(value) = value else {
            // SAFETY: the column has this row.
            return unsafe { self.write_null(row) };
        };
        // SAFETY: the vector is sound.
        let data = unsafe { duckdb::duckdb_vector_get_data(self.vector) };
        let place = data.cast::<T>().wrapping_add(row);
        // SAFETY: the column has a `T` for each row.
        unsafe { place.write(value) };
    }

    /// Writes a text.
    ///
    /// # Safety
    /// The column is VARCHAR, and has this row.
    pub(crate) unsafe fn write_text(self, row: usize, text: Option<&str>) {
        let Some(text) = text else {
            // SAFETY: the column has this row.
            return unsafe { self.write_null(row) };
        };
        let (start, length) = (text.as_ptr().cast::<c_char>(), text.len() as u64);
        // SAFETY: the vector is one of texts with this row; DuckDB copies the text.
        unsafe { duckdb::duckdb_vector_assign_string_element_len(self.vector, row as u64, start, length) };
    }

    /// # Safety
    /// The column has this row.
    unsafe fn write_null(self, row: usize) {
        // SAFETY: the vector is sound.
        unsafe { duckdb::duckdb_vector_ensure_validity_writable(self.vector) };
        // SAFETY: likewise.
        let validity = unsafe { duckdb::duckdb_vector_get_validity(self.vector) };
        // SAFETY: there is a mask now, with a bit for each row.
        unsafe { duckdb::duckdb_validity_set_row_invalid(validity, row as u64) };
    }
}
