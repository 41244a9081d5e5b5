//! Wrong passwords in the database, so that a restart forgives none.

use super::database::Database;
use super::fault::Outcome;
use super::value::Row;
use jot::UnixSeconds;
use jot_login::guard::{Attempts, Ladder, Locked};

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

fn from_row(row: &mut Row) -> Outcome<Attempts> {
    Ok(Attempts { failures: row.small_number()?, last: row.number()?, locked_until: row.number()? })
}

fn load(database: &mut dyn Database, key: &str) -> Outcome<Attempts> {
    let sql = "SELECT failures, last, locked_until FROM attempts WHERE key = ?1";
    let found = database.query_one(sql, &[key.into()])?;
    found.map_or_else(|| Ok(Attempts::default()), |mut row| from_row(&mut row))
}

fn save(database: &mut dyn Database, key: &str, attempts: Attempts) -> Outcome<()> {
    if attempts == Attempts::default() {
        return database.execute("DELETE FROM attempts WHERE key = ?1", &[key.into()]).map(drop);
    }
    let sql = "INSERT INTO attempts VALUES (?1,?2,?3,?4)
         ON CONFLICT(key) DO UPDATE SET failures = ?2, last = ?3, locked_until = ?4";
    let Attempts { failures, last, locked_until } = attempts;
    database.execute(sql, &[key.into(), failures.into(), last.into(), locked_until.into()]).map(drop)
}

/// Counts an attempt before it is checked.
pub(crate) fn begin_attempt(
    database: &mut dyn Database,
    kind: Kind,
    name: &str,
    ladder: &Ladder,
    now: UnixSeconds,
) -> Outcome<Result<(), Locked>> {
    let key = key(kind, name);
    match load(database, &key)?.begin(ladder, now) {
        Ok(attempts) => save(database, &key, attempts).map(Ok),
        Err(locked) => Ok(Err(locked)),
    }
}

/// The password was right: nothing of the account's attempts is left.
pub(crate) fn reset_attempt(database: &mut dyn Database, name: &str) -> Outcome<()> {
    let key = key(Kind::Account, name);
    let attempts = load(database, &key)?;
    save(database, &key, attempts.succeeded())
}

/// The password was right, or was never checked: this attempt is taken back.
pub(crate) fn forgive_attempt(
    database: &mut dyn Database,
    kind: Kind,
    name: &str,
    ladder: &Ladder,
) -> Outcome<()> {
    let key = key(kind, name);
    let forgiven = load(database, &key)?.forgiven(ladder);
    save(database, &key, if forgiven.failures == 0 { Attempts::default() } else { forgiven })
}

/// Drops what has healed.
pub(crate) fn purge_attempts(
    database: &mut dyn Database,
    account: &Ladder,
    address: &Ladder,
    now: UnixSeconds,
) -> Outcome<()> {
    for mut row in database.query("SELECT key, failures, last, locked_until FROM attempts", &[])? {
        let (key, attempts) = (row.text()?, from_row(&mut row)?);
        let ladder = if key.starts_with("account:") { account } else { address };
        if attempts.is_nothing(ladder, now) {
            save(database, &key, Attempts::default())?;
        }
    }
    Ok(())
}
