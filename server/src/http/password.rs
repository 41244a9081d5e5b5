//! `POST /password`: a new password, for who is logged in and knows the old one. Every other
//! session of the account ends.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jot_login::account::Account;
use jot_login::password::check_new;
use jot_login::session::EndReason;
use zeroize::Zeroizing;

use super::answer::{Answer, Refusal, respond};
use super::asked::Asked;
use super::{issue, login, logout, pages};
use crate::app::App;
use crate::audit::Event;
use crate::clock;
use crate::store::{self, Database, StoreFault};

pub(super) async fn password(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    match answer(&app, &asked).await {
        Err(refusal) if asked.wants_page() => pages::password_refused(&app, &asked, refusal).await,
        answer => respond(answer),
    }
}

async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let id = logout::session_of(app, asked, now)?;
    let old = Zeroizing::new(asked.required("password", "password is missing")?.to_owned());
    let new = Zeroizing::new(asked.required("new_password", "new_password is missing")?.to_owned());
    // A form asks for it twice; a program need not.
    if asked.field("new_password_again").is_some_and(|again| again != new.as_str()) {
        return Err(Refusal::NewPassword("the two new passwords differ".to_owned()));
    }
    let owner = move |database: &mut dyn Database| match store::session(database, id)? {
        Some(session) if session.ended.is_none() => store::account_by_id(database, &session.account),
        _ => Ok(None),
    };
    let account = app.store.read(owner).await?.ok_or(Refusal::Grant("the session has ended"))?;
    // The old password is counted like that of a login: a session is no licence to guess.
    let account = login::authenticate(app, asked, Some(account.name), old, now).await?;
    check_new(&new, account.name.as_str()).map_err(|fault| Refusal::NewPassword(fault.to_string()))?;
    let hash = app.hasher.hash(new).await?;
    let hash = hash.ok_or_else(|| StoreFault::Database("the password cannot be hashed".to_owned()))?;
    let guard = app.config.guard;
    let trier = login::trier(asked, Some(&account.name));
    let (name, sub) = (account.name.clone(), account.id.clone());
    let work = move |database: &mut dyn Database| {
        let after = Account { password: Some(hash), ..account.clone() };
        if !store::change_account(database, &account, &after)? {
            return Ok(None);
        }
        store::succeed_attempt(database, &trier, &guard)?;
        store::end_sessions_of(database, &account.id, Some(id), EndReason::Password, now).map(Some)
    };
    let ended = app.store.write(work).await?.ok_or(Refusal::Login)?;
    let event = Event::new("password_changed", now).with("account", name.as_str()).with("sub", sub);
    app.tell(event.with("sid", id.to_text()).with("address", asked.address.to_string()));
    logout::tell(app, &ended, EndReason::Password, &asked.address.to_string(), now);
    app.publish(now).await?;
    if asked.wants_page() {
        return Ok(issue::see_other(issue::next_of(asked.field("next"))));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
