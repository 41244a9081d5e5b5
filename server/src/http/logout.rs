//! `POST /logout`: ends the session of a refresh token, a cookie or an access token; with
//! `everywhere=true` all sessions of the account. It is on the list of revocations before
//! the answer is on its way.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jot::{Scratch, UnixSeconds};
use jot_login::refresh::RefreshToken;
use jot_login::session::{EndReason, Session, SessionId};

use super::answer::{Answer, Refusal, respond};
use super::asked::Asked;
use super::{cookies, issue};
use crate::app::App;
use crate::audit::Event;
use crate::clock;
use crate::store::{self, Database, Outcome};

pub(super) async fn logout(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    respond(answer(&app, &asked).await)
}

async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let id = session_of(app, asked, now)?;
    let everywhere = asked.flag("everywhere");
    let work = move |database: &mut dyn Database| end(database, id, everywhere, now);
    let ended = app.store.write(work).await?;
    let reason = if everywhere { EndReason::Everywhere } else { EndReason::Logout };
    tell(app, &ended, reason, &asked.address.to_string(), now);
    app.publish(now).await?;
    let mut response = if asked.wants_page() {
        issue::see_other(issue::next_of(asked.field("next")))
    } else {
        StatusCode::NO_CONTENT.into_response()
    };
    issue::add_cookies(&mut response, &[cookies::clear(cookies::REFRESH), cookies::clear(cookies::ACCESS)]);
    Ok(response)
}

pub(super) fn tell(app: &App, ended: &[SessionId], reason: EndReason, address: &str, now: UnixSeconds) {
    for id in ended {
        app.metrics.happened("session_ended");
        let event = Event::new("session_ended", now).with("sid", id.to_text());
        app.tell(event.with("reason", reason.name()).with("address", address));
    }
}

fn end(
    database: &mut dyn Database,
    id: SessionId,
    everywhere: bool,
    now: UnixSeconds,
) -> Outcome<Vec<SessionId>> {
    let Some(session): Option<Session> = store::session(database, id)? else { return Ok(Vec::new()) };
    if everywhere {
        // Only who is still logged in may log the others out.
        if session.ended.is_some() {
            return Ok(Vec::new());
        }
        return store::end_sessions_of(database, &session.account, None, EndReason::Everywhere, now);
    }
    let is_ended = store::end_session(database, session, EndReason::Logout, now)?;
    Ok(if is_ended { vec![id] } else { Vec::new() })
}

/// Returns the session that the request belongs to.
///
/// # Errors
/// [`Refusal::Request`] if it has no token, [`Refusal::Token`] if the access token is not
/// valid, [`Refusal::Grant`] if the refresh token is not.
pub(super) fn session_of(app: &App, asked: &Asked, now: UnixSeconds) -> Result<SessionId, Refusal> {
    let refresh = asked.field("refresh_token").or_else(|| cookies::read(&asked.headers, cookies::REFRESH));
    if let Some(text) = refresh {
        let token = RefreshToken::from_text(text, &app.master);
        return token
            .map(|token| SessionId(token.session()))
            .ok_or(Refusal::Grant("this is no refresh token"));
    }
    let access = asked.authorization("bearer").ok_or(Refusal::Token(jot::Code::TokenNull))?;
    let mut scratch = Scratch::new();
    let verified = app.verifier.verify(access, now, &mut scratch);
    let verified = verified.map_err(|rejection| Refusal::Token(rejection.code()))?;
    let claims = verified.claims();
    let sid = claims.claim("sid").and_then(|sid| sid.as_str()).and_then(SessionId::from_text);
    sid.ok_or(Refusal::Request("the token belongs to no session"))
}
