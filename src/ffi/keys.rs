//! Keys.

use std::ffi::c_char;
use std::mem::{MaybeUninit, offset_of};
use std::sync::Arc;

use super::boundary::{Growable, answer, boundary, explained, given, misuse, read, write};
use super::codes::{alg_of, number_of};
use super::failure::{Failure, hand_out};
use super::slice::Slice;
use super::text::Text;
use super::verdict::{JOT_HAS_EXP, JOT_HAS_NBF};
use crate::error::{Code, Error};
use crate::key::{KeySetError, Reasons, VerifyingKey};
use crate::time::UnixSeconds;

/// A set of keys that verify: of a JWK Set, of PEM texts, or put together one
/// by one.
///
/// Every key keeps to the algorithms that it was bound to when it was read, so
/// secrets and public keys may stand side by side. Once the set was handed to
/// a verifier it can no longer be changed; it may be freed then, or handed to
/// further verifiers. One thread at a time while keys are added; afterwards
/// any number of threads may read it.
pub struct KeySet {
    pub(super) inner: Arc<crate::key::KeySet>,
}

/// Says how a key is to be read. All zero but `size` is the default.
///
/// Owned by the caller; views need to live for the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KeyOptions {
    /// `sizeof(jot_key_options)`, set by the caller.
    pub size: usize,
    /// Binds the key to this algorithm where its own form names none; a JWK
    /// that has an `alg` must have this one. 0 for none.
    pub alg: u32,
    /// `JOT_ALLOW_WEAK_KEYS`, `JOT_DATED_KEYS` and `JOT_ALL_CERTIFICATES`, or-ed
    /// together; or 0.
    pub flags: u32,
    /// Gives the key this `kid` where its own form has none; absent for none.
    pub kid: Slice,
}

/// Takes keys below the least size: RSA from 1024 bits on instead of 2048, an
/// HMAC secret of one byte and more instead of the length of the hash output.
/// Such keys can be broken or guessed. RSA keys below 2048 bits verify and
/// sign RS256 and RS512 only.
pub const JOT_ALLOW_WEAK_KEYS: u32 = 1;

/// Reads the members `nbf` and `exp` of a JWK, NumericDates that say from when
/// on and until when the key is in force: how an audit verifies last month's
/// tokens with last month's keys. RFC 7517 does not know these members, so they
/// are passed over by default.
pub const JOT_DATED_KEYS: u32 = 2;

/// Takes every certificate of a PEM text. By default one that issued another one
/// of the text is passed over (`JOT_KEY_OF_AUTHORITY`): of a chain only the leaf
/// signs tokens.
pub const JOT_ALL_CERTIFICATES: u32 = 4;

// SAFETY: `repr(C)`, a `usize` first, integers and a raw pointer behind it.
unsafe impl Growable for KeyOptions {
    const LEAST: usize = size_of::<Self>();
}

impl KeyOptions {
    const DEFAULT: Self = Self { size: size_of::<Self>(), alg: 0, flags: 0, kid: Slice::ABSENT };

    pub(super) fn parse(options: *const Self) -> Result<crate::key::KeyOptions, Error> {
        let mut parsed = crate::key::KeyOptions::default();
        if options.is_null() {
            return Ok(parsed);
        }
        let options = read(options, Self::DEFAULT, "options")?;
        if options.alg != 0 {
            parsed = parsed.alg(alg_of(options.alg)?);
        }
        if let Some(kid) = options.kid.optional_text("kid")? {
            parsed = parsed.kid(kid);
        }
        if options.flags & !(JOT_ALLOW_WEAK_KEYS | JOT_DATED_KEYS | JOT_ALL_CERTIFICATES) != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        if options.flags & JOT_ALLOW_WEAK_KEYS != 0 {
            parsed = parsed.allow_weak_keys();
        }
        if options.flags & JOT_DATED_KEYS != 0 {
            parsed = parsed.read_validity();
        }
        if options.flags & JOT_ALL_CERTIFICATES != 0 {
            parsed = parsed.all_certificates();
        }
        Ok(parsed)
    }
}

