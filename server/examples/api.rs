//! An API that is guarded by tokens of `jotd`: `api PORT ISSUER AUDIENCE`, on this machine.
//! It follows the issuer's keys and revocations with `jot-fetch`. `make demo-login` runs it.
#![allow(clippy::print_stdout, reason = "it is a program for a terminal")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jot::jwks::KeeperOptions;
use jot::lists::ListOptions;
use jot::{Alg, Code, Policy, Scratch, UnixSeconds, Verifier};
use jot_fetch::{Fetcher, RemoteKeys};

type Fault = Box<dyn std::error::Error + Send + Sync>;

struct Guard {
    verifier: Arc<Verifier>,
    keys: RemoteKeys,
}

async fn orders(State(guard): State<Arc<Guard>>, headers: HeaderMap) -> Response {
    let Some(token) = headers.get(AUTHORIZATION).and_then(bearer) else { return refuse(Code::TokenNull) };
    let mut scratch = Scratch::new();
    match guard.verifier.verify(token, UnixSeconds::now(), &mut scratch) {
        Ok(verified) => {
            let claims = verified.claims();
            let name = claims.claim("username").and_then(|name| name.as_str());
            format!("two orders of {}\n", name.or(claims.subject()).unwrap_or("nobody")).into_response()
        }
        Err(rejection) => {
            // The key may have been published a moment ago; the next request finds it.
            if rejection.code() == Code::KidUnknown {
                guard.keys.ask();
            }
            refuse(rejection.code())
        }
    }
}

/// The token of a header; schemes are written in any case (RFC 9110 §11.1).
fn bearer(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token.trim_ascii())
}

/// What RFC 6750 says to a token with this code; the name of the code is for the reader.
fn refuse(code: Code) -> Response {
    let status = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = format!("{}\n", code.name());
    let challenge = match code.bearer_error() {
        Some(error) => format!("Bearer error=\"{error}\""),
        None if status == StatusCode::UNAUTHORIZED => "Bearer".to_owned(),
        None => return (status, body).into_response(),
    };
    (status, [(WWW_AUTHENTICATE, challenge)], body).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, issuer, audience] = arguments.as_slice() else {
        return Err("api PORT ISSUER AUDIENCE".into());
    };
    let fetcher = Fetcher::builder().build()?;
    let keys = fetcher.discover(issuer, KeeperOptions::default().allow_loopback())?;
    let verifier = keys.verifier(Policy::access_token(audience, [Alg::ES256]), |builder| builder)?;
    let list = format!("{issuer}/revocations");
    // As often as the issuer says, also each second.
    let options = ListOptions::default().poll_every(5, 1, 60).allow_loopback();
    let revoked = fetcher.revocations(&list, &keys, [Alg::ES256], options)?;
    revoked.feed(&verifier)?;
    keys.wait(Duration::from_secs(10))?;
    let guard = Arc::new(Guard { verifier, keys });
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().route("/orders", get(orders)).with_state(guard)).await?)
}
