//! The endpoints.

mod address;
mod admin;
mod answer;
mod asked;
mod client;
mod cookies;
mod forward;
mod introspect;
mod issue;
mod login;
mod logout;
mod metadata;
mod pages;
mod password;
mod peer;
mod public;
mod revoke;
mod token;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, delete, get, post};
use jot_login::random;
use jot_show::debugger::{Debugger, Start};
use tower_http::csrf::CsrfLayer;
use tracing::Instrument as _;

use crate::app::App;
use crate::clock::{self, System};

pub(crate) use peer::Peer;

/// The endpoints, in the order of docs/server.md. Each counts under its name.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    let mut add = |path: &'static str, method: axum::routing::MethodRouter<Arc<App>>| {
        let counted = from_fn_with_state((Arc::clone(&app), path), count);
        router = std::mem::take(&mut router).route(path, method.layer(counted));
    };
    add("/", get(pages::front));
    add("/login", get(pages::login).post(login::login));
    add("/account", get(pages::account));
    add("/token", post(token::token));
    add("/logout", post(logout::logout));
    add("/password", post(password::password));
    add("/revoke", post(revoke::revoke));
    add("/introspect", post(introspect::introspect));
    add("/admin/accounts", get(admin::list).post(admin::add));
    add("/admin/accounts/{name}", get(admin::show).patch(admin::change));
    add("/admin/accounts/{name}/sessions", delete(admin::end_sessions));
    for gateway in ["/forward/nginx", "/forward/traefik", "/forward/caddy"] {
        add(gateway, any(forward::forward));
    }
    add("/forward/envoy/{audience}", any(forward::forward));
    add("/forward/envoy/{audience}/", any(forward::forward));
    add("/forward/envoy/{audience}/{*path}", any(forward::forward));
    add("/jwks.json", get(public::jwks));
    add("/revocations", get(public::revocations));
    add("/.well-known/oauth-authorization-server", get(metadata::server));
    // Where verifiers look that know the older name only (RFC 8414 §5).
    add("/.well-known/openid-configuration", get(metadata::server));
    add("/.well-known/oauth-protected-resource", get(metadata::resource));
    add("/.well-known/oauth-protected-resource/{*path}", get(metadata::resource));
    add("/healthz", get(public::healthz));
    add("/readyz", get(public::readyz));
    add("/metrics", get(public::metrics));
    add("/openapi.json", get(public::openapi));
    if app.config.pages.debugger {
        let verify = || async { issue::see_other("/debugger/verify") };
        router = router.route("/debugger", get(verify)).route("/debugger/", get(verify));
        router = router.nest("/debugger", jot_show::debugger::router(debugger(Arc::clone(&app))));
    }
    router
        .nest("/pages", jot_show::look::assets())
        // A page of another site cannot make a browser send these requests with its cookies.
        .layer(CsrfLayer::new())
        .with_state(app)
}

/// It begins with the keys of this service, and fetches none: it is open to strangers.
fn debugger(app: Arc<App>) -> Debugger {
    let start = move || {
        let keys = app.keyring.published(clock::now()).to_jwks().unwrap_or_default();
        Start { keys, ..Start::default() }
    };
    Debugger { fetch: None, start: Arc::new(start), now: clock::now }
}

/// Headers of every answer. What may be kept says so itself.
pub(crate) fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut unless_there = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_there(CACHE_CONTROL, "no-store");
    unless_there(X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_there(REFERRER_POLICY, "no-referrer");
    unless_there(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    response
}

/// Counts and tells the answer under the name of its route, which has no secret in it.
async fn count(
    State((app, path)): State<(Arc<App>, &'static str)>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id(request.headers());
    let span = tracing::info_span!("request", id = id.as_str(), method = %request.method(), path);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    app.metrics.answered(path, status);
    let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::debug!(status, microseconds = took, "answered"));
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name that a proxy gave the request, if it is one, or another.
fn request_id(headers: &HeaderMap) -> String {
    let is_plain = |id: &&str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (1..=64).contains(&id.len()) && id.bytes().all(is_allowed)
    };
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(is_plain);
    given.map_or_else(|| random::name(&mut System), str::to_owned)
}
