//! The layer of tower.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::guard::Guard;
use crate::refusal::{Reason, Refusal};
use crate::retry::Retried;

/// Guards a service; made by [`Guard::layer`].
#[derive(Clone, Debug)]
pub struct GuardLayer {
    guard: Guard,
    is_optional: bool,
}

impl Guard {
    /// Returns the layer that guards a service: requests that pass have a
    /// [`Token`](crate::Token) among
    /// their extensions, all others are answered by it.
    #[must_use]
    pub fn layer(&self) -> GuardLayer {
        GuardLayer { guard: self.clone(), is_optional: false }
    }
}

impl GuardLayer {
    /// Lets requests without a token pass, too, without a [`Token`](crate::Token). A token
    /// that is rejected is refused as before.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GuardService { layer: self.clone(), inner }
    }
}

/// A service behind a guard.
#[derive(Clone, Debug)]
pub struct GuardService<S> {
    layer: GuardLayer,
    inner: S,
}

impl GuardLayer {
    /// Lets a request pass, with its token.
    fn admit<B>(&self, request: &mut Request<B>) -> Result<(), Refusal> {
        match self.guard.verify(request.headers()) {
            Ok(token) => {
                request.extensions_mut().insert(token);
                Ok(())
            }
            Err(refusal) if self.is_optional && refusal.reason() == Reason::Missing => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }
}

impl<S, B, R> Service<Request<B>> for GuardService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let Err(refusal) = self.layer.admit(&mut request) else {
            return ResponseFuture { state: State::Passed { inner: self.inner.call(request) } };
        };
        let Some(retried) = self.layer.guard.retry(&refusal) else {
            return ResponseFuture { state: State::Refused { refusal: Some(refusal) } };
        };
        // The one that is ready goes with the request; a clone need not be.
        let clone = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, clone);
        let waiting = Some((Self { layer: self.layer.clone(), inner }, request));
        ResponseFuture { state: State::Waiting { retried, waiting } }
    }
}

pin_project! {
    /// The response of a [`GuardService`].
    pub struct ResponseFuture<S, B> where S: Service<Request<B>> {
        #[pin]
        state: State<S, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, B> where S: Service<Request<B>> {
        Passed { #[pin] inner: S::Future },
        Refused { refusal: Option<Refusal> },
        // For keys that are being fetched.
        Waiting { retried: Retried, waiting: Option<(GuardService<S>, Request<B>)> },
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Passed { inner } => return inner.poll(context),
                // Whoever polls again after the answer waits for ever, as the contract allows.
                StateProjection::Refused { refusal } => {
                    let Some(refusal) = refusal.take() else { return Poll::Pending };
                    return Poll::Ready(Ok(refusal.into_response()));
                }
                StateProjection::Waiting { retried, waiting } => {
                    let outcome = ready!(retried.as_mut().poll(context));
                    let Some((mut service, mut request)) = waiting.take() else { return Poll::Pending };
                    let admitted = match outcome {
                        Ok(()) => service.layer.admit(&mut request),
                        Err(code) => {
                            Err(Refusal::new(&service.layer.guard, Reason::Unfetched(code), String::new))
                        }
                    };
                    match admitted {
                        Ok(()) => State::Passed { inner: service.inner.call(request) },
                        Err(refusal) => State::Refused { refusal: Some(refusal) },
                    }
                }
            };
            state.set(next);
        }
    }
}
