//! Changes of accounts, as the command line and `/admin/accounts` make them.

use jot::UnixSeconds;
use jot_login::account::{Account, AccountName, Permissions, is_scope};
use jot_login::password::StoredHash;
use jot_login::random;
use jot_login::session::{EndReason, SessionId};

use crate::clock::System;
use crate::store::{self, Database, Outcome};

/// An account that is to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: AccountName,
    /// A hash, of this program or of another.
    pub(crate) password: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) permissions: Permissions,
}

/// What is to be another one; `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub(crate) password: Password,
    pub(crate) is_disabled: Option<bool>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) audiences: Option<Vec<String>>,
}

/// What becomes of a password.
#[derive(Clone, Debug, Default)]
pub(crate) enum Password {
    #[default]
    Stays,
    /// Nobody logs in until there is another one.
    Cleared,
    /// A hash, of this program or of another.
    Hash(String),
}

/// An account that was changed, and the sessions that ended by it.
pub(crate) struct Changed {
    pub(crate) account: Account,
    pub(crate) ended: Vec<SessionId>,
    pub(crate) reason: EndReason,
}

/// Reads the name of an account.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn name(text: &str) -> Result<AccountName, String> {
    AccountName::from_text(text)
        .ok_or_else(|| format!("{text:?} is no name: letters, digits and . _ @ + - of ASCII, at most 128"))
}

/// Reads the hash of another program.
///
/// # Errors
/// Why it cannot be taken.
pub(crate) fn hash(text: &str) -> Result<String, String> {
    StoredHash::from_text(text).map(|_| text.to_owned()).map_err(|fault| fault.to_string())
}

/// # Errors
/// Which one is no scope.
pub(crate) fn check_scopes(scopes: &[String]) -> Result<(), String> {
    match scopes.iter().find(|scope| !is_scope(scope)) {
        Some(wrong) => Err(format!("{wrong:?} is no scope")),
        None => Ok(()),
    }
}

/// # Errors
/// There is none: then no login would be granted anything.
pub(crate) fn check_audiences(audiences: &[String]) -> Result<(), String> {
    if audiences.is_empty() {
        return Err("the account has no audience: name one, or set tokens.audiences".to_owned());
    }
    Ok(())
}

/// Adds an account; `None` if there is one of this name.
pub(crate) fn add(database: &mut dyn Database, draft: Draft, now: UnixSeconds) -> Outcome<Option<Account>> {
    let account = Account {
        id: random::name(&mut System),
        name: draft.name,
        password: draft.password,
        is_disabled: false,
        roles: draft.roles,
        permissions: draft.permissions,
        created: now,
    };
    Ok(store::add_account(database, &account)?.then_some(account))
}

/// Changes an account; `None` if there is none of this name. Its sessions end, unless it
/// only was enabled: their tokens were granted by what the account was.
pub(crate) fn change(
    database: &mut dyn Database,
    name: &AccountName,
    change: Change,
    now: UnixSeconds,
) -> Outcome<Option<Changed>> {
    let Some(before) = store::account_by_name(database, name)? else { return Ok(None) };
    let reason = match &change {
        Change { is_disabled: Some(true), .. } => EndReason::Disabled,
        Change { password: Password::Cleared | Password::Hash(_), .. } => EndReason::Password,
        _ => EndReason::Changed,
    };
    let (password, password_changes) = match change.password {
        Password::Stays => (before.password.clone(), false),
        Password::Cleared => (None, true),
        Password::Hash(hash) => (Some(hash), true),
    };
    let account = Account {
        password,
        is_disabled: change.is_disabled.unwrap_or(before.is_disabled),
        roles: change.roles.unwrap_or_else(|| before.roles.clone()),
        permissions: Permissions {
            scopes: change.scopes.unwrap_or_else(|| before.permissions.scopes.clone()),
            audiences: change.audiences.unwrap_or_else(|| before.permissions.audiences.clone()),
        },
        ..before.clone()
    };
    store::change_account(database, &before, &account)?;
    if password_changes || account.is_disabled {
        store::reset_attempts(database, name.as_str())?;
    }
    let enabled = Account { is_disabled: account.is_disabled, ..before.clone() };
    let is_only_enabled = enabled == account && !account.is_disabled;
    let ended = if is_only_enabled {
        Vec::new()
    } else {
        store::end_sessions_of(database, &account.id, None, reason, now)?
    };
    Ok(Some(Changed { account, ended, reason }))
}
