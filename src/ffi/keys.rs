//! Keys.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::sync::Arc;

use super::boundary::{answer, boundary, given, misuse, write};
use super::codes::alg_of;
use super::failure::{Failure, explained, hand_out};
use super::slice::Slice;
use super::text::Text;
use crate::error::{Code, Error};
use crate::key::{KeySetError, Reasons, VerifyingKey};

/// A set of verifying keys, from a JWK Set, PEM texts, or added one by one.
///
/// Every key keeps the algorithms that it was bound to when it was read, so a set may
/// contain secrets and public keys. A set that was given to a verifier can no longer be
/// changed; you may free it, or give it to further verifiers. While keys are added, one
/// thread at a time may use it; afterwards any number of threads may read it.
pub struct KeySet {
    /// The set of the engine.
    pub inner: Arc<crate::key::KeySet>,
}

/// Options for reading a key. All zero except `size` is the default.
///
/// The caller owns it; its views must be valid only for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KeyOptions {
    /// `sizeof(jot_key_options)`, set by the caller.
    pub size: usize,
    /// Binds the key to this algorithm if the key itself names none; a JWK that has an
    /// `alg` must have this one. 0 for none.
    pub alg: u32,
    /// `JOT_ALLOW_WEAK_KEYS`, `JOT_DATED_KEYS`, `JOT_ALL_CERTIFICATES` and
    /// `JOT_CERTIFICATE_VALIDITY`, or-ed together; or 0.
    pub flags: u32,
    /// Gives the key this `kid` if it has none itself; absent for none.
    pub kid: Slice,
}

/// Accepts keys below the minimum size: RSA from 1024 bits instead of 2048, and HMAC
/// secrets from one byte instead of the length of the hash output. Such keys can be
/// broken or guessed. RSA keys below 2048 bits verify and sign RS256 and RS512 only.
pub const JOT_ALLOW_WEAK_KEYS: u32 = 1;

/// Reads the members `nbf` and `exp` of a JWK, NumericDates between which the key is in
/// force: an audit verifies last month's tokens with last month's keys. RFC 7517 does
/// not define these members, so they are ignored by default.
pub const JOT_DATED_KEYS: u32 = 2;

/// Takes every certificate of a PEM text. By default a certificate that issued another
/// one in the text is skipped (`JOT_KEY_OF_AUTHORITY`): only the leaf of a chain signs
/// tokens.
pub const JOT_ALL_CERTIFICATES: u32 = 4;

/// Reads the validity of X.509 certificates, in PEM, DER or the `x5c` of a JWK: the dates
/// between which the key is in force. By default it is not looked at: certificates of
/// signing keys are often left to expire, because the JWK Set says which keys are in use.
pub const JOT_CERTIFICATE_VALIDITY: u32 = 8;

/// A description of a key, without its secret.
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
    /// The `kid`; absent if the key has none.
    pub kid: Slice,
    /// The `kty`, such as `RSA`.
    pub kty: Slice,
    /// The `crv`, such as `P-256`; absent if the type has none.
    pub crv: Slice,
    /// The JWK Thumbprint with SHA-256 in base64url (RFC 7638), for
    /// `jot_revocations_revoke_key`. Whoever has the thumbprint of an HMAC secret can
    /// test guesses of the secret.
    pub thumbprint: Slice,
    /// `JOT_HAS_NBF` and `JOT_HAS_EXP`, or-ed together, for a key that is in force for
    /// only part of the time; see `JOT_DATED_KEYS`.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
    /// The beginning of the time in which the key is in force, in seconds since 1970; 0
    /// without `JOT_HAS_NBF`.
    pub not_before: i64,
    /// The end of that time, from which on the key is no longer in force; 0 without
    /// `JOT_HAS_EXP`.
    pub expires_at: i64,
}

/// Makes an empty key set. The caller owns it and frees it with `jot_key_set_free`.
/// Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_new() -> Option<Box<KeySet>> {
    answer(None, || Some(Box::new(KeySet { inner: Arc::default() })))
}

/// Makes the key set of an issuer whose keys are still to be fetched. Give it to a verifier
/// in the place of keys: tokens of the issuer are then `JOT_KEYS_NOT_YET`, which is 503 and
/// not 401, until `jot_verifier_replace_keys` brings the keys. The caller owns it and frees
/// it with `jot_key_set_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_not_yet() -> Option<Box<KeySet>> {
    answer(None, || Some(Box::new(KeySet { inner: Arc::new(crate::key::KeySet::not_yet()) })))
}

/// Makes the key set of an issuer whose keys could not be fetched again for too long: like
/// that of `jot_key_set_not_yet`, with `JOT_KEYS_STALE`. The caller owns it and frees it with
/// `jot_key_set_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_stale() -> Option<Box<KeySet>> {
    answer(None, || Some(Box::new(KeySet { inner: Arc::new(crate::key::KeySet::stale()) })))
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

