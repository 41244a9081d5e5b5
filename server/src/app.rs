//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jot::{CacheSize, KeySet, Policy, UnixSeconds, Verifier};
use jot_login::ring::Due;

use tokio::sync::watch;

use crate::audit::{Audit, Event};
use crate::calibration;
use crate::clock;
use crate::config::Config;
use crate::hasher::Hasher;
use crate::keyring::Keyring;
use crate::lists::Lists;
use crate::metrics::Metrics;
use crate::store::{self, Database, Outcome, Store, StoreFault};
use jot_login::master::MasterKey;

pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) master: Arc<MasterKey>,
    pub(crate) store: Arc<Store>,
    pub(crate) keyring: Keyring,
    pub(crate) lists: Lists,
    pub(crate) hasher: Hasher,
    pub(crate) audit: Audit,
    pub(crate) metrics: Metrics,
    /// Verifies this service's own tokens, of any audience.
    pub(crate) verifier: Verifier,
    /// The last look at the database succeeded, and the service is not ending.
    is_ready: AtomicBool,
    is_ending: watch::Sender<bool>,
}

fn fault(what: impl std::fmt::Display) -> StoreFault {
    StoreFault::Database(what.to_string())
}

impl App {
    /// Opens everything, and makes the first key if there is none.
    pub(crate) async fn open(config: Config) -> Outcome<Arc<Self>> {
        let store = Arc::new(Store::open(&config.database).await?);
        let master = Arc::clone(&config.master);
        let keyring = Keyring::new(Arc::clone(&master), config.tokens.algorithm, config.timetable);
        let policy = Policy::new([config.tokens.algorithm]).typ("at+jwt").any_audience().issuer_required();
        let policy = ["sub", "client_id", "iat", "jti"].into_iter().fold(policy, Policy::require);
        let verifier = Verifier::builder(policy).issuer(&config.issuer, KeySet::not_yet());
        let size = CacheSize::Entries(100_000);
        let verifier = verifier.cache(size).build().map_err(fault)?;
        let passwords = config.passwords;
        let cost = store.write(move |database| calibration::cost(database, &passwords)).await?;
        let app = Self {
            lists: Lists::new(config.revocations, &config.issuer),
            hasher: Hasher::new(&config.passwords, cost).ok_or_else(|| fault("no password can be hashed"))?,
            audit: Audit::open(config.audit.as_deref()).map_err(fault)?,
            metrics: Metrics::default(),
            is_ready: AtomicBool::new(false),
            is_ending: watch::Sender::new(false),
            master,
            store,
            keyring,
            verifier,
            config,
        };
        app.look(clock::now()).await?;
        Ok(Arc::new(app))
    }

    /// Takes what changed in the database, by this or another process, and does what is due.
    pub(crate) async fn look(&self, now: UnixSeconds) -> Outcome<()> {
        let looked = self.look_around(now).await;
        self.is_ready.store(looked.is_ok(), Ordering::Relaxed);
        looked
    }

    async fn look_around(&self, now: UnixSeconds) -> Outcome<()> {
        let mut is_other = self.keyring.load(&self.store).await?;
        if let Some(due) = self.keyring.tend(&self.store, now).await? {
            is_other = true;
            let event = if due == Due::Announce { "key_announced" } else { "keys_purged" };
            self.tell(Event::new(event, now));
        }
        if is_other {
            self.verifier
                .replace_keys(Some(&self.config.issuer), self.keyring.published(now))
                .map_err(fault)?;
        }
        self.publish(now).await
    }

    /// Brings the list of revocations up to date. Whoever ended a session calls it before
    /// the answer.
    pub(crate) async fn publish(&self, now: UnixSeconds) -> Outcome<()> {
        if let Some(list) = self.lists.load(&self.store, &self.keyring, now).await? {
            self.verifier.set_revocations(list);
        }
        Ok(())
    }

    /// Drops what is dead.
    pub(crate) async fn purge(&self, now: UnixSeconds) -> Outcome<()> {
        let guard = self.config.guard;
        let purge = move |database: &mut dyn Database| {
            store::purge_revoked(database, now)?;
            store::purge_sessions(database, now)?;
            store::purge_attempts(database, &guard, now)
        };
        self.store.write(purge).await
    }

    /// Writes an event to the audit trail. If that fails it is logged: a full disk must not
    /// log everybody out.
    pub(crate) fn tell(&self, event: Event) {
        if let Err(error) = self.audit.write(event) {
            self.metrics.happened("audit_failed");
            tracing::error!(%error, "the audit trail cannot be written");
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed) && !*self.is_ending.borrow()
    }

    pub(crate) fn end(&self) {
        self.is_ending.send_replace(true);
    }

    /// Returns when the service is told to end.
    pub(crate) async fn ending(&self) {
        let _ = self.is_ending.subscribe().wait_for(|is_ending| *is_ending).await;
    }
}
