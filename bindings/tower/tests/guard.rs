//! What a guard does with requests, in services of tower, axum and tonic.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::FromRef;
use axum::routing::{get, post};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, Request, StatusCode};
use jot::{Alg, CacheSize, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use jot_tower::{Claims, Guard, GuardFault, Reason, Refusal, Token};
use tower::ServiceExt;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

#[derive(serde::Deserialize)]
struct User {
    sub: String,
}

async fn hello(Claims(user): Claims<User>) -> String {
    user.sub
}

async fn perhaps(user: Option<Claims<User>>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |Claims(user)| user.sub)
}

struct Issuer {
    signer: Signer,
    verifier: Arc<Verifier>,
}

impl Issuer {
    fn new() -> Self {
        let signer = Signer::new(SigningKey::generate(Alg::HS256).unwrap());
        let keys = KeySet::new([signer.key().verifying_key().unwrap()]);
        let policy = Policy::new([Alg::HS256]).audience("api");
        let verifier = Verifier::builder(policy).keys(keys).cache(CacheSize::Entries(64)).build().unwrap();
        Self { signer, verifier: Arc::new(verifier) }
    }

    fn token(&self, more: &str) -> String {
        let claims = format!(r#"{{"aud":"api","exp":{}{more}}}"#, NOW.0 + 60);
        self.signer.sign_claims(claims).unwrap()
    }

    fn guard(&self) -> Guard {
        Guard::builder(Arc::clone(&self.verifier)).realm("test").clock(|| NOW).build().unwrap()
    }
}

/// A request and what came of it: status, challenge, body, code.
async fn ask(app: &Router, method: &str, path: &str, values: &[String]) -> (u16, String, String, String) {
    let mut request = Request::builder().method(method).uri(path);
    for value in values {
        request = request.header(AUTHORIZATION, value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let challenge = response.headers().get(WWW_AUTHENTICATE).map(|value| value.to_str().unwrap().to_owned());
    let code = response.extensions().get::<Refusal>().map(|refusal| refusal.code().to_owned());
    let status = response.status().as_u16();
    let body = String::from_utf8(to_bytes(response.into_body(), 1000).await.unwrap().to_vec()).unwrap();
    (status, challenge.unwrap_or_default(), body, code.unwrap_or_default())
}

fn bearer(token: &str) -> Vec<String> {
    vec![format!("Bearer {token}")]
}

#[tokio::test]
async fn extractor_greets_good_tokens_and_challenges_others() {
    let issuer = Issuer::new();
    let app = Router::new().route("/", get(hello)).route("/perhaps", get(perhaps)).with_state(issuer.guard());
    let good = issuer.token(r#","sub":"alice""#);

    let (status, challenge, body, _) = ask(&app, "GET", "/", &bearer(&good)).await;
    assert_eq!((status, &*challenge, &*body), (200, "", "alice"));

    let (status, challenge, _, code) = ask(&app, "GET", "/", &[]).await;
    assert_eq!((status, &*challenge, &*code), (401, r#"Bearer realm="test""#, "token_null"));

    let twice = [bearer(&good), bearer(&good)].concat();
    let (status, challenge, _, code) = ask(&app, "GET", "/", &twice).await;
    assert_eq!((status, &*code), (400, "token_repeated"));
    assert!(challenge.contains(r#"error="invalid_request""#), "{challenge}");

    let (status, challenge, _, code) = ask(&app, "GET", "/", &bearer(&format!("{good}x"))).await;
    assert_eq!((status, &*code), (401, "signature_invalid"));
    assert!(challenge.contains(r#"error="invalid_token", error_description=""#), "{challenge}");

    // Accepted by the engine, but the handler wants a `sub`.
    let (status, challenge, _, code) = ask(&app, "GET", "/", &bearer(&issuer.token(""))).await;
    assert_eq!((status, &*code), (401, "claims_unfit"));
    assert!(challenge.contains(r#"error="invalid_token""#), "{challenge}");

    let anonymous = [vec![], vec!["Basic YTpi".to_owned()]];
    for values in anonymous {
        let (status, _, body, _) = ask(&app, "GET", "/perhaps", &values).await;
        assert_eq!((status, &*body), (200, "nobody"));
    }
    assert_eq!(ask(&app, "GET", "/perhaps", &bearer("a.b.c")).await.0, 401);
    assert_eq!(ask(&app, "GET", "/perhaps", &bearer(&good)).await.2, "alice");
}

#[tokio::test]
async fn routes_demand_their_scopes() {
    let issuer = Issuer::new();
    let guard = issuer.guard();
    let readers = guard.with_scopes(["orders:read"]).unwrap();
    let writers = readers.with_scopes(["orders:write"]).unwrap();
    let reading = get(hello).layer(readers.layer());
    let app = Router::new().route("/", reading.merge(post(hello).layer(writers.layer()))).with_state(guard);
    let of = |scopes: &str| bearer(&issuer.token(&format!(r#","sub":"alice","scope":"{scopes}""#)));

    for (method, scopes, status) in [
        ("GET", "orders:read", 200),
        ("GET", "orders:write", 403),
        ("POST", "orders:read", 403),
        ("POST", "orders:write", 403),
        ("POST", "orders:write orders:read", 200),
    ] {
        let (answered, challenge, _, code) = ask(&app, method, "/", &of(scopes)).await;
        assert_eq!(answered, status, "{method} {scopes}");
        if status == 403 {
            let wanted = if method == "GET" { "orders:read" } else { "orders:read orders:write" };
            assert_eq!(code, "scope_insufficient");
            assert!(challenge.contains(r#"error="insufficient_scope""#), "{challenge}");
            assert!(challenge.ends_with(&format!(r#", scope="{wanted}""#)), "{challenge}");
        }
    }
    assert_eq!(guard_fault(&issuer, "a b"), GuardFault::Scope("a b".to_owned()));
    assert_eq!(guard_fault(&issuer, ""), GuardFault::Scope(String::new()));
}

fn guard_fault(issuer: &Issuer, scope: &str) -> GuardFault {
    issuer.guard().with_scopes([scope]).unwrap_err()
}

#[tokio::test]
async fn layer_lets_requests_without_token_pass_only_if_told_to() {
    let issuer = Issuer::new();
    let who = |request: Request<Body>| async move {
        request
            .extensions()
            .get::<Token>()
            .map_or("nobody".to_owned(), |token| token.claims_text().to_owned())
    };
    let guard = issuer.guard();
    let strict = Router::new().route("/", get(who)).layer(guard.layer());
    let lax = Router::new().route("/", get(who)).layer(guard.layer().optional());
    assert_eq!(ask(&strict, "GET", "/", &[]).await.3, "token_null");
    assert_eq!(ask(&lax, "GET", "/", &[]).await.2, "nobody");
    assert_eq!(ask(&lax, "GET", "/", &bearer("a.b.c")).await.0, 401);
    let good = issuer.token("");
    for app in [&strict, &lax] {
        let (status, _, body, _) = ask(app, "GET", "/", &bearer(&good)).await;
        assert_eq!((status, body), (200, format!(r#"{{"aud":"api","exp":{}}}"#, NOW.0 + 60)));
    }
}

/// A state with more than the guard.
#[derive(Clone, FromRef)]
struct State {
    guard: Guard,
}

/// The layer of another guard vouches for nothing: its keys are others, or its scopes fewer.
#[tokio::test]
async fn extractor_trusts_the_layer_of_its_own_guard_alone() {
    let (mine, other) = (Issuer::new(), Issuer::new());
    let (guard, stranger) = (mine.guard(), other.guard());
    let app = |layer: &Guard, state: &Guard| {
        let state = State { guard: state.clone() };
        Router::new().route("/", get(hello)).layer(layer.layer()).with_state(state)
    };
    let foreign = bearer(&other.token(r#","sub":"mallory""#));
    assert_eq!(ask(&app(&stranger, &guard), "GET", "/", &foreign).await.3, "signature_invalid");

    let own = bearer(&mine.token(r#","sub":"alice""#));
    assert_eq!(ask(&app(&guard, &guard), "GET", "/", &own).await.2, "alice");
    let narrow = guard.with_scopes(["admin"]).unwrap();
    assert_eq!(ask(&app(&guard, &narrow), "GET", "/", &own).await.3, "scope_insufficient");

    // Below the layer of the same guard it is verified once.
    let before = mine.verifier.statistics().verdicts(jot::Code::Accepted);
    assert_eq!(ask(&app(&guard, &guard), "GET", "/", &own).await.0, 200);
    assert_eq!(mine.verifier.statistics().verdicts(jot::Code::Accepted) - before, 1);
}

#[tokio::test]
async fn keys_that_are_not_there_are_no_fault_of_the_client() {
    let policy = Policy::new([Alg::HS256]);
    let verifier = Verifier::builder(policy).keys(KeySet::not_yet()).build().unwrap();
    let app = Router::new().route("/", get(hello)).with_state(Guard::builder(verifier).build().unwrap());
    let (status, challenge, _, code) = ask(&app, "GET", "/", &bearer(&Issuer::new().token(""))).await;
    assert_eq!((status, &*challenge, &*code), (503, "", "keys_not_yet"));
}

#[test]
fn challenge_leads_to_the_metadata() {
    let issuer = Issuer::new();
    let guard = || Guard::builder(Arc::clone(&issuer.verifier)).scope("orders:read").clock(|| NOW);
    let url = "https://api.example/.well-known/oauth-protected-resource";
    let refusal = guard().resource_metadata(url).build().unwrap().verify(&HeaderMap::new()).unwrap_err();
    let wanted = format!(r#"Bearer realm="protected", scope="orders:read", resource_metadata="{url}""#);
    assert_eq!(refusal.challenge().unwrap(), &*wanted);
    assert_eq!((refusal.reason(), refusal.status()), (Reason::Missing, StatusCode::UNAUTHORIZED));

    let quiet = guard().without_description().build().unwrap();
    let refusal = quiet.verify_values([&b"Bearer a.b.c"[..]]).unwrap_err();
    assert_eq!(refusal.challenge().unwrap(), r#"Bearer realm="protected", error="invalid_token""#);
    for builder in [guard().realm("a\nb"), guard().resource_metadata("https://ä")] {
        assert!(matches!(builder.build().unwrap_err(), GuardFault::Unprintable(_)));
    }
    assert!(matches!(guard().scope("a\"b").build().unwrap_err(), GuardFault::Scope(_)));
}

#[test]
fn claims_are_read_in_place() {
    let issuer = Issuer::new();
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer(&issuer.token(r#","sub":"alice""#))[0].parse().unwrap());
    let guard = issuer.guard();
    // A guard may be asked again meanwhile.
    let subject = guard.claims(&headers, |claims| {
        assert!(guard.verify(&headers).is_ok());
        claims.subject().map(str::to_owned)
    });
    assert_eq!(subject.unwrap().as_deref(), Some("alice"));
}

#[cfg(feature = "tonic")]
#[test]
fn interceptor_answers_in_the_words_of_grpc() {
    use tonic::service::Interceptor;
    use tonic::{Code, Request};

    let issuer = Issuer::new();
    let guard = issuer.guard();
    let call = |guard: &Guard, values: &[String]| {
        let mut request = Request::new(());
        for value in values {
            request.metadata_mut().append("authorization", value.parse().unwrap());
        }
        guard.interceptor().call(request)
    };
    let good = bearer(&issuer.token(r#","sub":"alice""#));
    let passed = call(&guard, &good).unwrap();
    assert_eq!(passed.extensions().get::<Token>().unwrap().claims::<User>().unwrap().sub, "alice");
    let admins = guard.with_scopes(["admin"]).unwrap();
    for (guard, values, code, message) in [
        (&guard, vec![], Code::Unauthenticated, "token_null"),
        (&guard, bearer("a.b.c"), Code::Unauthenticated, "header_encoding"),
        (&guard, [&good[..], &good[..]].concat(), Code::Unauthenticated, "token_repeated"),
        (&admins, good.clone(), Code::PermissionDenied, "scope_insufficient"),
    ] {
        let status = call(guard, &values).unwrap_err();
        assert_eq!((status.code(), status.message()), (code, message));
        assert!(status.metadata().get("www-authenticate").unwrap().to_str().unwrap().starts_with("Bearer "));
    }
    let waiting = Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::not_yet()).build().unwrap();
    let status = call(&Guard::builder(waiting).build().unwrap(), &good).unwrap_err();
    assert_eq!((status.code(), status.metadata().is_empty()), (Code::Unavailable, true));
}

#[cfg(feature = "fetch")]
mod fetched {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use jot::jwks::KeeperOptions;
    use jot_fetch::Fetcher;

    use super::*;

    /// Serves the JWK Set that it holds at the moment.
    fn serve(set: Arc<Mutex<String>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    request.push(byte[0]);
                }
                let set = set.lock().unwrap().clone();
                let length = set.len();
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{set}"
                )
                .unwrap();
            }
        });
        url
    }

    fn signer(kid: &str) -> Signer {
        Signer::new(SigningKey::generate(Alg::ES256).unwrap().with_kid(kid))
    }

    fn set(signers: &[&Signer]) -> String {
        KeySet::new(signers.iter().map(|signer| signer.key().verifying_key().unwrap())).to_jwks().unwrap()
    }

    /// The first token of a new key is not refused: the request waits for the fetch.
    #[tokio::test(flavor = "multi_thread")]
    async fn first_token_of_a_new_key_waits_for_it() {
        let (old, new, stranger) = (signer("old"), signer("new"), signer("stranger"));
        let served = Arc::new(Mutex::new(set(&[&old])));
        let fetcher = Fetcher::builder().build_async().unwrap();
        let options = KeeperOptions::default().allow_loopback().cool_down(1);
        let keys = fetcher.keys(&serve(Arc::clone(&served)), None, options).unwrap();
        let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(&keys).build().unwrap();
        let guard = Guard::builder(verifier).keys([keys.clone()], Duration::from_secs(10)).build().unwrap();
        let extracted = Router::new().route("/", get(hello)).with_state(guard.clone());
        let layered = Router::new().route("/", get(|| async { "alice" })).layer(guard.layer());
        let token = |signer: &Signer| {
            let exp = UnixSeconds::now().0 + 60;
            bearer(&signer.sign_claims(format!(r#"{{"sub":"alice","exp":{exp}}}"#)).unwrap())
        };
        // Also before there was any fetch.
        assert_eq!(ask(&layered, "GET", "/", &token(&old)).await.2, "alice");
        *served.lock().unwrap() = set(&[&old, &new]);
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(ask(&layered, "GET", "/", &token(&new)).await.2, "alice");
        let newer = signer("newer");
        *served.lock().unwrap() = set(&[&newer]);
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(ask(&extracted, "GET", "/", &token(&newer)).await.2, "alice");
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(ask(&extracted, "GET", "/", &token(&stranger)).await.3, "kid_unknown");
        assert_eq!(ask(&layered, "GET", "/", &token(&stranger)).await.3, "kid_unknown");
    }
}
