//! Wrong passwords in the database, so that a restart forgives none.

use super::database::Database;
use super::fault::Outcome;
use super::value::Row;
use crate::config::Guard;
use jot::UnixSeconds;
use jot_login::guard::{Attempts, Ladder, Locked};

/// Who tries: with whom an attempt is counted.
#[derive(Clone, Debug)]
pub(crate) struct Trier {
    pub(crate) address: String,
    /// `None` for a name that no account can have.
    pub(crate) account: Option<String>,
}

/// The key of all attempts together.
const EVERYONE: &str = "everyone";

impl Trier {
    /// The keys that an attempt counts under, each with its ladder, the widest first.
    fn counts<'g>(&self, guard: &'g Guard) -> impl Iterator<Item = (String, &'g Ladder)> {
        let account = self.account.as_ref().map(|name| (account(name), &guard.account));
        let address = (format!("address:{}", self.address), &guard.address);
        [(EVERYONE.to_owned(), &guard.everyone), address].into_iter().chain(account)
    }
}

fn account(name: &str) -> String {
    format!("account:{name}")
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

/// Counts an attempt before it is checked: with all, with its address and with its account,
/// or with none of them if one is locked.
pub(crate) fn begin_attempt(
    database: &mut dyn Database,
    trier: &Trier,
    guard: &Guard,
    now: UnixSeconds,
) -> Outcome<Result<(), Locked>> {
    let mut begun = Vec::new();
    for (key, ladder) in trier.counts(guard) {
        match load(database, &key)?.begin(ladder, now) {
            Ok(attempts) => begun.push((key, attempts)),
            Err(locked) => return Ok(Err(locked)),
        }
    }
    for (key, attempts) in begun {
        save(database, &key, attempts)?;
    }
    Ok(Ok(()))
}

/// The password was right: nothing of the account's attempts is left, and this one is taken
/// back from the others'.
pub(crate) fn succeed_attempt(database: &mut dyn Database, trier: &Trier, guard: &Guard) -> Outcome<()> {
    forgive_attempt(database, trier, guard)?;
    trier.account.as_ref().map_or(Ok(()), |name| reset_attempts(database, name))
}

/// The password was never checked: this attempt is taken back.
pub(crate) fn forgive_attempt(database: &mut dyn Database, trier: &Trier, guard: &Guard) -> Outcome<()> {
    for (key, ladder) in trier.counts(guard) {
        let forgiven = load(database, &key)?.forgiven(ladder);
        save(database, &key, if forgiven.failures == 0 { Attempts::default() } else { forgiven })?;
    }
    Ok(())
}

/// Nothing of the account's attempts is left.
pub(crate) fn reset_attempts(database: &mut dyn Database, name: &str) -> Outcome<()> {
    let key = account(name);
    let attempts = load(database, &key)?;
    save(database, &key, attempts.succeeded())
}

/// Drops what has healed.
pub(crate) fn purge_attempts(database: &mut dyn Database, guard: &Guard, now: UnixSeconds) -> Outcome<()> {
    for mut row in database.query("SELECT key, failures, last, locked_until FROM attempts", &[])? {
        let (key, attempts) = (row.text()?, from_row(&mut row)?);
        let ladder = match key.split_once(':') {
            Some(("account", _)) => &guard.account,
            Some(_) => &guard.address,
            None => &guard.everyone,
        };
        if attempts.is_nothing(ladder, now) {
            save(database, &key, Attempts::default())?;
        }
    }
    Ok(())
}
