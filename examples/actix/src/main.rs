//! An actix server that asks for a bearer token: `cargo run` here, then
//! `curl -H "authorization: Bearer $TOKEN" http://127.0.0.1:3000/`.
//!
//! actix has neither tower's services nor the `http` crate that they use, so an extractor of
//! the application's own asks the guard.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::{App, FromRequest, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use jot::{Alg, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use jot_tower::{Guard, Refusal, Token};

#[derive(serde::Deserialize)]
struct User {
    sub: String,
}

/// A request whose token the guard has let pass.
struct Guarded(Token);

/// A request that it has not.
#[derive(Debug)]
struct Refused(Refusal);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(challenge) = self.0.challenge() {
            response.insert_header((WWW_AUTHENTICATE, challenge.as_bytes()));
        }
        response.finish()
    }
}

impl FromRequest for Guarded {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(guard) = request.app_data::<Guard>() else { unreachable!("the application has a guard") };
        let values = request.headers().get_all(AUTHORIZATION).map(|value| value.as_bytes());
        ready(guard.verify_values(values).map(Self).map_err(Refused))
    }
}

async fn hello(Guarded(token): Guarded) -> Result<String, Refused> {
    let user: User = token.claims().map_err(Refused)?;
    Ok(format!("hello, {}\n", user.sub))
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

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (guard, token) = world()?;
    println!("TOKEN={token}");
    let app = move || App::new().app_data(guard.clone()).route("/", web::get().to(hello));
    Ok(HttpServer::new(app).bind("127.0.0.1:3000")?.run().await?)
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;

    #[actix_web::test]
    async fn only_a_good_token_is_greeted() {
        let (guard, token) = world().unwrap();
        let app = init_service(App::new().app_data(guard).route("/", web::get().to(hello))).await;
        for (token, status, said) in [(&*token, 200, "hello, alice\n"), ("a.b.c", 401, "")] {
            let request = TestRequest::get().insert_header((AUTHORIZATION, format!("Bearer {token}")));
            let answer = call_service(&app, request.to_request()).await;
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers().contains_key(WWW_AUTHENTICATE), status == 401);
            assert_eq!(read_body(answer).await, said);
        }
    }
}
