//! A copy of the database while the service runs.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::fault::{Outcome, StoreFault};
use super::open::{database, reader};

/// So many pages at once; in between the service writes.
const PAGES: i32 = 256;

/// Copies the database of `folder` to a new file, readable by its owner only. The copy is of
/// one instant, and has no key to what is sealed in it.
pub(crate) fn backup(folder: &Path, to: &Path) -> Outcome<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let fault = |error: std::io::Error| StoreFault::Sqlite(format!("{}: {error}", to.display()));
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(fault)?;
    let source = reader(&database(folder)?)?;
    let mut copy = Connection::open(to)?;
    Backup::new(&source, &mut copy)?.run_to_completion(PAGES, Duration::from_millis(5), None)?;
    // The copy is one file, which can be moved.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| StoreFault::from(error))?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(fault)
}
