//! Revocations in the database, until their tokens are dead.

use super::database::Database;
use super::fault::Outcome;
use super::value::Row;
use jot::UnixSeconds;
use jot_login::claims::Revoked;

fn kind_and_name(revoked: &Revoked) -> (&'static str, &str) {
    match revoked {
        Revoked::Session(name) => ("sid", name),
        Revoked::Token(name) => ("jti", name),
    }
}

/// Adds a revocation; a later end wins.
pub(crate) fn revoke(database: &mut dyn Database, what: &Revoked, until: UnixSeconds) -> Outcome<()> {
    let (kind, name) = kind_and_name(what);
    let sql = "INSERT INTO revoked VALUES (?1,?2,?3) ON CONFLICT(kind, name)
         DO UPDATE SET until = CASE WHEN revoked.until < ?3 THEN ?3 ELSE revoked.until END";
    database.execute(sql, &[kind.into(), name.into(), until.0.into()]).map(drop)
}

/// Every revocation whose tokens may be alive, in a fixed order.
pub(crate) fn revoked(database: &mut dyn Database, now: UnixSeconds) -> Outcome<Vec<(Revoked, UnixSeconds)>> {
    let sql = "SELECT kind, name, until FROM revoked WHERE until > ?1 ORDER BY kind, name";
    let rows = database.query(sql, &[now.0.into()])?;
    let entry = |mut row: Row| {
        let (kind, name) = (row.text()?, row.text()?);
        let revoked = if kind == "sid" { Revoked::Session(name) } else { Revoked::Token(name) };
        Ok((revoked, UnixSeconds(row.number()?)))
    };
    rows.into_iter().map(entry).collect()
}

pub(crate) fn purge_revoked(database: &mut dyn Database, now: UnixSeconds) -> Outcome<()> {
    database.execute("DELETE FROM revoked WHERE until <= ?1", &[now.0.into()]).map(drop)
}

/// A number that is another one after each revocation.
pub(crate) fn revision(database: &mut dyn Database) -> Outcome<i64> {
    database.query_number("SELECT revoked FROM revision")
}
