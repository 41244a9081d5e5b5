//! The debugger: what a token says, what the engine says of it, and tokens to try things with.
//!
//! It has two sides that are never mixed up. *Verifying* shows a token and each check of it.
//! *Making* signs claims with a throw-away key; what it made is marked wherever it is shown
//! again, because the key's `kid` says so.
//!
//! ```text
//!   form ──▶ question ──▶ judge: the engine, and the engine again with the refused rule
//!                           │     left out, for what else there is
//!                           ▼
//!                         report ──▶ page
//! ```
//!
//! Nothing is kept: each page is made of its form alone. [`door`] guards the door of a
//! debugger on a loopback port.

mod cure;
pub mod door;
mod form;
mod judge;
mod make;
mod pages;
mod place;
mod report;
mod source;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::sync::Semaphore;

use form::Form;
pub use place::{Debugger, Fetch, Place, Start};

/// The longest form: a token and keys of the greatest length that is read.
const LONGEST_FORM: usize = 1 << 20;

/// So many pages are made at once; the others wait. Strangers may ask for a key for RSA.
const AT_ONCE: usize = 2;

/// Serves the debugger's pages: `verify`, `make` and what they ask for, each relative to where
/// the router is mounted.
pub fn router<S: Clone + Send + Sync + 'static>(debugger: Debugger) -> Router<S> {
    let pages = Router::new()
        .route("/verify", get(first_verify).post(verify))
        .route("/make", get(first_make).post(make))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .with_state(Shared { debugger: Arc::new(debugger), permits: Arc::new(Semaphore::new(AT_ONCE)) });
    pages.merge(crate::look::assets())
}

#[derive(Clone)]
struct Shared {
    debugger: Arc<Debugger>,
    permits: Arc<Semaphore>,
}

async fn first_verify(State(shared): State<Shared>) -> Response {
    let form = Form::of((shared.debugger.start)());
    answer(shared, form, verify::respond).await
}

async fn verify(State(shared): State<Shared>, body: Bytes) -> Response {
    answer(shared, Form::read(&body), verify::respond).await
}

async fn first_make(State(shared): State<Shared>) -> Response {
    answer(shared, Form::default(), make::respond).await
}

async fn make(State(shared): State<Shared>, body: Bytes) -> Response {
    answer(shared, Form::read(&body), make::respond).await
}

/// Fetching waits, and so does making a key for RSA: not on a thread that serves others.
async fn answer(shared: Shared, form: Form, respond: fn(&Debugger, Form) -> Response) -> Response {
    let Ok(permit) = shared.permits.acquire_owned().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let task = tokio::task::spawn_blocking(move || {
        // Held until it is done, also if the client goes away.
        let _held = permit;
        respond(&shared.debugger, form)
    });
    task.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests;
