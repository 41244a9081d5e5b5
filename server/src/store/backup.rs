//! A copy of the database while the service runs.

use std::path::Path;
use std::time::Duration;

use super::fault::{Outcome, StoreFault};
use super::sqlite::Sqlite;
use crate::config::Source;

/// So many pages at once; in between the service writes.
const PAGES: i32 = 256;
const PAUSE: Duration = Duration::from_millis(5);

/// Copies the database to a new file, readable by its owner only. The copy is of one
/// instant, and has no key to what is sealed in it.
pub(crate) fn backup(source: &Source, to: &Path) -> Outcome<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let Source::Folder(folder) = source else {
        return Err(StoreFault::Database("PostgreSQL has its own tool for copies: pg_dump".to_owned()));
    };
    let fault = |error: std::io::Error| StoreFault::Database(format!("{}: {error}", to.display()));
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(fault)?;
    Sqlite::reader(folder)?.copy(to, PAGES, PAUSE)?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(fault)
}
