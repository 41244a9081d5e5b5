//! Registered claims, each of the type that RFC 7519 gives it.

use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::{MaybeString, Value};

/// Returns whether an audience of the token is one of `ours`; `None` if it names no
/// audience.
pub(super) fn meant_for(
    claims: &Claims<'_>,
    ours: impl Fn(&[u8]) -> bool,
) -> Result<Option<bool>, Rejection> {
    let invalid = || Rejection::of_claim(Code::AudInvalid, "aud");
    match claims.aud() {
        None => Ok(None),
        Some(Value::String(audience)) => Ok(Some(ours(audience.as_bytes()))),
        Some(Value::Array(array)) => {
            let mut meant = false;
            for audience in array.texts() {
                let MaybeString::Is(audience) = audience else { return Err(invalid()) };
                meant |= ours(audience);
            }
            Ok(Some(meant))
        }
        Some(_) => Err(invalid()),
    }
}

/// Returns the `iss`, which must be a string if it is present.
pub(super) fn named_issuer<'s>(claims: &Claims<'s>) -> Result<Option<&'s [u8]>, Rejection> {
    typed(claims.iss(), Code::IssInvalid, "iss")
}

/// Checks a claim that must be a string if it is present (RFC 7519 §4.1).
#[inline]
pub(super) fn typed<'s>(
    text: MaybeString<'s>,
    otherwise: Code,
    claim: &str,
) -> Result<Option<&'s [u8]>, Rejection> {
    match text {
        MaybeString::Absent => Ok(None),
        MaybeString::Is(text) => Ok(Some(text)),
        MaybeString::Other => Err(Rejection::of_claim(otherwise, claim)),
    }
}
