//! The threads that fetch, and what they share.

use std::num::NonZeroU8;
use std::sync::{Arc, Condvar, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use jot::UnixSeconds;
use jot::jwks::{Budget, Ticket};

use crate::client::{Client, Settings, Wanted};
use crate::error::Error;
use crate::follow::Follow;
use crate::fork;
use crate::lock::{Guarded, Held, lock};

/// The longest sleep, so that a clock that is set forward is noticed.
pub(crate) const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// What makes the fetches.
pub(crate) trait Wake {
    /// Lends the budget for fetches that unknown `kid`s cause.
    fn with_budget<R>(&self, held: &Held, ask: impl FnOnce(&mut Budget) -> R) -> R;

    /// Tells that there is something to fetch.
    fn wake(&self);
}

#[derive(Debug)]
pub(crate) struct Threads {
    settings: Settings,
    count: NonZeroU8,
    shared: Guarded<Shared>,
    wake: Condvar,
}

#[derive(Debug)]
struct Shared {
    followed: Vec<Weak<dyn Follow>>,
    budget: Budget,
    stop: bool,
    running: Vec<JoinHandle<()>>,
    /// The process that the threads are of.
    process: Option<u32>,
}

impl Threads {
    /// # Errors
    /// Those of [`Client::new`].
    pub(crate) fn new(settings: Settings, count: NonZeroU8, budget: Budget) -> Result<Self, Error> {
        Client::new(&settings)?;
        let shared = Shared { followed: Vec::new(), budget, stop: false, running: Vec::new(), process: None };
        Ok(Self { settings, count, shared: Guarded::new(shared), wake: Condvar::new() })
    }

    /// Follows one thing more, for as long as somebody else keeps it.
    pub(crate) fn follow(self: &Arc<Self>, followed: Weak<dyn Follow>) -> Result<(), Error> {
        self.add(&lock(), followed)
    }

    /// Works like [`follow`](Self::follow) under the lock.
    pub(crate) fn add(self: &Arc<Self>, held: &Held, followed: Weak<dyn Follow>) -> Result<(), Error> {
        self.shared.of(held).followed.push(followed);
        self.start(held)?;
        self.wake.notify_all();
        Ok(())
    }

    /// Ends the threads of this process, and waits until they have ended if it is to.
    pub(crate) fn stop(&self, waits: bool) {
        let held = lock();
        let mut shared = self.shared.of(&held);
        shared.stop = true;
        let is_ours = shared.process == Some(fork::generation());
        let running = std::mem::take(&mut shared.running);
        drop(shared);
        drop(held);
        self.wake.notify_all();
        for thread in running {
            if is_ours && waits {
                let _ = thread.join();
            } else {
                std::mem::forget(thread);
            }
        }
    }

    /// Takes the lock, with threads that run.
    pub(crate) fn started(self: &Arc<Self>) -> Result<Held, Error> {
        let held = lock();
        self.start(&held)?;
        Ok(held)
    }

    /// Starts the threads, unless this process has them.
    pub(crate) fn start(self: &Arc<Self>, held: &Held) -> Result<(), Error> {
        fork::watch();
        let mut shared = self.shared.of(held);
        if shared.stop || shared.process == Some(fork::generation()) {
            return Ok(());
        }
        // The connections of a parent are its own, so each process has a client.
        let client = Arc::new(Client::new(&self.settings)?);
        let first = shared.running.len();
        for _ in 0..self.count.get() {
            let (threads, client) = (Arc::clone(self), Arc::clone(&client));
            let thread = std::thread::Builder::new().name("jot-fetch".to_owned());
            match thread.spawn(move || threads.run(&client)) {
                Ok(thread) => shared.running.push(thread),
                // One is enough to go on with.
                Err(_) if shared.running.len() > first => break,
                Err(error) => return Err(Error::Thread(error.to_string())),
            }
        }
        // Those of a parent cannot be waited for.
        shared.running.drain(..first).for_each(std::mem::forget);
        if shared.process.replace(fork::generation()).is_some() {
            for one in shared.followed.iter().filter_map(Weak::upgrade) {
                one.begin_anew(held);
            }
        }
        Ok(())
    }

    fn run(&self, client: &Client) {
        let mut held = lock();
        loop {
            let mut shared = self.shared.of(&held);
            if shared.stop {
                return;
            }
            shared.followed.retain(|one| one.strong_count() > 0);
            let next = next(&held, &shared.followed);
            drop(shared);
            match next {
                Ok((one, ticket, wanted)) => {
                    drop(held);
                    let outcome = client.get(&wanted);
                    held = lock();
                    one.take(&held, ticket, &outcome);
                }
                Err(until) => held = self.sleep(held, until),
            }
        }
    }

    fn sleep(&self, held: Held, until: UnixSeconds) -> Held {
        let seconds = until.0.saturating_sub(UnixSeconds::now().0).max(1);
        held.wait(&self.wake, Duration::from_secs(seconds.unsigned_abs()).min(LONGEST_SLEEP))
    }
}

impl Wake for Threads {
    fn with_budget<R>(&self, held: &Held, ask: impl FnOnce(&mut Budget) -> R) -> R {
        ask(&mut self.shared.of(held).budget)
    }

    fn wake(&self) {
        self.wake.notify_all();
    }
}

type Due = (Arc<dyn Follow>, Ticket, Wanted);

/// Finds a fetch that is due, or says until when there is none.
fn next(held: &Held, followed: &[Weak<dyn Follow>]) -> Result<Due, UnixSeconds> {
    let mut until = UnixSeconds(i64::MAX);
    for one in followed.iter().filter_map(Weak::upgrade) {
        match one.poll(held) {
            Ok((ticket, wanted)) => return Ok((one, ticket, wanted)),
            Err(end) => until = until.min(end),
        }
        // What ran out while nothing was fetched.
        one.settle(held);
    }
    Err(until)
}
