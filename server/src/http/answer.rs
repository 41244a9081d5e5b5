//! Answers in JSON, and errors as RFC 6749 §5.2 has them.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jot::Code;
use jot_login::account::NotGranted;
use jot_login::json::Object;
use serde_json::{Value, json};

use crate::hasher::Busy;
use crate::store::StoreFault;

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// 400: the request is malformed.
    Request(&'static str),
    /// 400: there is no such grant, or not for this client.
    Grant(&'static str),
    /// 400
    GrantType,
    /// 400
    NotGranted(NotGranted),
    /// 401: the client is unknown, or its secret is wrong.
    Client,
    /// 401: name or password are wrong.
    Login,
    /// 400: a new password that will not do.
    NewPassword(String),
    /// 400: an account that will not do.
    Account(String),
    /// 404: there is no account of this name.
    NoAccount,
    /// 409: there is one already.
    AccountExists,
    /// 401, with the reason of the engine.
    Token(Code),
    /// 413
    TooLarge,
    /// 408
    TooSlow,
    /// 429
    Locked(u32),
    /// 503: too many passwords are waiting.
    Busy,
    /// 503
    Store(StoreFault),
}

impl From<StoreFault> for Refusal {
    fn from(fault: StoreFault) -> Self {
        Self::Store(fault)
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<NotGranted> for Refusal {
    fn from(refused: NotGranted) -> Self {
        Self::NotGranted(refused)
    }
}

pub(super) type Answer = Result<Response, Refusal>;

pub(super) fn json(status: StatusCode, value: &Value) -> Response {
    text(status, value.to_string())
}

fn text(status: StatusCode, json: String) -> Response {
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(super) fn ok(value: &Value) -> Response {
    json(StatusCode::OK, value)
}

/// 200 with an object that was written.
pub(super) fn written(object: Object) -> Response {
    text(StatusCode::OK, object.into_text())
}

/// 200 without a body, as RFC 7009 §2.2 asks for.
pub(super) fn done() -> Response {
    Response::new(Body::empty())
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Client | Self::Login => StatusCode::UNAUTHORIZED,
            Self::Token(code) => {
                StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::NoAccount => StatusCode::NOT_FOUND,
            Self::AccountExists => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Locked(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Returns what is wrong, for people.
    pub(super) fn description(&self) -> String {
        self.error().1
    }

    fn error(&self) -> (&'static str, String) {
        match self {
            Self::Request(what) => ("invalid_request", (*what).to_owned()),
            Self::Grant(what) => ("invalid_grant", (*what).to_owned()),
            Self::GrantType => (
                "unsupported_grant_type",
                "the grant types are refresh_token and client_credentials".to_owned(),
            ),
            Self::NotGranted(refused) => (refused.error(), "more was asked for than is allowed".to_owned()),
            Self::Client => ("invalid_client", "the client is unknown, or its secret is wrong".to_owned()),
            Self::Login => ("invalid_login", "name or password are wrong".to_owned()),
            Self::NewPassword(what) => ("invalid_password", what.clone()),
            Self::Account(what) => ("invalid_account", what.clone()),
            Self::NoAccount => ("no_account", "there is no account of this name".to_owned()),
            Self::AccountExists => ("account_exists", "there is an account of this name".to_owned()),
            Self::Token(code) => (code.bearer_error().unwrap_or("invalid_request"), code.name().to_owned()),
            Self::TooLarge => ("invalid_request", "the body is too large".to_owned()),
            Self::TooSlow => ("invalid_request", "the body took too long".to_owned()),
            Self::Locked(_) => ("too_many_attempts", "too many wrong passwords; try again later".to_owned()),
            Self::Busy => ("temporarily_unavailable", "too many logins at once; try again".to_owned()),
            Self::Store(_) => {
                ("temporarily_unavailable", "the database does not answer; try again".to_owned())
            }
        }
    }

    pub(super) fn into_response(self) -> Response {
        if let Self::Store(fault) = &self {
            tracing::error!(%fault, "a request was refused");
        }
        let (error, description) = self.error();
        let mut response = json(self.status(), &json!({"error": error, "error_description": description}));
        let headers = response.headers_mut();
        match &self {
            Self::Client => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"jotd\""));
            }
            Self::Token(code) => {
                let challenge = code
                    .bearer_error()
                    .map_or("Bearer".to_owned(), |error| format!("Bearer error=\"{error}\""));
                if let (true, Ok(challenge)) = (self.status() == StatusCode::UNAUTHORIZED, challenge.parse())
                {
                    headers.insert(WWW_AUTHENTICATE, challenge);
                }
            }
            Self::Locked(seconds) => {
                headers.insert(RETRY_AFTER, (*seconds).into());
            }
            Self::Busy | Self::Store(_) => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        response
    }
}

/// Makes a response of an answer.
pub(super) fn respond(answer: Answer) -> Response {
    answer.unwrap_or_else(Refusal::into_response)
}