/// What is to be known of a key without its secret.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo {
    /// `sizeof(jot_key_info)`, set by the caller.
    pub size: usize,
    /// The algorithms that the key verifies: bit `alg` for each, as in
    /// `1u << JOT_ES256`.
    pub algs: u32,
    /// The algorithm that the key signs with; 0 for a key that only verifies.
    pub alg: u32,
    /// The `kid`; absent when the key has none.
    pub kid: Slice,
    /// The `kty`, such as `RSA`.
    pub kty: Slice,
    /// The `crv`, such as `P-256`; absent when the type has none.
    pub crv: Slice,
    /// The JWK Thumbprint with SHA-256 in base64url (RFC 7638); what
    /// `jot_revocations_revoke_key` takes. That of an HMAC secret lets its
    /// holder test guesses of the secret.
    pub thumbprint: Slice,
    /// `JOT_HAS_NBF` and `JOT_HAS_EXP`, or-ed together, of a key that is in
    /// force for a part of the time only; see `JOT_DATED_KEYS`.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
    /// From when on the key is in force, in seconds since 1970; 0 without
    /// `JOT_HAS_NBF`.
    pub not_before: i64,
    /// From when on it no longer is; 0 without `JOT_HAS_EXP`.
    pub expires_at: i64,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for KeyInfo {
    const LEAST: usize = offset_of!(Self, flags);
}

impl KeyInfo {
    pub(super) fn of(key: &VerifyingKey) -> Self {
        let flag = |date: Option<UnixSeconds>, flag| if date.is_some() { flag } else { 0 };
        let algs = key.algorithms().iter().fold(0, |algs, alg| algs | 1_u32.wrapping_shl(number_of(alg)));
        Self {
            size: size_of::<Self>(),
            algs,
            alg: 0,
            kid: Slice::of_option(key.kid()),
            kty: Slice::of(key.key_type().kty().as_bytes()),
            crv: Slice::of_option(key.key_type().crv()),
            thumbprint: Slice::of(key.thumbprint().as_bytes()),
            flags: flag(key.not_before(), JOT_HAS_NBF) | flag(key.expires_at(), JOT_HAS_EXP),
            reserved: 0,
            not_before: key.not_before().map_or(0, |start| start.0),
            expires_at: key.expires_at().map_or(0, |end| end.0),
        }
    }
}

/// Makes an empty key set. The caller owns it and frees it with
/// `jot_key_set_free`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_new() -> Option<Box<KeySet>> {
    answer(None, || Some(Box::new(KeySet { inner: Arc::default() })))
}

pub(super) fn add(
    set: Option<&mut KeySet>,
    error: *mut Failure,
    keys: impl FnOnce() -> Result<crate::key::KeySet, KeySetError>,
) -> u32 {
    explained(error, || {
        let set = given(set, "set")?;
        let inner = Arc::get_mut(&mut set.inner).ok_or(Error::new(Code::KeySetFrozen))?;
        match keys() {
            Ok(keys) => inner.append(keys),
            Err(refused) => {
                let error = refused.error();
                inner.append_skipped(refused.into_skipped());
                return Err(error);
            }
        }
        Ok(())
    })
}

/// Adds the keys of a JWK Set (RFC 7517 §5). A key that cannot be used, for
/// whatever reason, is skipped; see `jot_key_set_skipped`.
///
/// `options` may be NULL; `error` may be NULL. No key is added on an error; with
/// `JOT_KEY_SET_EMPTY` every key was skipped, and the set tells why.
/// Codes: 4xx, chiefly `JOT_KEY_JSON` and `JOT_KEY_SET_EMPTY` when no key can
/// be used; `JOT_KEY_SET_FROZEN`; those of wrong arguments (15x).
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_jwks(
    set: Option<&mut KeySet>,
    jwks: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || crate::key::KeySet::from_jwks(jwks.bytes("jwks")?, &KeyOptions::parse(options)?))
}

