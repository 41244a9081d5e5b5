//! Accounts in the database.

use super::database::Database;
use super::fault::{Outcome, StoreFault};
use super::list::{list_from_text, list_to_text};
use super::value::Row;
use jot::UnixSeconds;
use jot_login::account::{Account, AccountName, Permissions};

const COLUMNS: &str = "id, name, password, is_disabled, roles, scopes, audiences, created";

/// `None` if the name is none by now.
fn from_row(mut row: Row) -> Outcome<Option<Account>> {
    let (id, name) = (row.text()?, row.text()?);
    let Some(name) = AccountName::from_text(&name) else { return Ok(None) };
    Ok(Some(Account {
        id,
        name,
        password: row.optional_text()?,
        is_disabled: row.flag()?,
        roles: list_from_text(&row.text()?),
        permissions: Permissions {
            scopes: list_from_text(&row.text()?),
            audiences: list_from_text(&row.text()?),
        },
        created: UnixSeconds(row.number()?),
    }))
}

fn one(database: &mut dyn Database, condition: &str, value: &str) -> Outcome<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE {condition} = ?1");
    database.query_one(&sql, &[value.into()])?.map_or(Ok(None), from_row)
}

pub(crate) fn account_by_name(database: &mut dyn Database, name: &AccountName) -> Outcome<Option<Account>> {
    one(database, "name", name.as_str())
}

pub(crate) fn account_by_id(database: &mut dyn Database, id: &str) -> Outcome<Option<Account>> {
    one(database, "id", id)
}

pub(crate) fn accounts(database: &mut dyn Database) -> Outcome<Vec<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account ORDER BY name");
    let rows = database.query(&sql, &[])?;
    rows.into_iter().filter_map(|row| from_row(row).transpose()).collect()
}

/// Adds an account; `false` if there is one of this name.
pub(crate) fn add_account(database: &mut dyn Database, account: &Account) -> Outcome<bool> {
    let sql =
        format!("INSERT INTO account({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT DO NOTHING");
    let added = database.execute(
        &sql,
        &[
            account.id.as_str().into(),
            account.name.as_str().into(),
            account.password.as_deref().into(),
            account.is_disabled.into(),
            list_to_text(&account.roles).into(),
            list_to_text(&account.permissions.scopes).into(),
            list_to_text(&account.permissions.audiences).into(),
            account.created.0.into(),
        ],
    )?;
    Ok(added == 1)
}

/// Replaces what may change of an account, if `before` is still what is there; `false` if
/// somebody else was faster.
pub(crate) fn change_account(
    database: &mut dyn Database,
    before: &Account,
    after: &Account,
) -> Outcome<bool> {
    if before.id != after.id || before.name != after.name {
        return Err(StoreFault::Database("an account keeps its id and name".to_owned()));
    }
    let changed = database.execute(
        "UPDATE account SET password = ?1, is_disabled = ?2, roles = ?3, scopes = ?4, audiences = ?5
         WHERE id = ?6 AND password IS NOT DISTINCT FROM ?7 AND is_disabled = ?8",
        &[
            after.password.as_deref().into(),
            after.is_disabled.into(),
            list_to_text(&after.roles).into(),
            list_to_text(&after.permissions.scopes).into(),
            list_to_text(&after.permissions.audiences).into(),
            after.id.as_str().into(),
            before.password.as_deref().into(),
            before.is_disabled.into(),
        ],
    )?;
    Ok(changed == 1)
}
