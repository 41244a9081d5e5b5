//! The JOSE Header (RFC 7515 §4) and `crit` (§4.1.11).

use crate::alg::{self, Alg};
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::header_cache::{CachedHeader, HeaderFields};
use crate::json::{self, Fault, FaultKind, NodeId, Object, Value, tag};

/// The Header Parameters that RFC 7515 §4.1 and RFC 7518 §4 define; `crit`
/// must not name them (RFC 7515 §4.1.11).
pub(crate) const REGISTERED: &[&str] = &[
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk",
    "apu", "apv", "iv", "tag", "p2s", "p2c",
];

/// A JOSE Header whose parameters have the right types and whose `crit` is understood.
/// For a rejected token it is unverified.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
///
/// let header = verifier.verify(&token, now, &mut scratch)?.header();
/// assert_eq!((header.alg(), header.kid(), header.typ()), (Alg::ES256, Some("2026-01"), Some("JWT")));
/// assert!(header.parameter("cty").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct JoseHeader<'s> {
    object: Object<'s>,
    alg: Alg,
    kid: Option<&'s str>,
    typ: Option<&'s str>,
    b64: bool,
    slot: &'s CachedHeader,
}

impl<'s> JoseHeader<'s> {
    /// Decodes and parses a header segment into `slot`, which can then be found again,
    /// unless the header has a `crit`: each verifier understands different extensions.
    pub(crate) fn parse(
        segment: &[u8],
        understood: &[Box<str>],
        slot: &'s mut CachedHeader,
    ) -> Result<Self, Rejection> {
        slot.vacate();
        decode_text(segment, &mut slot.text)?;
        let object = json::parse(slot.text.as_bytes(), &mut slot.storage).map_err(rejection)?;
        let crit = object.member("crit");
        let read = read(object, crit, understood)?;
        if crit.is_none() {
            slot.name(segment);
        }
        slot.read = Some(read);
        Self::recall(slot)
    }

    /// Returns a header that was already parsed.
    pub(crate) fn recall(slot: &'s CachedHeader) -> Result<Self, Rejection> {
        let HeaderFields { alg, kid, typ, b64 } = slot.read.ok_or(Rejection::new(Code::Internal))?;
        let object = json::parsed(&slot.text, &slot.storage);
        let string = |place| object.at(place).and_then(|value| value.as_str());
        Ok(Self { object, alg, kid: string(kid), typ: string(typ), b64, slot })
    }

    /// Records that a signature under this header held.
    pub(crate) fn prove(&self) {
        self.slot.prove();
    }

    /// Returns `true` if a signature under this header held before.
    pub(crate) fn is_proved(&self) -> bool {
        self.slot.is_proved()
    }

    /// Returns the `alg`.
    #[must_use]
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Returns the `kid`.
    #[must_use]
    pub const fn kid(&self) -> Option<&'s str> {
        self.kid
    }

    /// Returns the `typ` unchanged.
    #[must_use]
    pub const fn typ(&self) -> Option<&'s str> {
        self.typ
    }

    /// Returns `true` if the payload is base64url-encoded, which is the default (RFC
    /// 7797).
    #[must_use]
    pub const fn b64(&self) -> bool {
        self.b64
    }

    /// Returns the value of any Header Parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Value<'s>> {
        self.object.member(name)
    }

    /// Returns the whole header.
    #[must_use]
    pub const fn as_object(&self) -> Object<'s> {
        self.object
    }
}

impl std::fmt::Debug for JoseHeader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.object.fmt(f)
    }
}

/// Decodes a header segment to text, in the buffer of an earlier one, which is also
/// kept on an error.
pub(super) fn decode_text(segment: &[u8], text: &mut String) -> Result<(), Rejection> {
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.clear();
    let decoded = base64url::decode_onto(segment, &mut bytes);
    let empty = bytes.is_empty();
    let mut outcome = match decoded {
        Ok(()) if !empty => Ok(()),
        _ => Err(Rejection::new(Code::HeaderEncoding)),
    };
    *text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let offset = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
        outcome = Err(Rejection::at(Code::HeaderJson, offset));
        let mut bytes = error.into_bytes();
        bytes.clear();
        String::from_utf8(bytes).unwrap_or_default()
    });
    outcome
}

const ALG: u32 = tag(*b"alg");
const KID: u32 = tag(*b"kid");
const TYP: u32 = tag(*b"typ");
const B64: u32 = tag(*b"b64");

/// The places of the parameters that are always checked, found in one pass. An absent
/// one has no place.
#[derive(Default)]
struct Parameters {
    alg: NodeId,
    kid: NodeId,
    typ: NodeId,
    b64: NodeId,
}

