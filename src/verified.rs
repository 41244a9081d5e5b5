//! From a well-formed token and keys to a token whose signature holds.
//!
//! This is the only place that decodes a payload, but for `self_signed`, whose tokens are
//! never accepted. A [`VerifiedJws`] can only be made
//! from a [`SignedJws`], whose signature held.

use crate::alg::Alg;
use crate::base64url::{self, Arena, Span};
use crate::cache::Remembered;
use crate::crypto::{Accelerator, Job, SignatureHeld};
use crate::error::{Code, Rejection};
use crate::json::{self, Storage};
use crate::jws::{JoseHeader, Jws, Segments};
use crate::key::KeySet;
use crate::limits::MAX_CANDIDATES;
use crate::simd::Wide;
use crate::time::UnixSeconds;

/// Where the payload of a JWS is.
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
/// let document = b"a document";
/// let detached = signer.sign_payload(&SignHeader::default(), document, PayloadForm::Detached)?;
/// let verified = verifier.verify_jws(&detached, Payload::Detached(document), None, &mut scratch)?;
/// assert_eq!(verified.payload(), document);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload<'p> {
    /// In the token.
    Attached,
    /// Not in the token, whose payload segment is empty (RFC 7515 Appendix F): these
    /// bytes, before any encoding.
    Detached(&'p [u8]),
}

/// The decoded payload of a JWS whose signature holds. Claims are made only from this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedPayload<'s>(&'s [u8]);

impl<'s> SignedPayload<'s> {
    pub(crate) const fn bytes(&self) -> &'s [u8] {
        self.0
    }
}

/// A JWS whose signature holds.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::Payload;
///
/// let verified = verifier.verify_jws(&token, Payload::Attached, None, &mut scratch)?;
/// assert!(verified.payload().starts_with(b"{"));
/// assert_eq!((verified.header().alg(), verified.key_index()), (Alg::ES256, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct VerifiedJws<'s> {
    header: JoseHeader<'s>,
    payload: SignedPayload<'s>,
    key_index: u32,
}

/// A JWS whose signature holds and whose payload is not yet decoded.
pub(crate) struct SignedJws<'t, 's> {
    segments: Segments<'t>,
    header: JoseHeader<'s>,
    payload: Payload<'s>,
    key_index: u32,
}

/// The verifier's accelerator and the buffers of the scratch for checking a signature.
pub(crate) struct Room<'r> {
    pub(crate) accelerator: &'r Accelerator,
    pub(crate) signature: &'r mut Vec<u8>,
    pub(crate) signing_input: &'r mut Vec<u8>,
}

impl<'t, 's> SignedJws<'t, 's> {
    /// Verifies the signature with the fitting keys.
    ///
    /// # Errors
    /// [`Code::SignatureEncoding`], [`Code::PayloadAttached`], the codes that
    /// no fitting key gives, [`Code::SignatureInvalid`],
    /// [`Code::CandidatesTooMany`].
    pub(crate) fn verify(
        jws: Jws<'t, 's>,
        payload: Payload<'s>,
        keys: &KeySet,
        room: Room<'_>,
    ) -> Result<Self, Rejection> {
        let Jws { segments, header } = jws;
        let message = match payload {
            Payload::Attached => segments.signing_input,
            Payload::Detached(bytes) => {
                if !segments.payload.is_empty() {
                    return Err(Rejection::new(Code::PayloadAttached));
                }
                join(segments.signing_input, bytes, header.b64(), room.signing_input)
            }
        };
        let signature = base64url::decode_into(segments.signature, room.signature, room.accelerator.wide())
            .map_err(|_| segments.undecodable(Code::SignatureEncoding))?;
        let (key_index, held) = verifying_key(&header, keys, room.accelerator, message, signature)?;
        Ok(Self::of(segments, header, payload, key_index, held))
    }

    /// Makes the JWS of a token whose signature held, with the key at `key_index`.
    fn of(
        segments: Segments<'t>,
        header: JoseHeader<'s>,
        payload: Payload<'s>,
        key_index: u32,
        _: SignatureHeld,
    ) -> Self {
        header.prove();
        Self { segments, header, payload, key_index }
    }

    /// Makes the JWS of a token that the cache holds.
    pub(crate) fn recall(jws: Jws<'t, 's>, known: &Remembered) -> Self {
        let Jws { segments, header } = jws;
        header.prove();
        Self { segments, header, payload: Payload::Attached, key_index: known.entry().key.key_index }
    }

