//! What everyone may read: keys, revocations, and how the service is.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::answer::Refusal;
use crate::app::App;
use crate::clock;
use crate::store::{self, StoreFault};

fn body(content_type: &'static str, cache: &str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(cache) = HeaderValue::from_str(cache) {
        headers.insert(CACHE_CONTROL, cache);
    }
    response
}

/// `GET /jwks.json`: the keys that sign, will sign, or have signed.
pub(super) async fn jwks(State(app): State<Arc<App>>) -> Response {
    match app.keyring.published(clock::now()).to_jwks() {
        Ok(jwks) => {
            let cache = format!("public, max-age={}", app.keyring.max_age());
            body("application/jwk-set+json", &cache, jwks)
        }
        Err(error) => Refusal::Store(StoreFault::Database(error.to_string())).into_response(),
    }
}

/// `GET /revocations`: the signed list. With `If-None-Match` and `Prefer: wait=N` (RFC 7240)
/// the answer comes when there is another list, or after so many seconds.
pub(super) async fn revocations(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let known = text(IF_NONE_MATCH);
    let mut lists = app.lists.watch();
    let wait = text(axum::http::HeaderName::from_static("prefer")).and_then(wait_of);
    if let (Some(known), Some(wait)) = (known, wait) {
        let seconds = wait.min(app.lists.settings().wait_seconds);
        tokio::select! {
            _ = lists.wait_for(|list| list.etag != known) => {}
            () = app.ending() => {}
            () = tokio::time::sleep(Duration::from_secs(seconds.into())) => {}
        }
    }
    let list = lists.borrow().clone();
    let cache = format!("public, max-age={}", app.lists.settings().poll_seconds);
    let mut response = if known == Some(list.etag.as_str()) {
        let mut response = body("application/revocations+jwt", &cache, String::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        body("application/revocations+jwt", &cache, list.token.clone())
    };
    if let Ok(etag) = HeaderValue::from_str(&list.etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

fn wait_of(prefer: &str) -> Option<u32> {
    let preferences = prefer.split([',', ';']).map(str::trim);
    preferences.filter_map(|one| one.strip_prefix("wait=")).find_map(|seconds| seconds.parse().ok())
}

/// `GET /healthz`: the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database can be written to, and the service is not ending.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Response {
    let written = app.store.write(store::revision).await;
    match written {
        Ok(_) if app.is_ready() => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// `GET /metrics`: the service's counts, and the engine's of its own tokens.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let gauges = [("password_hashes", "Passwords that are hashed or wait for it.", app.hasher.load())];
    let text = app.metrics.to_text(&gauges) + &app.verifier.statistics().to_prometheus();
    body("text/plain; version=0.0.4", "no-store", text)
}

/// `GET /openapi.json`: all of this for programs.
pub(super) async fn openapi() -> Response {
    body("application/json", "public, max-age=3600", include_str!("../../openapi.json").to_owned())
}
