//! Sessions in the database.

use jot::UnixSeconds;
use jot_login::account::Grant;
use jot_login::claims::Revoked;
use jot_login::refresh::Family;
use jot_login::session::{EndReason, Session, SessionId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::fault::Outcome;
use super::list::{list_from_text, list_to_text};
use super::revoked::revoke;

const COLUMNS: &str = "id, account, client, scopes, audiences, generation, newest, nonce, started, replaced, \
                       access_until, ended, reason";

/// Where a session was begun, for the eyes of its owner.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) address: String,
    pub(crate) agent: String,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Session> {
    let list = |at| row.get::<_, String>(at).map(|text| list_from_text(&text));
    let replaced: serde_json::Value = serde_json::from_str(&row.get::<_, String>(9)?).unwrap_or_default();
    let replaced = replaced.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect();
    let ended: Option<i64> = row.get(11)?;
    let reason: Option<String> = row.get(12)?;
    let reason = reason.as_deref().and_then(EndReason::from_name).unwrap_or(EndReason::Logout);
    Ok(Session {
        id: SessionId(row.get(0)?),
        account: row.get(1)?,
        client: row.get(2)?,
        grant: Grant { scopes: list(3)?, audiences: list(4)? },
        family: Family {
            generation: row.get(5)?,
            newest: row.get(6)?,
            nonce: row.get(7)?,
            started: UnixSeconds(row.get(8)?),
            replaced,
        },
        access_until: UnixSeconds(row.get(10)?),
        ended: ended.map(|at| (UnixSeconds(at), reason)),
    })
}

pub(crate) fn insert_session(
    connection: &Connection,
    session: &Session,
    dies: i64,
    origin: &Origin,
) -> Outcome<()> {
    let sql = "INSERT INTO session VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,'[]',?10,?11,NULL,NULL,?12,?13)";
    connection.prepare_cached(sql)?.execute(params![
        session.id.0,
        session.account,
        session.client,
        list_to_text(&session.grant.scopes),
        list_to_text(&session.grant.audiences),
        session.family.generation,
        session.family.newest,
        session.family.nonce,
        session.family.started.0,
        session.access_until.0,
        dies,
        origin.address,
        origin.agent,
    ])?;
    Ok(())
}

pub(crate) fn session(connection: &Connection, id: SessionId) -> Outcome<Option<Session>> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], from_row).optional()?)
}

/// The sessions of an account that have not ended, the newest first, each with its origin.
fn live_sessions(connection: &Connection, account: &str) -> Outcome<Vec<(Session, Origin)>> {
    let sql = format!(
        "SELECT {COLUMNS}, address, agent FROM session WHERE account = ?1 AND ended IS NULL ORDER BY started DESC, id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([account], |row| {
        Ok((from_row(row)?, Origin { address: row.get(13)?, agent: row.get(14)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves what a refresh changed, if the generation is still `before` and the session has not
/// ended; `false` if it is not.
pub(crate) fn save_family(connection: &Connection, session: &Session, before: u32) -> Outcome<bool> {
    let mut statement = connection.prepare_cached(
        "UPDATE session SET generation = ?1, newest = ?2, nonce = ?3, replaced = ?4, access_until = ?5
         WHERE id = ?6 AND generation = ?7 AND ended IS NULL",
    )?;
    let family = &session.family;
    let replaced = serde_json::Value::from(family.replaced.as_slice()).to_string();
    let changed = statement.execute(params![
        family.generation,
        family.newest,
        family.nonce,
        replaced,
        session.access_until.0,
        session.id.0,
        before,
    ])?;
    Ok(changed == 1)
}

/// Ends a session and puts it on the list of revocations; `false` if it has ended already.
pub(crate) fn end_session(
    connection: &Connection,
    session: Session,
    reason: EndReason,
    now: UnixSeconds,
) -> Outcome<bool> {
    let Some(ended) = session.end(reason, now) else { return Ok(false) };
    let mut statement = connection
        .prepare_cached("UPDATE session SET ended = ?1, reason = ?2 WHERE id = ?3 AND ended IS NULL")?;
    let changed = statement.execute(params![now.0, reason.name(), ended.id.0])?;
    if changed == 1 && ended.access_until > now {
        revoke(connection, &Revoked::Session(ended.id.to_text()), ended.access_until)?;
    }
    Ok(changed == 1)
}

/// Ends every session of an account, but for `except`, and returns those that it ended.
pub(crate) fn end_sessions_of(
    connection: &Connection,
    account: &str,
    except: Option<SessionId>,
    reason: EndReason,
    now: UnixSeconds,
) -> Outcome<Vec<SessionId>> {
    let mut ended = Vec::new();
    for (session, _) in live_sessions(connection, account)? {
        let id = session.id;
        if except != Some(id) && end_session(connection, session, reason, now)? {
            ended.push(id);
        }
    }
    Ok(ended)
}

/// Drops sessions that are past their absolute life; ended ones are kept until then, so that a
/// stolen token is told from one that never was.
pub(crate) fn purge_sessions(connection: &Connection, now: UnixSeconds) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM session WHERE dies <= ?1")?.execute([now.0])?;
    Ok(())
}
