//! `/admin/accounts`: accounts, for who has an access token with the scope `jotd:admin` whose
//! audience is this service's issuer.
//!
//! | request | |
//! |---|---|
//! | `GET /admin/accounts` | every account, by name |
//! | `POST /admin/accounts` | another one: `username`, `password` or `password_hash`, `scope`, `roles`, `audience` |
//! | `GET /admin/accounts/NAME` | one |
//! | `PATCH /admin/accounts/NAME` | what is to be another one: `password` (`null`: none), `disabled`, `scope`, `roles`, `audience` |
//! | `DELETE /admin/accounts/NAME/sessions` | ends its sessions |

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use jot::{Code, Demand, Scratch, UnixSeconds};
use jot_login::account::{Account, AccountName, Permissions};
use jot_login::password::check_new;
use jot_login::session::EndReason;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::answer::{Answer, Refusal, json as json_of, ok, respond};
use super::asked::Asked;
use super::logout;
use crate::accounts::{self, Change, Changed, Draft, Password};
use crate::app::App;
use crate::audit::Event;
use crate::clock;
use crate::store::{self, Database, StoreFault};

const SCOPE: &str = "jotd:admin";

pub(super) async fn list(State(app): State<Arc<App>>, request: Request) -> Response {
    respond(list_all(&app, request).await)
}

pub(super) async fn add(State(app): State<Arc<App>>, request: Request) -> Response {
    respond(add_one(&app, request).await)
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    respond(show_one(&app, &name, request).await)
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    respond(change_one(&app, &name, request).await)
}

pub(super) async fn end_sessions(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    respond(end_all(&app, &name, request).await)
}

/// A request of an administrator, and who that is.
struct Admin {
    asked: Asked,
    sub: String,
    now: UnixSeconds,
}

impl Admin {
    /// # Errors
    /// [`Refusal::Token`] unless the access token may.
    async fn read(app: &App, request: Request) -> Result<Self, Refusal> {
        let asked = Asked::read(app, request).await?;
        let now = clock::now();
        // A header, and no cookie: a page of another site cannot send one.
        let access = asked.authorization("bearer").ok_or(Refusal::Token(Code::TokenNull))?;
        let audiences = [app.config.issuer.as_str()];
        let demand = Demand { audiences: Some(&audiences), ..Demand::default() };
        let mut scratch = Scratch::new();
        let verdict = app.verifier.verdict_for(access, now, &demand, &mut scratch).into_result();
        let claims = verdict.map_err(|rejection| Refusal::Token(rejection.code()))?.claims();
        claims.has_scopes(&[SCOPE]).map_err(|rejection| Refusal::Token(rejection.code()))?;
        let sub = claims.subject().unwrap_or_default().to_owned();
        Ok(Self { asked, sub, now })
    }

    fn event(&self, name: &str, account: &Account) -> Event {
        let event = Event::new(name, self.now).with("account", account.name.as_str());
        let event = event.with("sub", account.id.as_str()).with("by", self.sub.as_str());
        event.with("address", self.asked.address.to_string())
    }

    /// Words of a text, if it was given.
    fn words(&self, field: &str) -> Option<Vec<String>> {
        let words = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect();
        self.asked.given(field).map(words)
    }

    fn scopes(&self) -> Result<Option<Vec<String>>, Refusal> {
        let scopes = self.words("scope");
        accounts::check_scopes(scopes.as_deref().unwrap_or_default()).map_err(Refusal::Account)?;
        Ok(scopes)
    }

    fn audiences(&self) -> Vec<String> {
        self.asked.audiences().into_iter().map(str::to_owned).collect()
    }

    /// The hash of the given password, or the given hash.
    async fn password(&self, app: &App, name: &AccountName) -> Result<Option<String>, Refusal> {
        match (self.asked.field("password"), self.asked.field("password_hash")) {
            (Some(_), Some(_)) => Err(Refusal::Request("there is password or password_hash, and not both")),
            (None, None) => Ok(None),
            (None, Some(hash)) => accounts::hash(hash).map(Some).map_err(Refusal::NewPassword),
            (Some(password), None) => {
                check_new(password, name.as_str())
                    .map_err(|fault| Refusal::NewPassword(fault.to_string()))?;
                let hash = app.hasher.hash(Zeroizing::new(password.to_owned())).await?;
                let missing = || StoreFault::Database("the password cannot be hashed".to_owned());
                Ok(Some(hash.ok_or_else(missing)?))
            }
        }
    }
}

