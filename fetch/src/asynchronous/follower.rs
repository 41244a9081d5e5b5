//! The task that follows one issuer.

use std::sync::{Arc, Weak};
use std::time::Duration;

use jot::UnixSeconds;
use jot::jwks::Budget;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::client::Client;
use crate::follow::Follow as _;
use crate::followed::Followed;
use crate::lock::{Guarded, Held, lock};
use crate::threads::{LONGEST_SLEEP, Wake};

/// What all tasks of a fetcher have.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) client: Client,
    pub(super) budget: Guarded<Budget>,
}

/// One issuer, and how its task and those who wait for it wake each other.
#[derive(Debug)]
pub(super) struct Follower {
    pub(super) followed: Followed,
    common: Arc<Common>,
    pub(super) wake: Notify,
    pub(super) answered: Notify,
}

/// Ends the task with the last of the keys.
#[derive(Debug)]
pub(super) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Follower {
    /// Follows an issuer with a task of this runtime.
    pub(super) fn start(followed: Followed, common: Arc<Common>, runtime: &Handle) -> (Arc<Self>, Task) {
        let (wake, answered) = (Notify::new(), Notify::new());
        let follower = Arc::new(Self { followed, common, wake, answered });
        let task = runtime.spawn(run(Arc::downgrade(&follower))).abort_handle();
        (follower, Task(task))
    }
}

impl Wake for Follower {
    fn with_budget<R>(&self, held: &Held, ask: impl FnOnce(&mut Budget) -> R) -> R {
        ask(&mut self.common.budget.of(held))
    }

    fn wake(&self) {
        self.wake.notify_one();
    }
}

/// Does what the keeper says, until nobody has its keys.
async fn run(follower: Weak<Follower>) {
    while let Some(follower) = follower.upgrade() {
        let due = {
            let held = lock();
            let due = follower.followed.poll(&held);
            // Keys that ran out while nothing was fetched.
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
