//! From a well-formed token and keys to a token whose signature holds.
//!
//! This is the only place that decodes a payload, and [`VerifiedJws`] can be
//! made in no other way than by a signature that held.

use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::{self, Storage};
use crate::jws::{JoseHeader, Jws};
use crate::key::{KeySet, VerifyingKey};
use crate::limits::MAX_CANDIDATES;

/// Where the payload of a JWS is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload<'p> {
    /// In the token.
    Attached,
    /// Not in the token, whose payload segment is empty (RFC 7515 Appendix F):
    /// these bytes, as they were before any encoding.
    Detached(&'p [u8]),
}

/// A JWS whose signature holds.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedJws<'s> {
    header: JoseHeader<'s>,
    payload: &'s [u8],
    key_index: u32,
}

/// The parts of the scratch that a verification writes to.
pub(crate) struct Room<'r, 's> {
    pub(crate) signature: &'r mut Vec<u8>,
    pub(crate) signing_input: &'r mut Vec<u8>,
    pub(crate) payload: &'s mut Vec<u8>,
}

impl<'s> VerifiedJws<'s> {
    /// Verifies the signature with the keys that fit, and only then decodes
    /// the payload.
    ///
    /// # Errors
    /// [`Code::SignatureEncoding`], [`Code::PayloadAttached`], the codes that
    /// no fitting key gives, [`Code::SignatureInvalid`],
    /// [`Code::CandidatesTooMany`]; and after the signature
    /// [`Code::PayloadEncoding`].
    pub(crate) fn verify(
        jws: Jws<'_, 's>,
        payload: Payload<'s>,
        keys: &KeySet,
        room: Room<'_, 's>,
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
        let signature = base64url::decode_into(segments.signature, room.signature)
            .map_err(|_| Rejection::new(Code::SignatureEncoding))?;
        let key_index = verifying_key(&header, keys, message, signature)?;
        let payload = match payload {
            Payload::Detached(bytes) => bytes,
            Payload::Attached if header.b64() => base64url::decode_into(segments.payload, room.payload)
                .map_err(|_| Rejection::new(Code::PayloadEncoding).after_signature())?,
            Payload::Attached => {
                room.payload.clear();
                room.payload.extend_from_slice(segments.payload);
                room.payload
            }
        };
        Ok(Self { header, payload, key_index })
    }

    /// Returns the JOSE Header.
    #[must_use]
    pub const fn header(&self) -> JoseHeader<'s> {
        self.header
    }

    /// Returns the JWS Payload, decoded.
    #[must_use]
    pub const fn payload(&self) -> &'s [u8] {
        self.payload
    }

    /// Returns the index, within its key set, of the key that verified.
    #[must_use]
    pub const fn key_index(&self) -> u32 {
        self.key_index
    }
}

/// RFC 7515 §5.1 step 5 and, for `b64` false, RFC 7797 §3. `head` is the
/// header segment and its dot.
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

/// Finds the key that the signature holds with, among at most
/// [`MAX_CANDIDATES`].
fn verifying_key(
    header: &JoseHeader<'_>,
    keys: &KeySet,
    message: &[u8],
    signature: &[u8],
) -> Result<u32, Rejection> {
    let mut fitting = keys.find(header.kid(), header.alg());
    let holds = |candidate: &(u32, &VerifyingKey)| candidate.1.holds(header.alg(), message, signature);
    let mut tried = 0_usize;
    for candidate in fitting.by_ref().take(MAX_CANDIDATES) {
        if holds(&candidate) {
            return Ok(candidate.0);
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

/// Reads the `iss` of a token that nobody has verified, to choose the issuer
/// whose keys it must be verified with; good for nothing else.
pub(crate) fn unverified_issuer<'s>(
    jws: &Jws<'_, '_>,
    payload: &'s mut Vec<u8>,
    claims: &'s mut Storage,
) -> Option<&'s str> {
    let text = base64url::decode_into(jws.segments.payload, payload).ok()?;
    json::parse(text, claims).ok()?.member("iss")?.as_str()
}
