//! PostgreSQL: several services share one database, and any of them may be gone.
//!
//! Work reads, decides and writes with no other work in between, as over SQLite: each
//! transaction that writes takes one advisory lock first, which the database gives back
//! when the transaction or the connection ends. So there is one writer at a time, whichever
//! service it belongs to.

use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;

use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::database::{Connection, Database};
use super::fault::{Outcome, StoreFault};
use super::schema;
use super::value::{Row, Value};
use crate::config::Postgresql as Settings;

/// The advisory lock of whoever writes: "jotd" in ASCII.
const LOCK: i64 = 0x6a6f_7464;
/// So long at most a statement may take; then the request is answered with 503.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a transaction whose service has gone silent may hold the lock.
const SILENCE: Duration = Duration::from_secs(10);

pub(super) struct Postgresql {
    settings: Settings,
    open: Option<Open>,
    /// Within a transaction a lost connection is lost work, and not made anew.
    is_writing: bool,
}

/// A connection, and what was prepared on it.
struct Open {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Postgresql {
    /// Connects, and brings the database up to date.
    pub(super) fn open(settings: &Settings) -> Outcome<Self> {
        let mut database = Self::reader(settings);
        database.migrate()?;
        Ok(database)
    }

    /// Connects when it is first used.
    pub(super) fn reader(settings: &Settings) -> Self {
        Self { settings: settings.clone(), open: None, is_writing: false }
    }

    fn migrate(&mut self) -> Outcome<()> {
        self.begin()?;
        let migrated = self.migrate_in_transaction();
        if migrated.is_err() {
            self.roll_back();
        }
        migrated.and_then(|()| self.commit())
    }

    fn migrate_in_transaction(&mut self) -> Outcome<()> {
        self.script("CREATE TABLE IF NOT EXISTS version(version BIGINT NOT NULL)")?;
        let version = self.as_database().query_one("SELECT version FROM version", &[])?;
        let version = version.map_or(Ok(0), |mut row| row.number())?;
        let steps = schema::steps_from(schema::POSTGRESQL, version)?;
        for step in steps {
            self.script(step)?;
        }
        if !steps.is_empty() {
            self.execute("DELETE FROM version", &[])?;
            let newest = schema::newest(schema::POSTGRESQL);
            self.execute("INSERT INTO version VALUES (?1)", &[newest.into()])?;
        }
        Ok(())
    }

    fn script(&mut self, script: &str) -> Outcome<()> {
        self.with(|open| open.client.batch_execute(script))
    }

    /// Does something on the connection, which is made if there is none. If it broke since
    /// its last use, another one is made, once.
    fn with<T>(&mut self, work: impl Fn(&mut Open) -> Result<T, postgres::Error>) -> Outcome<T> {
        let is_new = self.open.is_none();
        let result = self.try_with(&work);
        if result.is_err() && self.open.is_none() && !is_new && !self.is_writing {
            return self.try_with(&work);
        }
        result
    }

    fn try_with<T>(&mut self, work: impl Fn(&mut Open) -> Result<T, postgres::Error>) -> Outcome<T> {
        if self.open.is_none() && self.is_writing {
            return Err(StoreFault::Database("the connection was lost".to_owned()));
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(connect(&self.settings)?),
        };
        let result = work(open);
        if open.client.is_closed() {
            self.open = None;
        }
        Ok(result?)
    }
}

fn connect(settings: &Settings) -> Outcome<Open> {
    let mut config = settings.config.clone();
    config.application_name("jotd").connect_timeout(PATIENCE).tcp_user_timeout(SILENCE);
    let mut client = match &settings.tls {
        None => config.connect(NoTls)?,
        Some(tls) => config.connect(MakeRustlsConnect::new((**tls).clone()))?,
    };
    let (statement, idle) = (PATIENCE.as_millis(), SILENCE.as_millis());
    client.batch_execute(&format!(
        "SET statement_timeout = {statement}; SET lock_timeout = {statement};
         SET idle_in_transaction_session_timeout = {idle}; SET synchronous_commit = on"
    ))?;
    Ok(Open { client, statements: HashMap::new() })
}

impl Open {
    fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        // The parameters of all SQL here are written as SQLite has them.
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Database for Postgresql {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Outcome<u64> {
        self.with(|open| {
            let statement = open.statement(sql)?;
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
            open.client.execute(&statement, &values)
        })
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Outcome<Vec<Row>> {
        use postgres::fallible_iterator::FallibleIterator as _;
        self.with(|open| {
            let statement = open.statement(sql)?;
            let rows = open.client.query_raw(&statement, values)?;
            let row = |row: postgres::Row| (0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>();
            rows.map(|found| row(found).map(Row::new)).collect()
        })
    }
}

impl Connection for Postgresql {
    fn begin(&mut self) -> Outcome<()> {
        let begun = self.script(&format!("BEGIN; SELECT pg_advisory_xact_lock({LOCK})"));
        self.is_writing = true;
        if begun.is_err() {
            self.roll_back();
        }
        begun
    }

    fn commit(&mut self) -> Outcome<()> {
        let committed = self.script("COMMIT");
        self.is_writing = false;
        committed
    }

    fn roll_back(&mut self) {
        if self.script("ROLLBACK").is_err() {
            self.open = None;
        }
        self.is_writing = false;
    }

    fn as_database(&mut self) -> &mut dyn Database {
        self
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(number) => number.to_sql_checked(ty, out),
            Self::Text(text) => text.to_sql_checked(ty, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Number),
            Type::TEXT => String::from_sql(ty, raw).map(Self::Text),
            _ => Vec::from_sql(ty, raw).map(Self::Bytes),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }
}

impl From<postgres::Error> for StoreFault {
    fn from(error: postgres::Error) -> Self {
        // "db error" alone says nothing; what the database says is behind it.
        let why = error.source().map(ToString::to_string);
        Self::Database(why.map_or_else(|| error.to_string(), |why| format!("{error}: {why}")))
    }
}
