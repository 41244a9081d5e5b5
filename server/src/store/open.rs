//! Connections to the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::fault::{Outcome, StoreFault};

/// Other processes write as well: `jotd user`, and `jotd keys`.
const BUSY: Duration = Duration::from_secs(5);

pub(super) fn database(folder: &Path) -> Outcome<PathBuf> {
    let fault = |error: std::io::Error| StoreFault::Sqlite(format!("{}: {error}", folder.display()));
    if !folder.exists() {
        make_private_folder(folder).map_err(fault)?;
    }
    Ok(folder.join("jotd.db"))
}

/// For the owner alone: hashes of passwords are in it.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

pub(super) fn connect(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

pub(super) fn reader(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}
