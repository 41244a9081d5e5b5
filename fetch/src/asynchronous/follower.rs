//! The task that follows the keys of one issuer, or one list.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use jot::UnixSeconds;
use jot::jwks::Budget;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use super::client::Client;
use crate::follow::Follow;
use crate::lock::{Guarded, Held, lock};
use crate::threads::{LONGEST_SLEEP, Wake};

/// What all tasks of a fetcher have.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) client: Client,
    pub(super) budget: Guarded<Budget>,
}

/// What is followed, and how its task and those who wait for it wake each other.
#[derive(Debug)]
pub(super) struct Follower<F> {
    pub(super) followed: F,
    common: Arc<Common>,
    wake: Notify,
    answered: Notify,
}

/// Ends the task with the last of those who have what it follows.
#[derive(Debug)]
pub(super) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<F: Follow + 'static> Follower<F> {
    /// Follows something with a task of this runtime.
    pub(super) fn start(followed: F, common: Arc<Common>, runtime: &Handle) -> (Arc<Self>, Arc<Task>) {
        let (wake, answered) = (Notify::new(), Notify::new());
        let follower = Arc::new(Self { followed, common, wake, answered });
        let task = runtime.spawn(run(Arc::downgrade(&follower))).abort_handle();
        (follower, Arc::new(Task(task)))
    }

    /// Waits until something is so that an answer may have brought.
    pub(super) async fn wait_until(&self, deadline: Instant, is_so: impl Fn(&F, &Held) -> bool) {
        loop {
            // Before it is looked at, so that no answer in between is missed.
            let mut answered = pin!(self.answered.notified());
            answered.as_mut().enable();
            if is_so(&self.followed, &lock()) {
                return;
            }
            if timeout_at(deadline, answered).await.is_err() {
                return;
            }
        }
    }
}

/// Returns when a wait that begins now ends.
pub(super) fn deadline(longest: Duration) -> Instant {
    let now = Instant::now();
    // Nobody waits for a year.
    now.checked_add(longest.min(Duration::from_secs(31_536_000))).unwrap_or(now)
}

impl<F> Wake for Follower<F> {
    fn with_budget<R>(&self, held: &Held, ask: impl FnOnce(&mut Budget) -> R) -> R {
        ask(&mut self.common.budget.of(held))
    }

    fn wake(&self) {
        self.wake.notify_one();
    }
}

/// Does what the keeper says, until nobody has what it follows.
async fn run<F: Follow>(follower: Weak<Follower<F>>) {
    while let Some(follower) = follower.upgrade() {
        let due = {
            let held = lock();
            let due = follower.followed.poll(&held);
            // What ran out while nothing was fetched.
            follower.followed.settle(&held);
            due
        };
        match due {
            Ok((ticket, wanted)) => {
                let outcome = follower.common.client.get(&wanted).await;
                follower.followed.take(&lock(), ticket, &outcome);
                follower.answered.notify_waiters();
            }
            Err(UnixSeconds(until)) => {
                let seconds = until.saturating_sub(UnixSeconds::now().0).max(1);
                let sleep = Duration::from_secs(seconds.unsigned_abs()).min(LONGEST_SLEEP);
                let _ = tokio::time::timeout(sleep, follower.wake.notified()).await;
            }
        }
    }
}
