//! The pipeline: one screen from bytes to a verdict.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::jws::{JoseHeader, Jws};
use crate::key::{KeySet, VerifyingKey};
use crate::policy::Policy;
use crate::scratch::Scratch;
use crate::time::UnixSeconds;
use crate::verified::{self, Payload, Room, VerifiedJws};

/// A policy and the keys that it trusts, ready to verify.
///
/// Immutable; share one between any number of threads, each with a
/// [`Scratch`] of its own.
///
/// ```
/// use jot::{Alg, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default())?;
/// let policy = Policy::new([Alg::HS256]).audience("api");
/// let verifier = Verifier::builder(policy).issuer("https://issuer", KeySet::new([key])).build()?;
///
/// let mut scratch = Scratch::new();
/// let refused = verifier.verify(b"not.a.token", UnixSeconds::now(), &mut scratch).unwrap_err();
/// assert_eq!(refused.code().name(), "header_encoding");
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Verifier {
    policy: Policy,
    /// At least one. A sole one may be without a name: then any `iss` will do.
    trusted: Box<[Trusted]>,
    by_issuer: HashMap<Box<str>, usize>,
}

#[derive(Debug)]
struct Trusted {
    issuer: Option<Box<str>>,
    keys: Arc<KeySet>,
}

impl Verifier {
    /// Starts a verifier; give it keys next.
    #[must_use]
    pub const fn builder(policy: Policy) -> VerifierBuilder {
        VerifierBuilder { policy, trusted: Vec::new() }
    }

    /// Verifies a token at the instant `now`.
    ///
    /// # Errors
    /// The first rule that the token breaks, in the order syntax, header, key,
    /// signature, claims, dates.
    pub fn verify<'s>(
        &self,
        token: &[u8],
        now: UnixSeconds,
        scratch: &'s mut Scratch,
    ) -> Result<Verified<'s>, Rejection> {
        self.judge(token, now, scratch).into_result()
    }

    /// Verifies a token and tells, of a rejected one too, what is known of it.
    #[must_use]
    pub fn judge<'s>(&self, token: &[u8], now: UnixSeconds, scratch: &'s mut Scratch) -> Verdict<'s> {
        let mut verdict = Verdict { rejection: None, header: None, claims: None, key: None };
        verdict.rejection = self.run(token, now, scratch, &mut verdict).err();
        verdict
    }

    fn run<'s>(
        &self,
        token: &[u8],
        now: UnixSeconds,
        scratch: &'s mut Scratch,
        seen: &mut Verdict<'s>,
    ) -> Result<(), Rejection> {
        let Scratch { header_text, header, signature, signing_input, payload, claims } = scratch;
        let limits = self.policy.limits_in_force();
        let jws = Jws::parse(token, limits, self.policy.understood(), header_text, header)?;
        seen.header = Some(jws.header);
        self.policy.check_header(&jws.header)?;
        // RFC 7797 §7
        if !jws.header.b64() {
            return Err(Rejection::new(Code::B64InJwt));
        }
        let issuer_index = self.trusted_index(&jws, payload, claims)?;
        let trusted = self.trusted.get(issuer_index).ok_or(Rejection::new(Code::Internal))?;
        let room = Room { signature, signing_input, payload };
        let jws = VerifiedJws::verify(jws, Payload::Attached, &trusted.keys, room)?;
        seen.key = Some(KeyPlace { issuer_index, key_index: jws.key_index() });
        let claims = Claims::parse(&jws, claims)?;
        seen.claims = Some(claims);
        self.policy.check_claims(&claims, trusted.issuer.as_deref()).map_err(Rejection::after_signature)?;
        self.policy.check_times(&claims, now).map_err(Rejection::after_signature)
    }

    /// Verifies header and signature of a JWS whose payload need not be a
    /// Claims Set; no rule over claims is checked, and `issuer` says whose
    /// keys to use where the verifier knows issuers by name.
    ///
    /// # Errors
    /// The first rule that the token breaks, in the order syntax, header, key,
    /// signature.
    pub fn verify_jws<'s>(
        &self,
        token: &[u8],
        payload: Payload<'s>,
        issuer: Option<&str>,
        scratch: &'s mut Scratch,
    ) -> Result<VerifiedJws<'s>, Rejection> {
        let Scratch { header_text, header, signature, signing_input, payload: decoded, .. } = scratch;
        let limits = self.policy.limits_in_force();
        let jws = Jws::parse(token, limits, self.policy.understood(), header_text, header)?;
        self.policy.check_header(&jws.header)?;
        let trusted = match (issuer, &*self.trusted) {
            (None, [sole]) => Some(sole),
            (None, _) => None,
            (Some(issuer), _) => self.by_issuer.get(issuer).and_then(|index| self.trusted.get(*index)),
        };
        let trusted = trusted.ok_or(Rejection::new(Code::IssuerUnknown))?;
        VerifiedJws::verify(jws, payload, &trusted.keys, Room { signature, signing_input, payload: decoded })
    }

    /// Chooses the issuer whose keys the token must be verified with. With one
    /// key set there is no choice; with several, the token's own `iss` names
    /// it, and the claims are checked against that issuer later.
    fn trusted_index(
        &self,
        jws: &Jws<'_, '_>,
        payload: &mut Vec<u8>,
        claims: &mut crate::json::Storage,
    ) -> Result<usize, Rejection> {
        if self.trusted.len() == 1 {
            return Ok(0);
        }
        verified::unverified_issuer(jws, payload, claims)
            .and_then(|issuer| self.by_issuer.get(issuer).copied())
            .ok_or(Rejection::new(Code::IssuerUnknown))
    }

    /// Returns the key that verified a token, as [`Verdict::key`] names it.
    #[must_use]
    pub fn key(&self, place: KeyPlace) -> Option<&VerifyingKey> {
        self.trusted.get(place.issuer_index)?.keys.keys().get(place.key_index as usize)
    }

    /// Returns the policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// A verifier in the making.
