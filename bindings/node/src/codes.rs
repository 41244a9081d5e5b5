//! The one table of codes, for JavaScript.

use jot::{Challenge, Code};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::fault::{Fault, fault};

/// A row of the table.
#[napi(object, object_from_js = false)]
pub struct CodeRow {
    /// The number, which never changes.
    pub number: u32,
    /// The name, which never changes.
    pub name: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// Of the HTTP response.
    pub http_status: u32,
    /// The error of RFC 6750 §3.1, if there is one.
    pub bearer_error: Option<&'static str>,
}

/// Returns the whole table.
#[napi]
pub fn codes() -> Vec<CodeRow> {
    let row = |code: &Code| CodeRow {
        number: code.number(),
        name: code.name(),
        meaning: code.meaning(),
        http_status: code.http_status().into(),
        bearer_error: code.bearer_error(),
    };
    Code::ALL.iter().map(row).collect()
}

/// Why a request is refused, and what its client should know.
#[napi(object)]
pub struct ChallengeParts {
    /// The number of the code; none if the request has several tokens.
    pub code: Option<u32>,
    /// What the client is asked to authenticate for.
    pub realm: String,
    /// Whether to say what is wrong.
    pub describe: bool,
    /// The scopes that would do, which are told to clients that can make use of them.
    pub scopes: Vec<String>,
    /// The URL of the resource's metadata.
    pub resource_metadata: Option<String>,
}

/// Returns the value of `WWW-Authenticate`.
///
/// # Errors
/// The number is no code's.
#[napi]
pub fn challenge(parts: ChallengeParts) -> Result<String, Fault> {
    let reason = match parts.code {
        None => Challenge::of_several_tokens(),
        Some(number) => {
            let code = Code::from_number(number)
                .ok_or_else(|| fault(Code::PolicyInvalid, "code", &format!("{number} is no code")))?;
            Challenge::of(code)
        }
    };
    let made = Challenge {
        realm: &parts.realm,
        error_description: reason.error_description.filter(|_| parts.describe),
        resource_metadata: parts.resource_metadata.as_deref(),
        ..reason
    };
    Ok(made.with_scopes(&parts.scopes).to_string())
}

/// Returns the token among the values of `Authorization`; `false` if there are several.
#[napi]
pub fn authorization_token(values: Vec<String>) -> Option<Either<String, bool>> {
    match jot::authorization_token("Bearer", values.iter().map(String::as_bytes)) {
        Ok(token) => {
            token.and_then(|token| std::str::from_utf8(token).ok()).map(|token| Either::A(token.to_owned()))
        }
        Err(jot::RepeatedToken) => Some(Either::B(false)),
    }
}
