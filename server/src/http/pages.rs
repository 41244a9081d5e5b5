//! The pages of `jotd`: `GET /login`, `GET /account`, and what forms are answered with that
//! were refused. Their looks are in `jot_show`.
//!
//! ```text
//!   a page wants who asks ──▶ GET /login?next=PAGE ── signed in? ── no ──▶ the form ──▶ POST /login
//!        ▲                                                 │ yes
//!        └──────────── POST /token: new cookies ◀──────────┘ by itself, if the access token's
//!                                                            cookie has expired
//! ```

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jot::UnixSeconds;
use jot_login::account::Account;
use jot_login::password::MIN_PASSWORD_CHARACTERS;
use jot_login::refresh::{Presented, RefreshToken};
use jot_login::session::{Session, SessionId};
use jot_show::account::{AccountPage, Moment, SessionRow, Wrong, program};
use jot_show::login::{self, ContinuePage, LoginPage};
use jot_show::look;

use super::answer::Refusal;
use super::asked::Asked;
use super::{cookies, issue};
use crate::app::App;
use crate::clock::{self, System};
use crate::store::{self, Database, Outcome};

/// Where a login leads that came from nowhere.
const ACCOUNT: &str = "/account";

/// What a page tells of what has just been done: `?done=`.
const NOTICES: [(&str, &str); 6] = [
    ("signed-out", "You are signed out."),
    ("expired", "Your session has ended. Please sign in again."),
    ("ended", "That session was signed out."),
    ("others", "You are signed out everywhere else."),
    ("password", "The password was changed. You are signed out everywhere else."),
    ("sign-in", "Please sign in first."),
];

/// Who asks, by the cookie of the refresh token: it must be the newest of its session, or
/// just replaced.
pub(super) async fn current(
    app: &Arc<App>,
    headers: &HeaderMap,
    now: UnixSeconds,
) -> Outcome<Option<(Account, Session)>> {
    let text = cookies::read(headers, cookies::REFRESH);
    let Some(token) = text.and_then(|text| RefreshToken::from_text(text, &app.master)) else {
        return Ok(None);
    };
    let shared = Arc::clone(app);
    let work = move |database: &mut dyn Database| {
        let Some(session) = store::session(database, SessionId(token.session()))? else { return Ok(None) };
        let lives = &shared.config.tokens.refresh;
        // Looked at and not presented: nothing is saved.
        let presented = session.family.present(&token, lives, now, &shared.master, &mut System);
        let is_alive = matches!(presented, Presented::Rotated { .. } | Presented::Repeated { .. });
        if session.ended.is_some() || !is_alive {
            return Ok(None);
        }
        let account = store::account_by_id(database, &session.account)?;
        Ok(account.filter(|account| !account.is_disabled).map(|account| (account, session)))
    };
    app.store.read(work).await
}

/// `GET /login`
pub(super) async fn login(State(app): State<Arc<App>>, request: Request) -> Response {
    let now = clock::now();
    let asked = asked(request.uri(), "next");
    let next = asked.as_deref().map_or(ACCOUNT, |next| issue::next_of(Some(next)));
    match current(&app, request.headers(), now).await {
        Ok(Some((account, _))) => {
            // If the gateway has just refused this very cookie, going on would lead in a circle.
            let goes_on = cookies::read(request.headers(), cookies::ACCESS).is_none();
            let page = ContinuePage { host: host(&app), name: account.name.as_str(), next, goes_on };
            look::page(StatusCode::OK, &page)
        }
        Ok(None) => {
            let notice = notice(request.uri());
            let page = LoginPage { host: host(&app), name: "", next, fault: None, is_invalid: false, notice };
            look::page(StatusCode::OK, &page)
        }
        Err(fault) => login_refused(&app, "", next, Refusal::Store(fault)),
    }
}

/// The login page again, with the reason in words.
pub(super) fn login_refused(app: &App, name: &str, next: &str, refusal: Refusal) -> Response {
    let is_invalid = matches!(refusal, Refusal::Login);
    let fault = words(&refusal);
    let page = LoginPage { host: host(app), name, next, fault: Some(fault), is_invalid, notice: None };
    with_headers_of(refusal, look::page(StatusCode::OK, &page))
}

