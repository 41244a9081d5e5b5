//! Many tokens at once.
//!
//! A batch takes four steps. First it finds equal tokens, by the hash of their last
//! bytes and then byte by byte, because each distinct token is verified only once. The
//! threads take the distinct tokens in chunks of 256, or of 64 if they are few or somebody
//! waits for the progress. Within a chunk the signatures are grouped by key, for a backend
//! that checks several at once. Finally the dates of every row are checked at its own
//! instant, and the columns are filled in the order of the tokens.
//!
//! A reusable [`Batch`] holds the memory: about 115 bytes for each row of the largest
//! batch, and a scratch for each thread.

mod claim_texts;
mod columns;
mod distinct;
mod header_texts;
mod key_state;
mod own_keys;
#[cfg_attr(not(feature = "rayon"), path = "caller.rs")]
mod pool;
mod tokens;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::claims::Claims;
use crate::error::{Code, Error};
pub use crate::jws::HeaderNames;
pub use crate::self_signed::EachSelfSigned;
use crate::self_signed::Worker as OwnKeysWorker;
use crate::time::UnixSeconds;
use crate::verifier::{CHUNK, Outcome, Verifier, Worker};

#[cfg(feature = "rayon")]
/// The crate whose pools [`Batch::in_pool`] takes.
pub use ::rayon;
pub use claim_texts::{ClaimTexts, TextClaim};
pub use columns::{Columns, EachClaims, EachHeader, Flags};
use distinct::Distinct;
pub use header_texts::HeaderTexts;
pub use key_state::KeyState;
use pool::{Pool, Split};
pub use tokens::Tokens;
#[cfg(feature = "capi")]
pub(crate) use tokens::is_valid;

/// The instants at which the tokens of a batch are judged.
///
/// ```
/// use jot::UnixSeconds;
/// use jot::batch::Instants;
///
/// let all_now = Instants::Now(UnixSeconds::now());
/// let each_when_it_was_used = Instants::AsOf(&[1_798_761_599, 1_798_761_600]);
/// let one_is_unknown = Instants::AsOfKnown(&[Some(1_798_761_599), None]);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Instants<'a> {
    /// All at one instant.
    Now(UnixSeconds),
    /// Each at its own, in seconds since 1970: as many as there are tokens.
    AsOf(&'a [i64]),
    /// Each at its own, if that is known. A token without an instant is never accepted:
    /// if every rule that needs none is met, its code is [`Code::TimeUnknown`].
    AsOfKnown(&'a [Option<i64>]),
}

impl Instants<'_> {
    /// Returns the instant of a row, if it is known.
    fn at(&self, row: usize) -> Option<UnixSeconds> {
        match self {
            Self::Now(now) => Some(*now),
            Self::AsOf(instants) => instants.get(row).copied().map(UnixSeconds),
            Self::AsOfKnown(instants) => instants.get(row).copied().flatten().map(UnixSeconds),
        }
    }

    /// How many rows have instants of their own.
    const fn rows(&self) -> Option<usize> {
        match self {
            Self::Now(_) => None,
            Self::AsOf(instants) => Some(instants.len()),
            Self::AsOfKnown(instants) => Some(instants.len()),
        }
    }
}

/// A function that a batch calls after each chunk, with the number of distinct tokens
/// that are done and the number of all. `Break` cancels the rest of the batch. Threads
/// call it at the same time: the numbers may come out of order, and calls that have
/// begun still end after one breaks.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use jot::batch::Progress;
///
/// let show = |done: usize, total: usize| {
///     println!("{done} of {total}");
///     ControlFlow::Continue(())
/// };
/// let progress: Progress<'_> = &show; // for Batch::verify_with_progress
/// ```
pub type Progress<'p> = &'p (dyn Fn(usize, usize) -> ControlFlow<()> + Sync);

/// The totals of a batch.
///
/// ```
/// use jot::batch::{Batch, Columns, Instants, Tokens};
/// # use jot::{Alg, KeySet, Policy, SigningKey, UnixSeconds, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
/// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build()?;
///
/// let (tokens, now) = (Tokens::Slices(&[b"a", b"b", b"a"]), Instants::Now(UnixSeconds::now()));
/// let report = Batch::new(1)?.verify(&verifier, &tokens, now, &mut Columns::codes(&mut [0; 3]))?;
/// assert_eq!((report.rows, report.distinct, report.accepted), (3, 2, 0));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchReport {
    /// The number of rows, including nulls.
    pub rows: usize,
    /// The number of accepted rows.
    pub accepted: usize,
    /// The number of distinct tokens.
    pub distinct: usize,
    /// The batch was cancelled; rows that were not reached have
    /// [`Code::BatchCancelled`].
    pub cancelled: bool,
}

