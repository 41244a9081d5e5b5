//! Sessions in the database.

use super::database::Database;
use super::fault::Outcome;
use super::list::{list_from_text, list_to_text};
use super::revoked::revoke;
use super::value::Row;
use jot::UnixSeconds;
use jot_login::account::Grant;
use jot_login::claims::Revoked;
use jot_login::refresh::Family;
use jot_login::session::{EndReason, Session, SessionId};

const COLUMNS: &str = "id, account, client, scopes, audiences, generation, newest, nonce, started, replaced, \
                       access_until, ended, reason";

/// Where a session was begun, for the eyes of its owner.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) address: String,
    pub(crate) agent: String,
}

fn from_row(row: &mut Row) -> Outcome<Session> {
    let (id, account, client) = (row.array()?, row.text()?, row.text()?);
    let grant = Grant { scopes: list_from_text(&row.text()?), audiences: list_from_text(&row.text()?) };
    let family = Family {
        generation: row.small_number()?,
        newest: row.array()?,
        nonce: row.array()?,
        started: UnixSeconds(row.number()?),
        replaced: numbers_from_text(&row.text()?),
    };
    let (access_until, ended, reason) = (row.number()?, row.optional_number()?, row.optional_text()?);
    let reason = reason.as_deref().and_then(EndReason::from_name).unwrap_or(EndReason::Logout);
    Ok(Session {
        id: SessionId(id),
        account,
        client,
        grant,
        family,
        access_until: UnixSeconds(access_until),
        ended: ended.map(|at| (UnixSeconds(at), reason)),
    })
}

fn numbers_from_text(text: &str) -> Vec<i64> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
}

pub(crate) fn insert_session(
    database: &mut dyn Database,
    session: &Session,
    dies: i64,
    origin: &Origin,
) -> Outcome<()> {
    let sql = "INSERT INTO session VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,'[]',?10,?11,NULL,NULL,?12,?13)";
    let family = &session.family;
    database
        .execute(
            sql,
            &[
                session.id.0.as_slice().into(),
                session.account.as_str().into(),
                session.client.as_str().into(),
                list_to_text(&session.grant.scopes).into(),
                list_to_text(&session.grant.audiences).into(),
                family.generation.into(),
                family.newest.as_slice().into(),
                family.nonce.as_slice().into(),
                family.started.0.into(),
                session.access_until.0.into(),
                dies.into(),
                origin.address.as_str().into(),
                origin.agent.as_str().into(),
            ],
        )
        .map(drop)
}

pub(crate) fn session(database: &mut dyn Database, id: SessionId) -> Outcome<Option<Session>> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE id = ?1");
    let found = database.query_one(&sql, &[id.0.as_slice().into()])?;
    found.map(|mut row| from_row(&mut row)).transpose()
}

/// The sessions of an account that have not ended, the newest first, each with its origin.
pub(crate) fn live_sessions(database: &mut dyn Database, account: &str) -> Outcome<Vec<(Session, Origin)>> {
    let sql = format!(
        "SELECT {COLUMNS}, address, agent FROM session WHERE account = ?1 AND ended IS NULL ORDER BY started DESC, id"
    );
    let rows = database.query(&sql, &[account.into()])?;
    let one = |mut row: Row| {
        let session = from_row(&mut row)?;
        Ok((session, Origin { address: row.text()?, agent: row.text()? }))
    };
    rows.into_iter().map(one).collect()
}

/// Saves what a refresh changed, if the generation is still `before` and the session has not
/// ended; `false` if it is not.
pub(crate) fn save_family(database: &mut dyn Database, session: &Session, before: u32) -> Outcome<bool> {
    let sql = "UPDATE session SET generation = ?1, newest = ?2, nonce = ?3, replaced = ?4, access_until = ?5
         WHERE id = ?6 AND generation = ?7 AND ended IS NULL";
    let family = &session.family;
    let changed = database.execute(
        sql,
        &[
            family.generation.into(),
            family.newest.as_slice().into(),
            family.nonce.as_slice().into(),
            serde_json::Value::from(family.replaced.as_slice()).to_string().into(),
            session.access_until.0.into(),
            session.id.0.as_slice().into(),
            before.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Ends a session and puts it on the list of revocations; `false` if it has ended already.
pub(crate) fn end_session(
    database: &mut dyn Database,
    session: Session,
    reason: EndReason,
    now: UnixSeconds,
) -> Outcome<bool> {
    let Some(ended) = session.end(reason, now) else { return Ok(false) };
    let sql = "UPDATE session SET ended = ?1, reason = ?2 WHERE id = ?3 AND ended IS NULL";
    let values = [now.0.into(), reason.name().into(), ended.id.0.as_slice().into()];
    let changed = database.execute(sql, &values)?;
    if changed == 1 && ended.access_until > now {
        revoke(database, &Revoked::Session(ended.id.to_text()), ended.access_until)?;
    }
    Ok(changed == 1)
}

/// Ends every session of an account, but for `except`, and returns those that it ended.
pub(crate) fn end_sessions_of(
    database: &mut dyn Database,
    account: &str,
    except: Option<SessionId>,
    reason: EndReason,
    now: UnixSeconds,
) -> Outcome<Vec<SessionId>> {
    let mut ended = Vec::new();
    for (session, _) in live_sessions(database, account)? {
        let id = session.id;
        if except != Some(id) && end_session(database, session, reason, now)? {
            ended.push(id);
        }
    }
    Ok(ended)
}

/// Drops sessions that are past their absolute life; ended ones are kept until then, so that a
/// stolen token is told from one that never was.
pub(crate) fn purge_sessions(database: &mut dyn Database, now: UnixSeconds) -> Outcome<()> {
    database.execute("DELETE FROM session WHERE dies <= ?1", &[now.0.into()]).map(drop)
}
