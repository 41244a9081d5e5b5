//! Hashing passwords on few threads, with a bounded queue before them.
//!
//! ```text
//!   logins ──▶ waiting (at most `queue`) ──▶ hashing (at most `at_once`) ──▶ answer
//!        └──▶ 503, Retry-After: past the queue nobody waits
//! ```
//!
//! The permit is inside the task that hashes. If the client goes away, the hash goes on, and
//! so does the permit: nobody can start more hashes than there are permits by hanging up.
//!
//! There is a memory for each permit, kept from hash to hash. What a hash leaves in it is
//! overwritten by the next one, or wiped at its end if nobody waits, or when the last one
//! that waits gives up.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jot_login::password::{self, Cost, Memory, StoredHash};
use jot_login::random;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::clock::System;
use crate::config::Passwords;

pub(crate) struct Hasher {
    permits: Arc<Semaphore>,
    shared: Arc<Shared>,
    at_once: usize,
    most: usize,
    cost: Cost,
    /// Checked in the place of the hash of an account that is not there.
    decoy: StoredHash,
}

struct Shared {
    /// The memories of the permits that nobody holds, once they were used.
    memories: Mutex<Vec<Kept>>,
    /// The logins that are hashing or waiting.
    waiting: AtomicUsize,
}

struct Kept {
    memory: Memory,
    is_wiped: bool,
}

impl Shared {
    fn memories(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.memories.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Too many logins at once; come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

/// What came of a password.
pub(crate) struct Checked {
    pub(crate) is_right: bool,
    /// The new hash of a right password whose stored one is outdated.
    pub(crate) rehashed: Option<String>,
}

/// Counts a login that waits, also if it gives up.
struct Waiting(Arc<Shared>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.0.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
            // One that hashed may have left its memory to a login that gave up since.
            for kept in self.0.memories().iter_mut().filter(|kept| !kept.is_wiped) {
                kept.memory.wipe();
                kept.is_wiped = true;
            }
        }
    }
}

impl Hasher {
    /// Makes a hasher, and with it the decoy; `None` if nothing can be hashed at this cost.
    pub(crate) fn new(settings: &Passwords, cost: Cost) -> Option<Self> {
        let mut memory = Memory::new(cost);
        let decoy =
            password::hash(&random::name(&mut System), cost, random::bytes(&mut System), &mut memory)?;
        memory.wipe();
        Some(Self {
            permits: Arc::new(Semaphore::new(settings.at_once)),
            shared: Arc::new(Shared {
                memories: Mutex::new(vec![Kept { memory, is_wiped: true }]),
                waiting: AtomicUsize::new(0),
            }),
            at_once: settings.at_once,
            most: settings.queue.saturating_add(settings.at_once),
            cost,
            decoy: StoredHash::from_text(&decoy).ok()?,
        })
    }

