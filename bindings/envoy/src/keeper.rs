//! Keeping key sets fresh, off the request path.
//!
//! One thread for each filter configuration that needs it, and none for the
//! others, looks after key files once a second and tells Envoy's main thread
//! when a remote key set is due; the main thread makes the call and takes the
//! reply. Whatever goes wrong, the last good keys stay.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::config::RemoteConfig;
use crate::exchange::{Counter, Level};
use crate::keys;
use crate::logger::log;
use crate::provider::{Origin, Provider};
use crate::remote::{Fetch, LARGEST_BYTES, Reply, back_off, fresh_seconds, parts, seconds};

/// How often files are looked at.
const TICK: Duration = Duration::from_secs(1);

/// How long after its time a request is taken for lost.
const LOST: Duration = Duration::from_secs(30);

/// The event that asks for nothing but the counters.
const COUNT_ONLY: u64 = u64::MAX;

/// Wakes the configuration up on the main thread.
pub(crate) type Wake = Box<dyn Fn(u64) + Send>;

/// An issuer whose keys may change.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) label: String,
    pub(crate) provider: Arc<Provider>,
    pub(crate) issuer_index: usize,
    pub(crate) origin: Origin,
}

/// The keeper of one filter configuration; its thread ends with it.
#[derive(Debug)]
pub(crate) struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    watched: Vec<Watched>,
    state: Mutex<State>,
    stopping: Condvar,
    replaced: AtomicU64,
    failed: AtomicU64,
}

#[derive(Debug)]
struct State {
    stop: bool,
    /// One for each watched issuer.
    progress: Vec<Progress>,
}

#[derive(Debug)]
struct Progress {
    /// What the file looked like when it was read last.
    seen: Option<Look>,
    /// When the next request is due; none while one is under way.
    due: Option<Instant>,
    asked: Option<Instant>,
    callout: Option<u64>,
    failures: u32,
    /// What the file looked like when it was told to be unfit.
    unfit: Option<Look>,
    /// The provider's count when it was asked last.
    unknown_kids: u64,
}

/// What tells a changed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    modified: (i64, i64),
    size: u64,
    inode: u64,
}

impl Look {
    fn of(file: &Metadata) -> Self {
        Self { modified: (file.mtime(), file.mtime_nsec()), size: file.size(), inode: file.ino() }
    }
}

