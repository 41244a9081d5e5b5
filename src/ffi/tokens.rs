//! The tokens of a batch: views, or a column in an Arrow layout. Every range is
//! checked before it is read.

use std::ffi::c_void;
use std::mem::offset_of;

use super::boundary::{Growable, misuse, read, row};
use super::slice::Slice;
use crate::batch::Tokens;
use crate::error::{Code, Error};

/// A view for each token, in `slices`. A view whose `ptr` is NULL is a row without a
/// token.
pub const JOT_SLICES: u32 = 0;
/// The Arrow layout of a string or binary column, with `int32_t` offsets.
pub const JOT_ARROW32: u32 = 1;
/// The same with `int64_t` offsets: a large string or large binary column.
pub const JOT_ARROW64: u32 = 2;
/// The Arrow layout of a string view or binary view column.
pub const JOT_ARROW_VIEWS: u32 = 3;
/// The Arrow layout of a dictionary column: indices into a column of values.
pub const JOT_ARROW_DICTIONARY: u32 = 4;

/// `offsets_bytes` and `validity_bytes` give the lengths of these buffers, and a buffer
/// that is too short for its rows is rejected. Without this flag the buffers are
/// assumed to be long enough.
pub const JOT_BOUNDED: u32 = 1;
/// The indices of a dictionary column are unsigned.
pub const JOT_UNSIGNED_INDICES: u32 = 2;

/// The tokens of a batch, in the caller's memory; never copied. They must not change
/// during the call. A column without rows needs no buffers.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TokenColumn {
    /// `sizeof(jot_tokens)`, set by the caller.
    pub size: usize,
    /// `JOT_SLICES`, `JOT_ARROW32`, `JOT_ARROW64`, `JOT_ARROW_VIEWS` or
    /// `JOT_ARROW_DICTIONARY`.
    pub layout: u32,
    /// `JOT_BOUNDED` and `JOT_UNSIGNED_INDICES`, or-ed together; or 0.
    pub flags: u32,
    /// The number of rows.
    pub rows: usize,
    /// For `JOT_SLICES`: a view for each row.
    pub slices: *const Slice,
    /// For `JOT_ARROW32` and `JOT_ARROW64`: the bytes of all tokens.
    pub data: Slice,
    /// For Arrow: `offset + rows + 1` offsets into `data`, aligned; or
    /// `offset + rows` views of 16 bytes; or as many indices.
    pub offsets: *const c_void,
    /// For Arrow: a bit for each row, lowest bit of a byte first, that is set if there
    /// is a token; NULL if no row is null.
    pub validity: *const u8,
    /// For Arrow: the row of `offsets` and `validity` to begin with, as in
    /// `ArrowArray.offset`; 0 for a column that was not sliced.
    pub offset: usize,
    /// The bytes at `offsets`, with `JOT_BOUNDED`.
    pub offsets_bytes: usize,
    /// The bytes at `validity`, with `JOT_BOUNDED`.
    pub validity_bytes: usize,
    /// For `JOT_ARROW_VIEWS`: the buffers that long views point into.
    pub buffers: *const Slice,
    /// The number of `buffers`.
    pub buffer_count: usize,
    /// For `JOT_ARROW_DICTIONARY`: the values, a `jot_tokens` of any layout;
    /// dictionaries may be nested up to four deep.
    pub dictionary: *const c_void,
    /// For `JOT_ARROW_DICTIONARY`: the size of an index in bytes, 1, 2, 4 or 8.
    pub index_bytes: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for TokenColumn {
    const LEAST: usize = offset_of!(Self, offsets_bytes);
}

/// The size of an Arrow view.
const VIEW_BYTES: usize = 16;
const INLINE_BYTES: usize = 12;
/// The maximum nesting of dictionaries.
const MAX_DEPTH: u32 = 4;

/// One token for each row, for columns whose tokens are not contiguous.
pub(super) type Rows = Vec<Option<&'static [u8]>>;

