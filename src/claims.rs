//! The Claims Set, borrowed from the decoded payload (RFC 7519 §4).

use crate::error::{Code, Rejection};
use crate::json::{self, Fault, FaultKind, Object, Place, Storage, Value, tag};
use crate::time::{Dates, NumericDate};
use crate::verified::SignedPayload;

/// The claims of a token whose signature holds.
///
/// Everything is borrowed from the scratch that the token was verified with.
///
/// ```
/// # fn show(claims: jot::Claims<'_>) -> Option<()> {
/// let subject = claims.subject()?;
/// let first_role = claims.path(["realm_access", "roles"])?.as_array()?.iter().next()?;
/// # Some(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Claims<'s> {
    object: Object<'s>,
    registered: Registered,
}

const ISS: u32 = tag(*b"iss");
const SUB: u32 = tag(*b"sub");
const AUD: u32 = tag(*b"aud");
const EXP: u32 = tag(*b"exp");
const NBF: u32 = tag(*b"nbf");
const IAT: u32 = tag(*b"iat");
const JTI: u32 = tag(*b"jti");

/// Where the claims of RFC 7519 §4.1 are, found in one pass; a member that is
/// absent has no place.
#[derive(Clone, Copy, Debug, Default)]
struct Registered {
    iss: Place,
    sub: Place,
    aud: Place,
    exp: Place,
    nbf: Place,
    iat: Place,
    jti: Place,
}

impl<'s> Claims<'s> {
    /// Parses the payload of a verified token.
    ///
    /// # Errors
    /// [`Code::ClaimsJson`], [`Code::ClaimsNotObject`],
    /// [`Code::ClaimsRepeated`], [`Code::ClaimsTooDeep`].
    pub(crate) fn parse(payload: SignedPayload<'s>, storage: &'s mut Storage) -> Result<Self, Rejection> {
        let object = json::parse(payload.bytes(), storage).map_err(rejection)?;
        let mut registered = Registered::default();
        for (name, place) in object.tags() {
            match name {
                ISS => registered.iss = place,
                SUB => registered.sub = place,
                AUD => registered.aud = place,
                EXP => registered.exp = place,
                NBF => registered.nbf = place,
                IAT => registered.iat = place,
                JTI => registered.jti = place,
                _ => {}
            }
        }
        Ok(Self { object, registered })
    }

    /// The values of the registered claims, whatever their type.
    pub(crate) fn iss(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.iss)
    }

    pub(crate) fn sub(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.sub)
    }

    pub(crate) fn aud(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.aud)
    }

    pub(crate) fn exp(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.exp)
    }

    pub(crate) fn nbf(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.nbf)
    }

    pub(crate) fn iat(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.iat)
    }

    pub(crate) fn jti(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.jti)
    }

    /// Returns the `iss` claim, if it is a string.
    #[must_use]
    pub fn issuer(&self) -> Option<&'s str> {
        self.iss()?.as_str()
    }

    /// Returns the `sub` claim, if it is a string.
    #[must_use]
    pub fn subject(&self) -> Option<&'s str> {
        self.sub()?.as_str()
    }

    /// Returns the audiences of the `aud` claim, be it a string or an array.
    pub fn audiences(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        strings(self.aud())
    }

    /// Returns the `exp` claim, if it is a date.
    #[must_use]
    pub fn expires_at(&self) -> Option<NumericDate> {
        self.exp()?.as_number()?.as_date()
    }

    /// Returns the `nbf` claim, if it is a date.
    #[must_use]
    pub fn not_before(&self) -> Option<NumericDate> {
        self.nbf()?.as_number()?.as_date()
    }

    /// Returns the `iat` claim, if it is a date.
    #[must_use]
    pub fn issued_at(&self) -> Option<NumericDate> {
        self.iat()?.as_number()?.as_date()
    }

    /// Returns the `jti` claim, if it is a string.
    #[must_use]
    pub fn jwt_id(&self) -> Option<&'s str> {
        self.jti()?.as_str()
    }

    /// Reads the dates, each of which must be one if it is there.
    ///
    /// # Errors
    /// [`Code::IatInvalid`], [`Code::NbfInvalid`], [`Code::ExpInvalid`].
    pub(crate) fn dates(&self) -> Result<Dates, Rejection> {
        Ok(Dates {
            issued_at: date(self.iat(), Code::IatInvalid, "iat")?,
            not_before: date(self.nbf(), Code::NbfInvalid, "nbf")?,
            expires_at: date(self.exp(), Code::ExpInvalid, "exp")?,
        })
    }

    /// Returns the value of any claim.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value<'s>> {
        self.object.member(name)
    }

    /// Follows the names downwards through nested objects.
    #[must_use]
    pub fn path<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Value<'s>> {
        self.object.path(names)
    }

    /// Returns the whole Claims Set.
    #[must_use]
    pub const fn as_object(&self) -> Object<'s> {
        self.object
    }

    /// Returns the JSON text of the Claims Set as it was signed, without white
    /// space around it.
    #[must_use]
    pub fn as_text(&self) -> &'s str {
        self.object.as_text()
    }

    /// Reads the Claims Set into the caller's own type.
    ///
    /// # Errors
    /// What `serde_json` says when the claims do not fit the type.
    #[cfg(feature = "serde")]
    pub fn deserialize<T: serde::Deserialize<'s>>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_text())
    }
}

fn date(value: Option<Value<'_>>, otherwise: Code, claim: &str) -> Result<Option<NumericDate>, Rejection> {
    let Some(value) = value else { return Ok(None) };
    match value.as_number().and_then(|number| number.as_date()) {
        Some(date) => Ok(Some(date)),
        None => Err(Rejection::of_claim(otherwise, claim)),
    }
}

/// The strings of a claim that is a string or an array of strings.
fn strings<'s>(value: Option<Value<'s>>) -> impl Iterator<Item = &'s str> + use<'s> {
    let one = value.and_then(|value| value.as_str());
    let many = value.and_then(|value| value.as_array());
    one.into_iter().chain(many.into_iter().flat_map(|array| array.iter()).filter_map(|item| item.as_str()))
}

fn rejection(fault: Fault) -> Rejection {
    let code = match fault.kind {
        FaultKind::Syntax => Code::ClaimsJson,
        FaultKind::NotObject => Code::ClaimsNotObject,
        FaultKind::Repeated => Code::ClaimsRepeated,
        FaultKind::TooDeep => Code::ClaimsTooDeep,
    };
    Rejection::at(code, fault.offset).after_signature()
}