/// `GET /account`
pub(super) async fn account(State(app): State<Arc<App>>, request: Request) -> Response {
    let told = Told { notice: notice(request.uri()), ..Told::default() };
    match account_page(&app, request.headers(), told).await {
        Ok(Some(response)) => response,
        Ok(None) => to_login(ACCOUNT, "sign-in"),
        Err(fault) => login_refused(&app, "", ACCOUNT, Refusal::Store(fault)),
    }
}

/// The account page again, with why the password was not changed.
pub(super) async fn password_refused(app: &Arc<App>, asked: &Asked, refusal: Refusal) -> Response {
    let wrong = match refusal {
        Refusal::Login => Wrong::Password,
        Refusal::NewPassword(_) => Wrong::New,
        _ => Wrong::Nothing,
    };
    let fault = match &refusal {
        Refusal::Login => "The current password is wrong.".to_owned(),
        Refusal::NewPassword(what) => format!("The new one will not do: {what}."),
        other => words(other),
    };
    let told = Told { fault: Some(fault), wrong, notice: None };
    match account_page(app, &asked.headers, told).await {
        Ok(Some(page)) => with_headers_of(refusal, page),
        Ok(None) => to_login(ACCOUNT, "expired"),
        Err(fault) => login_refused(app, "", ACCOUNT, Refusal::Store(fault)),
    }
}

/// Leads to the login page, and from there to `next`.
pub(super) fn to_login(next: &str, done: &'static str) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next).append_pair("done", done);
    issue::see_other(&format!("/login?{}", query.finish()))
}

/// `GET /`
pub(super) async fn front() -> Response {
    issue::see_other(ACCOUNT)
}

#[derive(Default)]
struct Told {
    fault: Option<String>,
    wrong: Wrong,
    notice: Option<&'static str>,
}

/// `None` if nobody is signed in.
async fn account_page(app: &Arc<App>, headers: &HeaderMap, told: Told) -> Outcome<Option<Response>> {
    let now = clock::now();
    let Some((account, own)) = current(app, headers, now).await? else { return Ok(None) };
    let id = account.id.clone();
    let sessions =
        app.store.read(move |database: &mut dyn Database| store::live_sessions(database, &id)).await?;
    let lives = &app.config.tokens.refresh;
    let row = |(session, origin): (Session, store::Origin)| {
        let used = session.family.replaced.first().copied().unwrap_or(session.family.started.0);
        SessionRow {
            is_this: session.id == own.id,
            id: session.id.to_text(),
            agent: program(&origin.agent),
            address: origin.address,
            began: Moment::new(session.family.started, now),
            used: Moment::new(UnixSeconds(used), now),
        }
    };
    let is_alive = |(session, _): &(Session, store::Origin)| session.family.expires_at(lives) > now;
    let page = AccountPage {
        host: host(app),
        name: account.name.as_str(),
        sessions: sessions.into_iter().filter(is_alive).map(row).collect(),
        least: MIN_PASSWORD_CHARACTERS,
        fault: told.fault,
        wrong: told.wrong,
        notice: told.notice,
    };
    Ok(Some(look::page(StatusCode::OK, &page)))
}

fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Login => login::wrong(),
        Refusal::Locked(seconds) => login::locked(*seconds),
        Refusal::Busy => login::busy(),
        Refusal::Store(_) => login::unavailable(),
        Refusal::NotGranted(_) => "This account may not do what was asked for.".to_owned(),
        other => format!("{}.", other.description()),
    }
}

/// Gives a page the status and the headers that the refusal has for programs.
fn with_headers_of(refusal: Refusal, mut page: Response) -> Response {
    let told = refusal.into_response();
    *page.status_mut() = told.status();
    for name in [axum::http::header::RETRY_AFTER] {
        if let Some(value) = told.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// The issuer without its scheme: what a user sees in the address bar.
fn host(app: &App) -> &str {
    app.config.issuer.split_once("://").map_or(app.config.issuer.as_str(), |(_, host)| host)
}

fn notice(uri: &Uri) -> Option<&'static str> {
    let done = asked(uri, "done")?;
    NOTICES.into_iter().find(|(name, _)| *name == done).map(|(_, words)| words)
}

fn asked(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// `None` where a program asks, and not a page.
pub(super) fn page_next(asked: &Asked) -> Option<&str> {
    asked.wants_page().then(|| asked.field("next").map_or(ACCOUNT, |next| issue::next_of(Some(next))))
}
