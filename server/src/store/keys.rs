//! The ring of signing keys in the database; the keys themselves are sealed.

use super::database::Database;
use super::fault::Outcome;
use jot::UnixSeconds;
use jot_login::ring::{Ring, RingKey};

/// A key of the ring, sealed under the master key.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    pub(crate) kid: String,
    pub(crate) sealed: Vec<u8>,
}

/// Reads the ring and its keys, the oldest first.
pub(crate) fn ring(database: &mut dyn Database) -> Outcome<(Ring, Vec<KeyRow>)> {
    let version = database.query_number("SELECT version FROM ring")?;
    let sql = "SELECT kid, sealed, signs_from, signs_until FROM signing_key ORDER BY signs_from, kid";
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for mut row in database.query(sql, &[])? {
        let kid = row.text()?;
        rows.push(KeyRow { kid: kid.clone(), sealed: row.bytes()? });
        let signs_from = UnixSeconds(row.number()?);
        keys.push(RingKey { kid, signs_from, signs_until: row.optional_number()?.map(UnixSeconds) });
    }
    Ok((Ring { version: u64::try_from(version).unwrap_or(0), keys }, rows))
}

/// Replaces the ring, if its version is still the one before; `false` if somebody else was
/// faster. `new` is the key that is not in the database yet.
pub(crate) fn save_ring(database: &mut dyn Database, ring: &Ring, new: Option<&KeyRow>) -> Outcome<bool> {
    let version = i64::try_from(ring.version).unwrap_or(i64::MAX);
    let sql = "UPDATE ring SET version = ?1 WHERE version = ?2";
    if database.execute(sql, &[version.into(), version.saturating_sub(1).into()])? != 1 {
        return Ok(false);
    }
    for key in &ring.keys {
        let (kid, from, until) = (key.kid.as_str(), key.signs_from.0, key.signs_until.map(|until| until.0));
        if let Some(row) = new.filter(|row| row.kid == key.kid) {
            let values = [kid.into(), row.sealed.as_slice().into(), from.into(), until.into()];
            database.execute("INSERT INTO signing_key VALUES (?1,?2,?3,?4)", &values)?;
        } else {
            let sql = "UPDATE signing_key SET signs_from = ?2, signs_until = ?3 WHERE kid = ?1";
            database.execute(sql, &[kid.into(), from.into(), until.into()])?;
        }
    }
    for mut row in database.query("SELECT kid FROM signing_key", &[])? {
        let kid = row.text()?;
        if ring.keys.iter().all(|key| key.kid != kid) {
            database.execute("DELETE FROM signing_key WHERE kid = ?1", &[kid.into()])?;
        }
    }
    Ok(true)
}