    /// Returns the index, within its key set, of the key that verified.
    pub(crate) const fn key_index(&self) -> u32 {
        self.key_index
    }

    /// Decodes the payload into `room`.
    ///
    /// # Errors
    /// [`Code::PayloadEncoding`].
    pub(crate) fn decode(
        self,
        room: &'s mut Vec<u8>,
        wide: Option<Wide>,
    ) -> Result<VerifiedJws<'s>, Rejection> {
        let Self { segments, header, payload, key_index } = self;
        let payload = match payload {
            Payload::Detached(bytes) => bytes,
            Payload::Attached if header.b64() => base64url::decode_into(segments.payload, room, wide)
                .map_err(|_| Rejection::new(Code::PayloadEncoding).after_signature())?,
            Payload::Attached => {
                room.clear();
                room.extend_from_slice(segments.payload);
                room
            }
        };
        Ok(VerifiedJws { header, payload: SignedPayload(payload), key_index })
    }
}

impl<'s> VerifiedJws<'s> {
    /// Returns the JOSE Header.
    #[must_use]
    pub const fn header(&self) -> JoseHeader<'s> {
        self.header
    }

    /// Returns the JWS Payload, decoded.
    #[must_use]
    pub const fn payload(&self) -> &'s [u8] {
        self.payload.0
    }

    pub(crate) const fn signed_payload(&self) -> SignedPayload<'s> {
        self.payload
    }

    /// Returns the index, within its key set, of the key that verified.
    #[must_use]
    pub const fn key_index(&self) -> u32 {
        self.key_index
    }
}

/// A token with one candidate key, or one that is tried first, whose signature will be
/// checked together with others of that key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting<'t> {
    segments: Segments<'t>,
    alg: Alg,
    key_index: u32,
    /// Whether there are other candidates.
    is_choice: bool,
    /// Where the decoded signature is in the arena.
    signature: Span,
}

impl<'t> Waiting<'t> {
    /// An unused place.
    pub(crate) const NONE: Self =
        Self { segments: Segments::NONE, alg: Alg::HS256, key_index: 0, is_choice: false, signature: (0, 0) };

    /// Takes a token that is not detached, and decodes its signature to the end of
    /// `arena`. Of several keys that fit, the one that is in force at `now` is tried
    /// first. Returns `false` if that names no key; such tokens take the single-token
    /// path.
    ///
    /// # Errors
    /// [`Code::SignatureEncoding`]
    pub(crate) fn take(
        &mut self,
        jws: &Jws<'t, '_>,
        keys: &KeySet,
        now: Option<UnixSeconds>,
        arena: &mut Arena,
        wide: Option<Wide>,
    ) -> Result<bool, Rejection> {
        let header = jws.header;
        let mut fitting = keys.find(&header);
        let Some((first, _)) = fitting.next() else { return Ok(false) };
        self.is_choice = fitting.next().is_some();
        let chosen =
            if self.is_choice { now.and_then(|now| in_force(keys, &header, now)) } else { Some(first) };
        let Some(key_index) = chosen else { return Ok(false) };
        (self.alg, self.key_index) = (header.alg(), key_index);
        self.take_segments(jws.segments, arena, wide).map(|()| true)
    }

    /// Takes a token with exactly the header of `other`, and so with its key.
    ///
    /// # Errors
    /// [`Code::SignatureEncoding`]
    pub(crate) fn take_like(
        &mut self,
        other: &Self,
        segments: Segments<'t>,
        arena: &mut Arena,
        wide: Option<Wide>,
    ) -> Result<(), Rejection> {
        (self.alg, self.key_index, self.is_choice) = (other.alg, other.key_index, false);
        self.take_segments(segments, arena, wide)
    }

    fn take_segments(
        &mut self,
        segments: Segments<'t>,
        arena: &mut Arena,
        wide: Option<Wide>,
    ) -> Result<(), Rejection> {
        let decoded = arena.decode(segments.signature, wide);
        self.signature = decoded.map_err(|_| segments.undecodable(Code::SignatureEncoding))?;
        self.segments = segments;
        Ok(())
    }

