//! Verifies tokens with the keys that come with them.

use super::answer::SelfSigned;
use crate::alg::Alg;
use crate::base64url;
use crate::crypto::{Accelerator, BackendReport, SingleUse, verify_single_use};
use crate::error::{Code, Rejection};
use crate::header_cache::HeaderCache;
use crate::jws::{JoseHeader, Jws, Segments};
use crate::key::PresentedKey;
use crate::policy::Policy;
use crate::scratch::Scratch;

/// Verifies tokens that come with their own key, such as DPoP proofs. Nothing that it
/// returns is an acceptance; see [`SelfSigned`].
///
/// Any number of threads may share one, each with its own [`Scratch`].
/// [`Batch::verify_self_signed`](crate::batch::Batch::verify_self_signed) verifies many at
/// once.
///
/// ```
/// use jot::{Alg, Code, Scratch, SelfSignedVerifier};
///
/// let verifier = SelfSignedVerifier::builder([Alg::ES256]).typ("dpop+jwt").build()?;
/// let refused = verifier.verify("not.a.token", &mut Scratch::new()).unwrap_err();
/// assert_eq!(refused.code(), Code::HeaderEncoding);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Debug)]
pub struct SelfSignedVerifier {
    pub(super) policy: Policy,
    pub(super) accelerator: Accelerator,
}

/// A token that is well formed, and its key.
pub(super) struct WithKey<'t> {
    pub(super) segments: Segments<'t>,
    pub(super) alg: Alg,
    pub(super) key: PresentedKey,
}

impl SelfSignedVerifier {
    /// Verifies a token with the key in its header's `jwk`.
    ///
    /// No clock is read: [`SelfSigned::check_dates`] checks the dates.
    ///
    /// # Errors
    /// The codes of a malformed token and header (2xx, 3xx, 7xx), [`Code::JwkMissing`],
    /// [`Code::JwkInvalid`], [`Code::JwkPrivate`]; the codes of
    /// [`VerifyingKey::from_jwk`](crate::VerifyingKey::from_jwk),
    /// [`Code::KeySecretNotPublic`] for a symmetric key, [`Code::KeyNotForAlg`];
    /// [`Code::SignatureInvalid`]; after the signature, the codes of a payload that is no
    /// Claims Set.
    pub fn verify<'s>(
        &self,
        token: &(impl AsRef<[u8]> + ?Sized),
        scratch: &'s mut Scratch,
    ) -> Result<SelfSigned<'s>, Rejection> {
        self.judge(token.as_ref(), None, scratch)
    }

    /// Verifies a token with this JWK, which the caller has from elsewhere, such as from
    /// `cnf.jwk`. It must not be private or symmetric either.
    ///
    /// A key that somebody trusted named makes the signature worth something; it is the
    /// caller who knows.
    ///
    /// ```
    /// # use jot::{Alg, PayloadForm, Scratch, SelfSignedVerifier, SignHeader, Signer, SigningKey};
    /// # let key = SigningKey::generate(Alg::ES256)?;
    /// # let jwk = key.verifying_key()?.to_jwk()?;
    /// # let thumbprint = key.verifying_key()?.thumbprint().to_owned();
    /// # let header = SignHeader::default().typ("kb+jwt");
    /// # let token = Signer::new(key).sign_payload(&header, br#"{"nonce":"n"}"#, PayloadForm::Attached)?;
    /// let verifier = SelfSignedVerifier::builder([Alg::ES256]).typ("kb+jwt").build()?;
    /// let mut scratch = Scratch::new();
    /// let bound = verifier.verify_with_key(&token, &jwk, &mut scratch)?;
    /// assert_eq!(bound.thumbprint().to_string(), thumbprint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify) but `JwkMissing` and `JwkInvalid`;
    /// [`Code::JwkUnexpected`] if the token brings a key, too; [`Code::KeyJson`].
    pub fn verify_with_key<'s>(
        &self,
        token: &(impl AsRef<[u8]> + ?Sized),
        jwk: &(impl AsRef<[u8]> + ?Sized),
        scratch: &'s mut Scratch,
    ) -> Result<SelfSigned<'s>, Rejection> {
        self.judge(token.as_ref(), Some(jwk.as_ref()), scratch)
    }

    /// Returns what accelerated code has done, and whether something is wrong with it.
    ///
    /// ```
    /// # use jot::{Alg, SelfSignedVerifier};
    /// let verifier = SelfSignedVerifier::builder([Alg::ES256]).typ("dpop+jwt").build()?;
    /// assert_eq!(verifier.backend_report().accepted, 0); // aws-lc verifies everything
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn backend_report(&self) -> BackendReport {
        self.accelerator.report()
    }

    pub(crate) fn judge<'s>(
        &self,
        token: &[u8],
        handed: Option<&[u8]>,
        scratch: &'s mut Scratch,
    ) -> Result<SelfSigned<'s>, Rejection> {
        let Scratch { headers, signature, payload, claims, .. } = scratch;
        let WithKey { segments, alg, key } = self.begin(token, handed, headers)?;
        let wide = self.accelerator.wide();
        let signature = base64url::decode_into(segments.signature, signature, wide)
            .map_err(|_| segments.undecodable(Code::SignatureEncoding))?;
        let mut job = SingleUse::new(key.part(), segments.signing_input, signature);
        verify_single_use(&self.accelerator, alg, std::slice::from_mut(&mut job));
        let held = job.answer().map_err(Rejection::new)?;
        SelfSigned::read(held, (key.thumbprint(), alg), segments.payload, (payload, claims), wide)
    }

    /// Reads a token up to its signature.
    pub(super) fn begin<'t>(
        &self,
        token: &'t [u8],
        handed: Option<&[u8]>,
        headers: &mut HeaderCache,
    ) -> Result<WithKey<'t>, Rejection> {
        let jws = Jws::parse(token, self.policy.limits_in_force(), self.policy.understood(), headers)?;
        self.policy.check_header(&jws.header)?;
        if !jws.header.b64() {
            return Err(Rejection::new(Code::B64InJwt));
        }
        let (segments, alg, key) = (jws.segments, jws.header.alg(), key_of(&jws.header, handed)?);
        if !key.algorithms().contains(alg) {
            return Err(Rejection::new(Code::KeyNotForAlg));
        }
        Ok(WithKey { segments, alg, key })
    }
}

/// Returns the key of a token: that in its header, or that which the caller handed over.
fn key_of(header: &JoseHeader<'_>, handed: Option<&[u8]>) -> Result<PresentedKey, Rejection> {
    let key = match (header.parameter("jwk"), handed) {
        (None, None) => return Err(Rejection::new(Code::JwkMissing)),
        (Some(_), Some(_)) => return Err(Rejection::new(Code::JwkUnexpected)),
        (None, Some(text)) => PresentedKey::parse(text),
        (Some(jwk), None) => PresentedKey::read(jwk.as_object().ok_or(Rejection::new(Code::JwkInvalid))?),
    };
    key.map_err(Rejection::of_key)
}
