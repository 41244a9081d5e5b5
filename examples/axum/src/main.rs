//! An axum server that asks for a bearer token: `cargo run` here, then
//! `curl -H "authorization: Bearer $TOKEN" http://127.0.0.1:3000/`.

use axum::Router;
use axum::routing::get;
use jot::{Alg, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use jot_tower::{Claims, Guard};

#[derive(serde::Deserialize)]
struct User {
    sub: String,
}

async fn hello(Claims(user): Claims<User>) -> String {
    format!("hello, {}\n", user.sub)
}

fn app(guard: Guard) -> Router {
    Router::new().route("/", get(hello)).with_state(guard)
}

/// A guard and a token for it. A real server reads its issuer's JWK Set.
fn world() -> Result<(Guard, String), Box<dyn std::error::Error>> {
    let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    let policy = Policy::new([Alg::ES256]).audience("api");
    let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    let exp = UnixSeconds::now().0 + 3600;
    let token = signer.sign_claims(format!(r#"{{"sub":"alice","aud":"api","exp":{exp}}}"#))?;
    Ok((Guard::builder(verifier).realm("hello").build()?, token))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (guard, token) = world()?;
    println!("TOKEN={token}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(guard)).await?)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn only_a_good_token_is_greeted() {
        let (guard, token) = world().unwrap();
        let app = app(guard);
        for (token, status, said) in [(&*token, 200, "hello, alice\n"), ("a.b.c", 401, "")] {
            let request = Request::get("/").header(AUTHORIZATION, format!("Bearer {token}"));
            let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers().contains_key(WWW_AUTHENTICATE), status == 401);
            assert_eq!(to_bytes(answer.into_body(), 1000).await.unwrap(), said);
        }
    }
}
