//! Revocations in the database, until their tokens are dead.

use jot::UnixSeconds;
use jot_login::claims::Revoked;
use rusqlite::{Connection, params};

use super::fault::Outcome;

fn kind_and_name(revoked: &Revoked) -> (&'static str, &str) {
    match revoked {
        Revoked::Session(name) => ("sid", name),
        Revoked::Token(name) => ("jti", name),
    }
}

/// Adds a revocation; a later end wins.
pub(crate) fn revoke(connection: &Connection, what: &Revoked, until: UnixSeconds) -> Outcome<()> {
    let (kind, name) = kind_and_name(what);
    let mut statement = connection.prepare_cached(
        "INSERT INTO revoked VALUES (?1,?2,?3) ON CONFLICT DO UPDATE SET until = max(until, ?3)",
    )?;
    statement.execute(params![kind, name, until.0])?;
    Ok(())
}

/// Every revocation whose tokens may be alive, in a fixed order.
pub(crate) fn revoked(connection: &Connection, now: UnixSeconds) -> Outcome<Vec<(Revoked, UnixSeconds)>> {
    let mut statement = connection
        .prepare_cached("SELECT kind, name, until FROM revoked WHERE until > ?1 ORDER BY kind, name")?;
    let rows = statement.query_map([now.0], |row| {
        let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
        let revoked = if kind == "sid" { Revoked::Session(name) } else { Revoked::Token(name) };
        Ok((revoked, UnixSeconds(row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn purge_revoked(connection: &Connection, now: UnixSeconds) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM revoked WHERE until <= ?1")?.execute([now.0])?;
    Ok(())
}

/// A number that is another one after each revocation.
pub(crate) fn revision(connection: &Connection) -> Outcome<i64> {
    Ok(connection.prepare_cached("SELECT revoked FROM revision")?.query_row([], |row| row.get(0))?)
}
