//! An axum server that asks for a bearer token: `cargo run` here, then
//! `curl -H "authorization: Bearer $TOKEN" http://127.0.0.1:3000/`.
//!
//! The claims borrow from the scratch, and both live across the `.await` of the
//! handler, because the results of a verification are `Send`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};

async fn hello(State(verifier): State<Arc<Verifier>>, headers: HeaderMap) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    // A server with much to do keeps a pool of them: one remembers headers.
    let mut scratch = Scratch::new();
    let verified = match verifier.verify(token.unwrap_or_default(), UnixSeconds::now(), &mut scratch) {
        Ok(verified) => verified,
        Err(rejection) => return refuse(rejection.code()),
    };
    // A database, say: the task may go on in another thread.
    tokio::time::sleep(Duration::from_millis(1)).await;
    format!("hello, {}\n", verified.claims().subject().unwrap_or("stranger")).into_response()
}

/// What RFC 6750 says to a token with this code.
fn refuse(code: Code) -> Response {
    let status = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match code.bearer_error() {
        Some(error) => (status, [(WWW_AUTHENTICATE, format!("Bearer error=\"{error}\""))]).into_response(),
        None if status == StatusCode::UNAUTHORIZED => {
            (status, [(WWW_AUTHENTICATE, "Bearer")]).into_response()
        }
        None => status.into_response(),
    }
}

fn app(verifier: Verifier) -> Router {
    Router::new().route("/", get(hello)).with_state(Arc::new(verifier))
}

/// A verifier and a token for it. A real server reads its issuer's JWK Set.
fn world() -> Result<(Verifier, String), jot::Error> {
    let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    let policy = Policy::new([Alg::ES256]).audience("api");
    let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    let exp = UnixSeconds::now().0 + 3600;
    let token = signer.sign_claims(format!(r#"{{"sub":"alice","aud":"api","exp":{exp}}}"#))?;
    Ok((verifier, token))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (verifier, token) = world()?;
    println!("TOKEN={token}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(verifier)).await?)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn only_a_good_token_is_greeted() {
        let (verifier, token) = world().unwrap();
        let app = app(verifier);
        for (token, status, said) in [(&*token, 200, "hello, alice\n"), ("a.b.c", 401, "")] {
            let request = Request::get("/").header(AUTHORIZATION, format!("Bearer {token}"));
            let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers().contains_key(WWW_AUTHENTICATE), status == 401);
            assert_eq!(to_bytes(answer.into_body(), 1000).await.unwrap(), said);
        }
    }
}