#[derive(Debug)]
pub struct VerifierBuilder {
    policy: Policy,
    trusted: Vec<Trusted>,
}

impl VerifierBuilder {
    /// Trusts these keys for tokens of any issuer, or of none.
    #[must_use]
    pub fn keys(mut self, keys: impl Into<Arc<KeySet>>) -> Self {
        self.trusted.push(Trusted { issuer: None, keys: keys.into() });
        self
    }

    /// Trusts these keys for the tokens of this issuer, whose `iss` must be
    /// exactly this. May be called once for each issuer.
    #[must_use]
    pub fn issuer(mut self, issuer: &str, keys: impl Into<Arc<KeySet>>) -> Self {
        self.trusted.push(Trusted { issuer: Some(issuer.into()), keys: keys.into() });
        self
    }

    /// Finishes the verifier.
    ///
    /// # Errors
    /// [`Code::AlgorithmsEmpty`], [`Code::PolicyInvalid`];
    /// [`Code::KeysEmpty`] when no key was given; [`Code::IssuerRequired`];
    /// [`Code::IssuerRepeated`], also when keys for any issuer stand beside
    /// others.
    pub fn build(self) -> Result<Verifier, Error> {
        let Self { policy, trusted } = self;
        policy.validate()?;
        if trusted.is_empty() || trusted.iter().any(|trusted| trusted.keys.is_empty()) {
            return Err(Error::new(Code::KeysEmpty));
        }
        let mut by_issuer = HashMap::new();
        for (index, trusted_here) in trusted.iter().enumerate() {
            let repeated = match &trusted_here.issuer {
                None if policy.demands_issuer() => return Err(Error::new(Code::IssuerRequired)),
                None => trusted.len() > 1,
                Some(issuer) if issuer.is_empty() => {
                    return Err(Error::of_member(Code::PolicyInvalid, "issuer"));
                }
                Some(issuer) => by_issuer.insert(issuer.clone(), index).is_some(),
            };
            if repeated {
                return Err(Error::new(Code::IssuerRepeated));
            }
        }
        Ok(Verifier { policy, trusted: trusted.into(), by_issuer })
    }
}

/// Where, among a verifier's keys, the one is that verified a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPlace {
    /// The index of the issuer, in the order they were given.
    pub issuer_index: usize,
    /// The index of the key within that issuer's set.
    pub key_index: u32,
}

/// An accepted token.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'s> {
    header: JoseHeader<'s>,
    claims: Claims<'s>,
    key: KeyPlace,
}

impl<'s> Verified<'s> {
    /// Returns the JOSE Header.
    #[must_use]
    pub const fn header(&self) -> JoseHeader<'s> {
        self.header
    }

    /// Returns the claims.
    #[must_use]
    pub const fn claims(&self) -> Claims<'s> {
        self.claims
    }

    /// Returns which key verified the token.
    #[must_use]
    pub const fn key(&self) -> KeyPlace {
        self.key
    }
}

/// What came of a token, accepted or not.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'s> {
    rejection: Option<Rejection>,
    header: Option<JoseHeader<'s>>,
    claims: Option<Claims<'s>>,
    key: Option<KeyPlace>,
}

impl<'s> Verdict<'s> {
    /// Returns the code: [`Code::Accepted`] or the reason of the rejection.
    #[must_use]
    pub fn code(&self) -> Code {
        self.rejection.map_or(Code::Accepted, |rejection| rejection.code())
    }

    /// Tells whether the token was accepted.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// Tells whether the signature held, whatever came of the claims.
    #[must_use]
    pub const fn signature_ok(&self) -> bool {
        match self.rejection {
            None => true,
            Some(rejection) => rejection.signature_ok(),
        }
    }

    /// Returns why the token was rejected.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        self.rejection
    }

    /// Returns the header of a token that was well formed. Unless the
    /// signature held, it is only what the token says of itself.
    #[must_use]
    pub const fn header(&self) -> Option<JoseHeader<'s>> {
        self.header
    }

    /// Returns the claims of a token whose signature held, also when they did
    /// not meet the policy.
    #[must_use]
    pub const fn signed_claims(&self) -> Option<Claims<'s>> {
        self.claims
    }

    /// Returns which key verified the signature; `None` also when the payload
    /// behind a signature that held could not be decoded.
    #[must_use]
    pub const fn key(&self) -> Option<KeyPlace> {
        self.key
    }

    /// Turns the verdict into the accepted token or the rejection.
    ///
    /// # Errors
    /// The rejection, if there is one.
    pub fn into_result(self) -> Result<Verified<'s>, Rejection> {
        match self {
            Self { rejection: None, header: Some(header), claims: Some(claims), key: Some(key) } => {
                Ok(Verified { header, claims, key })
            }
            Self { rejection, .. } => Err(rejection.unwrap_or(Rejection::new(Code::Internal))),
        }
    }
}