    /// Checks a password against a stored hash. Without one, or with one that cannot be
    /// read, it takes as long as a hash of today, and is wrong.
    pub(crate) async fn check(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<Checked, Busy> {
        let (cost, decoy) = (self.cost, self.decoy.clone());
        self.run(move |memory| {
            let stored = stored.and_then(|text| StoredHash::from_text(&text).ok());
            let (is_known, stored) = stored.map_or((false, decoy), |stored| (true, stored));
            let is_right = stored.matches(&password, memory) && is_known;
            let is_outdated = is_right && stored.is_outdated(cost);
            let rehashed =
                is_outdated.then(|| password::hash(&password, cost, random::bytes(&mut System), memory));
            Checked { is_right, rehashed: rehashed.flatten() }
        })
        .await
    }

    pub(crate) async fn hash(&self, password: Zeroizing<String>) -> Result<Option<String>, Busy> {
        let cost = self.cost;
        self.run(move |memory| password::hash(&password, cost, random::bytes(&mut System), memory)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let before = self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(Arc::clone(&self.shared));
        if before >= self.most {
            return Err(Busy);
        }
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Busy)?;
        let (at_once, cost) = (self.at_once, self.cost);
        let task = tokio::task::spawn_blocking(move || {
            // Dropped in this order: whoever gets the permit no longer counts this one.
            let held = (waiting, permit);
            let shared = &held.0.0;
            let kept = shared.memories().pop();
            let mut memory = kept.map_or_else(|| Memory::new(cost), |kept| kept.memory);
            let made = work(&mut memory);
            // Whoever waits has no permit, and takes this memory next.
            let is_wiped = shared.waiting.load(Ordering::Relaxed) <= at_once;
            if is_wiped {
                memory.wipe();
            }
            shared.memories().push(Kept { memory, is_wiped });
            made
        });
        task.await.map_err(|_| Busy)
    }

    /// How many are hashing or waiting, for the metrics.
    pub(crate) fn load(&self) -> usize {
        self.shared.waiting.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(at_once: usize, queue: usize) -> Hasher {
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        Hasher::new(&Passwords { cost, target: None, at_once, queue }, cost).unwrap()
    }

    fn text(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn right_password_is_right_and_outdated_hash_is_renewed() {
        let hasher = hasher(1, 1);
        let own = hasher.hash(text("correct horse")).await.unwrap().unwrap();
        let checked = hasher.check(text("correct horse"), Some(own.clone())).await.unwrap();
        assert!(checked.is_right && checked.rehashed.is_none());
        assert!(!hasher.check(text("wrong horse"), Some(own)).await.unwrap().is_right);
        let (old, mut memory) = (Cost { memory_kib: 9, passes: 1, lanes: 1 }, Memory::new(hasher.cost));
        let old = password::hash("correct horse", old, [1; 16], &mut memory);
        let checked = hasher.check(text("correct horse"), old.clone()).await.unwrap();
        let renewed = StoredHash::from_text(&checked.rehashed.unwrap()).unwrap();
        assert!(renewed.matches("correct horse", &mut memory) && !renewed.is_outdated(hasher.cost));
        assert!(hasher.check(text("wrong horse"), old).await.unwrap().rehashed.is_none());
    }

    #[tokio::test]
    async fn nobody_is_right_without_a_hash() {
        let hasher = hasher(1, 1);
        for stored in [None, Some("plain".to_owned()), Some(String::new())] {
            assert!(!hasher.check(text("plain"), stored).await.unwrap().is_right);
        }
    }

    #[tokio::test]
    async fn past_the_queue_nobody_waits_and_hanging_up_frees_no_permit() {
        let hasher = Arc::new(hasher(1, 1));
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let holder = Arc::clone(&hasher);
        let first = tokio::spawn(async move { holder.run(move |_| gone.recv()).await });
        while hasher.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        // The client of the first one hangs up.
        first.abort();
        let _ = first.await;
        let holder = Arc::clone(&hasher);
        let second = tokio::spawn(async move { holder.run(|_| 2).await });
        while hasher.load() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.permits.available_permits(), 0, "the hash goes on");
        assert_eq!(hasher.run(|_| 3).await, Err(Busy));
        go.send(()).unwrap();
        assert_eq!(second.await.unwrap(), Ok(2));
        assert_eq!(hasher.run(|_| 4).await, Ok(4));
        assert_eq!(hasher.load(), 0);
    }

    #[tokio::test]
    async fn memory_is_kept_and_wiped_unless_somebody_waits() {
        let hasher = Arc::new(hasher(1, 2));
        let left = |hasher: &Hasher| {
            hasher.shared.memories().iter().map(|kept| kept.memory.is_blank()).collect::<Vec<_>>()
        };
        for _ in 0..2 {
            hasher.hash(text("correct horse")).await.unwrap().unwrap();
            assert_eq!(left(&hasher), [true]);
        }
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let (holder, cost) = (Arc::clone(&hasher), hasher.cost);
        let work = move |memory: &mut Memory| {
            password::hash("correct horse", cost, [1; 16], memory).unwrap();
            gone.recv()
        };
        let first = tokio::spawn(async move { holder.run(work).await });
        // Who hashes has it.
        while !left(&hasher).is_empty() {
            tokio::task::yield_now().await;
        }
        let holder = Arc::clone(&hasher);
        let second = tokio::spawn(async move { holder.run(|memory| memory.is_blank()).await });
        while hasher.load() < 2 {
            tokio::task::yield_now().await;
        }
        go.send(()).unwrap();
        first.await.unwrap().unwrap().unwrap();
        assert_eq!(second.await.unwrap(), Ok(false), "it has the memory of the first, as that left it");
        assert_eq!(left(&hasher), [true]);
    }

    #[tokio::test]
    async fn memory_that_was_left_to_a_login_that_gave_up_is_wiped() {
        let hasher = hasher(1, 2);
        let dirty = {
            let mut memory = Memory::new(hasher.cost);
            password::hash("correct horse", hasher.cost, [1; 16], &mut memory).unwrap();
            Kept { memory, is_wiped: false }
        };
        *hasher.shared.memories() = vec![dirty];
        let waits = || {
            hasher.shared.waiting.fetch_add(1, Ordering::Relaxed);
            Waiting(Arc::clone(&hasher.shared))
        };
        let (one, other) = (waits(), waits());
        let is_blank = || hasher.shared.memories().iter().all(|kept| kept.memory.is_blank());
        drop(one);
        assert!(!is_blank());
        drop(other);
        assert!(is_blank());
    }
}
