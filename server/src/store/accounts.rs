//! Accounts in the database.

use jot::UnixSeconds;
use jot_login::account::{Account, AccountName, Permissions};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::fault::{Outcome, StoreFault};
use super::list::{list_from_text, list_to_text};

const COLUMNS: &str = "id, name, password, is_disabled, roles, scopes, audiences, created";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let name: String = row.get(1)?;
    let list = |at| row.get::<_, String>(at).map(|text| list_from_text(&text));
    let Some(name) = AccountName::from_text(&name) else { return Ok(None) };
    Ok(Some(Account {
        id: row.get(0)?,
        name,
        password: row.get(2)?,
        is_disabled: row.get(3)?,
        roles: list(4)?,
        permissions: Permissions { scopes: list(5)?, audiences: list(6)? },
        created: UnixSeconds(row.get(7)?),
    }))
}

fn one(connection: &Connection, condition: &str, value: &str) -> Outcome<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE {condition} = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([value], from_row).optional()?;
    Ok(found.flatten())
}

pub(crate) fn account_by_name(connection: &Connection, name: &AccountName) -> Outcome<Option<Account>> {
    one(connection, "name", name.as_str())
}

pub(crate) fn account_by_id(connection: &Connection, id: &str) -> Outcome<Option<Account>> {
    one(connection, "id", id)
}

pub(crate) fn accounts(connection: &Connection) -> Outcome<Vec<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account ORDER BY name");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// Adds an account; `false` if there is one of this name.
pub(crate) fn add_account(connection: &Connection, account: &Account) -> Outcome<bool> {
    let sql =
        format!("INSERT INTO account({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT DO NOTHING");
    let added = connection.execute(
        &sql,
        params![
            account.id,
            account.name.as_str(),
            account.password,
            account.is_disabled,
            list_to_text(&account.roles),
            list_to_text(&account.permissions.scopes),
            list_to_text(&account.permissions.audiences),
            account.created.0,
        ],
    )?;
    Ok(added == 1)
}

/// Replaces what may change of an account, if `before` is still what is there; `false` if
/// somebody else was faster.
pub(crate) fn change_account(connection: &Connection, before: &Account, after: &Account) -> Outcome<bool> {
    if before.id != after.id || before.name != after.name {
        return Err(StoreFault::Sqlite("an account keeps its id and name".to_owned()));
    }
    let mut statement = connection.prepare_cached(
        "UPDATE account SET password = ?1, is_disabled = ?2, roles = ?3, scopes = ?4, audiences = ?5
         WHERE id = ?6 AND password IS ?7 AND is_disabled = ?8",
    )?;
    let changed = statement.execute(params![
        after.password,
        after.is_disabled,
        list_to_text(&after.roles),
        list_to_text(&after.permissions.scopes),
        list_to_text(&after.permissions.audiences),
        after.id,
        before.password,
        before.is_disabled,
    ])?;
    Ok(changed == 1)
}
