//! Rules over the parties that a token is for: `aud` and `azp`.

use super::typed::meant_for;
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;

/// The audiences that a token may be for. By default it must have none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AudienceRule {
    pub(super) ours: Vec<Box<str>>,
    /// Any `aud` is accepted, or none.
    pub(super) any: bool,
}

impl AudienceRule {
    /// # Errors
    /// [`Code::AudMissing`] to [`Code::AudMismatch`].
    pub(super) fn check(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let reject = |code| Err(Rejection::of_claim(code, "aud"));
        let is_ours = |audience: &[u8]| self.ours.iter().any(|ours| ours.as_bytes() == audience);
        //= rfc7519#section-4.1.3
        //# If the principal processing the claim does not identify itself with a value in the "aud"
        //# claim when this claim is present, then the JWT MUST be rejected.
        //= rfc8725#section-3.9
        //# if the audience value is not present or not associated with the recipient, it MUST
        //# reject the JWT.
        match meant_for(claims, is_ours)? {
            None if self.ours.is_empty() => Ok(()),
            None => reject(Code::AudMissing),
            Some(meant) if meant || self.any => Ok(()),
            Some(_) if self.ours.is_empty() => reject(Code::AudUnexpected),
            Some(_) => reject(Code::AudMismatch),
        }
    }
}

/// The party that must be the `azp`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AuthorizedParty {
    /// `azp` is required.
    Always(Box<str>),
    /// OpenID Connect Core §3.1.3.7: `azp` is required with several audiences.
    AmongMany(Box<str>),
}

impl AuthorizedParty {
    /// # Errors
    /// [`Code::AzpMissing`], [`Code::AzpMismatch`].
    pub(super) fn check(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let (wanted, required) = match self {
            Self::Always(party) => (party, true),
            Self::AmongMany(client) => (client, claims.audiences().nth(1).is_some()),
        };
        match claims.claim("azp") {
            None if required => Err(Rejection::of_claim(Code::AzpMissing, "azp")),
            None => Ok(()),
            Some(Value::String(party)) if **wanted == *party => Ok(()),
            Some(_) => Err(Rejection::of_claim(Code::AzpMismatch, "azp")),
        }
    }
}
