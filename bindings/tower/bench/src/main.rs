//! Measures a guarded handler of axum, and prints a table of Markdown: `jot-tower-bench`.
//!
//! Each guard has the same keys and tokens and hands typed claims to the same handler. They take
//! turns in one run, on one thread, without sockets; every answer is checked. What is compared
//! is the processor time of a request.
#![allow(
    clippy::print_stdout,
    reason = "it is a program for a terminal, and it may stop at the first thing that is wrong"
)]

use std::time::Duration;

use cpu_time::ThreadTime;
use jot::backend::Backend;
use jot::{Alg, CacheSize, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use tower::ServiceExt;

type Fault = Box<dyn std::error::Error + Send + Sync>;

const ROUNDS: usize = 9;
const TOKENS: usize = 64;
const AUDIENCE: &str = "api";

#[derive(Clone, serde::Deserialize, serde::Serialize)]
struct User {
    sub: String,
}

/// A guarded handler, which answers with the subject.
enum App {
    Axum(axum::Router),
    Axum07(axum_07::Router),
}

impl App {
    /// Sends a request; returns `true` if it is greeted.
    async fn greets(&self, authorization: &str) -> Result<bool, Fault> {
        Ok(match self {
            Self::Axum(app) => {
                let request = axum::http::Request::get("/").header("authorization", authorization);
                let request = request.body(axum::body::Body::empty())?;
                app.clone().oneshot(request).await?.status() == 200
            }
            Self::Axum07(app) => {
                let request = axum_07::http::Request::get("/").header("authorization", authorization);
                let request = request.body(axum_07::body::Body::empty())?;
                app.clone().oneshot(request).await?.status() == 200
            }
        })
    }
}

struct Contender {
    name: &'static str,
    app: App,
    /// Microseconds of a request, round by round.
    spent: Vec<f64>,
}

fn unguarded() -> App {
    App::Axum(axum::Router::new().route("/", axum::routing::get(|| async { "alice" })))
}

fn ours(keys: KeySet, alg: Alg, backend: Backend, cache: Option<CacheSize>) -> Result<App, Fault> {
    async fn hello(jot_tower::Claims(user): jot_tower::Claims<User>) -> String {
        user.sub
    }
    let policy = Policy::new([alg]).audience(AUDIENCE);
    let verifier = Verifier::builder(policy).keys(keys).backend(backend);
    let verifier = cache.into_iter().fold(verifier, jot::VerifierBuilder::cache).build()?;
    let guard = jot_tower::Guard::builder(verifier).build()?;
    Ok(App::Axum(axum::Router::new().route("/", axum::routing::get(hello)).with_state(guard)))
}

async fn authorizer(jwks: &str, secret: &str, alg: Alg) -> Result<App, Fault> {
    use jwt_authorizer::{IntoLayer, JwtAuthorizer, JwtClaims, Validation};

    async fn hello(JwtClaims(user): JwtClaims<User>) -> String {
        user.sub
    }
    let builder: jwt_authorizer::AuthorizerBuilder<User> = match alg {
        Alg::HS256 => JwtAuthorizer::from_secret(secret),
        _ => JwtAuthorizer::from_jwks_text(jwks),
    };
    let validation = Validation::new().aud(&[AUDIENCE]);
    let authorizer = builder.validation(validation).build().await?;
    let app = axum_07::Router::new().route("/", axum_07::routing::get(hello));
    Ok(App::Axum07(app.layer(authorizer.into_layer())))
}

impl axum_jwks::ParseTokenClaims for User {
    type Rejection = axum_jwks::TokenError;
}

fn jwks(set: &str) -> Result<App, Fault> {
    async fn hello(axum_jwks::Claims(user): axum_jwks::Claims<User>) -> String {
        user.sub
    }
    let set = serde_json::from_str(set)?;
    let jwks = axum_jwks::Jwks::from_jwk_set(set, Some(AUDIENCE), None)?;
    Ok(App::Axum(axum::Router::new().route("/", axum::routing::get(hello)).with_state(jwks)))
}

/// Microseconds of processor time for each request.
async fn measure(app: &App, tokens: &[String]) -> Result<f64, Fault> {
    let begun = ThreadTime::now();
    let mut count = 0.0;
    while begun.elapsed() < Duration::from_millis(150) {
        for token in tokens {
            if !app.greets(token).await? {
                return Err("a good token is refused".into());
            }
        }
        count += tokens.len() as f64;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / count)
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    println!(
        "| | {} |",
        ["no guard", "jot-tower", "accelerated", "with a cache", "jwt-authorizer", "axum-jwks"].join(" | ")
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for alg in [Alg::HS256, Alg::RS256, Alg::ES256, Alg::EdDSA] {
        let secret = "a secret of more than thirty-two bytes";
        let key = match alg {
            Alg::HS256 => SigningKey::from_secret(secret.as_bytes(), &jot::KeyOptions::default())?,
            _ => SigningKey::generate(alg)?,
        };
        let key = key.with_kid("2026-01");
        let keys = || -> Result<KeySet, Fault> { Ok(KeySet::new([key.verifying_key()?])) };
        let set = if alg == Alg::HS256 { String::new() } else { keys()?.to_jwks()? };
        let mut contenders = vec![
            ("no guard", unguarded()),
            ("jot-tower", ours(keys()?, alg, Backend::AwsLc, None)?),
            ("accelerated", ours(keys()?, alg, Backend::Auto, None)?),
            ("with a cache", ours(keys()?, alg, Backend::AwsLc, Some(CacheSize::Entries(1000)))?),
            ("jwt-authorizer", authorizer(&set, secret, alg).await?),
        ];
        if alg == Alg::RS256 {
            contenders.push(("axum-jwks", jwks(&set)?));
        }
        let mut contenders: Vec<Contender> =
            contenders.into_iter().map(|(name, app)| Contender { name, app, spent: Vec::new() }).collect();
        let signer = Signer::new(key);
        let exp = UnixSeconds::now().0.saturating_add(3600);
        let token = |number: usize| {
            let filler = "x".repeat(300);
            let claims = format!(
                r#"{{"iss":"https://issuer.example","aud":"{AUDIENCE}","sub":"alice-{number}","exp":{exp},"scope":"orders:read","filler":"{filler}"}}"#
            );
            Ok(format!("Bearer {}", signer.sign_claims(claims)?))
        };
        let tokens = (0..TOKENS).map(token).collect::<Result<Vec<_>, Fault>>()?;
        for contender in &contenders {
            let forged = tokens.first().map(|token| format!("{token}AAAA")).unwrap_or_default();
            if contender.name != "no guard" && contender.app.greets(&forged).await? {
                return Err(format!("{} greets a forged token", contender.name).into());
            }
        }
        for _ in 0..ROUNDS {
            for contender in &mut contenders {
                contender.spent.push(measure(&contender.app, &tokens).await?);
            }
        }
        let figures: Vec<String> =
            contenders.into_iter().map(|contender| format!("{:.2}", median(contender.spent))).collect();
        println!("| {} | {} |{}", alg.name(), figures.join(" | "), if alg == Alg::RS256 { "" } else { " |" });
    }
    Ok(())
}
