//! `POST /logout`: ends the session of a refresh token, a cookie or an access token; with
//! `everywhere=true` all sessions of the account, with `others=true` all but this one, with
//! `session=` another one of the same account. It is on the list of revocations before
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
use super::{cookies, issue, pages};
use crate::app::App;
use crate::audit::Event;
use crate::clock;
use crate::store::{self, Database, Outcome};

pub(super) async fn logout(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    match (answer(&app, &asked).await, pages::page_next(&asked)) {
        // Whoever uses a page and is not signed in has nothing to sign out of.
        (Err(Refusal::Grant(_) | Refusal::Token(_)), Some(_)) => pages::to_login("/account", "signed-out"),
        (Err(refusal), Some(next)) => pages::login_refused(&app, "", next, refusal),
        (answer, _) => respond(answer),
    }
}

/// Which sessions are to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Own,
    All,
    /// All but the own one.
    Others,
    /// Another one of the same account.
    One(SessionId),
}

impl Which {
    fn of(asked: &Asked) -> Result<Self, Refusal> {
        let one = asked.field("session").map(|text| {
            SessionId::from_text(text)
                .map(Self::One)
                .ok_or(Refusal::Request("session is no name of a session"))
        });
        match (asked.flag("everywhere"), asked.flag("others"), one.transpose()?) {
            (false, false, None) => Ok(Self::Own),
            (true, false, None) => Ok(Self::All),
            (false, true, None) => Ok(Self::Others),
            (false, false, Some(one)) => Ok(one),
            _ => Err(Refusal::Request("everywhere, others and session exclude each other")),
        }
    }

    const fn reason(self) -> EndReason {
        match self {
            Self::Own => EndReason::Logout,
            Self::All => EndReason::Everywhere,
            Self::Others | Self::One(_) => EndReason::Elsewhere,
        }
    }
}

async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let id = session_of(app, asked, now)?;
    let which = Which::of(asked)?;
    let work = move |database: &mut dyn Database| end(database, id, which, now);
    let ended = app.store.write(work).await?;
    tell(app, &ended, which.reason(), &asked.address.to_string(), now);
    app.publish(now).await?;
    let mut response = match asked.wants_page() {
        true => issue::see_other(issue::next_of(asked.field("next"))),
        false => StatusCode::NO_CONTENT.into_response(),
    };
    if matches!(which, Which::Own | Which::All) {
        cookies::clear_all(response.headers_mut());
    }
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
    which: Which,
    now: UnixSeconds,
) -> Outcome<Vec<SessionId>> {
    let Some(session): Option<Session> = store::session(database, id)? else { return Ok(Vec::new()) };
    let reason = which.reason();
    // Only who is still logged in may log the others out.
    if which != Which::Own && session.ended.is_some() {
        return Ok(Vec::new());
    }
    let one = match which {
        Which::All => return store::end_sessions_of(database, &session.account, None, reason, now),
        Which::Others => return store::end_sessions_of(database, &session.account, Some(id), reason, now),
        Which::Own => session,
        Which::One(other) => match store::session(database, other)? {
            Some(other) if other.account == session.account => other,
            // Whether there is such a session is nobody else's business.
            _ => return Ok(Vec::new()),
        },
    };
    let id = one.id;
    let is_ended = store::end_session(database, one, reason, now)?;
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
