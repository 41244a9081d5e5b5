//! The ring of signing keys in the database; the keys themselves are sealed.

use jot::UnixSeconds;
use jot_login::ring::{Ring, RingKey};
use rusqlite::{Connection, params};

use super::fault::Outcome;

/// A key of the ring, sealed under the master key.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    pub(crate) kid: String,
    pub(crate) sealed: Vec<u8>,
}

/// Reads the ring and its keys, the oldest first.
pub(crate) fn ring(connection: &Connection) -> Outcome<(Ring, Vec<KeyRow>)> {
    let version: i64 = connection.query_row("SELECT version FROM ring", [], |row| row.get(0))?;
    let sql = "SELECT kid, sealed, signs_from, signs_until FROM signing_key ORDER BY signs_from, kid";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let kid: String = row.get(0)?;
        let signs_until: Option<i64> = row.get(3)?;
        let key = RingKey {
            kid: kid.clone(),
            signs_from: UnixSeconds(row.get(2)?),
            signs_until: signs_until.map(UnixSeconds),
        };
        Ok((key, KeyRow { kid, sealed: row.get(1)? }))
    })?;
    let (keys, rows) = rows.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    Ok((Ring { version: u64::try_from(version).unwrap_or(0), keys }, rows))
}

/// Replaces the ring, if its version is still the one before; `false` if somebody else was
/// faster. `new` is the key that is not in the database yet.
pub(crate) fn save_ring(connection: &Connection, ring: &Ring, new: Option<&KeyRow>) -> Outcome<bool> {
    let version = i64::try_from(ring.version).unwrap_or(i64::MAX);
    let changed = connection
        .execute("UPDATE ring SET version = ?1 WHERE version = ?2", [version, version.saturating_sub(1)])?;
    if changed != 1 {
        return Ok(false);
    }
    let mut kept = Vec::new();
    for key in &ring.keys {
        kept.push(key.kid.clone());
        let until = key.signs_until.map(|until| until.0);
        if let Some(row) = new.filter(|row| row.kid == key.kid) {
            let values = params![row.kid, row.sealed, key.signs_from.0, until];
            connection.execute("INSERT INTO signing_key VALUES (?1,?2,?3,?4)", values)?;
        } else {
            let values = params![key.kid, key.signs_from.0, until];
            connection
                .execute("UPDATE signing_key SET signs_from = ?2, signs_until = ?3 WHERE kid = ?1", values)?;
        }
    }
    let kept = serde_json::Value::from(kept).to_string();
    connection
        .execute("DELETE FROM signing_key WHERE kid NOT IN (SELECT value FROM json_each(?1))", [kept])?;
    Ok(true)
}
