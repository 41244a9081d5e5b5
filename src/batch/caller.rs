//! The thread of a batch if the crate is built without rayon: the calling one.

use crate::error::{Code, Error};

#[derive(Default)]
pub(super) struct Pool;

impl Pool {
    /// Takes the calling thread for 1 and for 0.
    ///
    /// # Errors
    /// [`Code::ThreadsMissing`] for more.
    pub(super) fn new(threads: usize) -> Result<Self, Error> {
        if threads > 1 { Err(Error::new(Code::ThreadsMissing)) } else { Ok(Self) }
    }

    #[expect(clippy::unused_self, reason = "the pool of rayon's has a number of threads")]
    pub(super) const fn threads(&self) -> usize {
        1
    }

    #[expect(clippy::unused_self, reason = "the pool of rayon's does the work")]
    pub(super) fn run<R>(&self, work: impl FnOnce(Split) -> R) -> R {
        work(Split)
    }
}

/// Goes through work in its order.
#[derive(Clone, Copy)]
pub(super) struct Split;

impl Split {
    /// Calls `work` with the place of each item.
    pub(super) fn each<T>(self, items: &mut [T], _at_least: usize, work: impl Fn((usize, &mut T))) {
        items.iter_mut().enumerate().for_each(work);
    }

    /// Calls `work` with the thread's index and each pair of chunks.
    pub(super) fn chunks<A, B>(
        self,
        size: usize,
        (firsts, seconds): (&[A], &mut [B]),
        work: impl Fn(usize, &[A], &mut [B]),
    ) {
        firsts.chunks(size).zip(seconds.chunks_mut(size)).for_each(|(first, second)| work(0, first, second));
    }
}