    /// Returns the segment of the header.
    pub(crate) const fn header(&self) -> &'t [u8] {
        self.segments.header
    }

    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    pub(crate) const fn key_index(&self) -> u32 {
        self.key_index
    }

    /// Returns `true` if other keys fit as well: if the signature does not hold with
    /// this one, the token takes the single-token path.
    pub(crate) const fn is_choice(&self) -> bool {
        self.is_choice
    }

    /// Returns the signature check of this token.
    pub(crate) fn job<'j>(&self, arena: &'j Arena) -> Job<'j>
    where
        't: 'j,
    {
        Job::new(self.segments.signing_input, arena.get(self.signature))
    }

    /// Decodes the payload if the signature held.
    ///
    /// # Errors
    /// [`Code::SignatureInvalid`], or after the signature [`Code::PayloadEncoding`].
    pub(crate) fn settle<'s>(
        &self,
        job: &Job<'_>,
        decoded: &'s mut Vec<u8>,
        wide: Option<Wide>,
    ) -> Result<SignedPayload<'s>, Rejection> {
        let _: SignatureHeld = job.held().ok_or(Rejection::new(Code::SignatureInvalid))?;
        base64url::decode_into(self.segments.payload, decoded, wide)
            .map(SignedPayload)
            .map_err(|_| Rejection::new(Code::PayloadEncoding).after_signature())
    }
}

/// Chooses among the keys of one `kid` that follow one another the one that is in force
/// at `now`. `None` if dates do not decide: if no key has any, or if the single-token path
/// might not come to that key.
fn in_force(keys: &KeySet, header: &JoseHeader<'_>, now: UnixSeconds) -> Option<u32> {
    if !keys.is_dated() {
        return None;
    }
    let candidates = || keys.find(header).take(MAX_CANDIDATES);
    let (_, chosen) = candidates().find(|(_, key)| key.interval().contains(now))?;
    // A key that stands in the set twice is found in its first place, as by the
    // single-token path.
    candidates().find(|(_, key)| key.thumbprint() == chosen.thumbprint()).map(|found| found.0)
}

/// Builds the signing input: RFC 7515 §5.1 step 5 and, for `b64` false, RFC 7797 §3.
/// `head` is the header segment and its dot.
fn join<'r>(head: &[u8], payload: &[u8], b64: bool, message: &'r mut Vec<u8>) -> &'r [u8] {
    message.clear();
    message.extend_from_slice(head);
    if b64 {
        base64url::encode_onto(payload, message);
    } else {
        message.extend_from_slice(payload);
    }
    message
}

/// Finds the key with which the signature holds, among at most [`MAX_CANDIDATES`].
fn verifying_key(
    header: &JoseHeader<'_>,
    keys: &KeySet,
    accelerator: &Accelerator,
    message: &[u8],
    signature: &[u8],
) -> Result<(u32, SignatureHeld), Rejection> {
    let mut fitting = keys.find(header);
    let mut tried = 0_usize;
    for candidate in fitting.by_ref().take(MAX_CANDIDATES) {
        //= rfc7515#section-5.2
        //# at least one JWS Signature value MUST successfully validate, or the JWS MUST be
        //# considered invalid.
        if let Some(held) = candidate.1.verify(accelerator, header.alg(), message, signature) {
            return Ok((candidate.0, held));
        }
        tried = tried.saturating_add(1);
    }
    let code = match tried {
        0 => keys.refusal(header.kid()),
        MAX_CANDIDATES if fitting.next().is_some() => Code::CandidatesTooMany,
        _ => Code::SignatureInvalid,
    };
    Err(Rejection::new(code))
}

/// How many characters of a payload are decoded to look for its `iss`: whole groups of
/// four.
const ISSUER_WITHIN: usize = 256;

/// Hands the `iss` of an unverified token to `choose`, only to choose the issuer whose
/// keys must verify it.
///
/// Most issuers write it near the beginning, and then the payload is not parsed twice.
/// What is read here decides nothing: the claims are parsed strictly after the signature,
/// and their `iss` must be the name of the issuer whose key verified it.
pub(crate) fn unverified_issuer<C>(
    jws: &Jws<'_, '_>,
    payload: &mut Vec<u8>,
    claims: &mut Storage,
    wide: Option<Wide>,
    choose: impl FnOnce(&str) -> Option<C>,
) -> Option<C> {
    let encoded = jws.segments.payload;
    let whole_groups = encoded.len().min(ISSUER_WITHIN) & !3;
    let begun = base64url::decode_into(encoded.get(..whole_groups)?, payload, wide);
    if let Some(issuer) = begun.ok().and_then(|begun| json::first_text(begun, b"iss")) {
        return choose(issuer);
    }
    let text = base64url::decode_into(encoded, payload, wide).ok()?;
    choose(json::parse(text, claims).ok()?.member("iss")?.as_str()?)
}
