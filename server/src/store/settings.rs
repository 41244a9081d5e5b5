//! Numbers that all instances agree on.

use super::database::Database;
use super::fault::Outcome;

pub(crate) fn setting(database: &mut dyn Database, name: &str) -> Outcome<Option<i64>> {
    let found = database.query_one("SELECT number FROM setting WHERE name = ?1", &[name.into()])?;
    found.map(|mut row| row.number()).transpose()
}

pub(crate) fn set_setting(database: &mut dyn Database, name: &str, number: i64) -> Outcome<()> {
    let sql = "INSERT INTO setting VALUES (?1,?2) ON CONFLICT(name) DO UPDATE SET number = ?2";
    database.execute(sql, &[name.into(), number.into()]).map(drop)
}
