//! Reading a JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, RFC 9964).

mod private;
#[cfg(test)]
mod tests;

use base64_simd::STANDARD;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::instead::{Wanted, named, named_object, without_mark};
use super::numbers::{PublicNumbers, coordinate_bytes};
use super::options::KeyOptions;
use super::thumbprints::CertificateThumbprints;
use crate::alg::{Alg, KeyType};
use crate::base64url;
use crate::error::{Code, Error};
use crate::json::{self, Object, Storage};
use crate::time::{Interval, UnixSeconds};

/// The operations that contradict a `use` of `sig` (RFC 7517 §4.3).
const ENCRYPTING: [&str; 6] = ["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

/// The public members of every type.
const NUMBERS: [&str; 6] = ["n", "e", "x", "y", "pub", "k"];

/// The private members of every type (RFC 7518 §6, RFC 8037 §2, RFC 9964 §3).
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The purpose of a key, by its name in `key_ops` (RFC 7517 §4.3).
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Verify,
    Sign,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Sign => "sign",
        }
    }
}

/// Parses a JWK or a JWK Set as a JSON object, with a byte order mark or without. It
/// may hold a secret, so `storage` wipes its copies.
pub(super) fn parse<'d>(text: &'d [u8], storage: &'d mut Storage) -> Result<Object<'d>, Error> {
    let unmarked = without_mark(text);
    //= rfc7517#section-9.2
    //# Private and symmetric keys MUST be protected from disclosure to unintended parties.
    storage.keep_secret(unmarked);
    //= rfc7517#section-4
    //# JWK parsers MUST either reject JWKs with duplicate member names
    //= rfc7517#section-5
    //# JWK Set parsers MUST either reject JWK Sets with duplicate member names
    json::parse(unmarked, storage).map_err(|fault| {
        let mark = u32::try_from(text.len().saturating_sub(unmarked.len())).unwrap_or_default();
        named(Wanted::Jwk, text, Error::at(Code::KeyJson, fault.offset.saturating_add(mark)))
    })
}

//= rfc7517#section-4
//# Additional members can be present in the JWK; if not understood by implementations encountering
//# them, they MUST be ignored.
/// The members of one JWK.
#[derive(Clone, Copy)]
pub(super) struct Jwk<'d> {
    object: Object<'d>,
}

/// What a JWK says of a key that verifies.
pub(super) struct PublicJwk {
    pub(super) numbers: PublicNumbers,
    /// The algorithm that the key or the options name.
    pub(super) alg: Option<Alg>,
    pub(super) kid: Option<Box<str>>,
    /// The first certificate of `x5c`, in DER.
    pub(super) x5c: Option<Vec<u8>>,
}

impl<'d> Jwk<'d> {
    pub(super) const fn new(object: Object<'d>) -> Self {
        Self { object }
    }

    /// Reads a key that is to verify.
    pub(super) fn verifying(&self, options: &KeyOptions) -> Result<PublicJwk, Error> {
        let x5c = self.x5c()?;
        // What the key is comes before what it is for.
        if x5c.is_none() {
            self.key_type().map_err(|error| named_object(self.object, error))?;
        }
        self.allows(Purpose::Verify)?;
        let (alg, kid) = (self.alg(options)?, self.kid(options)?);
        let numbers = self.public(x5c.as_deref(), options.weak())?;
        Ok(PublicJwk { numbers, alg, kid, x5c })
    }

    /// Returns an error if the key is symmetric, or if there is anything of a private key.
    pub(super) fn must_be_public(&self) -> Result<(), Error> {
        if self.object.member("kty").and_then(|kty| kty.as_str()) == Some("oct") {
            return Err(Error::new(Code::KeySecretNotPublic));
        }
        match self.object.members().find(|(name, _)| PRIVATE.contains(name)) {
            Some((name, _)) => Err(Error::of_member(Code::JwkPrivate, name)),
            None => Ok(()),
        }
    }

