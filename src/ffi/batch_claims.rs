//! Claims of a batch's tokens, to show next to the verdicts.

use std::sync::{Mutex, PoisonError};

use super::batch::{Batch, take};
use super::boundary::{Growable, explained, given, misuse, writable, write};
use super::failure::Failure;
use super::slice::Slice;
use crate::batch::{ClaimTexts, TextClaim};
use crate::error::{Code, Error};

/// The `iss` claim.
pub const JOT_CLAIM_ISSUER: u32 = 1;
/// The `sub` claim.
pub const JOT_CLAIM_SUBJECT: u32 = 2;
/// The `jti` claim.
pub const JOT_CLAIM_JWT_ID: u32 = 4;

const CLAIMS: [(u32, TextClaim); 3] = [
    (JOT_CLAIM_ISSUER, TextClaim::Issuer),
    (JOT_CLAIM_SUBJECT, TextClaim::Subject),
    (JOT_CLAIM_JWT_ID, TextClaim::JwtId),
];

/// A text for each row, in the Arrow layout of a large string column.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TextColumn {
    /// `sizeof(jot_text_column)`, set by the caller.
    pub size: usize,
    /// The number of rows.
    pub rows: usize,
    /// The bytes of all texts, UTF-8.
    pub data: Slice,
    /// `rows + 1` offsets into `data`.
    pub offsets: *const i64,
    /// A bit for each row, lowest bit of a byte first, that is set if there is a text;
    /// never NULL.
    pub validity: *const u8,
}

// SAFETY: `repr(C)`, a `usize` first, an integer and raw pointers behind it.
unsafe impl Growable for TextColumn {
    const LEAST: usize = size_of::<Self>();
}

/// Rejects bits that name no claim.
pub(super) fn checked_bits(bits: u32) -> Result<u32, Error> {
    let known = CLAIMS.iter().fold(0, |bits, claim| bits | claim.0);
    if bits & !known == 0 { Ok(bits) } else { Err(misuse(Code::ArgumentValue, "claims")) }
}

/// The claims that a batch keeps, and the columns made from them.
#[derive(Default)]
pub(super) struct Kept {
    bits: u32,
    /// Shared by the threads of a running batch.
    pub(super) texts: Mutex<ClaimTexts>,
    /// The first row with the token of each row.
    pub(super) firsts: Vec<u32>,
    columns: [Column; CLAIMS.len()],
}

/// The memory of a [`TextColumn`].
#[derive(Default)]
struct Column {
    made: bool,
    data: Vec<u8>,
    offsets: Vec<i64>,
    validity: Vec<u8>,
}

impl Kept {
    /// Reserves memory for the claims of `rows` rows. Without claims to keep, it frees
    /// its memory.
    pub(super) fn start(&mut self, bits: u32, rows: usize) -> Result<(), Error> {
        self.bits = 0;
        if bits == 0 {
            *self = Self::default();
            return Ok(());
        }
        self.firsts.clear();
        self.firsts.try_reserve(rows)?;
        self.firsts.resize(rows, u32::MAX);
        let wanted = CLAIMS.iter().filter(|claim| bits & claim.0 != 0).map(|claim| claim.1);
        let texts = self.texts.get_mut().unwrap_or_else(PoisonError::into_inner);
        texts.start(rows, &wanted.collect::<Vec<_>>())?;
        for column in &mut self.columns {
            column.made = false;
        }
        self.bits = bits;
        Ok(())
    }

    fn column(&mut self, bit: u32) -> Result<TextColumn, Error> {
        let found = CLAIMS.iter().zip(&mut self.columns).find(|(claim, _)| claim.0 == bit);
        let ((_, claim), column) = found.ok_or_else(|| misuse(Code::ArgumentValue, "claim"))?;
        if self.bits & bit == 0 {
            return Err(misuse(Code::ValueMissing, "claim"));
        }
        if !column.made {
            let texts = self.texts.get_mut().unwrap_or_else(PoisonError::into_inner);
            column.fill(self.firsts.iter().map(|first| texts.text(*first as usize, *claim)))?;
        }
        Ok(TextColumn {
            size: size_of::<TextColumn>(),
            rows: self.firsts.len(),
            data: Slice::of(&column.data),
            offsets: column.offsets.as_ptr(),
            validity: column.validity.as_ptr(),
        })
    }
}

impl Column {
    fn fill<'t>(&mut self, texts: impl ExactSizeIterator<Item = Option<&'t str>>) -> Result<(), Error> {
        let Self { made, data, offsets, validity } = self;
        data.clear();
        offsets.clear();
        offsets.try_reserve(texts.len().saturating_add(1))?;
        offsets.push(0);
        validity.clear();
        validity.try_reserve(texts.len().div_ceil(8).max(1))?;
        // At least one byte, because `validity` is never NULL.
        validity.resize(texts.len().div_ceil(8).max(1), 0);
        for (row, text) in texts.enumerate() {
            if let (Some(text), Some(byte)) = (text, validity.get_mut(row >> 3)) {
                data.try_reserve(text.len())?;
                data.extend_from_slice(text.as_bytes());
                *byte |= 1 << (row & 7);
            }
            // No vector is longer than `isize::MAX` bytes, so this cannot fail.
            offsets.push(i64::try_from(data.len()).unwrap_or(i64::MAX));
        }
        *made = true;
        Ok(())
    }
}

/// Returns a claim that the last `jot_batch_verify` of this batch kept because `claims`
/// of `jot_columns` asked for it: `JOT_CLAIM_ISSUER`, `JOT_CLAIM_SUBJECT` or
/// `JOT_CLAIM_JWT_ID`.
///
/// A row has a text if the token's signature holds, accepted or not, and the claim is a
/// string. Repeated tokens have repeated texts: the column takes as much memory as the
/// texts of all rows together. It belongs to the batch and is valid until the next
/// `jot_batch_verify` with it or until the batch is freed; a `jot_batch_verify` that
/// keeps no claims frees its memory.
///
/// Returns `JOT_VALUE_MISSING` if the claim was not kept or the last
/// `jot_batch_verify` failed; `JOT_HANDLE_BUSY`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_claim(
    batch: Option<&Batch>,
    claim: u32,
    column: *mut TextColumn,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let batch = given(batch, "batch")?;
        writable(column, "column")?;
        write(column, take(batch)?.kept.column(claim)?, "column")
    })
}
