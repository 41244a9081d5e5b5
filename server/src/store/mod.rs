//! What has to survive a restart: one SQLite database in WAL mode, or a PostgreSQL database
//! that several services share.
//!
//! ```text
//!   tasks ── write(work) ──▶ queue ──▶ writer thread: BEGIN; work, work, work …; COMMIT
//!     ▲                                                       │ (one fsync for all)
//!     └────────────────────── answers, after the commit ◀─────┘
//! ```
//!
//! There is one writer. While it waits for the disk, further work queues up, and goes into
//! the next transaction together: a hundred refreshes cost one fsync (`synchronous=FULL`).
//! Nobody is answered before the commit, so nothing that was acknowledged can be lost.
//!
//! Each piece of work is one compare-and-set: it reads, decides by the rules of `jot_login`
//! and writes, with no other work in between. Readers have connections of their own.
//!
//! `sqlite` and `postgresql` are the two that can be a `database`; everything else is
//! written once, over either.

mod accounts;
mod attempts;
mod backup;
mod database;
mod fault;
mod keys;
mod list;
mod postgresql;
mod revoked;
mod schema;
mod sessions;
mod settings;
mod sqlite;
mod value;
mod writer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

pub(crate) use accounts::{account_by_id, account_by_name, accounts, add_account, change_account};
pub(crate) use attempts::{
    Trier, begin_attempt, forgive_attempt, purge_attempts, reset_attempts, succeed_attempt,
};
pub(crate) use backup::backup;
use database::Connection;
pub(crate) use database::Database;
pub(crate) use fault::{Outcome, StoreFault};
pub(crate) use keys::{KeyRow, ring, save_ring};
use postgresql::Postgresql;
pub(crate) use revoked::{purge_revoked, revision, revoke, revoked};
pub(crate) use sessions::{
    Origin, end_session, end_sessions_of, insert_session, live_sessions, purge_sessions, save_family, session,
};
pub(crate) use settings::{set_setting, setting};
use sqlite::Sqlite;
use writer::Writer;

use crate::config::Source;

pub(crate) struct Store {
    source: Source,
    writer: Writer,
    readers: Mutex<Vec<Box<dyn Connection>>>,
}

impl Store {
    /// Opens the database, makes its tables if they are not there, and brings it up to date.
    pub(crate) async fn open(source: &Source) -> Outcome<Self> {
        let source = source.clone();
        let task = tokio::task::spawn_blocking(move || {
            let writer = Writer::start(connect(&source)?);
            Ok(Self { source, writer, readers: Mutex::new(Vec::new()) })
        });
        task.await.unwrap_or_else(|_| Err(StoreFault::Database("it cannot be opened".to_owned())))
    }

    /// Does `work` in a transaction, and answers when it is on the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Database) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (reply, answer) = oneshot::channel();
        self.writer.queue(work, reply)?;
        answer.await.unwrap_or_else(|_| Err(StoreFault::Database("the writer has ended".to_owned())))
    }

    /// Reads, without waiting for the writer.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut dyn Database) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let store = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let reader = store.lock_readers().pop();
            let mut reader = reader.map_or_else(|| read_only(&store.source), Ok)?;
            let result = work(reader.as_database());
            store.lock_readers().push(reader);
            result
        });
        task.await.unwrap_or_else(|_| Err(StoreFault::Database("the reader has ended".to_owned())))
    }

    fn lock_readers(&self) -> MutexGuard<'_, Vec<Box<dyn Connection>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Store {
    /// A connection says good-bye, which no task of the runtime may wait for.
    fn drop(&mut self) {
        let readers = std::mem::take(&mut *self.lock_readers());
        let _ = std::thread::spawn(move || drop(readers)).join();
    }
}

fn connect(source: &Source) -> Outcome<Box<dyn Connection>> {
    Ok(match source {
        Source::Folder(folder) => Box::new(Sqlite::open(folder)?),
        Source::Postgresql(settings) => Box::new(Postgresql::open(settings)?),
    })
}

fn read_only(source: &Source) -> Outcome<Box<dyn Connection>> {
    Ok(match source {
        Source::Folder(folder) => Box::new(Sqlite::reader(folder)?),
        Source::Postgresql(settings) => Box::new(Postgresql::reader(settings)),
    })
}

/// For commands: opens the database and does `work` in one transaction.
pub(crate) fn with_database<T>(
    source: &Source,
    work: impl FnOnce(&mut dyn Database) -> Outcome<T>,
) -> Outcome<T> {
    let mut connection = connect(source)?;
    connection.begin()?;
    let result = work(connection.as_database());
    match result {
        Ok(done) => connection.commit().map(|()| done),
        Err(fault) => {
            connection.roll_back();
            Err(fault)
        }
    }
}

/// A database for tests, with its tables.
#[cfg(test)]
pub(crate) fn in_memory() -> Box<dyn Connection> {
    Box::new(Sqlite::in_memory(&schema::SQLITE.concat()))
}