    /// Returns the `kid`, or the one of the options.
    pub(super) fn kid(&self, options: &KeyOptions) -> Result<Option<Box<str>>, Error> {
        Ok(self.string("kid")?.map(Box::from).or_else(|| options.fallback_kid()))
    }

    /// Returns the algorithm that the key or the options name, or an error if they name
    /// different ones.
    pub(super) fn alg(&self, options: &KeyOptions) -> Result<Option<Alg>, Error> {
        let own = match self.string("alg")? {
            None => return Ok(options.wanted_alg()),
            //= rfc8037#section-3.1
            //# These subtypes MUST NOT be used for Elliptic Curve Diffie-Hellman Ephemeral Static
            //# (ECDH-ES).
            Some(name) => Alg::from_name(name).ok_or(Error::of_member(Code::KeyAlgUnknown, "alg"))?,
        };
        match options.wanted_alg() {
            Some(wanted) if wanted != own => Err(Error::of_member(Code::KeyAlgMismatch, "alg")),
            _ => Ok(Some(own)),
        }
    }

    /// Returns the dates between which the key is valid, if the options ask for them.
    pub(super) fn validity(&self, options: &KeyOptions) -> Result<Interval, Error> {
        if !options.is_dated() {
            return Ok(Interval::ALWAYS);
        }
        let start = self.date("nbf")?.unwrap_or(Interval::ALWAYS.start);
        let end = self.date("exp")?.unwrap_or(Interval::ALWAYS.end);
        if start >= end {
            Err(Error::of_member(Code::KeyMemberInvalid, "exp"))
        } else {
            Ok(Interval { start, end })
        }
    }

    /// Returns a NumericDate, rounded up to a second. It is only compared with whole
    /// seconds, so the rounding changes no answer.
    fn date(&self, name: &str) -> Result<Option<UnixSeconds>, Error> {
        let Some(value) = self.object.member(name) else { return Ok(None) };
        match value.as_number().and_then(|number| number.as_date()) {
            Some(date) => Ok(Some(date.ceil())),
            None => Err(Error::of_member(Code::KeyMemberInvalid, name)),
        }
    }

    /// Returns an error unless `use` and `key_ops` allow the purpose (RFC 7517 §4.2
    /// and §4.3).
    pub(super) fn allows(&self, purpose: Purpose) -> Result<(), Error> {
        let designated = self.string("use")?;
        if designated.is_some_and(|designated| designated != "sig") {
            return Err(Error::of_member(Code::KeyUseNotSignature, "use"));
        }
        let Some(operations) = self.object.member("key_ops") else { return Ok(()) };
        let invalid = Error::of_member(Code::KeyMemberInvalid, "key_ops");
        let mut names = Vec::new();
        for operation in operations.as_array().ok_or(invalid)?.iter() {
            names.push(operation.as_str().ok_or(invalid)?);
        }
        let allowed = names.contains(&purpose.name());
        names.sort_unstable();
        //= rfc7517#section-4.3
        //# Duplicate key operation values MUST NOT be present in the array.
        let has_repeats = names.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        //= rfc7517#section-4.3
        //# if both are used, the information they convey MUST be consistent.
        let contradicts = designated.is_some() && names.iter().any(|name| ENCRYPTING.contains(name));
        match (has_repeats || contradicts, allowed) {
            (true, _) => Err(invalid),
            (false, false) => Err(Error::of_member(Code::KeyOpsNotAllowed, "key_ops")),
            (false, true) => Ok(()),
        }
    }

