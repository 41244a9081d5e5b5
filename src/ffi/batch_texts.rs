//! Texts of a batch's tokens, to show next to the verdicts: claims, and names in the
//! headers.

use std::sync::{Mutex, PoisonError};

use super::boundary::{Growable, misuse};
use super::slice::Slice;
use crate::batch::{ClaimTexts, HeaderTexts, TextClaim};
use crate::error::{Code, Error};
use crate::jws::HeaderNames;

/// The `iss` claim.
pub const JOT_CLAIM_ISSUER: u32 = 1;
/// The `sub` claim.
pub const JOT_CLAIM_SUBJECT: u32 = 2;
/// The `jti` claim.
pub const JOT_CLAIM_JWT_ID: u32 = 4;

/// The `alg` of a header.
pub const JOT_UNVERIFIED_ALG: u32 = 1;
/// The `kid` of a header.
pub const JOT_UNVERIFIED_KID: u32 = 2;

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

/// A text of a header, by its bit.
type NameOf = for<'h> fn(&HeaderNames<'h>) -> Option<&'h str>;

const NAMES: [(u32, NameOf); 2] =
    [(JOT_UNVERIFIED_ALG, |names| names.alg()), (JOT_UNVERIFIED_KID, |names| names.kid())];

/// The bits of the texts to keep.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) claims: u32,
    pub(super) unverified: u32,
}

impl Wanted {
    /// Rejects bits that name no text.
    pub(super) fn new(claims: u32, unverified: u32) -> Result<Self, Error> {
        let all_claims = CLAIMS.iter().fold(0, |bits, claim| bits | claim.0);
        let all_names = NAMES.iter().fold(0, |bits, name| bits | name.0);
        if claims & !all_claims != 0 {
            return Err(misuse(Code::ArgumentValue, "claims"));
        }
        if unverified & !all_names != 0 {
            return Err(misuse(Code::ArgumentValue, "unverified"));
        }
        Ok(Self { claims, unverified })
    }

    pub(super) const fn any(self) -> bool {
        self.claims != 0 || self.unverified != 0
    }
}

/// The texts that a batch keeps, and the columns made from them.
#[derive(Default)]
pub(super) struct Kept {
    wanted: Wanted,
    /// Shared by the threads of a running batch, like `headers`.
    pub(super) claims: Mutex<ClaimTexts>,
    pub(super) headers: Mutex<HeaderTexts>,
    /// The first row with the token of each row.
    pub(super) firsts: Vec<u32>,
    claim_columns: [Column; CLAIMS.len()],
    name_columns: [Column; NAMES.len()],
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
    /// Reserves memory for the texts of `rows` rows, and frees the memory of texts that
    /// are not wanted.
    pub(super) fn start(&mut self, wanted: Wanted, rows: usize) -> Result<(), Error> {
        let Self { claims, headers, firsts, claim_columns, name_columns, .. } = self;
        self.wanted = Wanted::default();
        if wanted.claims == 0 {
            (*claims, *claim_columns) = Default::default();
        }
        if wanted.unverified == 0 {
            (*headers, *name_columns) = Default::default();
        }
        if !wanted.any() {
            *firsts = Vec::new();
            return Ok(());
        }
        firsts.clear();
        firsts.try_reserve(rows)?;
        firsts.resize(rows, u32::MAX);
        if wanted.claims != 0 {
            let names = CLAIMS.iter().filter(|claim| wanted.claims & claim.0 != 0).map(|claim| claim.1);
            let texts = claims.get_mut().unwrap_or_else(PoisonError::into_inner);
            texts.start(rows, &names.collect::<Vec<_>>())?;
        }
        if wanted.unverified != 0 {
            headers.get_mut().unwrap_or_else(PoisonError::into_inner).start(rows)?;
        }
        for column in claim_columns.iter_mut().chain(name_columns) {
            column.made = false;
        }
        self.wanted = wanted;
        Ok(())
    }

    /// Returns the column of a claim.
    pub(super) fn claim(&mut self, bit: u32) -> Result<TextColumn, Error> {
        let found = CLAIMS.iter().zip(&mut self.claim_columns).find(|(claim, _)| claim.0 == bit);
        let ((_, claim), column) = found.ok_or_else(|| misuse(Code::ArgumentValue, "claim"))?;
        if self.wanted.claims & bit == 0 {
            return Err(misuse(Code::ValueMissing, "claim"));
        }
        let texts = self.claims.get_mut().unwrap_or_else(PoisonError::into_inner);
        column.filled(self.firsts.iter().map(|first| texts.text(*first as usize, *claim)))
    }

    /// Returns the column of a name in the headers.
    pub(super) fn unverified(&mut self, bit: u32) -> Result<TextColumn, Error> {
        let found = NAMES.iter().zip(&mut self.name_columns).find(|(name, _)| name.0 == bit);
        let ((_, name), column) = found.ok_or_else(|| misuse(Code::ArgumentValue, "name"))?;
        if self.wanted.unverified & bit == 0 {
            return Err(misuse(Code::ValueMissing, "name"));
        }
        let texts = self.headers.get_mut().unwrap_or_else(PoisonError::into_inner);
        column.filled(self.firsts.iter().map(|first| name(&texts.names(*first as usize))))
    }
}

impl Column {
    /// Returns the column, and makes it first unless it is there.
    fn filled<'t>(
        &mut self,
        texts: impl ExactSizeIterator<Item = Option<&'t str>>,
    ) -> Result<TextColumn, Error> {
        let rows = texts.len();
        if !self.made {
            self.fill(texts)?;
        }
        Ok(TextColumn {
            size: size_of::<TextColumn>(),
            rows,
            data: Slice::of(&self.data),
            offsets: self.offsets.as_ptr(),
            validity: self.validity.as_ptr(),
        })
    }

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