impl Parameters {
    fn collect(object: Object<'_>) -> Self {
        let mut found = Self::default();
        for (name, place) in object.short_names() {
            match name {
                ALG => found.alg = place,
                KID => found.kid = place,
                TYP => found.typ = place,
                B64 => found.b64 = place,
                //= rfc7515#section-4
                //# All other Header Parameters defined by this specification that are not so
                //# designated MUST be ignored when not understood.
                //= rfc7515#section-4
                //# all Header Parameters not defined by this specification MUST be ignored when not
                //# understood.
                //= rfc8725#section-3.10
                //# Applications SHOULD protect against such attacks
                _ => {}
            }
        }
        found
    }
}

/// Checks the types of the parameters that are always checked, and `crit`.
fn read(
    object: Object<'_>,
    crit: Option<Value<'_>>,
    understood: &[Box<str>],
) -> Result<HeaderFields, Rejection> {
    let Parameters { alg, kid, typ, b64 } = Parameters::collect(object);
    let alg = algorithm(object.at(alg))?;
    //= rfc7515#section-4.1.4
    //# Its value MUST be a case-sensitive string.
    for (place, otherwise) in [(kid, Code::KidInvalid), (typ, Code::TypInvalid)] {
        if object.at(place).is_some_and(|value| value.as_str().is_none()) {
            return Err(Rejection::new(otherwise));
        }
    }
    let names_b64 = match crit {
        Some(crit) => check_crit(crit, object, understood)?,
        None => false,
    };
    let b64 = match object.at(b64) {
        None => true,
        Some(Value::Bool(value)) => value,
        Some(_) => return Err(Rejection::new(Code::B64Invalid)),
    };
    if !b64 && !names_b64 {
        //= rfc7797#section-6
        //# The "crit" Header Parameter MUST be included with "b64" in its set of values
        return Err(Rejection::new(Code::B64NotCritical));
    }
    Ok(HeaderFields { alg, kid, typ, b64 })
}

//= rfc7515#section-4.1.1
//# This Header Parameter MUST be present and MUST be understood and processed
fn algorithm(alg: Option<Value<'_>>) -> Result<Alg, Rejection> {
    let name = match alg {
        None => return Err(Rejection::new(Code::AlgMissing)),
        Some(Value::String(name)) => name,
        Some(_) => return Err(Rejection::new(Code::AlgInvalid)),
    };
    Alg::from_name(name).ok_or_else(|| Rejection::new(alg::refusal_of(name)))
}

/// Checks every name in `crit`, and returns `true` if `b64` is one of them.
fn check_crit(crit: Value<'_>, header: Object<'_>, understood: &[Box<str>]) -> Result<bool, Rejection> {
    let invalid = Rejection::new(Code::CritInvalid);
    let names = crit.as_array().ok_or(invalid)?;
    let mut count = 0_usize;
    let mut names_b64 = false;
    for value in names.iter() {
        let name = value.as_str().ok_or(invalid)?;
        //= rfc7515#section-4.1.11
        //# Producers MUST NOT include Header Parameter names defined by this specification or [JWA]
        //# for use with JWS, duplicate names, or names that do not occur
        if names.iter().take(count).any(|earlier| earlier.as_str() == Some(name)) {
            return Err(Rejection::new(Code::CritRepeated));
        }
        if REGISTERED.contains(&name) {
            return Err(Rejection::new(Code::CritRegistered));
        }
        // An unknown name ends the loop. So it is no longer than the list of understood
        // extensions, and many repeated names cannot make it quadratic.
        //= rfc7515#section-4.1.11
        //# extensions to this specification and/or [JWA] are being used that MUST be understood and
        //# processed.
        if name != "b64" && !understood.iter().any(|known| **known == *name) {
            return Err(Rejection::new(Code::CritUnknown));
        }
        if header.member(name).is_none() {
            return Err(Rejection::new(Code::CritAbsent));
        }
        names_b64 |= name == "b64";
        count = count.saturating_add(1);
    }
    //= rfc7515#section-4.1.11
    //# MUST NOT use the empty list "[]" as the "crit" value.
    if count == 0 { Err(invalid) } else { Ok(names_b64) }
}

pub(super) fn rejection(fault: Fault) -> Rejection {
    Rejection::at(code_of(fault.kind), fault.offset)
}

