//! SQLite: one file, one writer, a copy of it while the service runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ToSql, params_from_iter};

use super::database::{Connection, Database};
use super::fault::{Outcome, StoreFault};
use super::schema;
use super::value::{Row, Value};

/// Other processes write as well: `jotd user`, and `jotd keys`.
const BUSY: Duration = Duration::from_secs(5);

pub(super) struct Sqlite(rusqlite::Connection);

impl Sqlite {
    /// Opens the database in `folder`, makes it if it is not there, and brings it up to date.
    pub(super) fn open(folder: &Path) -> Outcome<Self> {
        let file = file(folder)?;
        let opened = Self::open_file(&file);
        opened
            .map_err(|error| StoreFault::Database(format!("{} cannot be written: {error}", file.display())))?
            .up_to_date()
    }

    fn open_file(file: &Path) -> rusqlite::Result<Self> {
        let connection = rusqlite::Connection::open(file)?;
        connection.busy_timeout(BUSY)?;
        connection.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self(connection))
    }

    fn up_to_date(mut self) -> Outcome<Self> {
        self.migrate()?;
        Ok(self)
    }

    /// Opens a database that is there, to read it beside the writer.
    pub(super) fn reader(folder: &Path) -> Outcome<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(file(folder)?, flags)?;
        connection.busy_timeout(BUSY)?;
        Ok(Self(connection))
    }

    fn migrate(&mut self) -> Outcome<()> {
        // Without the lock at first: most of the time there is nothing to do.
        if schema::steps_from(schema::SQLITE, self.version()?)?.is_empty() {
            return Ok(());
        }
        self.begin()?;
        for step in schema::steps_from(schema::SQLITE, self.version()?)? {
            self.0.execute_batch(step)?;
        }
        self.0.pragma_update(None, "user_version", schema::newest(schema::SQLITE))?;
        self.commit()
    }

    fn version(&self) -> Outcome<i64> {
        Ok(self.0.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    #[cfg(test)]
    pub(super) fn in_memory(script: &str) -> Self {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(script).unwrap();
        Self(connection)
    }

    /// Copies the database to a new one.
    pub(super) fn copy(&self, to: &Path, pages: i32, pause: Duration) -> Outcome<()> {
        let mut copy = rusqlite::Connection::open(to)?;
        rusqlite::backup::Backup::new(&self.0, &mut copy)?.run_to_completion(pages, pause, None)?;
        // The copy is one file, which can be moved.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.close().map_err(|(_, error)| StoreFault::from(error))
    }
}

impl Database for Sqlite {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Outcome<u64> {
        let changed = self.0.prepare_cached(sql)?.execute(params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Outcome<Vec<Row>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map(params_from_iter(values), |row| {
            (0..columns).map(|at| row.get_ref(at).and_then(|value| Ok(from_sqlite(value)?))).collect()
        })?;
        rows.map(|row| Ok(Row::new(row?))).collect()
    }
}

impl Connection for Sqlite {
    fn begin(&mut self) -> Outcome<()> {
        Ok(self.0.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn commit(&mut self) -> Outcome<()> {
        Ok(self.0.execute_batch("COMMIT")?)
    }

    fn roll_back(&mut self) {
        let _ = self.0.execute_batch("ROLLBACK");
    }

    fn as_database(&mut self) -> &mut dyn Database {
        self
    }
}

fn from_sqlite(value: ValueRef<'_>) -> Result<Value, rusqlite::types::FromSqlError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Number(number)),
        ValueRef::Text(_) => value.as_str().map(Value::from),
        ValueRef::Blob(bytes) => Ok(Value::from(bytes)),
        ValueRef::Real(_) => Err(rusqlite::types::FromSqlError::InvalidType),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<rusqlite::Error> for StoreFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

fn file(folder: &Path) -> Outcome<PathBuf> {
    let fault = |error: std::io::Error| StoreFault::Database(format!("{}: {error}", folder.display()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_is_made_once_and_a_newer_one_is_refused() {
        let mut database = Sqlite::in_memory("");
        database.migrate().unwrap();
        database.migrate().unwrap();
        assert_eq!(database.version().unwrap(), 2);
        database.0.pragma_update(None, "user_version", 99).unwrap();
        let fault = database.migrate().unwrap_err().to_string();
        assert_eq!(fault, "the database: it is of version 99, and this program knows 2");
    }

    /// A database of each version that was released keeps what is in it.
    #[test]
    fn older_databases_are_brought_up_to_date() {
        for version in 1..=schema::SQLITE.len() {
            let mut database = Sqlite::in_memory(&schema::SQLITE[..version].concat());
            database
                .0
                .pragma_update(None, "user_version", schema::newest(&schema::SQLITE[..version]))
                .unwrap();
            database.0.execute_batch("INSERT INTO revoked VALUES ('sid', 'a', 7)").unwrap();
            database.migrate().unwrap();
            assert_eq!(database.version().unwrap(), schema::newest(schema::SQLITE), "from {version}");
            assert_eq!(database.as_database().query_number("SELECT until FROM revoked").unwrap(), 7);
            assert!(super::super::setting(database.as_database(), "x").unwrap().is_none());
        }
    }
}
