//! Why a request does not pass, and how it is answered.

use std::fmt;

use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use jot::{Challenge, Code, Rejection};

use crate::guard::Guard;

/// Why a request does not pass.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// There is no bearer token.
    Missing,
    /// There are several.
    Repeated,
    /// The engine rejects the token.
    Rejected(Rejection),
    /// The keys that the token wants could not be fetched.
    Unfetched(Code),
    /// The token is accepted, but its claims do not fit the type that the handler wants.
    Unfit,
}

/// A request that does not pass. A response that says so has it among its extensions, where
/// layers above find it.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, SigningKey, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::ES256)?.verifying_key()?]);
/// # let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(keys).build()?;
/// # let guard = jot_tower::Guard::builder(verifier).build()?;
/// let refusal = guard.verify(&http::HeaderMap::new()).unwrap_err();
/// assert_eq!((refusal.code(), refusal.status().as_u16()), ("token_null", 401));
/// assert_eq!(refusal.challenge().unwrap(), r#"Bearer realm="protected""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    reason: Reason,
    challenge: Option<HeaderValue>,
}

impl Refusal {
    /// `detail` is what a log may know about the token; it is asked for only if somebody listens.
    pub(crate) fn new(guard: &Guard, reason: Reason, detail: impl Fn() -> String) -> Self {
        let mut refusal = Self { reason, challenge: None };
        let status = refusal.status();
        if status.is_server_error() {
            tracing::warn!(
                code = refusal.code(),
                status = status.as_u16(),
                detail = detail(),
                "token not judged"
            );
            return refusal;
        }
        tracing::debug!(code = refusal.code(), status = status.as_u16(), detail = detail(), "token refused");
        refusal.challenge = HeaderValue::try_from(refusal.challenge_of(guard).to_string()).ok();
        refusal
    }

    fn challenge_of<'g>(&self, guard: &'g Guard) -> Challenge<'g> {
        let shared = &guard.shared;
        let challenge = match self.reason {
            Reason::Missing => Challenge::of(Code::TokenNull),
            Reason::Repeated => Challenge::of_several_tokens(),
            Reason::Rejected(rejection) => Challenge::of(rejection.code()),
            Reason::Unfetched(code) => Challenge::of(code),
            Reason::Unfit => Challenge {
                error: Some("invalid_token"),
                error_description: Some("The claims are not what the server expects."),
                ..Challenge::default()
            },
        };
        Challenge {
            realm: &shared.realm,
            error_description: challenge.error_description.filter(|_| shared.describe),
            resource_metadata: shared.resource_metadata.as_deref(),
            ..challenge
        }
        .with_scopes(&guard.scopes)
    }

    /// Returns the reason.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns the engine's name of the reason, or `token_repeated` or
    /// `claims_unfit`, which are not the engine's.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.reason {
            Reason::Missing => Code::TokenNull.name(),
            Reason::Repeated => "token_repeated",
            Reason::Rejected(rejection) => rejection.code().name(),
            Reason::Unfetched(code) => code.name(),
            Reason::Unfit => "claims_unfit",
        }
    }

    /// Returns the status of the response: 400 for several tokens, 401 without a token and
    /// where another token may pass, and else what [`Code::http_status`] says.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let status = match self.reason {
            Reason::Repeated => return StatusCode::BAD_REQUEST,
            Reason::Missing | Reason::Unfit => return StatusCode::UNAUTHORIZED,
            Reason::Rejected(rejection) => rejection.code().http_status(),
            Reason::Unfetched(code) => code.http_status(),
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the value of `WWW-Authenticate`; none where the server itself is at fault.
    #[must_use]
    pub const fn challenge(&self) -> Option<&HeaderValue> {
        self.challenge.as_ref()
    }

    /// Makes the response, with an empty body.
    #[must_use]
    pub fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::default();
        *response.status_mut() = self.status();
        if let Some(challenge) = &self.challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Missing => f.write_str("the request has no bearer token"),
            Reason::Repeated => f.write_str("the request has several tokens"),
            Reason::Rejected(rejection) => rejection.fmt(f),
            Reason::Unfetched(code) => f.write_str(code.meaning()),
            Reason::Unfit => f.write_str("the claims do not fit the type that the handler wants"),
        }
    }
}

impl std::error::Error for Refusal {}
