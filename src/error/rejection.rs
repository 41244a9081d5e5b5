//! Why a token was refused.

use std::fmt;

use super::caller::Error;
use super::code::{Code, describe};
use super::name::Name;

/// Why a token was refused: a code, and at most a name or a byte offset.
///
/// It never carries bytes of the token or of a secret.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::{Code, Rejection};
///
/// let rejection: Rejection = verifier.verify(&token, now, &mut scratch).unwrap_err();
/// assert_eq!((rejection.code(), rejection.claim()), (Code::Expired, Some("exp")));
/// assert!(rejection.signature_ok()); // it was good once
/// assert!(rejection.to_string().starts_with("expired (692): The exp has passed"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    code: Code,
    signature_ok: bool,
    claim: Option<Name>,
    offset: Option<u32>,
}

impl Rejection {
    pub(crate) const fn new(code: Code) -> Self {
        Self { code, signature_ok: false, claim: None, offset: None }
    }

    pub(crate) fn of_claim(code: Code, claim: &str) -> Self {
        Self { claim: Some(Name::new(claim)), ..Self::new(code) }
    }

    /// What is wrong with a key that comes with a token.
    pub(crate) fn of_key(error: Error) -> Self {
        Self { claim: error.member().map(Name::new), offset: error.offset(), ..Self::new(error.code()) }
    }

    pub(crate) const fn at(code: Code, offset: u32) -> Self {
        Self { offset: Some(offset), ..Self::new(code) }
    }

    pub(crate) const fn after_signature(self) -> Self {
        Self { signature_ok: true, ..self }
    }

    /// Returns the reason.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns `true` if the signature held before the token was refused, as for
    /// an expired token; `false` also when it was never looked at.
    #[must_use]
    pub const fn signature_ok(&self) -> bool {
        self.signature_ok
    }

    /// Returns the name of the claim at fault, or of the member of the token's own key,
    /// where a single one is.
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        self.claim.as_ref().map(Name::as_str)
    }

    /// Returns the byte offset of the fault within the decoded JSON text of
    /// the header (3xx), the Claims Set (6xx) or the key that was handed over for this
    /// token (4xx), where that is known.
    #[must_use]
    pub const fn offset(&self) -> Option<u32> {
        self.offset
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(f, self.code, self.claim(), self.offset)
    }
}

impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejection_reads_as_a_sentence() {
        let rejection = Rejection::of_claim(Code::ClaimMissing, "tenant");
        assert_eq!(
            rejection.to_string(),
            "claim_missing (650): A claim that the policy demands is absent or null. [tenant]"
        );
    }
}