/// Adds the keys of a JWK Set (RFC 7517 §5). A key that cannot be used, for any reason,
/// is skipped; see `jot_key_set_skipped`.
///
/// `options` and `error` may be NULL. On an error no key is added; with
/// `JOT_KEY_SET_EMPTY` every key was skipped, and `jot_key_set_skipped` returns the
/// reasons. Returns 4xx, chiefly `JOT_KEY_JSON` and `JOT_KEY_SET_EMPTY` if no key
/// can be used; `JOT_KEY_SET_FROZEN`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_jwks(
    set: Option<&mut KeySet>,
    jwks: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || crate::key::KeySet::from_jwks(jwks.bytes("jwks")?, &KeyOptions::parse(options)?))
}

/// Adds the key of a JWK (RFC 7517), private or public. Otherwise it works like
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

/// Adds the only key in a PEM text: `PUBLIC KEY`, `RSA PUBLIC KEY`, `CERTIFICATE`, or
/// the public part of `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`. Only the
/// key of a certificate is read. Otherwise it works like `jot_key_set_add_jwk`, and
/// returns `JOT_KEY_PEM_INVALID` if there is more than one key.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_pem(
    set: Option<&mut KeySet>,
    pem: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || one(VerifyingKey::from_pem(pem.bytes("pem")?, &KeyOptions::parse(options)?)))
}

/// Adds every key in a PEM text, such as several certificates. A block that cannot be
/// used is skipped, and so is a certificate that issued another one in the text, unless
/// `JOT_ALL_CERTIFICATES` is set. Otherwise it works like `jot_key_set_add_jwks`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_pem_bundle(
    set: Option<&mut KeySet>,
    pem: Slice,
    options: *const KeyOptions,
    error: *mut Failure,
) -> u32 {
    add(set, error, || crate::key::KeySet::from_pem_bundle(pem.bytes("pem")?, &KeyOptions::parse(options)?))
}

/// Adds the keys of a JWK Set, a JWK or PEM. A text that begins with a brace or bracket
/// is JSON. Otherwise it works like `jot_key_set_add_jwks`, for a JWK like
/// `jot_key_set_add_jwk`, and for PEM like `jot_key_set_add_pem_bundle`.
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
/// certificate, or the public part of a private key. Otherwise it works like
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

/// Adds an HMAC secret, byte for byte. Without `options->alg` the key is bound to those
/// of HS256, HS384 and HS512 whose hash output is not longer than the secret. A secret
/// that is a key in PEM, DER, JWK or SSH format is rejected, even if weak keys are
/// allowed. Otherwise it works like `jot_key_set_add_jwk`.
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

/// Describes the key at `index`, counted from 0 in the order in which the keys were
/// added. A verdict names the same index. The views in `info` are valid until the set
/// is changed or freed.
///
/// Returns `JOT_VALUE_MISSING` if there is no such key; 15x.
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

/// Describes a skipped key and the reason. `position`, unless NULL, receives its
/// position in the `keys` of its JWK Set or among the blocks of its PEM text; `kid`,
/// unless NULL, its `kid` or an absent view, which is valid until the set is changed or
/// freed; `why`, unless NULL, the code of the reason.
///
/// Returns `JOT_VALUE_MISSING` if there is no such key; 15x.
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

/// Writes one line about the first eight skipped keys and their reasons, and the number
/// of further ones; the line is empty if no key was skipped. As with
/// `jot_error_message`, it is cut to `buffer` of `capacity` bytes and ended by a NUL;
/// `length`, unless NULL, receives its full length.
///
/// A `kid` in it has the spelling of the key's owner, with control characters escaped.
///
/// Returns 15x for wrong arguments.
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

/// Returns a sentence if an HMAC secret of the set may not be the bytes that its owner
/// meant: it ends with a line break, or it looks like base64 or hexadecimal. Absent
/// if there is no such secret, and for NULL. Log it if a token of these keys is
/// `JOT_SIGNATURE_INVALID` with an HMAC algorithm. It holds no byte of the secret
/// and lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_secret_doubt(set: Option<&KeySet>) -> Slice {
    answer(Slice::ABSENT, || Slice::of_option(set.and_then(|set| set.inner.secret_doubt())))
}

/// Writes the public keys as a JWK Set.
///
/// Returns `JOT_KEY_SECRET_NOT_PUBLIC` if a key is an HMAC secret; 15x.
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
/// Returns `JOT_KEY_SECRET_NOT_PUBLIC` for an HMAC secret; `JOT_VALUE_MISSING` if
/// there is no such key; 15x.
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

/// Verifies `signature` over `message` under `alg` with the key at `index`, for
/// messages other than tokens that are signed with an algorithm of RFC 7518. Nothing
/// else is checked, neither the `kid` nor the time in which the key is in force. An
/// ECDSA signature is R followed by S (RFC 7518 §3.4).
///
/// Returns 0 if it holds; `JOT_SIGNATURE_INVALID`, also if the key is not bound to
/// `alg`; 15x. Any thread may call it.
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

/// Frees a key set; NULL is fine. Verifiers that were built with it keep their keys.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_free(set: Option<Box<KeySet>>) {
    answer((), || drop(set));
}
