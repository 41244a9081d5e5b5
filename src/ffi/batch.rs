//! Verifying many tokens at once.

use std::ffi::{c_int, c_void};
use std::mem::{MaybeUninit, offset_of};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::batch_claims::{Kept, checked_bits};
use super::boundary::{Growable, answer, explained, given, misuse, read, row, row_mut, writable, write};
use super::failure::Failure;
use super::slice::Slice;
use super::tokens::Rows;
use super::verifier::Verifier;
use crate::batch::{Columns, Instants};
use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::time::UnixSeconds;

/// Threads and room for verifying batches: about 100 bytes for each row of the
/// largest batch so far, and a scratch for each thread.
///
/// Make one and use it again and again, one call at a time; a second call at
/// the same time is refused with `JOT_HANDLE_BUSY`. One with threads that is
/// made before a `fork` has none of them in the child; make another there.
pub struct Batch {
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    batch: crate::batch::Batch,
    pub(super) kept: Kept,
    /// The rows of a batch of slices; empty between two calls.
    rows: Rows,
}

/// Makes a batch that works on this many threads: 1 is the calling thread and
/// no other, 0 as many as there are processors.
///
/// The caller owns `*batch` and frees it with `jot_batch_free`.
/// Codes: `JOT_BATCH_INVALID` for more than 1024; `JOT_INTERNAL` when the system
/// does not give as many, of which none is left then; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_new(
    threads: usize,
    batch: Option<&mut MaybeUninit<Option<Box<Batch>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let batch = given(batch, "batch")?;
        let inner =
            Inner { batch: crate::batch::Batch::new(threads)?, kept: Kept::default(), rows: Rows::new() };
        batch.write(Some(Box::new(Batch { inner: Mutex::new(inner) })));
        Ok(())
    })
}

/// A view for each token: `slices`. One whose `ptr` is NULL is a row without a
/// token.
pub const JOT_SLICES: u32 = 0;
/// The Arrow layout of a string or binary column, with `int32_t` offsets.
pub const JOT_ARROW32: u32 = 1;
/// The like with `int64_t` offsets: a large string or large binary column.
pub const JOT_ARROW64: u32 = 2;
/// The Arrow layout of a string view or binary view column.
pub const JOT_ARROW_VIEWS: u32 = 3;
/// The Arrow layout of a column of indices into a column of words.
pub const JOT_ARROW_DICTIONARY: u32 = 4;

/// `offsets_bytes` and `validity_bytes` say how long these are, and what is
/// shorter than its rows need is refused. Without, they are taken to be as long
/// as that.
pub const JOT_BOUNDED: u32 = 1;
/// The indices of a dictionary column are unsigned.
pub const JOT_UNSIGNED_INDICES: u32 = 2;

/// The tokens of a batch, where the caller has them; never copied. They must
/// stay as they are during the call. A column of no rows needs no buffers.
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
    /// For Arrow: a bit for each row, the lowest of a byte first, that says
    /// whether there is a token; NULL when no row is null.
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
    /// For `JOT_ARROW_DICTIONARY`: the words, a `jot_tokens` of any layout; four
    /// dictionaries stand in each other at most.
    pub dictionary: *const c_void,
    /// For `JOT_ARROW_DICTIONARY`: the bytes of an index, 1, 2, 4 or 8.
    pub index_bytes: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for TokenColumn {
    const LEAST: usize = offset_of!(Self, offsets_bytes);
}

/// What is called after each chunk of some tokens with `user`, the number of
/// distinct tokens that are done and that there are. Anything but 0 cancels
/// the rest of the batch.
///
/// The batch's threads call it side by side, so that the numbers may come out
/// of order, and calls under way when one of them cancels still come. It must
/// return: no `longjmp`, no exception.
pub type Progress = Option<unsafe extern "C" fn(user: *mut c_void, done: usize, total: usize) -> c_int>;

/// When the tokens of a batch are judged, and who is told of its progress.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchOptions {
    /// `sizeof(jot_batch_options)`, set by the caller.
    pub size: usize,
    /// The instant for all rows, in seconds since 1970, unless `as_of` is
    /// given.
    pub now: i64,
    /// An instant for each row; NULL for `now`.
    pub as_of: *const i64,
    /// NULL for nobody.
    pub progress: Progress,
    /// What `progress` is given.
    pub user: *mut c_void,
}

