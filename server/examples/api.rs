//! An API that is guarded by tokens of `jotd`: `api PORT ISSUER AUDIENCE`, on this machine.
//! It follows the issuer's keys and revocations with `jot-fetch`. `make demo-login` runs it.
#![allow(clippy::print_stdout, reason = "it is a program for a terminal")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jot::jwks::KeeperOptions;
use jot::lists::ListOptions;
use jot::{Alg, Policy, Verifier};
use jot_fetch::Fetcher;
use jot_tower::{Claims, Guard, Refusal};

type Fault = Box<dyn std::error::Error + Send + Sync>;

#[derive(serde::Deserialize)]
struct User {
    sub: String,
    username: Option<String>,
}

async fn orders(Claims(user): Claims<User>) -> String {
    format!("two orders of {}\n", user.username.unwrap_or(user.sub))
}

/// Writes the name of the code into a refusal, for the reader.
async fn explain(response: Response) -> Response {
    let Some(refusal) = response.extensions().get::<Refusal>() else { return response };
    let body = format!("{}\n", refusal.code());
    let (parts, _) = response.into_parts();
    (parts.status, parts.headers, body).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, issuer, audience] = arguments.as_slice() else {
        return Err("api PORT ISSUER AUDIENCE".into());
    };
    let fetcher = Fetcher::builder().build_async()?;
    let keys = fetcher.discover(issuer, KeeperOptions::default().allow_loopback())?;
    let policy = Policy::access_token(audience, [Alg::ES256]);
    let verifier = Arc::new(Verifier::builder(policy).issuer(issuer, &keys).build()?);
    let list = format!("{issuer}/revocations");
    // As often as the issuer says, also each second.
    let options = ListOptions::default().poll_every(5, 1, 60).allow_loopback();
    let revoked = fetcher.revocations(&list, &keys, [Alg::ES256], options)?;
    revoked.feed(&verifier)?;
    keys.wait(Duration::from_secs(10)).await?;
    // A key that was published a moment ago is fetched when its first token comes.
    let guard = Guard::builder(verifier).realm("orders").keys([keys], Duration::from_secs(2)).build()?;
    let app = Router::new().route("/orders", get(orders)).layer(map_response(explain)).with_state(guard);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
