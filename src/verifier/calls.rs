//! The calls that verify.

use super::pipeline::Verifier;
use super::verdict::{Accepted, Verdict, Verified};
#[cfg(doc)]
use crate::error::Code;
use crate::error::Rejection;
use crate::policy::Demand;
use crate::scratch::Scratch;
use crate::time::UnixSeconds;
use crate::verified::{Payload, VerifiedJws};

impl Verifier {
    /// Verifies a token at the instant `now`.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    ///
    /// match verifier.verify(&token, now, &mut scratch) {
    ///     Ok(verified) => assert_eq!(verified.claims().subject(), Some("alice")),
    ///     Err(rejection) => panic!("{}: {rejection}", rejection.code().http_status()),
    /// }
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first rule that the token breaks, in the order syntax, header, key,
    /// signature, claims, revocations, dates.
    pub fn verify<'s>(
        &self,
        token: impl AsRef<[u8]>,
        now: UnixSeconds,
        scratch: &'s mut Scratch,
    ) -> Result<Verified<'s>, Rejection> {
        self.judge(token.as_ref(), now, &Demand::NOTHING, scratch).into_result()
    }

    /// Verifies a token and returns everything known about it, even if it is rejected.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    ///
    /// let verdict = verifier.verdict(&token, now, &mut scratch);
    /// assert!(!verdict.is_accepted() && verdict.signature_ok());
    /// assert_eq!(verdict.signed_claims().and_then(|claims| claims.subject()), Some("alice"));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn verdict<'s>(
        &self,
        token: impl AsRef<[u8]>,
        now: UnixSeconds,
        scratch: &'s mut Scratch,
    ) -> Verdict<'s> {
        self.judge(token.as_ref(), now, &Demand::NOTHING, scratch)
    }

    /// Verifies a token like [`verdict`](Self::verdict); the token must also meet
    /// `demand`. The cache serves calls with any demand.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"aud":["red","api"],"exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::Demand;
    ///
    /// # let policy = Policy::new([Alg::ES256]).audience("red").audience("blue");
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// let red = Demand { audiences: Some(&["red"]), ..Demand::default() };
    /// let blue = Demand { audiences: Some(&["blue"]), ..Demand::default() };
    /// assert!(verifier.verdict_for(&token, now, &red, &mut scratch).is_accepted());
    /// assert!(!verifier.verdict_for(&token, now, &blue, &mut scratch).is_accepted());
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn verdict_for<'s>(
        &self,
        token: impl AsRef<[u8]>,
        now: UnixSeconds,
        demand: &Demand<'_>,
        scratch: &'s mut Scratch,
    ) -> Verdict<'s> {
        self.judge(token.as_ref(), now, demand, scratch)
    }

    /// Verifies a token like [`verify`](Self::verify), but does not read the claims if
    /// the cache holds the token: the fastest call if you need only the answer.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::CacheSize;
    ///
    /// # let keys = KeySet::new([signer.key().verifying_key()?]);
    /// let builder = Verifier::builder(Policy::new([Alg::ES256])).keys(keys);
    /// let verifier = builder.cache(CacheSize::Entries(1000)).build()?;
    /// assert!(!verifier.verify_without_claims(&token, now, &mut scratch)?.from_cache());
    /// assert!(verifier.verify_without_claims(&token, now, &mut scratch)?.from_cache());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn verify_without_claims(
        &self,
        token: impl AsRef<[u8]>,
        now: UnixSeconds,
        scratch: &mut Scratch,
    ) -> Result<Accepted, Rejection> {
        self.accept(token.as_ref(), now, scratch)
    }

    /// Verifies header and signature of a JWS whose payload need not be a Claims Set.
    /// No rule over claims or dates is checked. `issuer` selects the keys if the
    /// verifier knows issuers by name. A revoked key is rejected. The time in which a
    /// key is in force is not checked, because no instant is given.
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
    /// # let policy = Policy::new([Alg::ES256]);
    /// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
    /// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
    /// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
    /// use jot::{Payload, PayloadForm, SignHeader};
    ///
    /// let jws = signer.sign_payload(&SignHeader::default(), "any bytes", PayloadForm::Attached)?;
    /// let verified = verifier.verify_jws(&jws, Payload::Attached, None, &mut scratch)?;
    /// assert_eq!(verified.payload(), b"any bytes");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first rule that the token breaks, in the order syntax, header, key,
    /// signature; [`Code::KeyRevoked`].
    pub fn verify_jws<'s>(
        &self,
        token: impl AsRef<[u8]>,
        payload: Payload<'s>,
        issuer: Option<&str>,
        scratch: &'s mut Scratch,
    ) -> Result<VerifiedJws<'s>, Rejection> {
        self.jws(token.as_ref(), payload, issuer, scratch)
    }

    /// Returns which issuer's keys would verify a token, as an index in the order in
    /// which the issuers were given; `None` for a malformed token and for an issuer that
    /// is not known. Nothing of the token is verified: this is for those who fetch keys
    /// and must know whose to ask for after [`Code::KidUnknown`] or [`Code::KeysNotYet`].
    ///
    /// ```
    /// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, Verifier};
    /// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let builder = Verifier::builder(Policy::new([Alg::ES256]));
    /// let builder = builder.issuer("https://a.example", KeySet::not_yet());
    /// let verifier = builder.issuer("https://b.example", KeySet::not_yet()).build()?;
    ///
    /// let token = signer.sign_claims(r#"{"iss":"https://b.example","exp":1800003600}"#)?;
    /// assert_eq!(verifier.unverified_issuer_index(&token, &mut Scratch::new()), Some(1));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn unverified_issuer_index(&self, token: impl AsRef<[u8]>, scratch: &mut Scratch) -> Option<u32> {
        self.issuer_index_of(token.as_ref(), scratch).ok()
    }
}
