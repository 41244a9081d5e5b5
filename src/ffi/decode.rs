//! Decodes a token without verifying it.

use std::mem::MaybeUninit;

use super::boundary::{Growable, boundary, given, writable, write};
use super::slice::Slice;
use super::verdict::Scratch;
use super::verifier::Verifier;
use crate::base64url;
use crate::claims;
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::jws::{Segments, code_of_header};
use crate::limits::Limits;

/// The segments of an unverified token.
///
/// Set `size` to `sizeof(jot_decoded)`. The views are valid until the scratch is used
/// again or freed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Decoded {
    /// `sizeof(jot_decoded)`, set by the caller.
    pub size: usize,
    /// The JOSE Header: one JSON object with unique member names, in UTF-8.
    pub header: Slice,
    /// The payload's bytes, unchecked.
    pub payload: Slice,
    /// The signature's bytes.
    pub signature: Slice,
    /// 0 if the payload is one JSON object with unique member names; otherwise the code
    /// of the reason, such as `JOT_CLAIMS_JSON`.
    pub claims_code: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for Decoded {
    const LEAST: usize = size_of::<Self>();
}

/// Decodes a token without verifying it, for display and debugging. Never base a
/// decision on it: anybody can write such a token.
///
/// To read a verified token use `jot_claims_get` instead. The limits are those of
/// the default policy. Returns 2xx, `JOT_HEADER_JSON`, `JOT_HEADER_NOT_OBJECT`,
/// `JOT_HEADER_REPEATED`, 70x; 15x. Only the thread that owns the scratch may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_token_decode_unverified(
    token: Slice,
    scratch: Option<&mut Scratch>,
    decoded: *mut Decoded,
) -> u32 {
    boundary(|| {
        let scratch = given(scratch, "scratch")?;
        writable(decoded, "decoded")?;
        scratch.clear();
        let segments = Segments::split(token.bytes("token")?, Limits::default(), &[])
            .map_err(|rejection| Error::new(rejection.code()))?;
        let [header, payload, signature] = &mut scratch.decoded;
        let decode = |segment, into, otherwise| {
            base64url::decode_into(segment, into, None).map_err(|_| Error::new(otherwise))
        };
        let header = decode(segments.header, header, Code::HeaderEncoding)?;
        let payload = decode(segments.payload, payload, Code::PayloadEncoding)?;
        let signature = decode(segments.signature, signature, Code::SignatureEncoding)?;
        let mut storage = Storage::default();
        if header.is_empty() {
            return Err(Error::new(Code::HeaderEncoding));
        }
        json::parse(header, &mut storage)
            .map_err(|fault| Error::at(code_of_header(fault.kind), fault.offset))?;
        let parsed = json::parse(payload, &mut storage).map(|_| ());
        let value = Decoded {
            size: size_of::<Decoded>(),
            header: Slice::of(header),
            payload: Slice::of(payload),
            signature: Slice::of(signature),
            claims_code: parsed.map_or_else(|fault| claims::code_of(fault.kind).number(), |()| 0),
            reserved: 0,
        };
        write(decoded, value, "decoded")
    })
}

/// Finds the issuer whose keys an unverified token would have to be verified with:
/// `*index` becomes its number. It says what to fetch after `JOT_KID_UNKNOWN`, in a program
/// that follows several issuers, and decides nothing else. What the scratch held is gone.
///
/// Returns `JOT_ISSUER_UNKNOWN` if the verifier knows no such issuer, and for a token that
/// is malformed; 15x. Any number of threads may call it, each with its own scratch.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_unverified_issuer(
    verifier: Option<&Verifier>,
    token: Slice,
    scratch: Option<&mut Scratch>,
    index: Option<&mut MaybeUninit<u32>>,
) -> u32 {
    boundary(|| {
        let (verifier, scratch) = (given(verifier, "verifier")?, given(scratch, "scratch")?);
        let (token, index) = (token.bytes("token")?, given(index, "index")?);
        let found = verifier.inner.unverified_issuer_index(token, scratch.begin());
        index.write(found.ok_or(Error::new(Code::IssuerUnknown))?);
        Ok(())
    })
}
