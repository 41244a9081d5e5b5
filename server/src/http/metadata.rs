//! What clients and resources find out by themselves. What is not built is not in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HOST, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::answer::ok;
use crate::app::App;

fn cached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414). There is no authorization
/// endpoint, and so no response type.
pub(super) async fn server(State(app): State<Arc<App>>) -> Response {
    let issuer = &app.config.issuer;
    let own = app.config.clients.iter().flat_map(|client| &client.permissions.scopes);
    let resources = app.config.resources.iter().flat_map(|resource| &resource.scopes);
    let scopes: BTreeSet<&String> = own.chain(resources).collect();
    let methods = ["client_secret_basic", "client_secret_post"];
    let mut value = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks.json"),
        "response_types_supported": [],
        "grant_types_supported": ["refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint": format!("{issuer}/revoke"),
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint": format!("{issuer}/introspect"),
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_list_uri": format!("{issuer}/revocations"),
    });
    if let (Some(object), false) = (value.as_object_mut(), scopes.is_empty()) {
        object.insert("scopes_supported".to_owned(), scopes.into_iter().map(String::as_str).collect());
    }
    cached(ok(&value))
}

/// `GET /.well-known/oauth-protected-resource` (RFC 9728), passed on by the resource's own
/// server: host and path say which resource.
pub(super) async fn resource(State(app): State<Arc<App>>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = request.uri().path().strip_prefix("/.well-known/oauth-protected-resource").unwrap_or_default();
    let is_it = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.strip_prefix(host).is_some_and(|found| found.trim_end_matches('/') == path.trim_end_matches('/'))
    };
    let Some(resource) = app.config.resources.iter().find(|resource| is_it(&resource.url)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut value = json!({
        "resource": resource.url,
        "authorization_servers": [app.config.issuer],
        "bearer_methods_supported": ["header"],
    });
    if let (Some(object), false) = (value.as_object_mut(), resource.scopes.is_empty()) {
        object.insert("scopes_supported".to_owned(), resource.scopes.as_slice().into());
    }
    cached(ok(&value))
}
