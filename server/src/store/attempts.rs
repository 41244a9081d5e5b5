//! Wrong passwords in the database, so that a restart forgives none.

use jot::UnixSeconds;
use jot_login::guard::{Attempts, Ladder, Locked};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::fault::Outcome;

/// Whose attempts they are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Account,
    Address,
}

fn key(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Account => format!("account:{name}"),
        Kind::Address => format!("address:{name}"),
    }
}

fn load(connection: &Connection, key: &str) -> Outcome<Attempts> {
    let mut statement =
        connection.prepare_cached("SELECT failures, last, locked_until FROM attempts WHERE key = ?1")?;
    let found = statement.query_row([key], |row| {
        Ok(Attempts { failures: row.get(0)?, last: row.get(1)?, locked_until: row.get(2)? })
    });
    Ok(found.optional()?.unwrap_or_default())
}

fn save(connection: &Connection, key: &str, attempts: Attempts) -> Outcome<()> {
    if attempts == Attempts::default() {
        connection.prepare_cached("DELETE FROM attempts WHERE key = ?1")?.execute([key])?;
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO attempts VALUES (?1,?2,?3,?4)
         ON CONFLICT(key) DO UPDATE SET failures = ?2, last = ?3, locked_until = ?4",
    )?;
    statement.execute(params![key, attempts.failures, attempts.last, attempts.locked_until])?;
    Ok(())
}

/// Counts an attempt before it is checked.
pub(crate) fn begin_attempt(
    connection: &Connection,
    kind: Kind,
    name: &str,
    ladder: &Ladder,
    now: UnixSeconds,
) -> Outcome<Result<(), Locked>> {
    let key = key(kind, name);
    match load(connection, &key)?.begin(ladder, now) {
        Ok(attempts) => save(connection, &key, attempts).map(Ok),
        Err(locked) => Ok(Err(locked)),
    }
}

/// The password was right: nothing of the account's attempts is left.
pub(crate) fn reset_attempt(connection: &Connection, name: &str) -> Outcome<()> {
    let key = key(Kind::Account, name);
    let attempts = load(connection, &key)?;
    save(connection, &key, attempts.succeeded())
}

/// The password was right, or was never checked: this attempt is taken back.
pub(crate) fn forgive_attempt(
    connection: &Connection,
    kind: Kind,
    name: &str,
    ladder: &Ladder,
) -> Outcome<()> {
    let key = key(kind, name);
    let forgiven = load(connection, &key)?.forgiven(ladder);
    save(connection, &key, if forgiven.failures == 0 { Attempts::default() } else { forgiven })
}

/// Drops what has healed.
pub(crate) fn purge_attempts(
    connection: &Connection,
    account: &Ladder,
    address: &Ladder,
    now: UnixSeconds,
) -> Outcome<()> {
    let mut statement =
        connection.prepare_cached("SELECT key, failures, last, locked_until FROM attempts")?;
    let rows = statement.query_map([], |row| {
        let attempts = Attempts { failures: row.get(1)?, last: row.get(2)?, locked_until: row.get(3)? };
        Ok((row.get::<_, String>(0)?, attempts))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    for (key, attempts) in rows {
        let ladder = if key.starts_with("account:") { account } else { address };
        if attempts.is_nothing(ladder, now) {
            save(connection, &key, Attempts::default())?;
        }
    }
    Ok(())
}
