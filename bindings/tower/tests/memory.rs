//! A million requests leave no memory behind.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::convert::Infallible;

use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use jot::{Alg, KeySet, Policy, Signer, SigningKey, UnixSeconds, Verifier};
use jot_tower::Guard;
use tower::{Layer, ServiceExt, service_fn};

/// The resident memory of this process, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[tokio::test]
async fn million_requests_leave_no_memory_behind() {
    let signer = Signer::new(SigningKey::generate(Alg::HS256).unwrap());
    let keys = KeySet::new([signer.key().verifying_key().unwrap()]);
    let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build().unwrap();
    let guard = Guard::builder(verifier).clock(|| UnixSeconds(1)).build().unwrap();
    let service = guard
        .layer()
        .layer(service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(String::new())) }));
    let good = format!("Bearer {}", signer.sign_claims(r#"{"sub":"alice","exp":9}"#).unwrap());
    let bad = format!("{good}x");
    let mut after_a_tenth = 0;
    for turn in 0..1_000_000 {
        let (value, status) =
            if turn % 3 == 0 { (&bad, StatusCode::UNAUTHORIZED) } else { (&good, StatusCode::OK) };
        let request = Request::builder().header(AUTHORIZATION, value).body(()).unwrap();
        assert_eq!(service.clone().oneshot(request).await.unwrap().status(), status);
        if turn == 100_000 {
            after_a_tenth = resident();
        }
    }
    let at_the_end = resident();
    assert!(at_the_end <= after_a_tenth + after_a_tenth / 50, "{after_a_tenth} then {at_the_end} bytes");
}
