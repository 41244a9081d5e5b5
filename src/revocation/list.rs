//! Revocations as a signed JWT, which an issuer serves and verifiers fetch.

use super::Revocations;
use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::json::{self, Object};
use crate::time::UnixSeconds;

/// The claim that holds the revocations.
const MEMBER: &str = "revocations";

impl Revocations {
    /// The `typ` of a signed list; its media type is `application/revocations+jwt`.
    pub const TYP: &'static str = "revocations+jwt";

    /// Writes the Claims Set of a signed list: sign it with the `typ`
    /// [`TYP`](Self::TYP). docs/revocation.md describes it.
    ///
    /// `issuer` is the issuer whose tokens are revoked. The list is to be used until just
    /// before `expires_at`, and to be fetched again after `poll_seconds`.
    ///
    /// ```
    /// use jot::{Alg, KeySet, Policy, Revocations, Scratch, SignHeader, Signer, SigningKey, UnixSeconds, Verifier};
    ///
    /// let mut revoked = Revocations::with_limit(10_000);
    /// revoked.revoke_session("s-17", Some(UnixSeconds(2000)))?;
    /// let claims = revoked.to_claims("https://issuer.example", UnixSeconds(1000), UnixSeconds(1600), 5);
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let header = SignHeader::default().typ(Revocations::TYP);
    /// let token = signer.sign_claims_with(&header, claims.as_bytes())?;
    ///
    /// let keys = KeySet::new([signer.key().verifying_key()?]);
    /// let verifier = Verifier::builder(Policy::revocation_list([Alg::ES256]))
    ///     .issuer("https://issuer.example", keys)
    ///     .build()?;
    /// let mut scratch = Scratch::new();
    /// let verified = verifier.verify(&token, UnixSeconds(1000), &mut scratch)?;
    /// assert_eq!(Revocations::from_claims(&verified.claims(), 10_000)?, revoked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_claims(
        &self,
        issuer: &str,
        issued_at: UnixSeconds,
        expires_at: UnixSeconds,
        poll_seconds: u32,
    ) -> String {
        let mut text = "{\"iss\":".to_owned();
        json::write_string(issuer, &mut text);
        let (iat, exp, entries) = (issued_at.0, expires_at.0, self.entries().join(","));
        text + &format!(",\"iat\":{iat},\"exp\":{exp},\"ttl\":{poll_seconds},\"{MEMBER}\":[{entries}]}}")
    }

    /// Reads the claims of a signed list that was verified with
    /// [`Policy::revocation_list`](crate::Policy::revocation_list).
    ///
    /// # Errors
    /// [`Code::RevocationsInvalid`] if the list is missing or an entry is malformed: half
    /// of a list would let revoked tokens pass. [`Code::RevocationsFull`].
    pub fn from_claims(claims: &Claims<'_>, limit: usize) -> Result<Self, Error> {
        Self::from_object(claims.as_object(), limit)
    }

    /// Reads the text of a Claims Set, for callers that have no [`Claims`].
    #[cfg(feature = "capi")]
    pub(crate) fn from_claims_text(text: &[u8], limit: usize) -> Result<Self, Error> {
        let mut storage = json::Storage::default();
        let object = json::parse(text, &mut storage);
        let malformed = |fault: json::Fault| Error::at(Code::RevocationsInvalid, fault.offset);
        Self::from_object(object.map_err(malformed)?, limit)
    }

    fn from_object(claims: Object<'_>, limit: usize) -> Result<Self, Error> {
        let malformed = Error::of_member(Code::RevocationsInvalid, MEMBER);
        let entries = claims.member(MEMBER).and_then(|value| value.as_array()).ok_or(malformed)?;
        let mut list = Self::with_limit(limit);
        for entry in entries.iter() {
            list.read_entry(entry.as_object().ok_or(malformed)?, malformed)?;
        }
        Ok(list)
    }
}
