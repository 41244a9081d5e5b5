//! The thread that looks after keys, and the part of a configuration that it serves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::configuration::Wake;
use crate::exchange::{Counter, Level};
use crate::files::KeyFile;
use crate::gauge::Reading;
use crate::keys;
use crate::logger::log;
use crate::place::Place;
use crate::remote::{Fetch, Reply};
use crate::statuses::Statuses;
use crate::store::Store;
use crate::target::Target;
use crate::waiting::Release;

/// How often files are looked at.
const TICK: Duration = Duration::from_secs(1);

/// How often the ages of keys and lists are told.
const TELL: Duration = Duration::from_secs(5);

/// The thread of the process, if it has one.
static THREAD: Mutex<Option<Thread>> = Mutex::new(None);

/// The keys of one configuration, until it is dropped.
#[derive(Debug)]
pub(crate) struct Upkeep {
    store: &'static Arc<Store>,
    configuration: u64,
    /// Those who wait for its first keys.
    waiters: Vec<u64>,
}

impl Upkeep {
    /// Takes part in the keys of the process.
    pub(crate) fn begin(
        remotes: Vec<(Place, Target)>,
        files: Vec<(Place, KeyFile)>,
        wake: Wake,
    ) -> Result<Self, String> {
        let store = Store::of_process();
        let (below, remotes): (Vec<_>, Vec<_>) = remotes.into_iter().partition(|one| one.1.is_place());
        let configuration = store.add(remotes, files, wake)?;
        for (place, target) in below {
            Statuses::begin(store, configuration, &place, &target);
        }
        Self { store, configuration, waiters: Vec::new() }.with_thread()
    }

    /// Has keys fetched that nobody takes yet; each set that is missing is released when it
    /// is there, or at the deadline.
    pub(crate) fn hold(
        targets: &[Target],
        wake: Wake,
        deadline: Instant,
        release: impl Fn(&Target) -> Release,
    ) -> Result<Self, String> {
        let store = Store::of_process();
        let (configuration, waiters) = store.hold(targets, wake, deadline, release)?;
        Self { store, configuration, waiters }.with_thread()
    }

    fn with_thread(self) -> Result<Self, String> {
        let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_none() {
            *thread = Some(Thread::start(self.store).map_err(|error| format!("no thread: {error}"))?);
        }
        drop(thread);
        Ok(self)
    }

    /// Begins the fetch that an event asks for.
    pub(crate) fn fetch(&self, event: u64) -> Option<Fetch> {
        self.store.begin(self.configuration, event)
    }

    /// Remembers which callout an event led to.
    pub(crate) fn called_out(&self, event: u64, callout: u64) {
        self.store.begun(self.configuration, event, callout);
    }

    /// Takes back a fetch that Envoy did not take.
    pub(crate) fn refused(&self, event: u64, fetch: Fetch, refusal: &str) {
        self.store.refused(self.configuration, event, fetch, refusal);
    }

    /// Returns the event that led to a callout.
    pub(crate) fn event_of(&self, callout: u64) -> Option<u64> {
        self.store.event_of(self.configuration, callout)
    }

    /// Takes the reply to an event's request.
    pub(crate) fn fetched(&self, event: u64, reply: &Reply) {
        self.store.fetched(self.configuration, event, reply);
    }

    /// Returns how everything does that is followed.
    pub(crate) fn readings(&self) -> Vec<Reading> {
        self.store.readings(self.configuration)
    }

    /// Returns what happened off the request path since the last time.
    pub(crate) fn take_events(&self) -> [(Counter, u64); 4] {
        self.store.take_events(self.configuration)
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        for waiter in &self.waiters {
            self.store.cancel(*waiter);
        }
        if !self.store.remove(self.configuration) {
            return;
        }
        let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
        // Another one may have begun meanwhile.
        if self.store.is_idle()
            && let Some(thread) = thread.take()
        {
            thread.end(self.store);
        }
    }
}

struct Thread {
    stop: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

impl Thread {
    fn start(store: &'static Arc<Store>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("jot-keys".to_owned());
        let handle = thread.spawn(move || run_on(store, &theirs))?;
        Ok(Self { stop, handle })
    }

    fn end(self, store: &Store) {
        self.stop.store(true, Ordering::Release);
        // Whoever is about to sleep holds this lock and has looked before.
        drop(store.lock());
        store.changed.notify_all();
        // A panic of the thread was told already.
        let _ = self.handle.join();
    }
}

/// A panic, which is a fault of ours, does not end the thread.
fn run_on(store: &Store, stop: &AtomicBool) {
    while catch_unwind(AssertUnwindSafe(|| run(store, stop))).is_err() {
        log(Level::Critical, "jot: a fault of the module itself; please report it");
        std::thread::sleep(TICK);
    }
}

fn run(store: &Store, stop: &AtomicBool) {
    let mut next_look = Instant::now();
    let mut next_tell = next_look;
    while !stop.load(Ordering::Acquire) {
        let now = Instant::now();
        let mut has_files = true;
        if next_look <= now {
            has_files = look_at_files(store);
            next_look = now.checked_add(TICK).unwrap_or(now);
        }
        if next_tell <= now {
            store.tell_all();
            next_tell = now.checked_add(TELL).unwrap_or(now);
        }
        let mut state = store.lock();
        store.settle(&mut state, now);
        let next = state.next(now).into_iter().chain(has_files.then_some(next_look)).min();
        if stop.load(Ordering::Acquire) {
            return;
        }
        // A clock that is set forward is noticed in the end.
        let pause = next.map_or(TICK, |next| next.saturating_duration_since(now)).min(TICK);
        let _ = store.changed.wait_timeout(state, pause.max(Duration::from_millis(1)));
    }
}

/// Looks at every file; tells whether there are some.
fn look_at_files(store: &Store) -> bool {
    let mut has_files = false;
    for (configuration, files) in store.files() {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        has_files |= !files.is_empty();
        let (mut replaced, mut failed) = (0_u64, 0_u64);
        for (place, file) in &mut *files {
            let Some(read) = file.look() else { continue };
            let taken = read.and_then(|set| {
                keys::tell_skipped(&place.label, &set);
                place.install(Arc::new(set))
            });
            match taken {
                Ok(()) => {
                    replaced = replaced.saturating_add(1);
                    log(Level::Info, &format!("jot: {}: the keys were replaced", place.label));
                }
                Err(fault) => {
                    failed = failed.saturating_add(1);
                    log(Level::Warning, &format!("jot: {}: {fault}; the last keys stay", place.label));
                }
            }
        }
        if replaced > 0 || failed > 0 {
            store.count(configuration, replaced, failed);
        }
    }
    has_files
}