// SAFETY: `repr(C)`, a `usize` first, an integer, raw pointers and a nullable
// function pointer behind it, which the caller promises to be a function.
unsafe impl Growable for BatchOptions {
    const LEAST: usize = size_of::<Self>();
}

/// Columns of the caller's, each as long as the batch has rows, aligned. Those
/// that are NULL are not written, but for `codes`, which must be there.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ColumnsOut {
    /// `sizeof(jot_columns)`, set by the caller.
    pub size: usize,
    /// The code of each row; 0 is accepted, `JOT_TOKEN_NULL` a row without a
    /// token, `JOT_BATCH_CANCELLED` one whose turn had not come.
    pub codes: *mut u32,
    /// `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_REPEATED`, `JOT_HAS_EXP`,
    /// `JOT_HAS_NBF`, `JOT_HAS_IAT`, or-ed together.
    pub flags: *mut u8,
    /// The number of the issuer whose key verified; `JOT_NONE` when none did.
    pub issuer_index: *mut u32,
    /// The index of the key in its set; `JOT_NONE` when none verified.
    pub key_index: *mut u32,
    /// The whole seconds of `exp`, rounded towards the past; 0 when unknown.
    pub expires_at: *mut i64,
    /// The like of `nbf`.
    pub not_before: *mut i64,
    /// The like of `iat`.
    pub issued_at: *mut i64,
    /// The first row with the same token, its own where it is the first;
    /// `JOT_NONE` for a row without a token.
    pub first_row: *mut u32,
    /// The claims that the batch keeps for `jot_batch_claim`, such as
    /// `JOT_CLAIM_SUBJECT`, or-ed together; 0 for none. They take about 80 bytes
    /// for each row and the texts of each distinct token, and a look into tokens
    /// that the cache holds.
    pub claims: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, raw pointers and integers behind it.
unsafe impl Growable for ColumnsOut {
    const LEAST: usize = offset_of!(Self, first_row);
}

/// What a batch came to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchReport {
    /// `sizeof(jot_batch_report)`, set by the caller.
    pub size: usize,
    /// The rows, those without a token included.
    pub rows: usize,
    /// The rows that were accepted.
    pub accepted: usize,
    /// The tokens that differ from each other.
    pub distinct: usize,
    /// 1 when `progress` cancelled the batch, otherwise 0.
    pub cancelled: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for BatchReport {
    const LEAST: usize = size_of::<Self>();
}

/// The caller's function and its argument, which the caller lets any of the
/// batch's threads use.
struct Watcher {
    progress: unsafe extern "C" fn(*mut c_void, usize, usize) -> c_int,
    user: *mut c_void,
}

// SAFETY: the header says that the function is called by several threads at
// once, and with what.
unsafe impl Sync for Watcher {}