    /// Returns the type that `kty` and `crv`, or `kty` and `alg`, name.
    pub(super) fn key_type(&self) -> Result<KeyType, Error> {
        //= rfc7517#section-4.1
        //# This member MUST be present in a JWK.
        match self.required("kty")? {
            "oct" => Ok(KeyType::Oct),
            "RSA" => Ok(KeyType::Rsa),
            "EC" => match self.required("crv")? {
                "P-256" => Ok(KeyType::P256),
                "P-384" => Ok(KeyType::P384),
                "P-521" => Ok(KeyType::P521),
                "secp256k1" => Ok(KeyType::Secp256k1),
                "P-256K" | "K-256" => Err(Error::of_member(Code::KeyCurveRenamed, "crv")),
                _ => Err(Error::of_member(Code::KeyCurveUnknown, "crv")),
            },
            //= rfc8037#section-2
            //# The parameter "kty" MUST be "OKP".
            //= rfc8037#section-2
            //# The parameter "crv" MUST be present and contain the subtype of the key
            "OKP" => match self.required("crv")? {
                //= rfc8037#section-3.2
                //# These subtypes MUST NOT be used for signing.
                "Ed25519" => Ok(KeyType::Ed25519),
                _ => Err(Error::of_member(Code::KeyCurveUnknown, "crv")),
            },
            //= rfc9964#section-3
            //# The alg JSON Web Key (JWK) parameter or COSE Key Common parameter is REQUIRED for
            //# all AKP keys.
            // The alg names the parameter set (RFC 9964 §3).
            "AKP" => match Alg::from_name(self.required("alg")?).map(Alg::key_type) {
                Some(of_alg @ (KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87)) => Ok(of_alg),
                Some(_) => Err(Error::of_member(Code::KeyAlgMismatch, "alg")),
                None => Err(Error::of_member(Code::KeyAlgUnknown, "alg")),
            },
            _ => Err(Error::of_member(Code::KeyTypeUnknown, "kty")),
        }
    }

    /// Reads the public key: the members of its type, or the first certificate of `x5c`
    /// if there are none. If there is both, they must be the same key.
    pub(super) fn public(&self, x5c: Option<&[u8]>, weak: bool) -> Result<PublicNumbers, Error> {
        let Some(der) = x5c else { return self.numbers(self.key_type()?, weak) };
        let certified = Certificate::read(der).and_then(|certificate| certificate.numbers(weak));
        let certified = certified.map_err(|error| match error.code() {
            Code::KeyDerInvalid => Error::of_member(Code::KeyMemberInvalid, "x5c"),
            _ => error,
        })?;
        let differs = Error::of_member(Code::KeyCertificateDiffers, "x5c");
        if NUMBERS.iter().any(|name| self.object.member(name).is_some()) {
            let numbers = self.numbers(self.key_type()?, weak)?;
            //= rfc7517#section-4.7
            //# The key in the first certificate MUST match the public key represented by other members of
            //# the JWK.
            return if numbers.is_same_key(&certified) { Ok(certified) } else { Err(differs) };
        }
        //= rfc7517#section-4.7
        //# If other members are present, the contents of those members MUST be semantically consistent
        //# with the related fields in the first certificate.
        let key_type = certified.key_type();
        let crv = self.string("crv")?;
        let is_named = self.required("kty")? == key_type.kty() && (crv.is_none() || crv == key_type.crv());
        if is_named { Ok(certified) } else { Err(differs) }
    }

    /// Returns the first certificate of `x5c`, in DER.
    //= rfc7517#section-4.7
    //# The PKIX certificate containing the key value MUST be the first certificate.
    pub(super) fn x5c(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some(value) = self.object.member("x5c") else { return Ok(None) };
        let first = value.as_array().and_then(|chain| chain.iter().next());
        let text = first.as_ref().and_then(|first| first.as_str());
        // Base64 and not base64url (RFC 7517 §4.7).
        let der = text.and_then(|text| STANDARD.decode_to_vec(text).ok());
        der.map(Some).ok_or(Error::of_member(Code::KeyMemberInvalid, "x5c"))
    }

    /// Returns the thumbprints that the members name. They are only compared, so their
    /// form is not checked.
    pub(super) fn thumbprints(&self) -> CertificateThumbprints {
        let text = |name| self.object.member(name).and_then(|value| value.as_str()).map(Box::from);
        CertificateThumbprints { x5t: text("x5t"), x5t_s256: text("x5t#S256") }
    }

