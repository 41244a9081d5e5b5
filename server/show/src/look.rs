//! What every page has: its headers, the stylesheet and the icon.

use askama::Template;
use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

const STYLE: &str = include_str!("../assets/style.css");
const ICON: &str = include_str!("../assets/icon.svg");
const CONTINUE: &str = include_str!("../assets/continue.js");
const DEBUGGER: &str = include_str!("../assets/debugger.js");

/// A page may have its own style, script and icon, and send forms to where it came from.
/// Nothing else has an effect, whatever it contains.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Makes a response of a page.
pub fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, html).into_response();
            put_headers(response.headers_mut());
            response
        }
        // Only a value that cannot be displayed fails, and these pages have none.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn put_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        // Not `no-referrer`: with it the Origin of a form is `null`, by which no site is known.
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (OPENER_POLICY, "same-origin"),
        (RESOURCE_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Serves what pages ask for: `style.css`, `icon.svg` and their scripts.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new();
    for (path, content_type, content) in [
        ("/style.css", "text/css; charset=utf-8", STYLE),
        ("/icon.svg", "image/svg+xml", ICON),
        ("/continue.js", "text/javascript; charset=utf-8", CONTINUE),
        ("/debugger.js", "text/javascript; charset=utf-8", DEBUGGER),
    ] {
        router = router.route(path, get(move || async move { asset(content_type, content) }));
    }
    router
}

fn asset(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        // As long as a page may have the style of the version before.
        (CACHE_CONTROL, "public, max-age=300"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (RESOURCE_POLICY, "same-origin"),
    ];
    (headers, content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stylesheet_and_scripts_ask_for_nothing() {
        for content in [STYLE, ICON, CONTINUE, DEBUGGER] {
            for word in
                ["url(", "@import", "fetch(", "XMLHttpRequest", "http:", "https:", "WebSocket", "sendBeacon"]
            {
                let found = content.replace("http://www.w3.org/2000/svg", "").contains(word);
                assert!(!found, "{word}");
            }
        }
    }
}
