//! Reading a JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, RFC 9964).

use zeroize::Zeroizing;

use super::numbers::{PublicNumbers, coordinate_bytes};
use super::options::KeyOptions;
use crate::alg::{Alg, KeyType};
use crate::base64url;
use crate::crypto::{KeyPair, PrivatePart, RsaNumbers};
use crate::error::{Code, Error};
use crate::json::{self, Object, Storage};

/// What a key is wanted for, by its name in `key_ops` (RFC 7517 §4.3).
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

/// Parses a JWK or a JWK Set as a JSON object.
pub(super) fn parse<'d>(text: &'d [u8], storage: &'d mut Storage) -> Result<Object<'d>, Error> {
    json::parse(text, storage).map_err(|fault| Error::at(Code::KeyJson, fault.offset))
}

/// The members of one JWK.
#[derive(Clone, Copy)]
pub(super) struct Jwk<'d> {
    object: Object<'d>,
}

impl<'d> Jwk<'d> {
    pub(super) const fn new(object: Object<'d>) -> Self {
        Self { object }
    }

    /// Returns the `kid`, or the one of the options.
    pub(super) fn kid(&self, options: &KeyOptions) -> Result<Option<Box<str>>, Error> {
        Ok(self.string("kid")?.map(Box::from).or_else(|| options.fallback_kid()))
    }

    /// Returns the algorithm that the key or the options name, and makes sure
    /// that they do not disagree.
    pub(super) fn alg(&self, options: &KeyOptions) -> Result<Option<Alg>, Error> {
        let own = match self.string("alg")? {
            None => return Ok(options.wanted_alg()),
            Some(name) => Alg::from_name(name).ok_or(Error::of_member(Code::KeyAlgUnknown, "alg"))?,
        };
        match options.wanted_alg() {
            Some(wanted) if wanted != own => Err(Error::of_member(Code::KeyAlgMismatch, "alg")),
            _ => Ok(Some(own)),
        }
    }

    /// Makes sure that `use` and `key_ops` allow the purpose (RFC 7517 §4.2
    /// and §4.3).
    pub(super) fn allows(&self, purpose: Purpose) -> Result<(), Error> {
        if self.string("use")?.is_some_and(|designated| designated != "sig") {
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
        match (names.windows(2).any(|pair| matches!(pair, [a, b] if a == b)), allowed) {
            (true, _) => Err(invalid),
            (false, false) => Err(Error::of_member(Code::KeyOpsNotAllowed, "key_ops")),
            (false, true) => Ok(()),
        }
    }

    /// Returns the type that `kty` and `crv`, or `kty` and `alg`, name.
    pub(super) fn key_type(&self) -> Result<KeyType, Error> {
        match self.required("kty")? {
            "oct" => Ok(KeyType::Oct),
            "RSA" => Ok(KeyType::Rsa),
            "EC" => match self.required("crv")? {
                "P-256" => Ok(KeyType::P256),
                "P-384" => Ok(KeyType::P384),
                "P-521" => Ok(KeyType::P521),
                "secp256k1" => Ok(KeyType::Secp256k1),
                _ => Err(Error::of_member(Code::KeyCurveUnknown, "crv")),
            },
            "OKP" => match self.required("crv")? {
                "Ed25519" => Ok(KeyType::Ed25519),
                _ => Err(Error::of_member(Code::KeyCurveUnknown, "crv")),
            },
            // The alg is what names the parameter set (RFC 9964 §3).
            "AKP" => match Alg::from_name(self.required("alg")?).map(Alg::key_type) {
                Some(of_alg @ (KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87)) => Ok(of_alg),
                Some(_) => Err(Error::of_member(Code::KeyAlgMismatch, "alg")),
                None => Err(Error::of_member(Code::KeyAlgUnknown, "alg")),
            },
            _ => Err(Error::of_member(Code::KeyTypeUnknown, "kty")),
        }
    }

    /// Reads the public members of a key of this type.
    pub(super) fn public(&self, key_type: KeyType, weak: bool) -> Result<PublicNumbers, Error> {
        match key_type {
            KeyType::Oct => PublicNumbers::secret(&self.bytes("k")?),
            KeyType::Rsa => PublicNumbers::rsa(&self.uint("n")?, &self.uint("e")?, weak),
            KeyType::Ed25519 => PublicNumbers::of_type(key_type, &self.sized("x", 32)?),
            KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87 => {
                PublicNumbers::of_type(key_type, &self.bytes("pub")?)
                    .map_err(|_| Error::of_member(Code::KeyMemberInvalid, "pub"))
            }
            curve => PublicNumbers::of_type(curve, &self.point(curve)?),
        }
    }

    /// Reads the private members of a key of this type and makes sure that the
    /// public ones belong to them.
    pub(super) fn private(&self, alg: Alg) -> Result<KeyPair, Error> {
        let key_type = alg.key_type();
        let public = self.public(key_type, false)?;
        let private = if key_type.kty() == "AKP" { "priv" } else { "d" };
        if key_type != KeyType::Oct && self.object.member(private).is_none() {
            return Err(Error::of_member(Code::KeyNotPrivate, private));
        }
        let pair = match &public {
            PublicNumbers::Secret(secret) => KeyPair::new(alg, PrivatePart::Secret(secret)),
            PublicNumbers::Rsa { modulus, exponent } => self.rsa_private(alg, modulus, exponent)?,
            PublicNumbers::Ec { curve, point } => {
                let scalar = self.sized("d", coordinate_bytes(*curve))?;
                KeyPair::new(alg, PrivatePart::Ec { scalar: &scalar, point })
            }
            PublicNumbers::Ed25519(public) => {
                KeyPair::new(alg, PrivatePart::Ed25519 { seed: &self.sized("d", 32)?, public })
            }
            PublicNumbers::MlDsa { key, .. } => {
                KeyPair::new(alg, PrivatePart::MlDsa { seed: &self.sized("priv", 32)? }).and_then(|pair| {
                    if pair.public_bytes() == key { Ok(pair) } else { Err(Code::KeyInvalid) }
                })
            }
        };
        pair.map_err(Error::new)
    }

    fn rsa_private(&self, alg: Alg, n: &[u8], e: &[u8]) -> Result<Result<KeyPair, Code>, Error> {
        if self.object.member("oth").is_some() {
            // Keys of more than two primes (RFC 7518 §6.3.2.7) are not known.
            return Err(Error::of_member(Code::KeyMemberInvalid, "oth"));
        }
        let numbers = RsaNumbers {
            n,
            e,
            d: &self.bytes("d")?,
            p: &self.bytes("p")?,
            q: &self.bytes("q")?,
            dp: &self.bytes("dp")?,
            dq: &self.bytes("dq")?,
            qi: &self.bytes("qi")?,
        };
        Ok(KeyPair::new(alg, PrivatePart::Rsa(numbers)))
    }

    /// Returns the point as 4, x, y; coordinates are written in full
    /// (RFC 7518 §6.2.1.2).
    fn point(&self, curve: KeyType) -> Result<Vec<u8>, Error> {
        let bytes = coordinate_bytes(curve);
        Ok([&[4], self.sized("x", bytes)?.as_slice(), self.sized("y", bytes)?.as_slice()].concat())
    }

    /// Returns a Base64urlUInt, which has no leading zero octets
    /// (RFC 7518 §2).
    fn uint(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bytes = self.bytes(name)?;
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
        base64url::decode(self.required(name)?.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| Error::of_member(Code::KeyMemberInvalid, name))
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
