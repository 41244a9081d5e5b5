//! Extractors of axum.

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::guard::Guard;
use crate::refusal::{Reason, Refusal};
use crate::token::{Token, unfit};
use crate::verify::values;

/// The claims of the request's token, in a type of the handler's.
///
/// The router's state is a [`Guard`], or has one ([`FromRef`]). A token that a layer of the same
/// guard, or of one with more scopes ([`Guard::with_scopes`]), has verified is not verified
/// again. `Option<Claims<T>>` is `None` for requests without a token, and refuses bad tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims<T>(pub T);

impl<S, T> FromRequestParts<S> for Claims<T>
where
    S: Send + Sync,
    Guard: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let guard = Guard::from_ref(state);
        if let Some(token) = parts.extensions.get::<Token>()
            && token.is_of(&guard)
        {
            return token.claims().map(Self);
        }
        let read = |verified: &jot::Verified<'_>| serde_json::from_str(verified.claims().as_text());
        let judge = || {
            let read = guard.judge(values(&parts.headers), read)?;
            read.map(Self).map_err(|error| unfit(&guard, &error))
        };
        let refusal = match judge() {
            Err(refusal) => refusal,
            claims => return claims,
        };
        let Some(retried) = guard.retry(&refusal) else { return Err(refusal) };
        match retried.await {
            Ok(()) => judge(),
            Err(code) => Err(Refusal::new(&guard, Reason::Unfetched(code), String::new)),
        }
    }
}

impl<S, T> OptionalFromRequestParts<S> for Claims<T>
where
    S: Send + Sync,
    Guard: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        match <Self as FromRequestParts<S>>::from_request_parts(parts, state).await {
            Ok(claims) => Ok(Some(claims)),
            Err(refusal) if refusal.reason() == Reason::Missing => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.into_response::<Body>()
    }
}
