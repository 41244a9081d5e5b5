//! `/forward/…`: for gateways without a module of libjot. They ask about each request before
//! they pass it on; the answer is 200, 401 or 403, with whom the token is about in headers.
//!
//! | gateway | asks |
//! |---|---|
//! | nginx, `auth_request` | `GET /forward/nginx`; it passes 401 and 403 on, and takes headers by `auth_request_set` |
//! | Traefik `ForwardAuth`, Caddy `forward_auth` | `GET /forward/traefik`, `/forward/caddy`; they pass the whole answer on |
//! | Envoy, `ext_authz` over HTTP | any method, and the path of the request behind its `path_prefix`, `/forward/envoy/AUDIENCE` |
//!
//! `?audience=` says whose tokens count, and must be there; `scope=` what they must grant. From
//! Envoy the query is the client's, and says nothing. The token is that of `Authorization: Bearer`, or of the cookie of a page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use jot::{Claims, Code, Demand, Scratch};

use super::answer::Refusal;
use super::cookies;
use crate::app::App;
use crate::clock;

/// Claims that are passed on, and the headers that they get.
const PASSED: [(&str, &str); 4] = [
    ("sub", "x-jot-subject"),
    ("username", "x-jot-user"),
    ("scope", "x-jot-scope"),
    ("client_id", "x-jot-client"),
];

pub(super) async fn forward(State(app): State<Arc<App>>, request: Request) -> Response {
    let (audience, scope) = match request.uri().path().strip_prefix("/forward/envoy/") {
        Some(rest) => (rest.split('/').next().map(str::to_owned), None),
        None => (asked(request.uri(), "audience"), asked(request.uri(), "scope")),
    };
    // Without an audience the token of any other service would do.
    let Some(audience) = audience else {
        return Refusal::Request("the gateway must name the audience: ?audience=").into_response();
    };
    let audiences = [audience.as_str()];
    let demand = Demand { audiences: Some(&audiences), ..Demand::default() };
    let mut scratch = Scratch::new();
    let Some(token) = token(request.headers()) else {
        return Refusal::Token(Code::TokenNull).into_response();
    };
    let verdict = app.verifier.verdict_for(token, clock::now(), &demand, &mut scratch);
    let verified = match verdict.into_result() {
        Ok(verified) => verified,
        Err(rejection) => return Refusal::Token(rejection.code()).into_response(),
    };
    let claims = verified.claims();
    let scopes: Vec<&str> = scope.as_deref().unwrap_or_default().split_ascii_whitespace().collect();
    match claims.has_scopes(&scopes) {
        Ok(()) => accepted(&claims),
        Err(rejection) => Refusal::Token(rejection.code()).into_response(),
    }
}

/// A parameter of the query; none if it comes twice.
fn asked(uri: &Uri, name: &str) -> Option<String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut found = pairs.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned());
    let value = found.next()?;
    found.next().is_none().then_some(value)
}

/// A header that is there decides, also if it is of another scheme: whoever sends one means it.
fn token(headers: &HeaderMap) -> Option<&str> {
    match headers.get(AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        }
        None => cookies::read(headers, cookies::ACCESS),
    }
}

/// Each header is there, and empty for a claim that there is not: Envoy passes on what the
/// client says under a name that is not in the answer.
fn accepted(claims: &Claims<'_>) -> Response {
    let mut response = ().into_response();
    for (claim, header) in PASSED {
        let value = claims.claim(claim).and_then(|value| value.as_str());
        let value = value.and_then(|value| HeaderValue::from_str(value).ok());
        let value = value.unwrap_or(HeaderValue::from_static(""));
        response.headers_mut().insert(HeaderName::from_static(header), value);
    }
    response
}
