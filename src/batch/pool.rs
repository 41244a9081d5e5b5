//! The threads of a batch: those of a pool of rayon's, or the calling one.

use std::thread::JoinHandle;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::error::{Code, Error};

#[derive(Default)]
pub(super) struct Pool {
    rayon: Option<ThreadPool>,
    own: Threads,
}

impl Pool {
    /// Starts this many threads; none for 1, and as many as processors for 0.
    ///
    /// # Errors
    /// [`Code::ThreadsMissing`]
    pub(super) fn new(threads: usize) -> Result<Self, Error> {
        if threads == 1 {
            return Ok(Self::default());
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
        Ok(Self { rayon: Some(pool), own })
    }

    /// Takes a pool of the caller's.
    pub(super) fn lent(pool: ThreadPool) -> Self {
        Self { rayon: Some(pool), own: Threads::default() }
    }

    pub(super) fn threads(&self) -> usize {
        self.rayon.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// Does work that may be shared among the threads.
    pub(super) fn run<R: Send>(&self, work: impl FnOnce(Split) -> R + Send) -> R {
        match &self.rayon {
            Some(pool) => pool.install(|| work(Split { parallel: true })),
            None => work(Split { parallel: false }),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.own);
        let pool = self.rayon.take();
        // In a forked child the threads do not exist, and locks that they held at the
        // fork stay locked: dropping the pool would wait for ever.
        if !own.handles.is_empty() && own.process != std::process::id() {
            std::mem::forget((pool, own));
            return;
        }
        drop(pool);
        own.join();
    }
}

/// The threads of a pool of our own: they have ended when the pool is gone.
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

    /// Waits until they have ended.
    fn join(self) {
        for handle in self.handles {
            // A thread that panicked has ended as well.
            let _ = handle.join();
        }
    }
}

/// Shares work among the threads of a [`Pool`].
#[derive(Clone, Copy)]
pub(super) struct Split {
    parallel: bool,
}

impl Split {
    /// Calls `work` with the place of each item, at least so many for one thread.
    pub(super) fn each<T: Send>(
        self,
        items: &mut [T],
        at_least: usize,
        work: impl Fn((usize, &mut T)) + Send + Sync,
    ) {
        if self.parallel {
            items.par_iter_mut().with_min_len(at_least).enumerate().for_each(work);
        } else {
            items.iter_mut().enumerate().for_each(work);
        }
    }

    /// Calls `work` with the thread's index and each pair of chunks.
    pub(super) fn chunks<A: Sync, B: Send>(
        self,
        size: usize,
        (firsts, seconds): (&[A], &mut [B]),
        work: impl Fn(usize, &[A], &mut [B]) + Send + Sync,
    ) {
        if self.parallel {
            firsts.par_chunks(size).zip(seconds.par_chunks_mut(size)).for_each(|(first, second)| {
                work(rayon::current_thread_index().unwrap_or_default(), first, second);
            });
        } else {
            firsts
                .chunks(size)
                .zip(seconds.chunks_mut(size))
                .for_each(|(first, second)| work(0, first, second));
        }
    }
}
