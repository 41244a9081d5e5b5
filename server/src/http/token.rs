//! `POST /token` (RFC 6749 §3.2): a refresh token, or a client's secret, for an access token.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use jot::UnixSeconds;
use jot_login::account::{Account, Grant, NotGranted};
use jot_login::claims::Subject;
use jot_login::refresh::{Presented, RefreshToken};
use jot_login::session::{EndReason, Session, SessionId};

use super::answer::{Answer, Refusal, respond, written};
use super::asked::Asked;
use super::client::{Party, party};
use super::issue::{self, Delivery};
use super::{cookies, pages};
use crate::app::App;
use crate::audit::Event;
use crate::clock::{self, System};
use crate::config::Config;
use crate::store::{self, Database, Outcome};
use jot_login::master::MasterKey;

/// One text for every token that gives nothing: a thief learns nothing from it.
const NO_TOKEN: Refusal = Refusal::Grant("the refresh token is unknown, used, expired or revoked");

pub(super) async fn token(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let grant_type = asked.required("grant_type", "grant_type is missing");
    let answer = match grant_type {
        Ok("refresh_token") => refresh(&app, &asked).await,
        Ok("client_credentials") => client_credentials(&app, &asked),
        Ok(_) => Err(Refusal::GrantType),
        Err(refusal) => Err(refusal),
    };
    match (answer, pages::page_next(&asked)) {
        // The session has ended; whoever uses the page signs in again.
        (Err(Refusal::Grant(_)), Some(next)) => {
            let mut response = pages::to_login(next, "expired");
            cookies::clear_all(response.headers_mut());
            response
        }
        (Err(refusal), Some(next)) => pages::login_refused(&app, "", next, refusal),
        (answer, None) | (answer @ Ok(_), _) => respond(answer),
    }
}

/// A client's own token (RFC 6749 §4.4). It needs no store, and there is no refresh token.
fn client_credentials(app: &App, asked: &Asked) -> Answer {
    let now = clock::now();
    let Party::Known(client) = party(app, asked)? else { return Err(Refusal::Client) };
    let grant = client.permissions.grant(asked.field("scope"), &asked.audiences())?;
    let access = issue::access(app, &client.id, Subject::Client, &grant, now)?;
    app.metrics.happened("client_token");
    app.tell(
        Event::new("client_token", now)
            .with("client", client.id.as_str())
            .with("jti", access.jti.as_str())
            .with("address", asked.address.to_string()),
    );
    Ok(written(issue::bearer(app, &access, &grant)))
}

/// What a refresh comes to, in the database.
enum Refreshed {
    Issued {
        account: Box<Account>,
        session: Box<Session>,
        successor: RefreshToken,
        grant: Grant,
        is_repeat: bool,
    },
    NotGranted(NotGranted),
    /// A replaced token came again: the session was ended.
    Stolen(String),
    Nothing,
}

async fn refresh(app: &Arc<App>, asked: &Asked) -> Answer {
    let now = clock::now();
    let client = party(app, asked)?.id(app).to_owned();
    let (text, delivery) =
        match (asked.field("refresh_token"), cookies::read(&asked.headers, cookies::REFRESH)) {
            (Some(text), _) => (text, Delivery::Body),
            (None, Some(text)) if asked.wants_page() => (text, Delivery::Cookies),
            (None, Some(text)) => (text, Delivery::Mixed),
            (None, None) => return Err(Refusal::Request("refresh_token is missing")),
        };
    let token = RefreshToken::from_text(text, &app.master).ok_or(NO_TOKEN)?;
    let scope = asked.field("scope").map(str::to_owned);
    let audiences: Vec<String> = asked.audiences().into_iter().map(str::to_owned).collect();
    let shared = Arc::clone(app);
    let work = move |database: &mut dyn Database| {
        let wanted = Wanted { client: &client, scope: scope.as_deref(), audiences: &audiences };
        rotate(database, &shared.config, &shared.master, &token, &wanted, now)
    };
    match app.store.write(work).await? {
        Refreshed::Issued { account, session, successor, grant, is_repeat } => {
            let access = issue::access_of_user(app, &account, &session, &grant, now)?;
            let next = pages::page_next(asked).unwrap_or_default();
            app.metrics.happened(if is_repeat { "refresh_repeated" } else { "refresh" });
            app.tell(
                Event::new("refresh", now)
                    .with("sub", account.id.as_str())
                    .with("sid", session.id.to_text())
                    .with("jti", access.jti.as_str())
                    .with("generation", session.family.generation)
                    .with("repeated", is_repeat)
                    .with("address", asked.address.to_string()),
            );
            Ok(issue::hand_out(app, &access, &session, &successor, &grant, (delivery, next), now))
        }
        Refreshed::NotGranted(refused) => Err(refused.into()),
        Refreshed::Stolen(sid) => {
            app.metrics.happened("refresh_reused");
            let event = Event::new("session_ended", now).with("sid", sid).with("reason", "reuse");
            app.tell(event.with("address", asked.address.to_string()));
            app.publish(now).await?;
            Err(NO_TOKEN)
        }
        Refreshed::Nothing => {
            app.metrics.happened("refresh_refused");
            Err(NO_TOKEN)
        }
    }
}

/// Who wants what.
struct Wanted<'a> {
    client: &'a str,
    scope: Option<&'a str>,
    audiences: &'a [String],
}

/// The whole refresh, as one compare-and-set.
fn rotate(
    database: &mut dyn Database,
    config: &Config,
    master: &MasterKey,
    token: &RefreshToken,
    wanted: &Wanted<'_>,
    now: UnixSeconds,
) -> Outcome<Refreshed> {
    let found = store::session(database, SessionId(token.session()))?;
    let is_its = |session: &Session| session.client == wanted.client && session.ended.is_none();
    let Some(session) = found.filter(is_its) else { return Ok(Refreshed::Nothing) };
    let before = session.family.generation;
    let presented = session.family.present(token, &config.tokens.refresh, now, master, &mut System);
    let (family, successor, is_repeat) = match presented {
        Presented::Rotated { family, successor } => (family, successor, false),
        Presented::Repeated { successor } => (session.family.clone(), successor, true),
        Presented::Superseded | Presented::Expired => return Ok(Refreshed::Nothing),
        Presented::Reused => {
            let sid = session.id.to_text();
            store::end_session(database, session, EndReason::Reuse, now)?;
            return Ok(Refreshed::Stolen(sid));
        }
    };
    // Before anything is saved: whoever asks for too much keeps the token.
    let audiences: Vec<&str> = wanted.audiences.iter().map(String::as_str).collect();
    let grant = match session.grant.narrowed(wanted.scope, &audiences) {
        Ok(grant) => grant,
        Err(refused) => return Ok(Refreshed::NotGranted(refused)),
    };
    let account = store::account_by_id(database, &session.account)?;
    let Some(account) = account.filter(|account| !account.is_disabled) else { return Ok(Refreshed::Nothing) };
    let session = Session { family, ..session }.issued(config.tokens.access_seconds, now);
    if !store::save_family(database, &session, before)? {
        return Ok(Refreshed::Nothing);
    }
    Ok(Refreshed::Issued {
        account: Box::new(account),
        session: Box::new(session),
        successor,
        grant,
        is_repeat,
    })
}
