//! What one verification demands beyond the policy.

use crate::claims::Claims;
use crate::error::{Code, Rejection};

use super::claims::{meant_for, named_issuer};

/// What one call demands of its token beyond the policy, which stays as it is:
/// for a server whose audience or issuer depends on the request.
///
/// A demand only narrows what the policy allows. Nothing is demanded by
/// [`Default`]; an empty list demands what no token has.
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

/// An empty name is that of nobody: a variable that was never set.
fn is_among(names: &[&str], name: &[u8]) -> bool {
    !name.is_empty() && names.iter().any(|one| one.as_bytes() == name)
}