/// Adds the key of a JWK (RFC 7517), private or public. Otherwise as
/// `jot_key_set_add_jwks`, but a key that cannot be used is an error.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_jwk(
    set: Option<&mut KeySet>,
    jwk: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || one(VerifyingKey::from_jwk(jwk.bytes("jwk")?, &KeyOptions::parse(options)?)))
}

/// Adds the only key in a PEM text: `PUBLIC KEY`, `RSA PUBLIC KEY`,
/// `CERTIFICATE`, or the public part of `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC
/// PRIVATE KEY`. Of a certificate only the key is read. Otherwise as
/// `jot_key_set_add_jwk`; `JOT_KEY_PEM_INVALID` when there is more than one
/// key.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_pem(
    set: Option<&mut KeySet>,
    pem: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || one(VerifyingKey::from_pem(pem.bytes("pem")?, &KeyOptions::parse(options)?)))
}

/// Adds every key in a PEM text, such as a row of certificates; a block that
/// cannot be used is skipped, and so is a certificate that issued another one of
/// the text, unless `JOT_ALL_CERTIFICATES`. Otherwise as `jot_key_set_add_jwks`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_pem_bundle(
    set: Option<&mut KeySet>,
    pem: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || crate::key::KeySet::from_pem_bundle(pem.bytes("pem")?, &KeyOptions::parse(options)?))
}

/// Adds the keys of a JWK Set, of a JWK or of PEM, whichever the text is: what
/// begins with a brace or bracket is JSON. Otherwise as `jot_key_set_add_jwks`, for a JWK as
/// `jot_key_set_add_jwk`, and for PEM as `jot_key_set_add_pem_bundle`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_text(
    set: Option<&mut KeySet>,
    text: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || crate::key::KeySet::from_text(text.bytes("text")?, &KeyOptions::parse(options)?))
}

/// Adds a key in DER: a SubjectPublicKeyInfo, an RSAPublicKey, an X.509
/// certificate, or the public part of a private key. Otherwise as
/// `jot_key_set_add_jwk`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_der(
    set: Option<&mut KeySet>,
    der: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || one(VerifyingKey::from_der(der.bytes("der")?, &KeyOptions::parse(options)?)))
}

/// Adds an HMAC secret as it is. Without `options->alg` the key is bound to
/// those of HS256, HS384 and HS512 whose hash output is not longer than the
/// secret. A secret that is a key in PEM, DER, JWK or SSH form is refused, be
/// weak keys allowed or not. Otherwise as `jot_key_set_add_jwk`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_secret(
    set: Option<&mut KeySet>,
    secret: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || one(VerifyingKey::from_secret(secret.bytes("secret")?, &KeyOptions::parse(options)?)))
}

pub(super) fn one(key: Result<VerifyingKey, Error>) -> Result<crate::key::KeySet, KeySetError> {
    Ok(crate::key::KeySet::new([key?]))
}

/// Returns the number of keys; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_len(set: Option<&KeySet>) -> usize {
    answer(0, || set.map_or(0, |set| set.inner.len()))
}

/// Tells what the key at `index` is, counted from 0 in the order in which the
/// keys were added: the index that a verdict names. The views in `info` live
/// until the set is changed or freed.
///
/// Codes: `JOT_VALUE_MISSING` when there is no such key; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_key(set: Option<&KeySet>, index: usize, info: *mut KeyInfo) -> u32 {
    boundary(|| {
        let key = given(set, "set")?.inner.keys().get(index);
        write(info, KeyInfo::of(key.ok_or_else(|| misuse(Code::ValueMissing, "index"))?), "info")
    })
}

/// Returns how many keys were skipped because they cannot be used; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_skipped_len(set: Option<&KeySet>) -> usize {
    answer(0, || set.map_or(0, |set| set.inner.skipped().len()))
}

