//! `POST /revoke` (RFC 7009): a client gives a token back. A refresh token ends its session;
//! an access token is on the list of revocations until it expires.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use jot::{Scratch, UnixSeconds};
use jot_login::claims::Revoked;
use jot_login::refresh::RefreshToken;
use jot_login::session::{EndReason, SessionId};

use super::answer::{Answer, Refusal, done, respond};
use super::asked::Asked;
use super::client::party;
use super::logout;
use crate::app::App;
use crate::audit::Event;
use crate::clock;
use crate::store::{self, Database, Outcome};

pub(super) async fn revoke(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    respond(answer(&app, &asked).await)
}

/// `token_type_hint` is not needed: the two kinds look different.
async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let client = party(app, asked)?.id(app).to_owned();
    let text = asked.required("token", "token is missing")?;
    let address = asked.address.to_string();
    if let Some(token) = RefreshToken::from_text(text, &app.master) {
        let id = SessionId(token.session());
        let work = move |database: &mut dyn Database| end(database, id, &client, now);
        let is_ended = app.store.write(work).await?.ok_or(OTHER_CLIENT)?;
        if is_ended {
            logout::tell(app, &[id], EndReason::Revoked, &address, now);
            app.publish(now).await?;
        }
        return Ok(done());
    }
    let mut scratch = Scratch::new();
    // A token that is not valid needs no revocation (RFC 7009 §2.2).
    let Ok(verified) = app.verifier.verify(text, now, &mut scratch) else { return Ok(done()) };
    let claims = verified.claims();
    if claims.claim("client_id").and_then(|id| id.as_str()) != Some(&client) {
        return Err(OTHER_CLIENT);
    }
    let (Some(jti), Some(exp)) = (claims.jwt_id().map(str::to_owned), claims.expires_at()) else {
        return Ok(done());
    };
    let until = UnixSeconds(exp.floor().0.saturating_add(1));
    let revoked = Revoked::Token(jti.clone());
    app.store.write(move |database| store::revoke(database, &revoked, until)).await?;
    app.metrics.happened("token_revoked");
    app.tell(Event::new("token_revoked", now).with("jti", jti).with("address", address));
    app.publish(now).await?;
    Ok(done())
}

const OTHER_CLIENT: Refusal = Refusal::Grant("the token was issued to another client");

/// Returns whether it ended; `None` if the session is another client's.
fn end(database: &mut dyn Database, id: SessionId, client: &str, now: UnixSeconds) -> Outcome<Option<bool>> {
    match store::session(database, id)? {
        Some(session) if session.client != client => Ok(None),
        Some(session) => store::end_session(database, session, EndReason::Revoked, now).map(Some),
        None => Ok(Some(false)),
    }
}
