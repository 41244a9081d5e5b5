//! Demands of a single verification, beyond the policy.

use super::typed::{meant_for, named_issuer};
use crate::claims::Claims;
use crate::error::{Code, Rejection};

/// Demands of one call on its token, in addition to the policy: for a server whose
/// audience or issuer depends on the request.
///
/// A demand can only narrow what the policy allows. [`Default`] demands nothing; an empty
/// list rejects every token.
///
/// ```
/// use jot::{Alg, Demand, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
///
/// # fn main() -> Result<(), jot::Error> {
/// let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default())?;
/// let policy = Policy::new([Alg::HS256]).any_audience();
/// let verifier = Verifier::builder(policy).keys(KeySet::new([key])).build()?;
///
/// let audiences = ["https://red.example"];
/// let demand = Demand { audiences: Some(&audiences), ..Demand::default() };
/// let mut scratch = Scratch::new();
/// let verdict = verifier.verdict_for(b"not.a.token", UnixSeconds::now(), &demand, &mut scratch);
/// assert!(!verdict.is_accepted());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Demand<'d> {
    /// The key set that must verify the token, by the name that
    /// [`VerifierBuilder::key_set`](crate::VerifierBuilder::key_set) gave it.
    pub key_set: Option<&'d str>,
    /// The `iss` must be one of these.
    pub issuers: Option<&'d [&'d str]>,
    /// The `aud` must be or contain one of these.
    pub audiences: Option<&'d [&'d str]>,
}

impl Demand<'_> {
    /// A demand for nothing.
    pub(crate) const NOTHING: Self = Self { key_set: None, issuers: None, audiences: None };

    /// Returns `true` if no claim can fail it.
    pub(crate) const fn is_of_no_claim(&self) -> bool {
        let Self { key_set: _, issuers, audiences } = self;
        issuers.is_none() && audiences.is_none()
    }

    /// # Errors
    /// [`Code::IssMissing`], [`Code::IssInvalid`], [`Code::IssMismatch`]
    pub(super) fn check_issuer(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let Some(issuers) = self.issuers else { return Ok(()) };
        match named_issuer(claims)? {
            None => Err(Rejection::of_claim(Code::IssMissing, "iss")),
            Some(named) if is_among(issuers, named) => Ok(()),
            Some(_) => Err(Rejection::of_claim(Code::IssMismatch, "iss")),
        }
    }

    /// # Errors
    /// [`Code::AudMissing`], [`Code::AudInvalid`], [`Code::AudMismatch`]
    pub(super) fn check_audience(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let Some(audiences) = self.audiences else { return Ok(()) };
        match meant_for(claims, |audience| is_among(audiences, audience))? {
            None => Err(Rejection::of_claim(Code::AudMissing, "aud")),
            Some(true) => Ok(()),
            Some(false) => Err(Rejection::of_claim(Code::AudMismatch, "aud")),
        }
    }
}

/// Returns `true` if `name` is listed. An empty name never matches: it comes from a
/// variable that was never set.
fn is_among(names: &[&str], name: &[u8]) -> bool {
    !name.is_empty() && names.iter().any(|one| one.as_bytes() == name)
}