    /// Reads the public members of a key of this type.
    fn numbers(&self, key_type: KeyType, weak: bool) -> Result<PublicNumbers, Error> {
        match key_type {
            KeyType::Oct => PublicNumbers::secret(&self.bytes("k")?),
            //= rfc7518#section-6.3.1
            //# The following members MUST be present for RSA public keys.
            KeyType::Rsa => PublicNumbers::rsa(&self.uint("n")?, &self.uint("e")?, weak),
            //= rfc8037#section-2
            //# The parameter "x" MUST be present and contain the public key
            KeyType::Ed25519 => PublicNumbers::of_type(key_type, &self.sized("x", 32)?),
            KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87 => {
                //= rfc9964#section-3
                //# The pub parameter contains public information and is REQUIRED.
                PublicNumbers::of_type(key_type, &self.bytes("pub")?)
                    .map_err(|_| Error::of_member(Code::KeyMemberInvalid, "pub"))
            }
            //= rfc7518#section-6.2.1
            //# The following members MUST be present for all Elliptic Curve public keys:
            //= rfc7518#section-6.2.1
            //# The following member MUST also be present for Elliptic Curve public keys
            curve => PublicNumbers::of_type(curve, &self.point(curve)?),
        }
    }

    /// Returns the uncompressed point: 4, x, y. The coordinates must have their full
    /// length (RFC 7518 §6.2.1.2).
    //= rfc7518#section-6.2.1.2
    //# The length of this octet string MUST be the full size of a coordinate
    fn point(&self, curve: KeyType) -> Result<Vec<u8>, Error> {
        let bytes = coordinate_bytes(curve);
        // Decoding wants room for whole groups, of up to two bytes more. If the vector grew, the
        // allocator would get back memory that holds what was there before.
        let mut point = Vec::with_capacity(bytes.saturating_mul(2).saturating_add(3));
        point.push(4);
        for name in ["x", "y"] {
            let invalid = Error::of_member(Code::KeyMemberInvalid, name);
            let end = point.len().saturating_add(bytes);
            base64url::decode_onto(self.required(name)?.as_bytes(), &mut point).map_err(|_| invalid)?;
            if point.len() != end {
                return Err(invalid);
            }
        }
        Ok(point)
    }

    /// Returns a Base64urlUInt, which has no leading zero octets
    /// (RFC 7518 §2).
    //= rfc7518#section-2
    //# The octet sequence MUST utilize the minimum number of octets needed to represent the value.
    fn uint(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = self.bytes(name)?;
        //= rfc7518#section-6.3.1.2
        //# the octet sequence to be base64url-encoded MUST consist of the three octets [1, 0, 1]
        match bytes.first() {
            None | Some(0) => Err(Error::of_member(Code::KeyMemberInvalid, name)),
            Some(_) => Ok(bytes),
        }
    }

    fn sized(&self, name: &str, length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = self.bytes(name)?;
        if bytes.len() != length {
            return Err(Error::of_member(Code::KeyMemberInvalid, name));
        }
        Ok(bytes)
    }

    fn bytes(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut bytes = Zeroizing::new(Vec::new());
        base64url::decode_onto(self.required(name)?.as_bytes(), &mut bytes)
            .map_err(|_| Error::of_member(Code::KeyMemberInvalid, name))?;
        Ok(bytes)
    }

    fn required(&self, name: &str) -> Result<&'d str, Error> {
        self.string(name)?.ok_or(Error::of_member(Code::KeyMemberMissing, name))
    }

    fn string(&self, name: &str) -> Result<Option<&'d str>, Error> {
        match self.object.member(name) {
            None => Ok(None),
            Some(value) => match value.as_str() {
                Some(text) => Ok(Some(text)),
                None => Err(Error::of_member(Code::KeyMemberInvalid, name)),
            },
        }
    }
}
