//! The commands besides `serve`: accounts, keys, copies. Each opens the database itself, also
//! while the service runs; the service sees what they did within a second.

use std::io::{self, BufRead as _, Write as _};
use std::path::Path;

use jot_login::account::{AccountName, Permissions};
use jot_login::client;
use jot_login::master::MasterKey;
use jot_login::password::{self, Memory};
use jot_login::random;
use zeroize::Zeroizing;

use crate::accounts::{self, Change, Changed, Draft, Password};
use crate::audit::{Audit, Event};
use crate::calibration;
use crate::cli::{KeyCommand, UserAdd, UserCommand};
use crate::clock::{self, System};
use crate::config::Config;
use crate::keyring;
use crate::store::{self, Database};

pub(crate) type Done = Result<(), String>;

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn print(line: &str) -> Done {
    writeln!(io::stdout(), "{line}").map_err(text)
}

/// Reads a password: the first line of standard input. It is no argument, which every
/// process of the machine could read.
fn read_password() -> Result<Zeroizing<String>, String> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().read_line(&mut line).map_err(text)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned()))
}

fn hash(config: &Config, password: &str, name: &AccountName) -> Result<String, String> {
    password::check_new(password, name.as_str()).map_err(text)?;
    let cost = |database: &mut dyn Database| calibration::cost(database, &config.passwords);
    let cost = store::with_database(&config.database, cost).map_err(text)?;
    let hash = password::hash(password, cost, random::bytes(&mut System), &mut Memory::new(cost));
    hash.ok_or_else(|| "the password cannot be hashed".to_owned())
}

fn tell(config: &Config, event: Event) -> Done {
    // The service's own audit trail, if it is a file; standard output is for the command.
    match &config.audit {
        Some(path) => Audit::open(Some(path)).and_then(|audit| audit.write(event)).map_err(text),
        None => Ok(()),
    }
}

pub(crate) fn user(config: &Config, command: UserCommand) -> Done {
    match command {
        UserCommand::Add(add) => user_add(config, &add),
        UserCommand::Passwd { name } => {
            let password = Password::Hash(hash(config, &read_password()?, &accounts::name(&name)?)?);
            let change = Change { password, ..Change::default() };
            let ended = user_change(config, &name, "password_changed", change)?;
            print(&format!("{ended} sessions ended"))
        }
        UserCommand::Disable { name } => {
            let change = Change { is_disabled: Some(true), ..Change::default() };
            let ended = user_change(config, &name, "account_disabled", change)?;
            print(&format!("{ended} sessions ended"))
        }
        UserCommand::Enable { name } => {
            let change = Change { is_disabled: Some(false), ..Change::default() };
            user_change(config, &name, "account_enabled", change).map(drop)
        }
        UserCommand::List => {
            let accounts = store::with_database(&config.database, store::accounts).map_err(text)?;
            for account in accounts {
                let state = if account.is_disabled { "disabled" } else { "enabled" };
                let scopes = account.permissions.scopes.join(",");
                let audiences = account.permissions.audiences.join(",");
                let roles = account.roles.join(",");
                print(&format!(
                    "{}\t{state}\t{}\troles={roles}\tscopes={scopes}\taudiences={audiences}",
                    account.name, account.id
                ))?;
            }
            Ok(())
        }
    }
}

fn user_add(config: &Config, add: &UserAdd) -> Done {
    let name = accounts::name(&add.name)?;
    accounts::check_scopes(&add.scope)?;
    let first_line = read_password()?;
    let password = if add.hash { accounts::hash(&first_line)? } else { hash(config, &first_line, &name)? };
    let audiences = if add.audience.is_empty() { &config.tokens.audiences } else { &add.audience };
    accounts::check_audiences(audiences)?;
    let draft = Draft {
        name: name.clone(),
        password: Some(password),
        roles: add.role.clone(),
        permissions: Permissions { scopes: add.scope.clone(), audiences: audiences.clone() },
    };
    let now = clock::now();
    let added = store::with_database(&config.database, |database| accounts::add(database, draft, now));
    let account = added.map_err(text)?.ok_or_else(|| format!("there is an account {name} already"))?;
    let event = Event::new("account_added", now).with("account", account.name.as_str());
    tell(config, event.with("sub", account.id.as_str()))?;
    print(&account.id)
}

/// Changes an account, and returns how many sessions ended.
fn user_change(config: &Config, given: &str, event: &str, change: Change) -> Result<usize, String> {
    let name = accounts::name(given)?;
    let now = clock::now();
    let work = |database: &mut dyn Database| accounts::change(database, &name, change, now);
    let changed = store::with_database(&config.database, work).map_err(text)?;
    let Changed { account, ended, .. } = changed.ok_or_else(|| format!("there is no account {name}"))?;
    let told = Event::new(event, now).with("account", name.as_str()).with("sub", account.id.as_str());
    tell(config, told.with("sessions_ended", ended.len()))?;
    Ok(ended.len())
}

pub(crate) fn keys(config: &Config, command: &KeyCommand) -> Done {
    let now = clock::now();
    match command {
        KeyCommand::List => {
            let (ring, _) = store::with_database(&config.database, store::ring).map_err(text)?;
            for key in ring.keys {
                let until = key.signs_until.map_or("-".to_owned(), |until| until.0.to_string());
                let state = format!("{:?}", key.state(&config.timetable, now)).to_lowercase();
                print(&format!("{}\t{state}\t{}\t{until}", key.kid, key.signs_from.0))?;
            }
            Ok(())
        }
        KeyCommand::Rotate => {
            let row = keyring::new_key(&config.master, config.tokens.algorithm).map_err(text)?;
            let kid = row.kid.clone();
            let timetable = config.timetable;
            let announced = store::with_database(&config.database, |database| {
                keyring::announce(database, row, &timetable, now)
            });
            if !announced.map_err(text)? {
                return Err("another key is announced already; it has to sign first".to_owned());
            }
            tell(config, Event::new("key_announced", now).with("kid", kid.as_str()))?;
            print(&format!("{kid} signs in {} seconds", timetable.ahead_seconds))
        }
    }
}

pub(crate) fn backup(config: &Config, to: &Path) -> Done {
    store::backup(&config.database, to).map_err(text)
}

pub(crate) fn new_master_key() -> Done {
    print(&MasterKey::generate(&mut System).to_text())
}

/// Prints a secret for the client, and what the settings have of it.
pub(crate) fn new_client_secret() -> Done {
    let secret = Zeroizing::new(client::new_secret(&mut System));
    let hash: String = client::hash(&secret).iter().map(|byte| format!("{byte:02x}")).collect();
    print(&format!("client_secret = {}\nsecret_sha256 = \"{hash}\"", *secret))
}