fn named(name: &str) -> Result<AccountName, Refusal> {
    AccountName::from_text(name).ok_or(Refusal::NoAccount)
}

fn to_json(account: &Account) -> Value {
    json!({
        "username": account.name.as_str(),
        "sub": account.id,
        "disabled": account.is_disabled,
        "has_password": account.password.is_some(),
        "roles": account.roles.join(" "),
        "scope": account.permissions.scopes.join(" "),
        "audience": account.permissions.audiences,
        "created": account.created.0,
    })
}

async fn list_all(app: &Arc<App>, request: Request) -> Answer {
    Admin::read(app, request).await?;
    let accounts = app.store.read(store::accounts).await?;
    Ok(ok(&json!({"accounts": accounts.iter().map(to_json).collect::<Vec<_>>()})))
}

async fn add_one(app: &Arc<App>, request: Request) -> Answer {
    let admin = Admin::read(app, request).await?;
    let name = admin.asked.required("username", "username is missing")?;
    let name = accounts::name(name).map_err(Refusal::Account)?;
    let mut audiences = admin.audiences();
    if audiences.is_empty() {
        audiences.clone_from(&app.config.tokens.audiences);
    }
    accounts::check_audiences(&audiences).map_err(Refusal::Account)?;
    let scopes = admin.scopes()?.unwrap_or_default();
    let draft = Draft {
        password: admin.password(app, &name).await?,
        name,
        roles: admin.words("roles").unwrap_or_default(),
        permissions: Permissions { scopes, audiences },
    };
    let now = admin.now;
    let added = app.store.write(move |database| accounts::add(database, draft, now)).await?;
    let account = added.ok_or(Refusal::AccountExists)?;
    app.tell(admin.event("account_added", &account));
    Ok(json_of(StatusCode::CREATED, &to_json(&account)))
}

async fn show_one(app: &Arc<App>, name: &str, request: Request) -> Answer {
    Admin::read(app, request).await?;
    let name = named(name)?;
    let found = app.store.read(move |database| store::account_by_name(database, &name)).await?;
    Ok(ok(&to_json(&found.ok_or(Refusal::NoAccount)?)))
}

async fn change_one(app: &Arc<App>, name: &str, request: Request) -> Answer {
    let admin = Admin::read(app, request).await?;
    let name = named(name)?;
    let clears = admin.asked.is_null("password");
    let audiences = Some(admin.audiences()).filter(|audiences| !audiences.is_empty());
    let is_disabled = match admin.asked.given("disabled") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(Refusal::Request("disabled is true or false")),
    };
    let change = Change {
        password: match admin.password(app, &name).await? {
            Some(_) if clears => return Err(Refusal::Request("password is null, or there is another")),
            Some(hash) => Password::Hash(hash),
            None if clears => Password::Cleared,
            None => Password::Stays,
        },
        is_disabled,
        roles: admin.words("roles"),
        scopes: admin.scopes()?,
        audiences,
    };
    let now = admin.now;
    let work = move |database: &mut dyn Database| accounts::change(database, &name, change, now);
    let changed = app.store.write(work).await?.ok_or(Refusal::NoAccount)?;
    let Changed { account, ended, reason } = changed;
    app.tell(admin.event("account_changed", &account).with("sessions_ended", ended.len()));
    logout::tell(app, &ended, reason, &admin.asked.address.to_string(), now);
    app.publish(now).await?;
    Ok(ok(&to_json(&account)))
}

async fn end_all(app: &Arc<App>, name: &str, request: Request) -> Answer {
    let admin = Admin::read(app, request).await?;
    let (name, now, reason) = (named(name)?, admin.now, EndReason::Elsewhere);
    let work = move |database: &mut dyn Database| {
        let Some(account) = store::account_by_name(database, &name)? else { return Ok(None) };
        let ended = store::end_sessions_of(database, &account.id, None, reason, now)?;
        Ok(Some((account, ended)))
    };
    let (account, ended) = app.store.write(work).await?.ok_or(Refusal::NoAccount)?;
    app.tell(admin.event("sessions_ended", &account).with("sessions_ended", ended.len()));
    logout::tell(app, &ended, reason, &admin.asked.address.to_string(), now);
    app.publish(now).await?;
    Ok(ok(&json!({"sessions_ended": ended.len()})))
}