impl Watcher {
    fn tell(&self, done: usize, total: usize) -> ControlFlow<()> {
        // SAFETY: a function of the caller's, with the argument that it was
        // given with.
        match unsafe { (self.progress)(self.user, done, total) } {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}

fn optional<'c, T>(column: *mut T, rows: usize, name: &str) -> Result<Option<&'c mut [T]>, Error> {
    if column.is_null() { Ok(None) } else { row_mut(column, rows, name).map(Some) }
}

impl Inner {
    fn verify(
        &mut self,
        verifier: &Verifier,
        tokens: &TokenColumn,
        options: &BatchOptions,
        columns: &ColumnsOut,
    ) -> Result<BatchReport, Error> {
        let rows = tokens.rows;
        let instants = match options.as_of.is_null() {
            true => Instants::Now(UnixSeconds(options.now)),
            false => Instants::AsOf(row(options.as_of, rows, "as_of")?),
        };
        let mut first_row = optional(columns.first_row, rows, "first_row")?;
        let claims = checked_bits(columns.claims)?;
        let mut columns = Columns {
            codes: row_mut(columns.codes, rows, "codes")?,
            flags: optional(columns.flags, rows, "flags")?,
            issuer_index: optional(columns.issuer_index, rows, "issuer_index")?,
            key_index: optional(columns.key_index, rows, "key_index")?,
            expires_at: optional(columns.expires_at, rows, "expires_at")?,
            not_before: optional(columns.not_before, rows, "not_before")?,
            issued_at: optional(columns.issued_at, rows, "issued_at")?,
            ..Columns::default()
        };
        let column = tokens.tokens(&mut self.rows)?;
        let watcher = options.progress.map(|progress| Watcher { progress, user: options.user });
        let tell = watcher.as_ref().map(|watcher| |done, total| watcher.tell(done, total));
        let progress = tell.as_ref().map(|tell| tell as crate::batch::Progress<'_>);
        self.kept.start(claims, rows)?;
        let Kept { firsts, texts, .. } = &mut self.kept;
        let texts = &*texts;
        let keep = |row: usize, claims: &Claims<'_>| {
            texts.lock().unwrap_or_else(PoisonError::into_inner).keep(row, claims);
        };
        columns.first_row = first_row.as_deref_mut();
        if claims != 0 {
            columns.first_row = Some(firsts);
            columns.claims = Some(&keep);
        }
        let report = self.batch.verify(&verifier.inner, &column, instants, &mut columns, progress)?;
        if let (Some(first_row), true) = (first_row, claims != 0) {
            first_row.copy_from_slice(&self.kept.firsts);
        }
        Ok(BatchReport {
            size: size_of::<BatchReport>(),
            rows: report.rows,
            accepted: report.accepted,
            distinct: report.distinct,
            cancelled: u32::from(report.cancelled),
            reserved: 0,
        })
    }
}

/// Verifies the tokens and fills the columns, in the order of the tokens.
///
/// The verdict of each row is that of `jot_verifier_verify` at the row's
/// instant. `report` and `error` may be NULL. Returns 0 whatever the verdicts
/// are, also when the batch was cancelled.
/// Codes: `JOT_BATCH_INVALID` when offsets are not ascending within the data, a
/// view or an index points to nothing, a buffer is too short, or there are 2^32
/// rows and more; `error` names the buffer. `JOT_MEMORY_MISSING` when the system
/// has no room for so many; `JOT_HANDLE_BUSY`; 15x; nothing is written then. While
/// other threads use
/// the verifier, but not the batch.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_verify(
    batch: Option<&Batch>,
    verifier: Option<&Verifier>,
    tokens: *const TokenColumn,
    options: *const BatchOptions,
    columns: *const ColumnsOut,
    report: *mut BatchReport,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (batch, verifier) = (given(batch, "batch")?, given(verifier, "verifier")?);
        let tokens = TokenColumn::read(tokens, "tokens")?;
        let options = read(options, NO_OPTIONS, "options")?;
        let columns = read(columns, NO_COLUMNS, "columns")?;
        if !report.is_null() {
            writable(report, "report")?;
        }
        let mut inner = take(batch)?;
        inner.rows.clear();
        let done = inner.verify(verifier, &tokens, &options, &columns);
        inner.rows.clear();
        if done.is_err() {
            inner.kept = Kept::default();
        }
        let done = done?;
        if report.is_null() { Ok(()) } else { write(report, done, "report") }
    })
}

/// Takes a batch that no other call is using.
pub(super) fn take(batch: &Batch) -> Result<MutexGuard<'_, Inner>, Error> {
    match batch.inner.try_lock() {
        Ok(inner) => Ok(inner),
        Err(TryLockError::WouldBlock) => Err(misuse(Code::HandleBusy, "batch")),
        Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
    }
}

const NO_OPTIONS: BatchOptions =
    BatchOptions { size: 0, now: 0, as_of: std::ptr::null(), progress: None, user: std::ptr::null_mut() };

const NO_COLUMNS: ColumnsOut = ColumnsOut {
    size: 0,
    codes: std::ptr::null_mut(),
    flags: std::ptr::null_mut(),
    issuer_index: std::ptr::null_mut(),
    key_index: std::ptr::null_mut(),
    expires_at: std::ptr::null_mut(),
    not_before: std::ptr::null_mut(),
    issued_at: std::ptr::null_mut(),
    first_row: std::ptr::null_mut(),
    claims: 0,
    reserved: 0,
};

/// Frees a batch and ends its threads; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_free(batch: Option<Box<Batch>>) {
    answer((), || drop(batch));
}
