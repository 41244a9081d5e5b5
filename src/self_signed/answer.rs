//! What is known of a token that its own key signed.

use crate::alg::Alg;
use crate::base64url;
use crate::claims;
use crate::crypto::SignatureHeld;
use crate::error::{Code, Rejection};
use crate::json::{self, Object, Storage};
use crate::key::Thumbprint;
use crate::policy::Policy;
use crate::simd::Wide;
use crate::time::{Dates, NumericDate, UnixSeconds};

/// A token that the key signed which came with it. **This is no acceptance**: anybody can
/// make a key and sign with it.
///
/// It proves that its sender has the key of this [thumbprint](Self::thumbprint). Compare
/// that with what somebody trusted says of the key, such as `cnf.jkt` of an access token
/// that was accepted, before you believe anything else.
///
/// ```
/// use jot::{Alg, PayloadForm, Scratch, SelfSignedVerifier, SignHeader, Signer, SigningKey};
///
/// # let key = SigningKey::generate(Alg::ES256)?;
/// # let jkt = key.verifying_key()?.thumbprint().to_owned();
/// # let header = SignHeader::default().typ("dpop+jwt").parameters(format!(r#"{{"jwk":{}}}"#, key.verifying_key()?.to_jwk()?));
/// # let proof = Signer::new(key).sign_payload(&header, br#"{"htm":"GET","iat":1800000000}"#, PayloadForm::Attached)?;
/// let verifier = SelfSignedVerifier::builder([Alg::ES256]).typ("dpop+jwt").build()?;
/// let mut scratch = Scratch::new();
/// let proof = verifier.verify(&proof, &mut scratch)?;
/// assert!(proof.thumbprint().is(&jkt)); // of the access token
/// assert_eq!(proof.claims().member("htm").and_then(|htm| htm.as_str()), Some("GET"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "it proves nothing until its thumbprint is compared"]
pub struct SelfSigned<'s> {
    thumbprint: Thumbprint,
    alg: Alg,
    claims: Object<'s>,
}

impl<'s> SelfSigned<'s> {
    /// Decodes and parses the payload of a token whose signature held.
    ///
    /// # Errors
    /// [`Code::PayloadEncoding`], [`Code::ClaimsJson`], [`Code::ClaimsNotObject`],
    /// [`Code::ClaimsRepeated`], [`Code::ClaimsTooDeep`].
    pub(super) fn read(
        _: SignatureHeld,
        (thumbprint, alg): (Thumbprint, Alg),
        payload: &[u8],
        (decoded, storage): (&'s mut Vec<u8>, &'s mut Storage),
        wide: Option<Wide>,
    ) -> Result<Self, Rejection> {
        let text = base64url::decode_into(payload, decoded, wide)
            .map_err(|_| Rejection::new(Code::PayloadEncoding).after_signature())?;
        let claims = json::parse(text, storage).map_err(claims::rejection)?;
        Ok(Self { thumbprint, alg, claims })
    }

    /// Returns the thumbprint of the key that signed the token.
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Returns the algorithm of the signature.
    #[must_use]
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Returns the payload, which is a JSON object with unique member names. What it says
    /// is only what the holder of the key says: the names and values follow no policy.
    #[must_use]
    pub const fn claims(&self) -> Object<'s> {
        self.claims
    }

    /// Returns `iat`, `nbf` and `exp`, none of which is checked.
    ///
    /// # Errors
    /// [`Code::IatInvalid`], [`Code::NbfInvalid`], [`Code::ExpInvalid`].
    pub fn dates(&self) -> Result<Dates, Rejection> {
        let date = |name, otherwise| -> Result<Option<NumericDate>, Rejection> {
            let Some(value) = self.claims.member(name) else { return Ok(None) };
            let date = value.as_number().and_then(|number| number.as_date());
            date.map(Some).ok_or(Rejection::of_claim(otherwise, name).after_signature())
        };
        Ok(Dates {
            issued_at: date("iat", Code::IatInvalid)?,
            not_before: date("nbf", Code::NbfInvalid)?,
            expires_at: date("exp", Code::ExpInvalid)?,
        })
    }

    /// Checks that the token was made at most `max_age` seconds before `now`, and that it
    /// has begun and not ended, if it says so. Clocks may differ by `leeway` seconds.
    ///
    /// A token that is young may still be one that was used before: remember the `jti`s
    /// of this time, too.
    ///
    /// ```
    /// # fn check(proof: jot::SelfSigned<'_>) -> Result<(), jot::Rejection> {
    /// proof.check_dates(jot::UnixSeconds::now(), 60, 5)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`dates`](Self::dates), [`Code::IatMissing`], [`Code::IssuedInFuture`],
    /// [`Code::TooOld`], [`Code::NotYetValid`], [`Code::Expired`].
    pub fn check_dates(&self, now: UnixSeconds, max_age: u32, leeway: u32) -> Result<(), Rejection> {
        let rules = Policy::new([]).allow_missing_exp().max_age(max_age).leeway(leeway);
        rules.dates().check(&self.dates()?, now).map_err(Rejection::after_signature)
    }
}
