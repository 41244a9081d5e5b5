//! The threads that fetch, and what they share.

use std::num::NonZeroU8;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use jot::UnixSeconds;
use jot::jwks::{Budget, Keeper, KeeperOptions, Poll};

use crate::client::{Client, Outcome, Settings, Wanted};
use crate::remote::{Followed, RemoteKeys};
use crate::{Error, lock};

/// The longest sleep, so that a clock that is set forward is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Collects what a [`Fetcher`] trusts and how it connects.
#[derive(Clone, Debug)]
pub struct FetcherBuilder {
    settings: Settings,
    threads: NonZeroU8,
    budget: Budget,
}

impl FetcherBuilder {
    /// Trusts these authorities (PEM) and no others; by default those of the `webpki-roots`
    /// crate, which are Mozilla's.
    #[must_use]
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.authorities = Some(pem.into());
        self
    }

    /// Shows this certificate chain to servers; both arguments are PEM.
    #[must_use]
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.settings.client_certificate = Some((chain.into(), key.into()));
        self
    }

    /// Connects through this proxy; an empty URL means none. By default the variables
    /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxy = Some(url.into());
        self
    }

    /// Sets the number of threads; one by default. With more, a slow issuer does not
    /// delay another one.
    #[must_use]
    pub const fn threads(mut self, threads: NonZeroU8) -> Self {
        self.threads = threads;
        self
    }

    /// Sets how many fetches unknown `kid`s may cause, over all issuers.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Makes the fetcher. Its threads start with the first issuer that it follows.
    ///
    /// # Errors
    /// [`Error::Settings`].
    pub fn build(self) -> Result<Fetcher, Error> {
        let Self { settings, threads, budget } = self;
        let shared = Shared {
            client: Client::new(&settings)?,
            followed: Mutex::default(),
            wake: Condvar::new(),
            stop: AtomicBool::new(false),
            budget: Mutex::new(budget),
            threads,
            running: Mutex::default(),
            process: AtomicU32::new(0),
        };
        Ok(Fetcher { shared: Arc::new(shared) })
    }
}

/// Follows any number of issuers on threads of its own, which end when it is dropped.
///
/// A child of a `fork` has no threads; its fetcher starts its own with the first call
/// of [`RemoteKeys`] or of this type.
///
/// ```no_run
/// use std::time::Duration;
///
/// use jot::jwks::KeeperOptions;
/// use jot::{Alg, Policy, Scratch, UnixSeconds, Verifier};
/// use jot_fetch::Fetcher;
///
/// let fetcher = Fetcher::builder().build()?;
/// let keys = fetcher.discover("https://issuer.example", KeeperOptions::default())?;
/// let policy = Policy::new([Alg::RS256, Alg::ES256]).audience("api");
/// let verifier = keys.verifier(policy, |builder| builder)?;
/// keys.wait(Duration::from_secs(5))?;
///
/// let mut scratch = Scratch::new();
/// let accepted = verifier.verify("eyJ…", UnixSeconds::now(), &mut scratch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    client: Client,
    followed: Mutex<Vec<Weak<Followed>>>,
    wake: Condvar,
    stop: AtomicBool,
    pub(crate) budget: Mutex<Budget>,
    threads: NonZeroU8,
    running: Mutex<Vec<JoinHandle<()>>>,
    /// The process that the threads are of.
    process: AtomicU32,
}

impl Fetcher {
    /// Starts with the settings that most programs want.
    #[must_use]
    pub fn builder() -> FetcherBuilder {
        FetcherBuilder { settings: Settings::default(), threads: NonZeroU8::MIN, budget: Budget::default() }
    }

    /// Follows the keys at a URL. `issuer` is the `iss` of its tokens, if they have one.
    ///
    /// # Errors
    /// [`Error::Keys`] with `url_refused`; [`Error::Thread`].
    pub fn keys(&self, url: &str, issuer: Option<&str>, options: KeeperOptions) -> Result<RemoteKeys, Error> {
        self.follow(issuer, Keeper::of_keys(url, options, seed())?)
    }

    /// Follows the keys that an issuer's OpenID configuration names.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub fn discover(&self, issuer: &str, options: KeeperOptions) -> Result<RemoteKeys, Error> {
        self.follow(Some(issuer), Keeper::of_issuer(issuer, options, seed())?)
    }

    fn follow(&self, issuer: Option<&str>, keeper: Keeper) -> Result<RemoteKeys, Error> {
        let followed = Arc::new(Followed::new(issuer, keeper));
        lock(&self.shared.followed).push(Arc::downgrade(&followed));
        self.shared.start()?;
        self.shared.notify();
        Ok(RemoteKeys::new(followed, Arc::clone(&self.shared)))
    }
}

/// Ends the threads; a fetch under way is waited for, no longer than its timeout.
impl Drop for Fetcher {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        drop(lock(&self.shared.followed));
        self.shared.wake.notify_all();
        let is_ours = self.shared.process.load(Ordering::Acquire) == std::process::id();
        for thread in lock(&self.shared.running).drain(..) {
            if is_ours {
                let _ = thread.join();
            } else {
                std::mem::forget(thread);
            }
        }
    }
}

impl Shared {
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
        for _ in 0..self.threads.get() {
            let shared = Arc::clone(self);
            let thread = std::thread::Builder::new().name("jot-fetch".to_owned());
            let thread = thread.spawn(move || shared.run()).map_err(|error| {
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

fn seed() -> u64 {
    // Without randomness processes may ask at the same time, which harms nobody.
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}

/// The text of a failure, for logs.
pub(crate) fn reason(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Failed(reason) => Some(reason.clone()),
        Outcome::TimedOut => Some("the fetch took too long".to_owned()),
        Outcome::Response { status: 200 | 304, .. } => None,
        Outcome::Response { status, .. } => Some(format!("the status is {status}")),
    }
}
