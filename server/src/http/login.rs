//! `POST /login`: a name and a password for tokens.
//!
//! ```text
//!   counted, unless locked ──▶ hashed, unless too many wait ──▶ right, and nothing changed since
//!        │ 429                      │ 503, taken back                │              │ 401
//!        ▼                          ▼                                ▼              ▼
//!                                                    session begun, counters reset,
//!                                                    hash renewed: one transaction
//! ```
//!
//! Unknown, disabled and passwordless accounts take the same way as a wrong password, as far
//! as the same answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use jot::UnixSeconds;
use jot_login::account::{Account, AccountName};
use jot_login::refresh::RefreshToken;
use jot_login::session::Session;
use zeroize::Zeroizing;

use super::address;
use super::answer::{Answer, Refusal, respond};
use super::asked::Asked;
use super::issue::{self, Delivery};
use super::pages;
use crate::app::App;
use crate::audit::Event;
use crate::clock::{self, System};
use crate::hasher::Checked;
use crate::store::{self, Database, Trier};

pub(super) async fn login(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let answer = answer(&app, &asked).await;
    if let Err(refusal) = &answer {
        let name = asked.field("username").and_then(AccountName::from_text);
        let reason = match refusal {
            Refusal::Login => "wrong",
            Refusal::Locked(_) => "locked",
            Refusal::Busy => "busy",
            Refusal::NotGranted(_) => "not_granted",
            Refusal::Store(_) => "database",
            _ => "malformed",
        };
        app.metrics.happened("login_refused");
        let event = Event::new("login_refused", clock::now());
        let event = event.with("reason", reason).with("address", asked.address.to_string());
        app.tell(event.with_some("account", name.map(|name| name.as_str().to_owned())));
    }
    match (answer, pages::page_next(&asked)) {
        (Err(refusal), Some(next)) => {
            pages::login_refused(&app, asked.field("username").unwrap_or_default(), next, refusal)
        }
        (answer, _) => respond(answer),
    }
}

async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let name = asked.required("username", "username is missing")?;
    let password = Zeroizing::new(asked.required("password", "password is missing")?.to_owned());
    if let Some(client) = asked.field("client_id")
        && !app.config.is_public_client(client)
    {
        return Err(Refusal::Client);
    }
    let delivery = match (asked.flag("cookies"), asked.wants_page()) {
        (_, true) => Delivery::Cookies,
        (true, false) => Delivery::Mixed,
        (false, false) => Delivery::Body,
    };
    let account = authenticate(app, asked, AccountName::from_text(name), password, now).await?;
    let grant = account.permissions.grant(asked.field("scope"), &asked.audiences())?;
    let seconds = app.config.tokens.access_seconds;
    let (session, refresh) =
        Session::begin(&account.id, &app.config.tokens.client, grant.clone(), seconds, now, &mut System);
    let begun = begin(app, asked, &account, &session, now).await?;
    if !begun {
        return Err(Refusal::Login);
    }
    let access = issue::access_of_user(app, &account, &session, &grant, now)?;
    app.metrics.happened("login");
    app.tell(
        Event::new("login", now)
            .with("account", account.name.as_str())
            .with("sub", account.id.as_str())
            .with("sid", session.id.to_text())
            .with("jti", access.jti.as_str())
            .with("address", asked.address.to_string()),
    );
    let next = issue::next_of(asked.field("next"));
    Ok(hand_out(app, &access, &session, &refresh, (delivery, next), now))
}

fn hand_out(
    app: &App,
    access: &issue::Access,
    session: &Session,
    refresh: &RefreshToken,
    delivery: (Delivery, &str),
    now: UnixSeconds,
) -> Response {
    issue::hand_out(app, access, session, refresh, &session.grant, delivery, now)
}

/// Checks a password as a login does, and counts it. Nothing is reset yet.
///
/// # Errors
/// [`Refusal::Locked`], [`Refusal::Busy`], [`Refusal::Login`], [`Refusal::Store`]
pub(super) async fn authenticate(
    app: &Arc<App>,
    asked: &Asked,
    name: Option<AccountName>,
    password: Zeroizing<String>,
    now: UnixSeconds,
) -> Result<Account, Refusal> {
    let (guard, trier) = (app.config.guard, trier(asked, name.as_ref()));
    let counted_trier = trier.clone();
    let counted = move |database: &mut dyn Database| {
        if let Err(locked) = store::begin_attempt(database, &counted_trier, &guard, now)? {
            return Ok(Err(locked));
        }
        name.map_or(Ok(None), |name| store::account_by_name(database, &name)).map(Ok)
    };
    let found = app.store.write(counted).await?.map_err(|locked| Refusal::Locked(locked.seconds))?;
    let stored = found.as_ref().filter(|account| !account.is_disabled);
    let stored = stored.and_then(|account| account.password.clone());
    let Ok(Checked { is_right, rehashed }) = app.hasher.check(password, stored).await else {
        let taken_back = move |database: &mut dyn Database| store::forgive_attempt(database, &trier, &guard);
        app.store.write(taken_back).await?;
        return Err(Refusal::Busy);
    };
    let account = found.filter(|_| is_right).ok_or(Refusal::Login)?;
    let Some(rehashed) = rehashed else { return Ok(account) };
    let (before, after) = (account.clone(), Account { password: Some(rehashed), ..account.clone() });
    let renewed = after.clone();
    let is_changed =
        app.store.write(move |database| store::change_account(database, &before, &renewed)).await?;
    // If it is not, the password is another one by now, and this one is none.
    is_changed.then_some(after).ok_or(Refusal::Login)
}

/// With whom the attempt of a request is counted.
pub(super) fn trier(asked: &Asked, name: Option<&AccountName>) -> Trier {
    let account = name.map(|name| name.as_str().to_owned());
    Trier { address: address::counted(asked.address), account }
}

/// Begins the session, if the account is still what was checked.
async fn begin(
    app: &Arc<App>,
    asked: &Asked,
    account: &Account,
    session: &Session,
    now: UnixSeconds,
) -> Result<bool, Refusal> {
    let (guard, trier) = (app.config.guard, trier(asked, Some(&account.name)));
    let (account, session, origin) = (account.clone(), session.clone(), asked.origin());
    let dies = app.config.dies(now);
    let work = move |database: &mut dyn Database| {
        let current = store::account_by_id(database, &account.id)?;
        if !current.is_some_and(|current| !current.is_disabled && current.password == account.password) {
            return Ok(false);
        }
        store::succeed_attempt(database, &trier, &guard)?;
        store::insert_session(database, &session, dies, &origin)?;
        Ok(true)
    };
    Ok(app.store.write(work).await?)
}
