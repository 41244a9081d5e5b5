//! The Claims Set, borrowed from the decoded payload (RFC 7519 §4).

pub(crate) mod scope;

use crate::error::{Code, Rejection};
use crate::json::{self, Fault, FaultKind, MaybeString, NodeId, Object, Storage, Value, tag};
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

/// The places of the claims of RFC 7519 §4.1, found in one pass. An absent member has
/// no place.
#[derive(Clone, Copy, Debug, Default)]
struct Registered {
    iss: NodeId,
    sub: NodeId,
    aud: NodeId,
    exp: NodeId,
    nbf: NodeId,
    iat: NodeId,
    jti: NodeId,
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
        for (name, place) in object.short_names() {
            match name {
                ISS => registered.iss = place,
                SUB => registered.sub = place,
                AUD => registered.aud = place,
                EXP => registered.exp = place,
                NBF => registered.nbf = place,
                IAT => registered.iat = place,
                JTI => registered.jti = place,
                //= rfc7519#section-4
                //# all claims that are not understood by implementations MUST be ignored.
                _ => {}
            }
        }
        Ok(Self { object, registered })
    }

    /// Returns the value of a registered claim.
    #[inline]
    pub(crate) fn iss(&self) -> MaybeString<'s> {
        self.object.text_at(self.registered.iss)
    }

    #[inline]
    pub(crate) fn sub(&self) -> MaybeString<'s> {
        self.object.text_at(self.registered.sub)
    }

    #[inline]
    pub(crate) fn jti(&self) -> MaybeString<'s> {
        self.object.text_at(self.registered.jti)
    }

    pub(crate) fn aud(&self) -> Option<Value<'s>> {
        self.object.at(self.registered.aud)
    }

    fn string(&self, place: NodeId) -> Option<&'s str> {
        self.object.at(place)?.as_str()
    }

    fn date(&self, place: NodeId) -> Option<NumericDate> {
        self.object.date_at(place)
    }

    /// Returns the `iss` claim, if it is a string.
    #[must_use]
    pub fn issuer(&self) -> Option<&'s str> {
        self.string(self.registered.iss)
    }

    /// Returns the `sub` claim, if it is a string.
    #[must_use]
    pub fn subject(&self) -> Option<&'s str> {
        self.string(self.registered.sub)
    }

    /// Returns the audiences of the `aud` claim, which is a string or an array.
    pub fn audiences(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        strings(self.aud())
    }

    /// Returns the `exp` claim, if it is a date.
    #[must_use]
    pub fn expires_at(&self) -> Option<NumericDate> {
        self.date(self.registered.exp)
    }

    /// Returns the `nbf` claim, if it is a date.
    #[must_use]
    pub fn not_before(&self) -> Option<NumericDate> {
        self.date(self.registered.nbf)
    }

    /// Returns the `iat` claim, if it is a date.
    #[must_use]
    pub fn issued_at(&self) -> Option<NumericDate> {
        self.date(self.registered.iat)
    }

    /// Returns the `jti` claim, if it is a string.
    #[must_use]
    pub fn jwt_id(&self) -> Option<&'s str> {
        self.string(self.registered.jti)
    }

    /// Reads the dates, which must be NumericDates if they are present.
    ///
    /// # Errors
    /// [`Code::IatInvalid`], [`Code::NbfInvalid`], [`Code::ExpInvalid`].
    #[inline]
    pub(crate) fn read_dates(&self) -> Result<Dates, Rejection> {
        let Registered { iat, nbf, exp, .. } = self.registered;
        let mut dates = Dates::default();
        for (to, place, otherwise, claim) in [
            (&mut dates.issued_at, iat, Code::IatInvalid, "iat"),
            (&mut dates.not_before, nbf, Code::NbfInvalid, "nbf"),
            (&mut dates.expires_at, exp, Code::ExpInvalid, "exp"),
        ] {
            *to = self.date(place);
            //= rfc7519#section-4.1.4
            //# Its value MUST be a number containing a NumericDate value.
            //= rfc7519#section-4.1.5
            //# Its value MUST be a number containing a NumericDate value.
            //= rfc7519#section-4.1.6
            //# Its value MUST be a number containing a NumericDate value.
            if to.is_none() && !place.is_absent() {
                return Err(Rejection::of_claim(otherwise, claim));
            }
        }
        Ok(dates)
    }

    /// Returns the value of any claim.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"exp":1800003600,"email":"alice@example"}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    ///
    /// let claims = verifier.verify(&token, now, &mut scratch)?.claims();
    /// assert_eq!(claims.claim("email").and_then(|email| email.as_str()), Some("alice@example"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value<'s>> {
        self.object.member(name)
    }

    /// Follows the names downwards through nested objects.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"exp":1800003600,"realm_access":{"roles":["admin"]}}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    ///
    /// let claims = verifier.verify(&token, now, &mut scratch)?.claims();
    /// let roles = claims.path(["realm_access", "roles"]).and_then(|roles| roles.as_array()).unwrap();
    /// assert!(roles.iter().any(|role| role.as_str() == Some("admin")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn path<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Value<'s>> {
        self.object.path(names)
    }

    /// Returns `true` if the names lead to an array that has this string among its
    /// elements, such as a role; what [`Condition::contains`](crate::Condition::contains)
    /// demands in a policy.
    ///
    /// ```
    /// # fn may_delete(claims: jot::Claims<'_>) -> bool {
    /// claims.has_scope("orders:write") && claims.contains(["realm_access", "roles"], "admin")
    /// # }
    /// ```
    #[must_use]
    pub fn contains<'n>(&self, names: impl IntoIterator<Item = &'n str>, element: &str) -> bool {
        self.path(names).and_then(|value| value.as_array()).is_some_and(|array| array.has_text(element))
    }

    /// Returns the whole Claims Set.
    #[must_use]
    pub const fn as_object(&self) -> Object<'s> {
        self.object
    }

    /// Returns the JSON text of the Claims Set that was signed, without surrounding
    /// white space.
    #[must_use]
    pub fn as_text(&self) -> &'s str {
        self.object.as_text()
    }

    /// Reads the Claims Set into the caller's own type.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// # let keys = KeySet::new([signer.key().verifying_key()?]);
    /// # let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(keys).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// #[derive(serde::Deserialize)]
    /// struct Ours<'c> {
    ///     sub: &'c str,
    /// }
    ///
    /// let claims = verifier.verify(&token, now, &mut scratch)?.claims();
    /// assert_eq!(claims.deserialize::<Ours<'_>>()?.sub, "alice");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The error of `serde_json` if the claims do not fit the type.
    #[cfg(feature = "serde")]
    pub fn deserialize<T: serde::Deserialize<'s>>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_text())
    }
}

/// Returns the strings of a claim that is a string or an array of strings.
fn strings<'s>(value: Option<Value<'s>>) -> impl Iterator<Item = &'s str> + use<'s> {
    let one = value.and_then(|value| value.as_str());
    let many = value.and_then(|value| value.as_array());
    one.into_iter().chain(many.into_iter().flat_map(|array| array.iter()).filter_map(|item| item.as_str()))
}

/// Returns what a fault in the Claims Set of a signed token is.
pub(crate) fn rejection(fault: Fault) -> Rejection {
    Rejection::at(code_of(fault.kind), fault.offset).after_signature()
}

/// Returns the code of a Claims Set's fault.
pub(crate) const fn code_of(fault: FaultKind) -> Code {
    match fault {
        //= rfc8725#section-3.3
        //# both outer and inner operations MUST be validated
        FaultKind::Syntax => Code::ClaimsJson,
        FaultKind::NotObject => Code::ClaimsNotObject,
        //= rfc7519#section-4
        //# JWT parsers MUST either reject JWTs with duplicate Claim Names
        FaultKind::Repeated => Code::ClaimsRepeated,
        FaultKind::TooDeep => Code::ClaimsTooDeep,
    }
}
