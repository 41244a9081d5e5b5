//! Issuing: private keys and signing.

use std::mem::MaybeUninit;

use super::boundary::{Growable, answer, boundary, given, misuse, read, row, write};
use super::codes::{alg_of, number_of};
use super::failure::{Failure, explained};
use super::keys::{KeyInfo, KeyOptions, KeySet, one};
use super::slice::Slice;
use super::text::Text;
use crate::error::{Code, Error};
use crate::key::SigningKey;
use crate::signer::PayloadForm;

/// A private key or an HMAC secret, ready to sign with exactly one algorithm.
///
/// If neither the key nor the options name one, it is RS256 for RSA, HS256 for a
/// secret, EdDSA for Ed25519, and the algorithm of the curve for EC. A signer is
/// immutable, and any number of threads may share it.
pub struct Signer {
    inner: crate::signer::Signer,
    public: crate::key::VerifyingKey,
}

fn make(
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    key: impl FnOnce() -> Result<SigningKey, Error>,
) -> Result<(), Error> {
    let signer = given(signer, "signer")?;
    let key = key()?;
    let made = Signer { public: key.verifying_key()?, inner: crate::signer::Signer::new(key) };
    signer.write(Some(Box::new(made)));
    Ok(())
}

/// Makes a new key for `alg`, with this `kid` unless it is absent.
/// `rsa_bits` is 2048, 3072, 4096 or 8192 for RSA, or 0 for 2048; for any other
/// algorithm it is 0. An HMAC secret is as long as the hash output.
///
/// The caller owns `*signer` and frees it with `jot_signer_free`. Returns
/// `JOT_KEY_GENERATION`, `JOT_KEY_ALG_MISMATCH`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_generate(
    alg: u32,
    rsa_bits: usize,
    kid: Slice,
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        make(signer, || {
            let (alg, kid) = (alg_of(alg)?, kid.optional_text("kid")?);
            let key = match rsa_bits {
                0 => SigningKey::generate(alg)?,
                bits => SigningKey::generate_rsa(alg, bits)?,
            };
            Ok(match kid {
                Some(kid) => key.with_kid(kid),
                None => key,
            })
        })
    })
}

/// Reads a private JWK (RFC 7517, RFC 7518 §6, RFC 8037, RFC 9964). Public
/// members must belong to the private ones.
///
/// The caller owns `*signer` and frees it with `jot_signer_free`. `options` and
/// `error` may be NULL. Returns 4xx, chiefly `JOT_KEY_NOT_PRIVATE`; 15x. Any thread
/// may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_from_jwk(
    jwk: Slice,
    options: *const KeyOptions,
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        make(signer, || SigningKey::from_jwk(jwk.bytes("jwk")?, &KeyOptions::parse(options)?))
    })
}

/// Reads the only key in a PEM text: `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE
/// KEY`, not encrypted. Otherwise it works like `jot_signer_from_jwk`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_from_pem(
    pem: Slice,
    options: *const KeyOptions,
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        make(signer, || SigningKey::from_pem(pem.bytes("pem")?, &KeyOptions::parse(options)?))
    })
}

/// Reads a private key in DER: PrivateKeyInfo, RSAPrivateKey or ECPrivateKey. Otherwise
/// it works like `jot_signer_from_jwk`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_from_der(
    der: Slice,
    options: *const KeyOptions,
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        make(signer, || SigningKey::from_der(der.bytes("der")?, &KeyOptions::parse(options)?))
    })
}

/// Takes an HMAC secret, byte for byte. Otherwise it works like `jot_signer_from_jwk`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_from_secret(
    secret: Slice,
    options: *const KeyOptions,
    signer: Option<&mut MaybeUninit<Option<Box<Signer>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        make(signer, || SigningKey::from_secret(secret.bytes("secret")?, &KeyOptions::parse(options)?))
    })
}

/// Describes the key. The views are valid as long as the signer. Returns 15x for
/// wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_key(signer: Option<&Signer>, info: *mut KeyInfo) -> u32 {
    boundary(|| {
        let signer = given(signer, "signer")?;
        let value = KeyInfo { alg: number_of(signer.inner.key().alg()), ..KeyInfo::of(&signer.public) };
        write(info, value, "info")
    })
}

/// Writes the private JWK with its `alg` and `kid`. The text is a secret. Returns
/// 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_to_jwk(
    signer: Option<&Signer>,
    jwk: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let jwk = given(jwk, "jwk")?;
        jwk.set(&zeroize::Zeroizing::new(given(signer, "signer")?.inner.key().to_jwk()?));
        Ok(())
    })
}

/// Writes the key as a PrivateKeyInfo in PEM (`PRIVATE KEY`). The text is a secret.
/// Returns `JOT_KEY_SECRET_NOT_PUBLIC` for an HMAC secret, which cannot be written
/// as PEM; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_to_pem(
    signer: Option<&Signer>,
    pem: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let pem = given(pem, "pem")?;
        pem.set(&zeroize::Zeroizing::new(given(signer, "signer")?.inner.key().to_pem()?));
        Ok(())
    })
}

/// Adds the verifying key of the signer, with its `kid`, to a set, for example to
/// publish a JWK Set. Returns `JOT_KEY_SET_FROZEN`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_key_set_add_signer(
    set: Option<&mut KeySet>,
    signer: Option<&Signer>,
    error: *mut Failure,
) -> u32 {
    super::keys::add(set, error, || one(given(signer, "signer")?.inner.key().verifying_key()))
}

