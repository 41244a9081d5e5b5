//! The `status` of a token (draft-ietf-oauth-status-list): whether it counts, and what it
//! names.

use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;

/// Whether the status of a token counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StatusRule {
    #[default]
    Ignored,
    IfPresent,
    Required,
}

/// The entry of a status list that speaks about a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatusPlace<'s> {
    pub(crate) uri: &'s str,
    pub(crate) index: u64,
}

impl StatusRule {
    /// Returns the place of a token's status, if it is to be checked.
    ///
    /// # Errors
    /// [`Code::StatusInvalid`], [`Code::StatusMissing`]
    pub(crate) fn place<'s>(self, claims: &Claims<'s>) -> Result<Option<StatusPlace<'s>>, Rejection> {
        if self == Self::Ignored {
            return Ok(None);
        }
        let malformed = Rejection::of_claim(Code::StatusInvalid, "status");
        let object = |value: Value<'s>| value.as_object().ok_or(malformed);
        let status = claims.claim("status").map(object).transpose()?;
        let place = status.and_then(|status| status.member("status_list")).map(object).transpose()?;
        let Some(place) = place else {
            return match self {
                Self::Required => Err(Rejection::of_claim(Code::StatusMissing, "status")),
                Self::IfPresent | Self::Ignored => Ok(None),
            };
        };
        let index = place.member("idx").and_then(|index| index.as_number()).and_then(|index| index.as_i64());
        let index = index.and_then(|index| u64::try_from(index).ok()).ok_or(malformed)?;
        let uri = place.member("uri").and_then(|uri| uri.as_str()).ok_or(malformed)?;
        Ok(Some(StatusPlace { uri, index }))
    }
}
