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

use form::Form;
pub use place::{Debugger, Fetch, Place, Start};

/// The longest form: a token and keys of the greatest length that is read.
const LONGEST_FORM: usize = 1 << 20;

/// Serves the debugger's pages: `verify`, `make` and what they ask for, each relative to where
/// the router is mounted.
pub fn router<S: Clone + Send + Sync + 'static>(debugger: Debugger) -> Router<S> {
    let pages = Router::new()
        .route("/verify", get(first_verify).post(verify))
        .route("/make", get(first_make).post(make))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .with_state(Arc::new(debugger));
    pages.merge(crate::look::assets())
}

async fn first_verify(State(debugger): State<Arc<Debugger>>) -> Response {
    let form = Form::of((debugger.start)());
    answer(debugger, form, verify::respond).await
}

async fn verify(State(debugger): State<Arc<Debugger>>, body: Bytes) -> Response {
    answer(debugger, Form::read(&body), verify::respond).await
}

async fn first_make(State(debugger): State<Arc<Debugger>>) -> Response {
    answer(debugger, Form::default(), make::respond).await
}

async fn make(State(debugger): State<Arc<Debugger>>, body: Bytes) -> Response {
    answer(debugger, Form::read(&body), make::respond).await
}

/// Fetching waits, and so does making a key for RSA: not on a thread that serves others.
async fn answer(debugger: Arc<Debugger>, form: Form, respond: fn(&Debugger, Form) -> Response) -> Response {
    let task = tokio::task::spawn_blocking(move || respond(&debugger, form));
    task.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests;