/// Tells which key was skipped, and why. `position`, unless NULL, receives its
/// position in the `keys` of its JWK Set or among the blocks of its PEM text;
/// `kid`, unless NULL, its `kid` or an absent view, which lives until the set
/// is changed or freed; `why`, unless NULL, the reason.
///
/// Codes: `JOT_VALUE_MISSING` when there is no such key; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_skipped(
    set: Option<&KeySet>,
    index: usize,
    position: Option<&mut MaybeUninit<usize>>,
    kid: Option<&mut MaybeUninit<Slice>>,
    why: *mut Failure,
) -> u32 {
    boundary(|| {
        let skipped = given(set, "set")?.inner.skipped().get(index);
        let skipped = skipped.ok_or_else(|| misuse(Code::ValueMissing, "index"))?;
        if !why.is_null() {
            write(why, Failure::from(skipped.error()), "why")?;
        }
        if let Some(position) = position {
            position.write(skipped.index());
        }
        if let Some(kid) = kid {
            kid.write(Slice::of_option(skipped.kid()));
        }
        Ok(())
    })
}

/// Says in one line which keys were skipped and why, the first eight of them and
/// how many more there are; empty when none was. It is written as
/// `jot_error_message` writes its sentence: as far as it fits into `buffer` of
/// `capacity` bytes, with a NUL; `length`, unless NULL, receives its whole length.
///
/// A `kid` in it is what the key's owner wrote, with control characters escaped.
///
/// Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_reasons(
    set: Option<&KeySet>,
    buffer: *mut c_char,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
) -> u32 {
    boundary(|| {
        let text = Reasons(given(set, "set")?.inner.skipped()).to_string();
        hand_out(&text, buffer, capacity, length)
    })
}

/// Writes the public keys as a JWK Set.
///
/// Codes: `JOT_KEY_SECRET_NOT_PUBLIC` when a key is an HMAC secret; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_to_jwks(
    set: Option<&KeySet>,
    jwks: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        given(jwks, "jwks")?.set(&given(set, "set")?.inner.to_jwks()?);
        Ok(())
    })
}

/// Writes the key at `index` as a SubjectPublicKeyInfo in PEM (`PUBLIC KEY`).
///
/// Codes: `JOT_KEY_SECRET_NOT_PUBLIC` for an HMAC secret; `JOT_VALUE_MISSING`
/// when there is no such key; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_to_pem(
    set: Option<&KeySet>,
    index: usize,
    pem: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let key = given(set, "set")?.inner.keys().get(index);
        given(pem, "pem")?.set(&key.ok_or_else(|| misuse(Code::ValueMissing, "index"))?.to_pem()?);
        Ok(())
    })
}

/// Tells whether `signature` is the signature of `message` under `alg` with the
/// key at `index`: for what is no token and yet signed with an algorithm of RFC
/// 7518. Nothing else is looked at, neither `kid` nor when the key is in force.
/// An ECDSA signature is R and S side by side (RFC 7518 §3.4).
///
/// Codes: 0 when it holds, `JOT_SIGNATURE_INVALID`, also when the key is not
/// bound to `alg`; 15x. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_check_signature(
    set: Option<&KeySet>,
    index: usize,
    alg: u32,
    message: Slice,
    signature: Slice,
) -> u32 {
    boundary(|| {
        let key = given(set, "set")?.inner.keys().get(index);
        let key = key.ok_or_else(|| misuse(Code::ValueMissing, "index"))?;
        let (alg, message) = (alg_of(alg)?, message.bytes("message")?);
        match key.verify_signature(alg, message, signature.bytes("signature")?) {
            true => Ok(()),
            false => Err(Error::new(Code::SignatureInvalid)),
        }
    })
}

/// Frees a key set; NULL is fine. Verifiers that were built with it go on.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_free(set: Option<Box<KeySet>>) {
    answer((), || drop(set));
}