impl TokenColumn {
    const NONE: Self = Self {
        size: 0,
        layout: 0,
        flags: 0,
        rows: 0,
        slices: std::ptr::null(),
        data: Slice::ABSENT,
        offsets: std::ptr::null(),
        validity: std::ptr::null(),
        offset: 0,
        offsets_bytes: 0,
        validity_bytes: 0,
        buffers: std::ptr::null(),
        buffer_count: 0,
        dictionary: std::ptr::null(),
        index_bytes: 0,
    };

    /// Reads the caller's struct.
    pub(super) fn read(column: *const Self, name: &str) -> Result<Self, Error> {
        let column = read(column, Self::NONE, name)?;
        if column.flags & !(JOT_BOUNDED | JOT_UNSIGNED_INDICES) != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        // Checked before any row is read.
        if u32::try_from(column.rows).is_err() {
            return Err(misuse(Code::BatchInvalid, "rows"));
        }
        Ok(column)
    }

    /// Returns the tokens; `rows` holds those of a column that is not contiguous.
    pub(super) fn tokens<'t>(&self, rows: &'t mut Rows) -> Result<Tokens<'t>, Error> {
        Ok(self.whole(rows, MAX_DEPTH)?.unwrap_or(Tokens::OptionalSlices(rows)))
    }

    /// Returns the tokens of a contiguous column; otherwise fills `rows` and returns
    /// `None`.
    fn whole(&self, rows: &mut Rows, depth: u32) -> Result<Option<Tokens<'static>>, Error> {
        rows.clear();
        match self.layout {
            _ if self.rows == 0 => {}
            JOT_SLICES => self.slices(rows)?,
            JOT_ARROW32 => {
                return Ok(Some(Tokens::Arrow32 {
                    data: self.data.bytes("data")?,
                    offsets: self.offsets()?,
                    validity: self.validity()?,
                    validity_offset: self.offset,
                }));
            }
            JOT_ARROW64 => {
                return Ok(Some(Tokens::Arrow64 {
                    data: self.data.bytes("data")?,
                    offsets: self.offsets()?,
                    validity: self.validity()?,
                    validity_offset: self.offset,
                }));
            }
            JOT_ARROW_VIEWS => self.views(rows)?,
            JOT_ARROW_DICTIONARY => self.words(rows, depth)?,
            _ => return Err(misuse(Code::ArgumentValue, "layout")),
        }
        Ok(None)
    }

    fn slices(&self, rows: &mut Rows) -> Result<(), Error> {
        let slices = row(self.slices, self.rows, "slices")?;
        rows.try_reserve(slices.len())?;
        for slice in slices {
            rows.push(match slice.ptr.is_null() && slice.len == 0 {
                true => None,
                false => Some(slice.bytes("slices")?),
            });
        }
        Ok(())
    }

    /// Fills `rows` from views: a short token is inside its view, a long one in a
    /// buffer.
    fn views(&self, rows: &mut Rows) -> Result<(), Error> {
        let invalid = || misuse(Code::BatchInvalid, "views");
        let views = self.entries(VIEW_BYTES, 0, "views")?.chunks_exact(VIEW_BYTES);
        let buffers = row(self.buffers, self.buffer_count, "buffers")?;
        let valid = self.valid()?;
        rows.try_reserve(self.rows)?;
        for (row, view) in views.enumerate() {
            if !valid(row) {
                rows.push(None);
                continue;
            }
            let [length, _, buffer, start] = words_of(view).map(|word| usize::try_from(word).ok());
            let length = length.ok_or_else(invalid)?;
            let whole = if length <= INLINE_BYTES {
                view.get(4..)
            } else {
                let buffer = buffer.and_then(|buffer| buffers.get(buffer)).ok_or_else(invalid)?;
                buffer.bytes("buffers")?.get(start.ok_or_else(invalid)?..)
            };
            let token = whole.and_then(|whole| whole.get(..length)).ok_or_else(invalid)?;
            rows.push(Some(token));
        }
        Ok(())
    }

    fn words(&self, rows: &mut Rows, depth: u32) -> Result<(), Error> {
        let invalid = || misuse(Code::BatchInvalid, "indices");
        let depth = depth.checked_sub(1).ok_or_else(|| misuse(Code::ArgumentValue, "dictionary"))?;
        let dictionary = Self::read(self.dictionary.cast::<Self>(), "dictionary")?;
        let mut found = Rows::new();
        let whole = dictionary.whole(&mut found, depth)?;
        let known = whole.map_or(Ok(found.len()), |whole| whole.checked_len())?;
        if !matches!(self.index_bytes, 1 | 2 | 4 | 8) {
            return Err(misuse(Code::ArgumentValue, "index_bytes"));
        }
        let indices = self.entries(self.index_bytes, 0, "indices")?.chunks_exact(self.index_bytes);
        let signed = self.flags & JOT_UNSIGNED_INDICES == 0;
        let valid = self.valid()?;
        rows.try_reserve(self.rows)?;
        for (row, index) in indices.enumerate() {
            if !valid(row) {
                rows.push(None);
                continue;
            }
            let index = index_of(index, signed).filter(|index| *index < known).ok_or_else(invalid)?;
            rows.push(match &whole {
                Some(whole) => whole.get(index),
                None => found.get(index).copied().flatten(),
            });
        }
        Ok(())
    }

    /// Returns the offsets of an array that may have been sliced.
    fn offsets<T>(&self) -> Result<&'static [T], Error> {
        let bytes = self.entries(size_of::<T>(), 1, "offsets")?;
        row(
            bytes.as_ptr().cast::<T>(),
            bytes.len().checked_div(size_of::<T>()).unwrap_or_default(),
            "offsets",
        )
    }

    /// Returns the bytes at `offsets`: an entry of `width` bytes for each row, and
    /// `more` entries.
    fn entries(&self, width: usize, more: usize, name: &str) -> Result<&'static [u8], Error> {
        let beyond = || misuse(Code::ArgumentSize, "tokens");
        let end = self.offset.checked_add(self.rows).and_then(|end| end.checked_add(more));
        let end = end.and_then(|end| end.checked_mul(width)).ok_or_else(beyond)?;
        self.bounded(self.offsets_bytes, end, name)?;
        let first = self.offset.checked_mul(width).ok_or_else(beyond)?;
        row(self.offsets.cast::<u8>(), end, name)?.get(first..).ok_or_else(beyond)
    }

    fn validity(&self) -> Result<Option<&'static [u8]>, Error> {
        if self.validity.is_null() {
            return Ok(None);
        }
        let end = self
            .offset
            .checked_add(self.rows)
            .ok_or_else(|| misuse(Code::ArgumentSize, "tokens"))?
            .div_ceil(8);
        self.bounded(self.validity_bytes, end, "validity")?;
        row(self.validity, end, "validity").map(Some)
    }

    /// Returns a function that tells whether a row has a token.
    fn valid(&self) -> Result<impl Fn(usize) -> bool + use<>, Error> {
        let (validity, offset) = (self.validity()?, self.offset);
        Ok(move |row| crate::batch::is_valid(validity, offset, row))
    }

    fn bounded(&self, bytes: usize, needed: usize, name: &str) -> Result<(), Error> {
        match self.flags & JOT_BOUNDED != 0 && bytes < needed {
            true => Err(misuse(Code::BatchInvalid, name)),
            false => Ok(()),
        }
    }
}

/// Returns the four words of a view: length, first bytes, buffer, offset.
fn words_of(view: &[u8]) -> [i32; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(view.as_chunks().0) {
        *word = i32::from_ne_bytes(*bytes);
    }
    words
}

/// Reads an index of 1, 2, 4 or 8 bytes; `None` for a negative one.
fn index_of(bytes: &[u8], signed: bool) -> Option<usize> {
    let negative = match cfg!(target_endian = "little") {
        true => bytes.last(),
        false => bytes.first(),
    };
    if signed && negative.is_some_and(|byte| byte & 0x80 != 0) {
        return None;
    }
    let index = match *bytes {
        [byte] => u64::from(byte),
        [a, b] => u64::from(u16::from_ne_bytes([a, b])),
        [a, b, c, d] => u64::from(u32::from_ne_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => u64::from_ne_bytes([a, b, c, d, e, f, g, h]),
        _ => return None,
    };
    usize::try_from(index).ok()
}