/// Threads and memory for verifying batches.
///
/// A batch with several threads that was made before a fork has no threads in the
/// child; make another one there. Between two batches it keeps its memory, and the keys
/// of the last batch alive.
///
/// ```
/// use jot::batch::{Batch, Columns, Instants, Tokens};
/// use jot::{Alg, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
///
/// let signer = Signer::new(SigningKey::generate(Alg::HS256)?);
/// let verifier = Verifier::builder(Policy::new([Alg::HS256]))
///     .keys(KeySet::new([signer.key().verifying_key()?]))
///     .build()?;
/// let token = signer.sign_claims(br#"{"exp":1798761600}"#)?;
/// let rows: [&[u8]; 3] = [token.as_bytes(), b"garbage", token.as_bytes()];
///
/// let mut codes = [0; 3];
/// let as_of = [1_798_761_599, 0, 1_798_761_600];
/// let mut batch = Batch::new(1)?; // in this thread
/// let (tokens, instants) = (Tokens::Slices(&rows), Instants::AsOf(&as_of));
/// let report = batch.verify(&verifier, &tokens, instants, &mut Columns::codes(&mut codes))?;
/// assert_eq!(codes, [0, 201, 692]); // accepted, token_segments, expired
/// assert_eq!((report.accepted, report.distinct), (1, 2));
/// # Ok::<(), jot::Error>(())
/// ```
pub struct Batch {
    pool: Pool,
    workers: Vec<Mutex<Worker>>,
    /// The workers for tokens that come with their own keys: as many.
    own: Vec<Mutex<OwnKeysWorker>>,
    distinct: Distinct,
    outcomes: Vec<Outcome>,
}

impl Batch {
    /// The maximum number of threads of a batch.
    pub const MAX_THREADS: usize = 1024;

    /// Makes a batch that works on this many threads: 1 is only the calling thread, 0
    /// means one for each processor.
    ///
    /// ```
    /// use jot::batch::Batch;
    ///
    /// let in_this_thread = Batch::new(1)?;
    /// let on_every_processor = Batch::new(0)?;
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::BatchInvalid`] for more than [`Batch::MAX_THREADS`];
    /// [`Code::ThreadsMissing`] if the system cannot start that many; those that it
    /// started have then ended. Without the feature `rayon` it is the answer to more than
    /// one thread, and 0 is the calling thread.
    pub fn new(threads: usize) -> Result<Self, Error> {
        if threads > Self::MAX_THREADS {
            return Err(Error::of_member(Code::BatchInvalid, "threads"));
        }
        Pool::new(threads).map(Self::on)
    }

    /// Makes a batch that works in the caller's pool.
    ///
    /// The pool is one of rayon 1, which is here as [`rayon`]: a program that takes it
    /// from here needs no dependency whose version has to match.
    ///
    /// ```
    /// use jot::batch::{Batch, rayon};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    /// let batch = Batch::in_pool(pool);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn in_pool(pool: rayon::ThreadPool) -> Self {
        Self::on(Pool::lent(pool))
    }

    fn on(pool: Pool) -> Self {
        let threads = pool.threads().max(1);
        let workers = std::iter::repeat_with(Mutex::default).take(threads).collect();
        let own = std::iter::repeat_with(Mutex::default).take(threads).collect();
        Self { pool, workers, own, distinct: Distinct::default(), outcomes: Vec::new() }
    }

    /// Verifies the tokens and fills the columns.
    ///
    /// The verdict of each row is that of [`Verifier::verify`] at the row's instant;
    /// each chunk uses the keys that are current when it begins.
    ///
    /// ```
    /// use jot::batch::{Batch, Columns, Instants, Tokens};
    /// # use jot::{Alg, KeySet, Policy, SigningKey, UnixSeconds, Verifier};
    /// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
    /// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build()?;
    ///
    /// let (tokens, now) = (Tokens::Slices(&[b"garbage"]), Instants::Now(UnixSeconds::now()));
    /// let mut codes = [0];
    /// Batch::new(1)?.verify(&verifier, &tokens, now, &mut Columns::codes(&mut codes))?;
    /// assert_eq!(codes, [201]); // token_segments
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::BatchInvalid`] if columns or instants are not as many as the
    /// tokens, the offsets are not ascending within the data, or there are more
    /// than `u32::MAX` tokens; [`Code::MemoryMissing`] if the system has no
    /// room for so many. Nothing is written then.
    pub fn verify(
        &mut self,
        verifier: &Verifier,
        tokens: &Tokens<'_>,
        instants: Instants<'_>,
        columns: &mut Columns<'_>,
    ) -> Result<BatchReport, Error> {
        self.run(verifier, tokens, instants, columns, None)
    }

    /// Verifies like [`verify`](Self::verify), and calls `progress` after each chunk.
    ///
    /// ```
    /// # use jot::batch::{Batch, Columns, Instants, Tokens};
    /// # use jot::{Alg, Code, KeySet, Policy, SigningKey, UnixSeconds, Verifier};
    /// use std::ops::ControlFlow;
    ///
    /// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
    /// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build()?;
    /// let rows: Vec<[u8; 2]> = (0..100_u8).map(|row| [b'a', row]).collect();
    /// let rows: Vec<&[u8]> = rows.iter().map(|row| row.as_slice()).collect();
    /// let (tokens, now) = (Tokens::Slices(&rows), Instants::Now(UnixSeconds::now()));
    /// let mut codes = [0; 100];
    /// let report = Batch::new(1)?.verify_with_progress(
    ///     &verifier,
    ///     &tokens,
    ///     now,
    ///     &mut Columns::codes(&mut codes),
    ///     &|done, total| if done < total { ControlFlow::Break(()) } else { ControlFlow::Continue(()) },
    /// )?;
    /// assert!(report.cancelled);
    /// assert_eq!(codes[99], Code::BatchCancelled.number());
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn verify_with_progress(
        &mut self,
        verifier: &Verifier,
        tokens: &Tokens<'_>,
        instants: Instants<'_>,
        columns: &mut Columns<'_>,
        progress: Progress<'_>,
    ) -> Result<BatchReport, Error> {
        self.run(verifier, tokens, instants, columns, Some(progress))
    }

    pub(crate) fn run(
        &mut self,
        verifier: &Verifier,
        tokens: &Tokens<'_>,
        instants: Instants<'_>,
        columns: &mut Columns<'_>,
        progress: Option<Progress<'_>>,
    ) -> Result<BatchReport, Error> {
        let rows = tokens.checked_len()?;
        columns.check(rows)?;
        if instants.rows().is_some_and(|instants| instants != rows) {
            return Err(Error::of_member(Code::BatchInvalid, "as_of"));
        }
        let Self { pool, workers, distinct, outcomes, .. } = self;
        let cancelled = pool.run(|split| {
            distinct.find(tokens, rows, split)?;
            outcomes.clear();
            outcomes.try_reserve(distinct.firsts().len())?;
            outcomes.resize(distinct.firsts().len(), Outcome::default());
            let (firsts, claims, header) = (distinct.firsts(), columns.claims, columns.unverified_header);
            let work = Work { verifier, tokens, instants, workers, firsts, progress, claims, header };
            Ok::<bool, Error>(work.all(outcomes, split))
        })?;
        let mut report = BatchReport { rows, distinct: distinct.firsts().len(), cancelled, accepted: 0 };
        for row in 0..rows {
            let outcome =
                distinct.of(row).and_then(|index| outcomes.get(index).map(|outcome| (index, outcome)));
            let first = outcome.and_then(|(index, _)| distinct.firsts().get(index)).copied();
            let outcome = outcome.map(|found| found.1);
            let accepted = columns.fill(row, outcome, verifier, instants.at(row), first);
            report.accepted = report.accepted.saturating_add(usize::from(accepted));
        }
        Ok(report)
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("threads", &self.workers.len()).finish_non_exhaustive()
    }
}