impl Keeper {
    /// Reads every file, which must succeed, and starts the thread.
    pub(crate) fn start(watched: Vec<Watched>, wake: Wake) -> Result<Self, String> {
        let mut progress = Vec::new();
        for one in &watched {
            let seen = match &one.origin {
                Origin::File { path, is_secret } => Some(
                    read_file(one, path, *is_secret, None)
                        .map_err(|unfit| format!("{}: {}", one.label, unfit.fault))?
                        .ok_or("a file was not read")?,
                ),
                Origin::Remote(_) => None,
            };
            let due = Some(Instant::now());
            progress.push(Progress {
                seen,
                due,
                asked: None,
                callout: None,
                failures: 0,
                unfit: None,
                unknown_kids: 0,
            });
        }
        let shared = Arc::new(Shared {
            watched,
            state: Mutex::new(State { stop: false, progress }),
            stopping: Condvar::new(),
            replaced: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("jot-keys".to_owned());
        let thread =
            thread.spawn(move || theirs.run_on(&wake)).map_err(|error| format!("no thread: {error}"))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Returns the request that an event asks for.
    pub(crate) fn fetch(&self, event: u64) -> Option<Fetch<'_>> {
        let Origin::Remote(remote) = &self.shared.of(event)?.origin else { return None };
        let (authority, path) = parts(&remote.uri)?;
        Some(Fetch { cluster: &remote.cluster, authority, path, timeout_ms: remote.timeout_ms.into() })
    }

    /// Remembers which callout an event led to.
    pub(crate) fn called_out(&self, event: u64, callout: u64) {
        self.shared.change(event, |progress| progress.callout = Some(callout));
    }

    /// Returns the event that led to a callout.
    pub(crate) fn event_of(&self, callout: u64) -> Option<u64> {
        let state = self.shared.lock();
        let index = state.progress.iter().position(|progress| progress.callout == Some(callout))?;
        u64::try_from(index).ok()
    }

    /// Takes the reply to an event's request.
    pub(crate) fn fetched(&self, event: u64, reply: Reply) {
        let Some(watched) = self.shared.of(event) else { return };
        let Origin::Remote(remote) = &watched.origin else { return };
        let (outcome, max_age) = match reply {
            Reply::Failed(fault) => (Err(fault), None),
            Reply::Body { text, max_age_seconds } => (watched.take(&text, false), max_age_seconds),
        };
        let delay = match &outcome {
            Ok(()) => {
                self.shared.replaced.fetch_add(1, Ordering::Relaxed);
                fresh_seconds(remote, max_age)
            }
            Err(fault) => {
                self.shared.failed.fetch_add(1, Ordering::Relaxed);
                let stand = match watched.provider.has_keys(watched.issuer_index) {
                    true => "the last keys stay",
                    false => "there are no keys so far, and tokens are answered with 503",
                };
                let RemoteConfig { uri, cluster, .. } = remote;
                let told = format!("jot: {}: {uri} by cluster {cluster}: {fault}; {stand}", watched.label);
                log(Level::Warning, &told);
                0
            }
        };
        self.shared.change(event, |progress| {
            progress.callout = None;
            progress.failures = if outcome.is_ok() { 0 } else { progress.failures.saturating_add(1) };
            let delay = match outcome {
                Ok(()) => Duration::from_secs(delay.into()),
                Err(_) => back_off(progress.failures, remote.refresh_seconds),
            };
            progress.due = Instant::now().checked_add(delay);
        });
    }

    /// Returns how often keys were replaced or failed since the last time.
    pub(crate) fn take_events(&self) -> [(Counter, u64); 2] {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        [
            (Counter::KeysReplaced, take(&self.shared.replaced)),
            (Counter::KeysFailed, take(&self.shared.failed)),
        ]
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.stopping.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told already.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, event: u64) -> Option<&Watched> {
        self.watched.get(usize::try_from(event).ok()?)
    }

    fn change(&self, event: u64, change: impl FnOnce(&mut Progress)) {
        let index = usize::try_from(event).unwrap_or(usize::MAX);
        if let Some(progress) = self.lock().progress.get_mut(index) {
            change(progress);
        }
    }

    /// The thread: a panic, which is a fault of ours, does not end it.
    fn run_on(&self, wake: &Wake) {
        while catch_unwind(AssertUnwindSafe(|| self.run(wake))).is_err() {
            log(Level::Critical, "jot: a fault of the module itself; please report it");
            std::thread::sleep(TICK);
        }
    }

    /// Ends when it is told to.
    fn run(&self, wake: &Wake) {
        let mut state = self.lock();
        while !state.stop {
            let mut events = Vec::new();
            for (index, (watched, progress)) in self.watched.iter().zip(&mut state.progress).enumerate() {
                let event = match &watched.origin {
                    Origin::File { path, is_secret } => {
                        self.look_at(watched, path, *is_secret, progress).then_some(COUNT_ONLY)
                    }
                    Origin::Remote(remote) => is_due(watched, remote, progress).then_some(index as u64),
                };
                events.extend(event);
            }
            drop(state);
            events.into_iter().for_each(wake);
            state = self.lock();
            if !state.stop {
                let waited = self.stopping.wait_timeout(state, TICK);
                state = waited.map_or_else(|poisoned| poisoned.into_inner().0, |waited| waited.0);
            }
        }
    }

    /// Reads a file again if it changed; tells whether there is something to
    /// count.
    fn look_at(&self, watched: &Watched, path: &str, is_secret: bool, progress: &mut Progress) -> bool {
        match read_file(watched, path, is_secret, progress.seen) {
            Ok(None) => return false,
            Ok(seen) => {
                *progress = Progress {
                    seen,
                    due: None,
                    asked: None,
                    callout: None,
                    failures: 0,
                    unfit: None,
                    unknown_kids: 0,
                };
                self.replaced.fetch_add(1, Ordering::Relaxed);
                log(Level::Info, &format!("jot: {}: the keys were replaced", watched.label));
            }
            // It is tried again every time, for it may be half written; but
            // told and counted once.
            Err(unfit) if progress.failures > 0 && progress.unfit == unfit.look => return false,
            Err(unfit) => {
                progress.failures = 1;
                progress.unfit = unfit.look;
                self.failed.fetch_add(1, Ordering::Relaxed);
                let told = format!("jot: {}: {}; the last keys stay", watched.label, unfit.fault);
                log(Level::Warning, &told);
            }
        }
        true
    }
}

impl Watched {
    fn take(&self, text: &[u8], is_secret: bool) -> Result<(), String> {
        let algorithms = self.provider.algorithms();
        let set = if is_secret { keys::secret(text, algorithms) } else { keys::read(text, algorithms) }?;
        keys::tell_skipped(&self.label, &set);
        self.provider.install(self.issuer_index, set)
    }
}

/// A file that cannot be used, and how it looks if it is there.
struct Unfit {
    look: Option<Look>,
    fault: String,
}

/// Reads a file, unless it looks as it did; returns how it looks now.
fn read_file(
    watched: &Watched,
    path: &str,
    is_secret: bool,
    seen: Option<Look>,
) -> Result<Option<Look>, Unfit> {
    let unfit = |look, fault: &dyn std::fmt::Display| Unfit { look, fault: format!("{path}: {fault}") };
    let file = fs::metadata(path).map_err(|error| unfit(None, &error))?;
    let look = Look::of(&file);
    if Some(look) == seen {
        return Ok(None);
    }
    if !file.is_file() {
        return Err(unfit(Some(look), &"not a regular file"));
    }
    if look.size > LARGEST_BYTES {
        return Err(unfit(Some(look), &"longer than 1 MiB"));
    }
    let text = fs::read(path).map_err(|error| unfit(Some(look), &error))?;
    watched.take(&text, is_secret).map_err(|fault| unfit(Some(look), &fault))?;
    Ok(Some(look))
}

/// Returns `true` if a request is to be made now, and if so takes it for made.
fn is_due(watched: &Watched, remote: &RemoteConfig, progress: &mut Progress) -> bool {
    let now = Instant::now();
    let rested = |pause: Duration| progress.asked.is_none_or(|asked| now.duration_since(asked) >= pause);
    let unknown_kids = watched.provider.unknown_kids();
    let due = match progress.due {
        Some(due) => {
            let wanted = unknown_kids != progress.unknown_kids && rested(seconds(remote.cooldown_seconds));
            now >= due || wanted
        }
        // One is under way; a reply that never came is not waited for.
        None => rested(Duration::from_millis(remote.timeout_ms.into()).saturating_add(LOST)),
    };
    if !due {
        return false;
    }
    progress.unknown_kids = unknown_kids;
    progress.asked = Some(now);
    progress.due = None;
    true
}
