//! `POST /introspect` (RFC 7662): what a token is worth, for clients that may ask.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use jot::{Scratch, UnixSeconds};
use jot_login::json::Object;
use jot_login::refresh::{Presented, RefreshToken};
use jot_login::session::SessionId;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, ok, respond, written};
use super::asked::Asked;
use super::client::{Party, party};
use crate::app::App;
use crate::clock::{self, System};
use crate::store;

pub(super) async fn introspect(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    respond(answer(&app, &asked).await)
}

async fn answer(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    match party(app, asked)? {
        Party::Known(client) if client.may_introspect => {}
        _ => return Err(Refusal::Client),
    }
    let text = asked.required("token", "token is missing")?;
    if let Some(token) = RefreshToken::from_text(text, &app.master) {
        return Ok(ok(&refresh(app, token, now).await?));
    }
    let mut scratch = Scratch::new();
    // Why it is not is nobody's business (RFC 7662 §2.2).
    let Ok(verified) = app.verifier.verify(text, now, &mut scratch) else {
        return Ok(ok(&json!({"active": false})));
    };
    let object = Object::of_text(verified.claims().as_text());
    Ok(written(object.with("active", true).with("token_type", "Bearer")))
}

async fn refresh(app: &Arc<App>, token: RefreshToken, now: UnixSeconds) -> Result<Value, Refusal> {
    let id = SessionId(token.session());
    let found = app.store.read(move |database| store::session(database, id)).await?;
    let Some(session) = found.filter(|session| session.ended.is_none()) else {
        return Ok(json!({"active": false}));
    };
    let lives = &app.config.tokens.refresh;
    // Asked about and not presented: nothing is saved, and a stolen one is only told of.
    let presented = session.family.present(&token, lives, now, &app.master, &mut System);
    if !matches!(presented, Presented::Rotated { .. }) {
        return Ok(json!({"active": false}));
    }
    Ok(json!({
        "active": true,
        "sub": session.account,
        "client_id": session.client,
        "scope": session.grant.scope(),
        "sid": session.id.to_text(),
        "iss": app.config.issuer,
        "exp": session.family.expires_at(lives).0,
    }))
}
