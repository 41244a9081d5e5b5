//! Many tokens at once.
//!
//! A batch takes four steps. First it finds equal tokens, by the hash of their last
//! bytes and then byte by byte, because each distinct token is verified only once. The
//! threads take the distinct tokens in chunks of 64. Within a chunk the signatures are
//! grouped by key, for a backend that checks several at once. Finally the dates of
//! every row are checked at its own instant, and the columns are filled in the order of
//! the tokens.
//!
//! A reusable [`Batch`] holds the memory: about 115 bytes for each row of the largest
//! batch, and a scratch for each thread.

mod claim_texts;
mod columns;
mod distinct;
mod header_texts;
mod key_state;
mod tokens;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::claims::Claims;
use crate::error::{Code, Error};
pub use crate::jws::HeaderNames;
use crate::time::UnixSeconds;
use crate::verifier::{CHUNK, Outcome, Verifier, Worker};

pub use claim_texts::{ClaimTexts, TextClaim};
pub use columns::{Columns, EachClaims, EachHeader, Flags};
use distinct::Distinct;
pub use header_texts::HeaderTexts;
pub use key_state::KeyState;
pub use tokens::Tokens;
#[cfg(feature = "capi")]
pub(crate) use tokens::is_valid;

/// The instants at which the tokens of a batch are judged.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Instants<'a> {
    /// All at one instant.
    Now(UnixSeconds),
    /// Each at its own, in seconds since 1970: as many as there are tokens.
    AsOf(&'a [i64]),
}

impl Instants<'_> {
    fn at(&self, row: usize) -> UnixSeconds {
        match self {
            Self::Now(now) => *now,
            Self::AsOf(instants) => UnixSeconds(instants.get(row).copied().unwrap_or(i64::MAX)),
        }
    }
}

/// A function that a batch calls after each chunk, with the number of distinct tokens
/// that are done and the number of all. `Break` cancels the rest of the batch. Threads
/// call it at the same time: the numbers may come out of order, and calls that have
/// begun still end after one breaks.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) -> ControlFlow<()> + Sync);

/// The totals of a batch.
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
    pool: Option<ThreadPool>,
    threads: Threads,
    workers: Vec<Mutex<Worker>>,
    distinct: Distinct,
    outcomes: Vec<Outcome>,
}

impl Batch {
    /// The maximum number of threads of a batch.
    pub const MAX_THREADS: usize = 1024;

    /// Makes a batch that works on this many threads: 1 is only the calling thread, 0
    /// means one for each processor.
    ///
    /// # Errors
    /// [`Code::BatchInvalid`] for more than [`Batch::MAX_THREADS`];
    /// [`Code::ThreadsMissing`] if the system cannot start that many; those that it
    /// started have then ended.
    pub fn new(threads: usize) -> Result<Self, Error> {
        if threads == 1 {
            return Ok(Self::with(None, 1));
        }
        if threads > Self::MAX_THREADS {
            return Err(Error::of_member(Code::BatchInvalid, "threads"));
        }
        let mut own = Threads { process: std::process::id(), handles: Vec::new() };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("jot-{index}"))
            .spawn_handler(|thread| own.spawn(thread))
            .build();
        let Ok(pool) = pool else {
            // rayon has told the threads of the failed pool to end; wait for them.
            own.join();
            return Err(Error::new(Code::ThreadsMissing));
        };
        let mut batch = Self::in_pool(pool);
        batch.threads = own;
        Ok(batch)
    }

    /// Makes a batch that works in the caller's pool.
    #[must_use]
    pub fn in_pool(pool: ThreadPool) -> Self {
        let threads = pool.current_num_threads();
        Self::with(Some(pool), threads)
    }

    fn with(pool: Option<ThreadPool>, threads: usize) -> Self {
        let workers = std::iter::repeat_with(Mutex::default).take(threads.max(1)).collect();
        let threads = Threads::default();
        Self { pool, threads, workers, distinct: Distinct::default(), outcomes: Vec::new() }
    }

    /// Verifies the tokens and fills the columns.
    ///
    /// The verdict of each row is that of [`Verifier::verify`] at the row's instant;
    /// each chunk uses the keys that are current when it begins.
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
        if let Instants::AsOf(instants) = instants
            && instants.len() != rows
        {
            return Err(Error::of_member(Code::BatchInvalid, "as_of"));
        }
        let Self { pool, workers, distinct, outcomes, .. } = self;
        let parallel = pool.is_some();
        let mut run = || {
            distinct.find(tokens, rows, parallel)?;
            outcomes.clear();
            outcomes.try_reserve(distinct.firsts().len())?;
            outcomes.resize(distinct.firsts().len(), Outcome::default());
            let (firsts, claims, header) = (distinct.firsts(), columns.claims, columns.unverified_header);
            let work = Work { verifier, tokens, instants, workers, firsts, progress, claims, header };
            Ok::<bool, Error>(work.all(outcomes, parallel))
        };
        let cancelled = match pool {
            Some(pool) => pool.install(&mut run)?,
            None => run()?,
        };
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

/// The threads of our own pool, which end before the batch is dropped.
#[derive(Default)]
struct Threads {
    process: u32,
    handles: Vec<JoinHandle<()>>,
}

impl Threads {
    fn spawn(&mut self, thread: rayon::ThreadBuilder) -> std::io::Result<()> {
        let named = std::thread::Builder::new().name(thread.name().unwrap_or_default().to_owned());
        self.handles.push(named.spawn(|| thread.run())?);
        Ok(())
    }

    /// Waits until all have ended.
    fn join(self) {
        for handle in self.handles {
            // A thread that panicked has ended as well.
            let _ = handle.join();
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let threads = std::mem::take(&mut self.threads);
        let pool = self.pool.take();
        // In a forked child the threads do not exist, and locks that they held at the
        // fork stay locked: dropping the pool would wait for ever.
        if !threads.handles.is_empty() && threads.process != std::process::id() {
            std::mem::forget((pool, threads));
            return;
        }
        drop(pool);
        threads.join();
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
    fn all(&self, outcomes: &mut [Outcome], parallel: bool) -> bool {
        let (done, cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
        let chunk = |(rows, outcomes): (&[u32], &mut [Outcome])| {
            if cancelled.load(Ordering::Relaxed) {
                return;
            }
            self.chunk(rows, outcomes);
            let done = done.fetch_add(rows.len(), Ordering::Relaxed).saturating_add(rows.len());
            let stop = |progress: Progress<'_>| progress(done, self.firsts.len()).is_break();
            if self.progress.is_some_and(stop) {
                cancelled.store(true, Ordering::Relaxed);
            }
        };
        if parallel {
            self.firsts.par_chunks(CHUNK).zip(outcomes.par_chunks_mut(CHUNK)).for_each(chunk);
        } else {
            self.firsts.chunks(CHUNK).zip(outcomes.chunks_mut(CHUNK)).for_each(chunk);
        }
        cancelled.into_inner()
    }

    fn chunk(&self, rows: &[u32], outcomes: &mut [Outcome]) {
        let thread = rayon::current_thread_index().unwrap_or_default();
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
