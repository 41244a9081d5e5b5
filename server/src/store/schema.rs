//! The tables, and how older databases get them. Migrations only go forward: step N brings a
//! database of version N to N + 1.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::{Outcome, StoreFault};

const STEPS: &[&str] = &[
    "CREATE TABLE account(
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT, is_disabled INTEGER NOT NULL,
        roles TEXT NOT NULL, scopes TEXT NOT NULL, audiences TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE session(
        id BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), client TEXT NOT NULL,
        scopes TEXT NOT NULL, audiences TEXT NOT NULL,
        generation INTEGER NOT NULL, newest BLOB NOT NULL, nonce BLOB NOT NULL,
        started INTEGER NOT NULL, replaced TEXT NOT NULL,
        access_until INTEGER NOT NULL, dies INTEGER NOT NULL, ended INTEGER, reason TEXT,
        address TEXT NOT NULL, agent TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_of_account ON session(account) WHERE ended IS NULL;
    CREATE INDEX session_dies ON session(dies);
    CREATE TABLE revoked(
        kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(kind, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revision(revoked INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (0);
    CREATE TRIGGER revoked_added AFTER INSERT ON revoked BEGIN UPDATE revision SET revoked = revoked + 1; END;
    CREATE TRIGGER revoked_changed AFTER UPDATE ON revoked BEGIN UPDATE revision SET revoked = revoked + 1; END;
    CREATE TABLE attempts(
        key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL, locked_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE signing_key(
        kid TEXT PRIMARY KEY, sealed BLOB NOT NULL, signs_from INTEGER NOT NULL, signs_until INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ring(version INTEGER NOT NULL) STRICT;
    INSERT INTO ring VALUES (0);",
];

/// Brings the database up to date, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Outcome<()> {
    let wanted = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    // Without the lock at first: most of the time there is nothing to do.
    if version(connection)? == wanted {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    let done = usize::try_from(found).ok().filter(|done| *done <= STEPS.len());
    let Some(left) = done.and_then(|done| STEPS.get(done..)) else {
        return Err(StoreFault::Sqlite(format!("it is of version {found}, and this program knows {wanted}")));
    };
    for step in left {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", wanted)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Outcome<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_is_made_once_and_a_newer_one_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), 1);
        connection.pragma_update(None, "user_version", 99).unwrap();
        let fault = migrate(&mut connection).unwrap_err().to_string();
        assert_eq!(fault, "the database: it is of version 99, and this program knows 1");
    }
}
