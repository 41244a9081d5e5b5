//! What has to survive a restart: one SQLite database in WAL mode.
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

mod accounts;
mod attempts;
mod backup;
mod fault;
mod keys;
mod list;
mod open;
mod revoked;
mod schema;
mod sessions;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rusqlite::Connection;
use tokio::sync::oneshot;

pub(crate) use accounts::{account_by_id, account_by_name, accounts, add_account, change_account};
pub(crate) use attempts::{Kind, begin_attempt, forgive_attempt, purge_attempts, reset_attempt};
pub(crate) use backup::backup;
pub(crate) use fault::{Outcome, StoreFault};
pub(crate) use keys::{KeyRow, ring, save_ring};
use open::{connect, database, reader};
pub(crate) use revoked::{purge_revoked, revision, revoke, revoked};
pub(crate) use sessions::{
    Origin, end_session, end_sessions_of, insert_session, purge_sessions, save_family, session,
};
use writer::Writer;

pub(crate) struct Store {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the database in `folder`, makes it if it is not there, and brings it up to date.
    pub(crate) fn open(folder: &Path) -> Outcome<Self> {
        let path = database(folder)?;
        let mut connection = connect(&path)?;
        schema::migrate(&mut connection)?;
        Ok(Self { path, writer: Writer::start(connection), readers: Mutex::new(Vec::new()) })
    }

    /// Does `work` in a transaction, and answers when it is on the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (reply, answer) = oneshot::channel();
        self.writer.queue(work, reply)?;
        answer.await.unwrap_or_else(|_| Err(StoreFault::Sqlite("the writer has ended".to_owned())))
    }

    /// Reads, without waiting for the writer.
    pub(crate) async fn read<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        work: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let store = std::sync::Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let connection = match store.lock_readers().pop() {
                Some(connection) => connection,
                None => reader(&store.path)?,
            };
            let result = work(&connection);
            store.lock_readers().push(connection);
            result
        });
        task.await.unwrap_or_else(|_| Err(StoreFault::Sqlite("the reader has ended".to_owned())))
    }

    fn lock_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// For commands: opens the database and does `work` in one transaction.
pub(crate) fn with_database<T>(folder: &Path, work: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
    let mut connection = connect(&database(folder)?)?;
    schema::migrate(&mut connection)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let result = work(&transaction)?;
    transaction.commit()?;
    Ok(result)
}