/// The distinct tokens of one batch, and the workers.
struct Work<'w> {
    verifier: &'w Verifier,
    tokens: &'w Tokens<'w>,
    instants: Instants<'w>,
    workers: &'w [Mutex<Worker>],
    firsts: &'w [u32],
    progress: Option<Progress<'w>>,
    claims: Option<EachClaims<'w>>,
    header: Option<EachHeader<'w>>,
}

impl Work<'_> {
    /// Assesses all distinct tokens; returns `true` if the batch was cancelled.
    fn all(&self, outcomes: &mut [Outcome], split: Split) -> bool {
        let (done, cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
        let chunk = |thread: usize, rows: &[u32], outcomes: &mut [Outcome]| {
            if cancelled.load(Ordering::Relaxed) {
                return;
            }
            self.chunk(thread, rows, outcomes);
            let done = done.fetch_add(rows.len(), Ordering::Relaxed).saturating_add(rows.len());
            let stop = |progress: Progress<'_>| progress(done, self.firsts.len()).is_break();
            if self.progress.is_some_and(stop) {
                cancelled.store(true, Ordering::Relaxed);
            }
        };
        split.chunks(self.chunk_size(), (self.firsts, outcomes), chunk);
        cancelled.into_inner()
    }

    /// Large chunks fill the lanes of the processor better; small ones leave work for every
    /// thread, and somebody who waits hears more often of the progress.
    fn chunk_size(&self) -> usize {
        let enough = CHUNK.saturating_mul(2).saturating_mul(self.workers.len());
        if self.progress.is_some() || self.firsts.len() < enough { CHUNK / 4 } else { CHUNK }
    }

    fn chunk(&self, thread: usize, rows: &[u32], outcomes: &mut [Outcome]) {
        let worker = thread.checked_rem(self.workers.len()).and_then(|index| self.workers.get(index));
        let Some(worker) = worker else { return };
        // Each thread of the pool has its own worker, so the lock is not contended. A
        // chunk begins by clearing the worker's buffers, so a panic leaves nothing behind.
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = rows.iter().map(|row| {
            let row = *row as usize;
            (self.tokens.get(row).unwrap_or_default(), self.instants.at(row))
        });
        let read = |place: usize, found: &Claims<'_>| {
            if let (Some(claims), Some(row)) = (self.claims, rows.get(place)) {
                claims(*row as usize, found);
            }
        };
        let read: Option<EachClaims<'_>> = if self.claims.is_some() { Some(&read) } else { None };
        worker.assess(self.verifier, tokens, outcomes, read);
        if let Some(header) = self.header {
            for row in rows {
                let row = *row as usize;
                let token = self.tokens.get(row).unwrap_or_default();
                header(row, &worker.header_names(self.verifier, token));
            }
        }
    }
}
