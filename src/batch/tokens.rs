//! The tokens of a batch, in the caller's memory.

use crate::error::{Code, Error};

/// The tokens of a batch: borrowed, never copied.
///
/// The Arrow layouts are those of a string or binary column: one buffer of bytes, one
/// more offset than rows, and optionally a bit for each row, lowest bit of a byte
/// first, that is set if there is a token.
///
/// ```
/// use jot::batch::Tokens;
///
/// // The same two tokens, with a row between them that has none.
/// let slices = Tokens::OptionalSlices(&[Some(b"a.b.c"), None, Some(b"d.e.f")]);
/// let arrow = Tokens::Arrow32 {
///     data: b"a.b.cd.e.f",
///     offsets: &[0, 5, 5, 10],
///     validity: Some(&[0b101]),
///     validity_offset: 0,
/// };
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Tokens<'t> {
    /// A slice for each token.
    Slices(&'t [&'t [u8]]),
    /// A slice for each token; `None` for a row without one.
    OptionalSlices(&'t [Option<&'t [u8]>]),
    /// The Arrow layout with offsets of 32 bits.
    Arrow32 {
        /// The bytes of all tokens.
        data: &'t [u8],
        /// The offset of each token, and the end of the last one.
        offsets: &'t [i32],
        /// One bit for each row; `None` if no row is null.
        validity: Option<&'t [u8]>,
        /// How many bits of `validity` stand before that of the first row, as
        /// in a sliced array; 0 otherwise.
        validity_offset: usize,
    },
    /// The Arrow layout with offsets of 64 bits.
    Arrow64 {
        /// The bytes of all tokens.
        data: &'t [u8],
        /// The offset of each token, and the end of the last one.
        offsets: &'t [i64],
        /// One bit for each row; `None` if no row is null.
        validity: Option<&'t [u8]>,
        /// How many bits of `validity` stand before that of the first row, as
        /// in a sliced array; 0 otherwise.
        validity_offset: usize,
    },
}

impl<'t> Tokens<'t> {
    /// Returns the number of rows, after checking that every row is within the buffers.
    pub(crate) fn checked_len(&self) -> Result<usize, Error> {
        match self {
            Self::Slices(slices) => check_rows(slices.len(), None, 0),
            Self::OptionalSlices(slices) => check_rows(slices.len(), None, 0),
            Self::Arrow32 { data, offsets, validity, validity_offset } => {
                check_offsets(data.len(), offsets.iter().map(|offset| i64::from(*offset)))?;
                check_rows(offsets.len().saturating_sub(1), *validity, *validity_offset)
            }
            Self::Arrow64 { data, offsets, validity, validity_offset } => {
                check_offsets(data.len(), offsets.iter().copied())?;
                check_rows(offsets.len().saturating_sub(1), *validity, *validity_offset)
            }
        }
    }

    /// Returns the token of a row; `None` for a null.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&'t [u8]> {
        match self {
            Self::Slices(slices) => slices.get(row).copied(),
            Self::OptionalSlices(slices) => slices.get(row).copied().flatten(),
            Self::Arrow32 { data, offsets, validity, validity_offset } => {
                let [start, end] = *offsets.get(row..)?.first_chunk::<2>()?;
                is_valid(*validity, *validity_offset, row)
                    .then(|| data.get(start as usize..end as usize))
                    .flatten()
            }
            Self::Arrow64 { data, offsets, validity, validity_offset } => {
                let [start, end] = *offsets.get(row..)?.first_chunk::<2>()?;
                is_valid(*validity, *validity_offset, row)
                    .then(|| data.get(start as usize..end as usize))
                    .flatten()
            }
        }
    }
}

/// Returns `true` if a row has a token; bits beyond the end count as unset.
pub(crate) fn is_valid(validity: Option<&[u8]>, offset: usize, row: usize) -> bool {
    let Some(bits) = validity else { return true };
    // Checked to lie within `bits`.
    let bit = offset.wrapping_add(row);
    bits.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}

fn check_rows(rows: usize, validity: Option<&[u8]>, offset: usize) -> Result<usize, Error> {
    if u32::try_from(rows).is_err() {
        return Err(Error::of_member(Code::BatchInvalid, "rows"));
    }
    let end = offset.checked_add(rows).map(|bits| bits.div_ceil(8));
    if validity.is_some_and(|bits| end.is_none_or(|end| bits.len() < end)) {
        return Err(Error::of_member(Code::BatchInvalid, "validity"));
    }
    Ok(rows)
}

fn check_offsets(bytes: usize, offsets: impl Iterator<Item = i64>) -> Result<(), Error> {
    let mut before = 0;
    for offset in offsets {
        if offset < before || usize::try_from(offset).map_or(true, |offset| offset > bytes) {
            return Err(Error::of_member(Code::BatchInvalid, "offsets"));
        }
        before = offset;
    }
    Ok(())
}