/// Returns the code of a header's fault.
pub(crate) const fn code_of(fault: FaultKind) -> Code {
    match fault {
        FaultKind::Syntax => Code::HeaderJson,
        FaultKind::NotObject => Code::HeaderNotObject,
        //= rfc7515#section-4
        //# JWS parsers MUST either reject JWSs with duplicate Header Parameter names
        FaultKind::Repeated => Code::HeaderRepeated,
        FaultKind::TooDeep => Code::HeaderTooDeep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(header: &str) -> Option<Code> {
        let segment = base64url::encode(header.as_bytes());
        let understood = ["exp-ext".into()];
        JoseHeader::parse(segment.as_bytes(), &understood, &mut CachedHeader::default())
            .err()
            .map(|rejection| rejection.code())
    }

    #[test]
    fn header_gives_its_parameters() {
        let segment = base64url::encode(br#"{"alg":"ES256","kid":"\u0031","typ":"at+jwt","x":{"y":2}}"#);
        let mut slot = CachedHeader::default();
        let header = JoseHeader::parse(segment.as_bytes(), &[], &mut slot).unwrap();
        assert_eq!((header.alg(), header.kid(), header.typ()), (Alg::ES256, Some("1"), Some("at+jwt")));
        assert!(header.b64() && header.parameter("x").is_some() && header.parameter("y").is_none());
    }

    #[test]
    fn alg_is_a_known_name() {
        assert_eq!(code(r#"{}"#), Some(Code::AlgMissing));
        for value in ["null", "1", r#"["HS256"]"#, "{}"] {
            assert_eq!(code(&format!(r#"{{"alg":{value}}}"#)), Some(Code::AlgInvalid));
        }
        for name in ["none", "nOnE", "NONE"] {
            assert_eq!(code(&format!(r#"{{"alg":"{name}"}}"#)), Some(Code::AlgNone));
        }
        for name in ["", "hs256", "HS256 ", "ESP256", "Ed448", "A256KW"] {
            assert_eq!(code(&format!(r#"{{"alg":"{name}"}}"#)), Some(Code::AlgUnknown));
        }
    }

    #[test]
    fn crit_must_be_understood() {
        let crit = |crit: &str| {
            code(&format!(r#"{{"alg":"HS256","exp-ext":1,"other":2,"b64":true,"crit":{crit}}}"#))
        };
        assert_eq!(crit(r#"["exp-ext"]"#), None);
        assert_eq!(crit(r#"["exp-ext","b64"]"#), None);
        for malformed in ["[]", "{}", "\"b64\"", "null", "true", "[1]", "[null]"] {
            assert_eq!(crit(malformed), Some(Code::CritInvalid), "{malformed}");
        }
        assert_eq!(crit(r#"["b64","b64"]"#), Some(Code::CritRepeated));
        assert_eq!(crit(r#"["b64","\u0062\u0036\u0034"]"#), Some(Code::CritRepeated));
        for name in REGISTERED {
            assert_eq!(crit(&format!("[{name:?}]")), Some(Code::CritRegistered), "{name}");
        }
        assert_eq!(crit(r#"["other"]"#), Some(Code::CritUnknown));
        assert_eq!(code(r#"{"alg":"HS256","crit":["exp-ext"]}"#), Some(Code::CritAbsent));
        assert_eq!(code(r#"{"alg":"HS256","crit":["b64"]}"#), Some(Code::CritAbsent));
    }

    #[test]
    fn b64_false_must_be_critical() {
        assert_eq!(code(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#), None);
        assert_eq!(code(r#"{"alg":"HS256","b64":false}"#), Some(Code::B64NotCritical));
        assert_eq!(code(r#"{"alg":"HS256","b64":"false","crit":["b64"]}"#), Some(Code::B64Invalid));
    }

    #[test]
    fn header_is_a_json_object_with_unique_names() {
        assert_eq!(code(""), Some(Code::HeaderEncoding));
        assert_eq!(code("{"), Some(Code::HeaderJson));
        assert_eq!(code("[]"), Some(Code::HeaderNotObject));
        assert_eq!(code(r#"{"alg":"HS256","a\u006cg":"none"}"#), Some(Code::HeaderRepeated));
        assert_eq!(
            code(&format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(32), "]".repeat(32))),
            Some(Code::HeaderTooDeep)
        );
        assert_eq!(code(r#"{"alg":"HS256","kid":7}"#), Some(Code::KidInvalid));
        assert_eq!(code(r#"{"alg":"HS256","kid":{}}"#), Some(Code::KidInvalid));
        assert_eq!(code(r#"{"alg":"HS256","typ":["JWT"]}"#), Some(Code::TypInvalid));
    }
}
