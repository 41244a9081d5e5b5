//! The threads that fetch, and what they share.

use std::num::NonZeroU8;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use jot::UnixSeconds;
use jot::jwks::{Budget, Poll};

use crate::client::{Client, Wanted};
use crate::error::Error;
use crate::followed::Followed;
use crate::lock::lock;

/// The longest sleep, so that a clock that is set forward is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Threads {
    client: Client,
    followed: Mutex<Vec<Weak<Followed>>>,
    wake: Condvar,
    stop: AtomicBool,
    pub(crate) budget: Mutex<Budget>,
    count: NonZeroU8,
    running: Mutex<Vec<JoinHandle<()>>>,
    /// The process that the threads are of.
    process: AtomicU32,
}

impl Threads {
    pub(crate) fn new(client: Client, count: NonZeroU8, budget: Budget) -> Self {
        Self {
            client,
            followed: Mutex::default(),
            wake: Condvar::new(),
            stop: AtomicBool::new(false),
            budget: Mutex::new(budget),
            count,
            running: Mutex::default(),
            process: AtomicU32::new(0),
        }
    }

    /// Follows one issuer more, for as long as somebody else keeps it.
    pub(crate) fn follow(self: &Arc<Self>, followed: &Arc<Followed>) -> Result<(), Error> {
        lock(&self.followed).push(Arc::downgrade(followed));
        self.start()?;
        self.notify();
        Ok(())
    }

    /// Ends the threads of this process.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.notify();
        let is_ours = self.process.load(Ordering::Acquire) == std::process::id();
        for thread in lock(&self.running).drain(..) {
            if is_ours {
                let _ = thread.join();
            } else {
                std::mem::forget(thread);
            }
        }
    }

    /// Starts the threads, unless this process has them.
    pub(crate) fn start(self: &Arc<Self>) -> Result<(), Error> {
        if self.stop.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut running = lock(&self.running);
        if self.process.swap(std::process::id(), Ordering::AcqRel) == std::process::id() {
            return Ok(());
        }
        // After a fork these are threads of the parent, which cannot be waited for.
        running.drain(..).for_each(std::mem::forget);
        for _ in 0..self.count.get() {
            let threads = Arc::clone(self);
            let thread = std::thread::Builder::new().name("jot-fetch".to_owned());
            let thread = thread.spawn(move || threads.run()).map_err(|error| {
                self.process.store(0, Ordering::Release);
                Error::Thread(error.to_string())
            })?;
            running.push(thread);
        }
        Ok(())
    }

    /// Wakes a thread, because there is something to fetch.
    pub(crate) fn notify(&self) {
        // Whoever is about to sleep holds this lock and has looked before.
        drop(lock(&self.followed));
        self.wake.notify_all();
    }

    fn run(&self) {
        let mut followed = lock(&self.followed);
        while !self.stop.load(Ordering::Acquire) {
            followed.retain(|one| one.strong_count() > 0);
            let (due, until) = next(&followed);
            match due {
                Some((one, ticket, wanted)) => {
                    drop(followed);
                    let outcome = self.client.get(&wanted);
                    one.take(ticket, &outcome);
                    drop(one);
                    followed = lock(&self.followed);
                }
                None => followed = self.sleep(followed, until),
            }
        }
    }

    fn sleep<'g>(
        &self,
        followed: MutexGuard<'g, Vec<Weak<Followed>>>,
        until: UnixSeconds,
    ) -> MutexGuard<'g, Vec<Weak<Followed>>> {
        let seconds = until.0.saturating_sub(UnixSeconds::now().0).max(1);
        let pause = Duration::from_secs(seconds.unsigned_abs()).min(LONGEST_SLEEP);
        self.wake.wait_timeout(followed, pause).unwrap_or_else(PoisonError::into_inner).0
    }
}

type Due = (Arc<Followed>, jot::jwks::Ticket, Wanted);

/// Finds a fetch that is due, or says until when there is none.
fn next(followed: &[Weak<Followed>]) -> (Option<Due>, UnixSeconds) {
    let mut until = UnixSeconds(i64::MAX);
    for one in followed.iter().filter_map(Weak::upgrade) {
        let mut keeper = lock(&one.keeper);
        let due = match keeper.poll(UnixSeconds::now()) {
            Poll::Fetch(request) => Some((request.ticket, Wanted::from(&request))),
            Poll::Sleep(end) => {
                until = until.min(end);
                None
            }
        };
        drop(keeper);
        if let Some((ticket, wanted)) = due {
            return (Some((one, ticket, wanted)), until);
        }
        // Keys that ran out while nothing was fetched.
        one.settle();
    }
    (None, until)
}
