//! Tokens, made and handed out.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::Response;
use jot::UnixSeconds;
use jot_login::account::{Account, Grant};
use jot_login::claims::{AccessClaims, Subject};
use jot_login::json::Object;
use jot_login::random;
use jot_login::refresh::RefreshToken;
use jot_login::session::Session;

use super::answer::{Refusal, written};
use super::cookies;
use crate::app::App;
use crate::clock::System;
use crate::store::StoreFault;

/// An access token and its `jti`.
pub(super) struct Access {
    pub(super) token: String,
    pub(super) jti: String,
}

/// How the tokens get to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// Both in the JSON: for programs.
    Body,
    /// The access token in the JSON, the refresh token in a cookie: for scripts of a page.
    Mixed,
    /// Both in cookies, and on to another page: for forms.
    Cookies,
}

pub(super) fn access(
    app: &App,
    client: &str,
    subject: Subject<'_>,
    grant: &Grant,
    now: UnixSeconds,
) -> Result<Access, Refusal> {
    let jti = random::name(&mut System);
    let seconds = app.config.tokens.access_seconds;
    let claims = AccessClaims { issuer: &app.config.issuer, client, subject, grant, jti: &jti, now, seconds };
    let token = app.keyring.sign("at+jwt", &claims.to_json(), now);
    let token = token.ok_or_else(|| StoreFault::Database("there is no key to sign with".to_owned()))?;
    Ok(Access { token, jti })
}

pub(super) fn access_of_user(
    app: &App,
    account: &Account,
    session: &Session,
    grant: &Grant,
    now: UnixSeconds,
) -> Result<Access, Refusal> {
    let sid = session.id.to_text();
    let subject = Subject::User {
        id: &account.id,
        name: account.name.as_str(),
        roles: &account.roles,
        sid: &sid,
        auth_time: session.family.started,
    };
    access(app, &session.client, subject, grant, now)
}

/// What is said of an access token (RFC 6749 §5.1).
pub(super) fn bearer(app: &App, access: &Access, grant: &Grant) -> Object {
    let object = Object::new().with("access_token", &access.token).with("token_type", "Bearer");
    object.with("expires_in", app.config.tokens.access_seconds).with("scope", grant.scope())
}

/// The answer with both tokens.
pub(super) fn hand_out(
    app: &App,
    access: &Access,
    session: &Session,
    refresh: &RefreshToken,
    grant: &Grant,
    (delivery, next): (Delivery, &str),
    now: UnixSeconds,
) -> Response {
    let seconds = app.config.tokens.access_seconds;
    let value = bearer(app, access, grant);
    let refresh_text = refresh.to_text(&app.master);
    if delivery == Delivery::Body {
        return written(value.with("refresh_token", refresh_text));
    }
    let life = session.family.expires_at(&app.config.tokens.refresh).0.saturating_sub(now.0);
    let mut set = vec![cookies::set(cookies::REFRESH, &refresh_text, life)];
    let mut response = written(value);
    if delivery == Delivery::Cookies {
        set.push(cookies::set(cookies::ACCESS, &access.token, seconds.into()));
        response = see_other(next);
    }
    cookies::add(response.headers_mut(), &set);
    response
}

pub(super) fn see_other(next: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(next) = HeaderValue::from_str(next) {
        response.headers_mut().insert(LOCATION, next);
    }
    response
}

/// Where to go after a login: a path of this host, or `/`. `//host`, `/\host` and anything
/// with a character that URLs do not have lead elsewhere in some browser.
pub(super) fn next_of(text: Option<&str>) -> &str {
    let is_path = |text: &&str| {
        text.starts_with('/')
            && !text.starts_with("//")
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    text.filter(is_path).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_leads_nowhere_else() {
        for (next, wanted) in [
            ("/a?b=c#d", "/a?b=c#d"),
            ("/", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/a\r\nb", "/"),
            ("", "/"),
        ] {
            assert_eq!(next_of(Some(next)), wanted, "{next:?}");
        }
        assert_eq!(next_of(None), "/");
    }
}