/// A Header Parameter that the recipient must understand (RFC 7515 §4.1.11).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Critical {
    /// Its name.
    pub name: Slice,
    /// Its value, as JSON.
    pub value: Slice,
}

/// Omits the `typ`, which is `JWT` otherwise.
pub const JOT_WITHOUT_TYP: u32 = 1;

/// The JOSE Header besides `alg` and the key's `kid`. All zero except `size` is the
/// default, `"typ":"JWT"`.
///
/// The caller owns it; its views must be valid only for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SignHeader {
    /// `sizeof(jot_sign_header)`, set by the caller.
    pub size: usize,
    /// `JOT_WITHOUT_TYP`, or 0.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
    /// The `typ` instead of `JWT`; absent for `JWT`.
    pub typ: Slice,
    /// The `cty`; absent for none.
    pub cty: Slice,
    /// A JSON object whose members are further Header Parameters; absent for none. It
    /// must not have `alg`, `crit`, `b64` or a parameter that is set otherwise. A `kid`
    /// is allowed if the key has none.
    pub parameters: Slice,
    /// The Header Parameters that `crit` names; NULL for none.
    pub critical: *const Critical,
    /// The number of `critical`.
    pub critical_count: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for SignHeader {
    const LEAST: usize = size_of::<Self>();
}

impl SignHeader {
    const DEFAULT: Self = Self {
        size: size_of::<Self>(),
        flags: 0,
        reserved: 0,
        typ: Slice::ABSENT,
        cty: Slice::ABSENT,
        parameters: Slice::ABSENT,
        critical: std::ptr::null(),
        critical_count: 0,
    };

    fn parse(header: *const Self) -> Result<crate::signer::SignHeader, Error> {
        let mut parsed = crate::signer::SignHeader::default();
        if header.is_null() {
            return Ok(parsed);
        }
        let header = read(header, Self::DEFAULT, "header")?;
        parsed = match (header.flags, header.typ.optional_text("typ")?) {
            (0, None) => parsed,
            (0, Some(typ)) => parsed.typ(typ),
            (JOT_WITHOUT_TYP, None) => parsed.without_typ(),
            _ => return Err(misuse(Code::ArgumentValue, "flags")),
        };
        if let Some(cty) = header.cty.optional_text("cty")? {
            parsed = parsed.cty(cty);
        }
        if let Some(parameters) = header.parameters.optional_text("parameters")? {
            parsed = parsed.parameters(parameters);
        }
        for critical in row(header.critical, header.critical_count, "critical")? {
            parsed = parsed.critical(critical.name.text("critical")?, critical.value.text("critical")?);
        }
        Ok(parsed)
    }
}

/// Signs a Claims Set, one JSON object with unique member names, as a JWT. The bytes go
/// into the token unchanged.
///
/// `header` may be NULL for the default; `error` may be NULL. `token` receives the
/// token. Returns `JOT_CLAIMS_TO_SIGN_INVALID`, `JOT_HEADER_TO_SIGN_INVALID`; 15x.
/// Any thread may call it, each with its own text.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_sign_claims(
    signer: Option<&Signer>,
    header: *const SignHeader,
    claims: Slice,
    token: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (signer, token) = (given(signer, "signer")?, given(token, "token")?);
        token.set(&signer.inner.sign_claims_with(&SignHeader::parse(header)?, claims.bytes("claims")?)?);
        Ok(())
    })
}

/// The payload goes into the token, in base64url.
pub const JOT_ATTACHED: u32 = 0;
/// The token omits the payload, which is signed in base64url (RFC 7515 Appendix F).
pub const JOT_DETACHED: u32 = 1;
/// The token omits the payload, which is signed unencoded, with `b64` false (RFC 7797).
pub const JOT_UNENCODED_DETACHED: u32 = 2;

/// Signs any bytes as a JWS in the Compact Serialization. `form` is `JOT_ATTACHED`,
/// `JOT_DETACHED` or `JOT_UNENCODED_DETACHED`. Otherwise it works like
/// `jot_signer_sign_claims`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_sign_payload(
    signer: Option<&Signer>,
    header: *const SignHeader,
    payload: Slice,
    form: u32,
    token: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (signer, token) = (given(signer, "signer")?, given(token, "token")?);
        let form = match form {
            JOT_ATTACHED => PayloadForm::Attached,
            JOT_DETACHED => PayloadForm::Detached,
            JOT_UNENCODED_DETACHED => PayloadForm::UnencodedDetached,
            _ => return Err(misuse(Code::ArgumentValue, "form")),
        };
        let header = SignHeader::parse(header)?;
        token.set(&signer.inner.sign_payload(&header, payload.bytes("payload")?, form)?);
        Ok(())
    })
}

/// Signs bytes that are not a token, with an algorithm of RFC 7518;
/// `jot_key_set_check_signature` verifies the signature. `signature` receives only
/// the bytes of the signature; an ECDSA signature is R followed by S (RFC 7518
/// §3.4). Returns 15x for wrong arguments. Any thread may call it, each with its
/// own text.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_sign_message(
    signer: Option<&Signer>,
    message: Slice,
    signature: Option<&mut Text>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (signer, signature) = (given(signer, "signer")?, given(signature, "signature")?);
        signature.set_bytes(&signer.inner.sign_message(message.bytes("message")?)?);
        Ok(())
    })
}

/// Frees a signer; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_signer_free(signer: Option<Box<Signer>>) {
    answer((), || drop(signer));
}
