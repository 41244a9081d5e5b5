//! The shared table of tokens, each sent through the layer: the code of the refusal is the table's.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

#[path = "../../../tests/cases/mod.rs"]
mod cases;

use std::cell::Cell;
use std::convert::Infallible;

use cases::{policy, table};
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use http::{Request, Response};
use jot::{Code, UnixSeconds};
use jot_tower::{Guard, Refusal, Token};
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(0) };
}

/// Answers with the claims.
async fn echo(request: Request<()>) -> Result<Response<String>, Infallible> {
    Ok(Response::new(request.extensions().get::<Token>().unwrap().claims_text().to_owned()))
}

/// Sends a token that a header can carry; `None` if none can.
async fn send(case: &Value, guard: &Guard) -> Option<Response<String>> {
    let token = table::token_bytes(case);
    // White space around is the header's, and a comma parts two fields.
    if token.trim_ascii() != token || token.contains(&b',') {
        return None;
    }
    let value = HeaderValue::from_bytes(&[b"Bearer ", &token[..]].concat()).ok()?;
    let request = Request::builder().header(AUTHORIZATION, value).body(()).unwrap();
    Some(guard.layer().layer(service_fn(echo)).oneshot(request).await.unwrap())
}

#[tokio::test]
async fn every_case_of_the_table_gets_its_code() {
    let (mut sent, mut accepted, mut unsent) = (0, 0, Vec::new());
    for case in table::load() {
        let Ok(verifier) = policy::verifier(&case) else { continue };
        for list in case["status_lists"].as_array().into_iter().flatten() {
            verifier.set_status_list(table::status_list(list)).unwrap();
        }
        NOW.set(case["now"].as_i64().unwrap());
        let guard = Guard::builder(verifier).clock(|| UnixSeconds(NOW.get())).build().unwrap();
        let name = case["id"].as_str().unwrap();
        let Some(response) = send(&case, &guard).await else {
            unsent.push(name.to_owned());
            continue;
        };
        sent += 1;
        let wanted = case["code"].as_str().unwrap();
        let code = *Code::ALL.iter().find(|code| code.name() == wanted).unwrap();
        assert_eq!(response.status(), code.http_status(), "{name}");
        let refusal = response.extensions().get::<Refusal>();
        assert_eq!(refusal.map_or("accepted", Refusal::code), wanted, "{name}");
        assert_eq!(response.body().is_empty(), refusal.is_some(), "{name}");
        let challenge = response.headers().get(WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
        assert_eq!(challenge.is_some(), (400..500).contains(&code.http_status()), "{name}");
        if let Some(error) = code.bearer_error() {
            assert!(challenge.unwrap().contains(&format!(r#"error="{error}""#)), "{name}");
        }
        accepted += usize::from(refusal.is_none());
    }
    assert!(sent > 900 && accepted > 100 && unsent.len() < 30, "{sent} {accepted} {unsent:?}");
}
