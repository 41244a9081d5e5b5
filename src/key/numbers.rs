//! The public numbers of a key, checked.

use zeroize::Zeroizing;

use super::secret;
use crate::alg::{Alg, AlgSet, KeyType};
use crate::base64url;
use crate::crypto::{self, PublicPart};
use crate::error::{Code, Error};
use crate::json;

/// The bits of the longest RSA modulus.
const RSA_MAX_BITS: usize = 8192;
/// The bits of the shortest RSA modulus (RFC 7518 §3.3).
const RSA_MIN_BITS: usize = 2048;
/// The bits of the shortest RSA modulus if weak keys are allowed.
const RSA_WEAK_BITS: usize = 1024;
/// The bits of the longest RSA public exponent.
const RSA_EXPONENT_BITS: usize = 33;

/// Room for what the thumbprint of a key on a curve of 256 bits is made of.
const THUMBPRINT_ROOM: usize = 160;

/// The value of a member of a JWK.
#[derive(Clone, Copy)]
enum Member<'k> {
    Text(&'static str),
    /// In base64url.
    Bytes(&'k [u8]),
}

/// The public numbers of a key, or an HMAC secret. Their lengths were checked, and RSA
/// numbers are odd. Only the backend checks that a point is on its curve.
///
/// No variant is much larger than another: what a smaller one leaves unused goes to the heap as it
/// was on the stack, where a piece of a secret may have been.
#[derive(Clone)]
pub(super) enum PublicNumbers {
    Secret(Zeroizing<Vec<u8>>),
    /// `within` are the algorithms that the form of the key allows.
    Rsa {
        modulus: Box<[u8]>,
        exponent: Box<[u8]>,
        within: AlgSet,
    },
    Ec {
        curve: KeyType,
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
    MlDsa {
        parameters: KeyType,
        key: Vec<u8>,
    },
}

impl PublicNumbers {
    /// Takes an HMAC secret that is not empty and not the text of a key.
    pub(super) fn secret(bytes: &[u8]) -> Result<Self, Error> {
        secret::take(bytes).map(Self::Secret)
    }

    /// Takes a modulus and an exponent, big-endian without leading zeros.
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8], weak: bool) -> Result<Self, Error> {
        let least = if weak { RSA_WEAK_BITS } else { RSA_MIN_BITS };
        let bits = crypto::bit_length(modulus);
        //= rfc7518#section-3.3
        //# A key of size 2048 bits or larger MUST be used with these algorithms.
        if bits < least {
            return Err(Error::new(Code::KeyRsaTooShort));
        }
        if bits > RSA_MAX_BITS || !is_odd(modulus) {
            return Err(Error::new(Code::KeyRsaModulus));
        }
        let exponent_bits = crypto::bit_length(exponent);
        if !(2..=RSA_EXPONENT_BITS).contains(&exponent_bits) || !is_odd(exponent) {
            return Err(Error::new(Code::KeyRsaExponent));
        }
        let within = KeyType::Rsa.algorithms();
        Ok(Self::Rsa { modulus: modulus.into(), exponent: exponent.into(), within })
    }

    /// Binds an RSA key to the algorithms that its form allows.
    pub(super) fn within(self, algorithms: AlgSet) -> Self {
        match self {
            Self::Rsa { modulus, exponent, within } => {
                Self::Rsa { modulus, exponent, within: within.and(algorithms) }
            }
            other => other,
        }
    }

    /// Takes a key of another type, in the form of [`PublicPart`], or a compressed point.
    pub(super) fn of_type(key_type: KeyType, bytes: &[u8]) -> Result<Self, Error> {
        let length = match key_type {
            KeyType::Oct | KeyType::Rsa => return Err(Error::new(Code::Internal)),
            KeyType::Ed25519 => 32,
            KeyType::MlDsa44 => 1312,
            KeyType::MlDsa65 => 1952,
            KeyType::MlDsa87 => 2592,
            curve => coordinate_bytes(curve).saturating_mul(2).saturating_add(1),
        };
        if bytes.len() != length {
            let is_compressed = key_type.is_ec()
                && bytes.len() == coordinate_bytes(key_type).saturating_add(1)
                && matches!(bytes.first(), Some(2 | 3));
            let full = is_compressed.then(|| crypto::uncompressed(key_type, bytes)).flatten();
            return match full {
                Some(point) => Ok(Self::Ec { curve: key_type, point }),
                None => Err(Error::new(Code::KeyInvalid)),
            };
        }
        match key_type {
            KeyType::Ed25519 => Ok(Self::Ed25519(bytes.to_vec())),
            KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87 => {
                Ok(Self::MlDsa { parameters: key_type, key: bytes.to_vec() })
            }
            // The uncompressed form is the only one of that length.
            _ if bytes.first() != Some(&4) => Err(Error::new(Code::KeyInvalid)),
            _ => Ok(Self::Ec { curve: key_type, point: bytes.to_vec() }),
        }
    }

    pub(super) const fn key_type(&self) -> KeyType {
        match self {
            Self::Secret(_) => KeyType::Oct,
            Self::Rsa { .. } => KeyType::Rsa,
            Self::Ec { curve, .. } => *curve,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::MlDsa { parameters, .. } => *parameters,
        }
    }

    pub(super) fn part(&self) -> PublicPart<'_> {
        match self {
            Self::Secret(secret) => PublicPart::Secret(secret),
            Self::Rsa { modulus, exponent, .. } => PublicPart::Rsa { modulus, exponent },
            Self::Ec { curve, point } => PublicPart::Ec { curve: *curve, point },
            Self::Ed25519(point) => PublicPart::Ed25519(point),
            Self::MlDsa { parameters, key } => PublicPart::MlDsa { parameters: *parameters, key },
        }
    }

    /// Returns the algorithms that the key is bound to. `own` is the algorithm that the
    /// key was made for, if any.
    ///
    /// `EdDSA` is the old name of Ed25519: a key for `EdDSA` verifies both names, a key
    /// for `Ed25519` only that name (RFC 9864 §2.2).
    pub(super) fn bound_to(&self, own: Option<Alg>, weak: bool) -> Result<AlgSet, Error> {
        let of_type = match self {
            Self::Rsa { within, .. } => *within,
            _ => self.key_type().algorithms(),
        };
        //= rfc8725#section-3.1
        //# each key MUST be used with exactly one algorithm
        let wanted = match own {
            None => of_type,
            Some(alg) if !of_type.contains(alg) => return Err(Error::new(Code::KeyAlgMismatch)),
            Some(Alg::EdDSA) => of_type,
            Some(alg) => AlgSet::new().with(alg),
        };
        let Self::Secret(secret) = self else { return Ok(wanted) };
        //= rfc7518#section-3.2
        //# A key of the same size as the hash output (for instance, 256 bits for "HS256") or larger
        //# MUST be used
        //= rfc8725#section-3.5
        //# The Key Entropy and Random Values advice in Section 10.1 of [RFC7515] and the Password
        //# Considerations in Section 8.8 of [RFC7518] MUST be followed.
        let bound: AlgSet = wanted.iter().filter(|alg| weak || is_long_enough(secret, *alg)).collect();
        if bound.is_empty() {
            return Err(Error::new(Code::KeySecretTooShort));
        }
        Ok(bound)
    }

    /// Returns the members that the JWK of this key must have, in the order of
    /// their names (RFC 7638 §3.2, RFC 8037 §2, RFC 9964 §6).
    fn required(&self) -> [Option<(&'static str, Member<'_>)>; 4] {
        let key_type = self.key_type();
        let kty = Some(("kty", Member::Text(key_type.kty())));
        let crv = Some(("crv", Member::Text(key_type.crv().unwrap_or_default())));
        let bytes = |name, bytes| Some((name, Member::Bytes(bytes)));
        match self {
            Self::Secret(secret) => [bytes("k", secret), kty, None, None],
            Self::Rsa { modulus, exponent, .. } => [bytes("e", exponent), kty, bytes("n", modulus), None],
            Self::Ec { curve, point } => {
                let (x, y) = coordinates(*curve, point);
                [crv, kty, bytes("x", x), bytes("y", y)]
            }
            Self::Ed25519(point) => [crv, kty, bytes("x", point), None],
            Self::MlDsa { parameters, key } => {
                [Some(("alg", Member::Text(default_alg(*parameters).name()))), kty, bytes("pub", key), None]
            }
        }
    }

    /// Returns these members as strings.
    pub(super) fn jwk_members(&self) -> Vec<(&'static str, Zeroizing<String>)> {
        let text = |member| match member {
            Member::Text(text) => Zeroizing::new(String::from(text)),
            Member::Bytes(bytes) => Zeroizing::new(base64url::encode(bytes)),
        };
        self.required().into_iter().flatten().map(|(name, member)| (name, text(member))).collect()
    }

    /// Returns `true` if both are the same key, whatever algorithms they are bound to.
    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        self.jwk_members() == other.jwk_members()
    }

    /// Returns the JWK Thumbprint with SHA-256 (RFC 7638 §3).
    pub(super) fn thumbprint(&self) -> String {
        base64url::encode(&self.digest())
    }

    /// Returns the digest that the thumbprint is in base64url.
    pub(super) fn digest(&self) -> [u8; 32] {
        //= rfc7638#section-3.3
        //# Characters in member names and member values MUST be represented without being escaped.
        if let Self::Secret(_) = self {
            return crypto::sha256(write_members(&self.jwk_members()).as_bytes());
        }
        // Nothing in a public key has to be wiped, and no name or value to be escaped.
        let mut text = Vec::with_capacity(THUMBPRINT_ROOM);
        for (name, member) in self.required().into_iter().flatten() {
            text.push(if text.is_empty() { b'{' } else { b',' });
            text.extend_from_slice(b"\"");
            text.extend_from_slice(name.as_bytes());
            text.extend_from_slice(b"\":\"");
            match member {
                Member::Text(value) => text.extend_from_slice(value.as_bytes()),
                Member::Bytes(value) => base64url::encode_onto(value, &mut text),
            }
            text.push(b'"');
        }
        text.push(b'}');
        crypto::sha256(&text)
    }
}

/// Returns the algorithm that a private key without `alg` signs with.
pub(super) const fn default_alg(key_type: KeyType) -> Alg {
    match key_type {
        KeyType::Oct => Alg::HS256,
        KeyType::Rsa => Alg::RS256,
        KeyType::P256 => Alg::ES256,
        KeyType::P384 => Alg::ES384,
        KeyType::P521 => Alg::ES512,
        KeyType::Secp256k1 => Alg::ES256K,
        KeyType::Ed25519 => Alg::EdDSA,
        KeyType::MlDsa44 => Alg::MlDsa44,
        KeyType::MlDsa65 => Alg::MlDsa65,
        KeyType::MlDsa87 => Alg::MlDsa87,
    }
}

/// Returns the length of a coordinate, which is half the length of a signature.
pub(super) fn coordinate_bytes(curve: KeyType) -> usize {
    default_alg(curve).signature_bytes().map_or(0, |bytes| bytes >> 1)
}

/// Writes members that are strings as a JSON object without white space.
pub(super) fn write_members(members: &[(&str, Zeroizing<String>)]) -> Zeroizing<String> {
    // Long enough even if every byte is escaped: a buffer that grew would leave a copy
    // of the secret behind.
    let longest = |text: &str| text.len().saturating_mul(6).saturating_add(4);
    let lengths = members.iter().map(|member| longest(member.0).saturating_add(longest(&member.1)));
    let room = lengths.fold(1, usize::saturating_add);
    let mut text = Zeroizing::new(String::with_capacity(room));
    for (name, value) in members {
        let lead = if text.is_empty() { '{' } else { ',' };
        text.push(lead);
        json::write_string(name, &mut text);
        text.push(':');
        json::write_string(value, &mut text);
    }
    text.push('}');
    text
}

fn coordinates(curve: KeyType, point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.get(1..).unwrap_or_default();
    both.split_at_checked(coordinate_bytes(curve)).unwrap_or_default()
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte & 1 == 1)
}

/// An HMAC secret is at least as long as the hash output (RFC 7518 §3.2).
fn is_long_enough(secret: &[u8], alg: Alg) -> bool {
    alg.hash().is_some_and(|hash| secret.len() >= hash.output_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa_refusal(modulus_bits: usize, last: u8, exponent: &[u8], weak: bool) -> Option<Code> {
        let mut modulus = vec![0xff; modulus_bits.div_ceil(8)];
        modulus[0] >>= modulus_bits.wrapping_neg() % 8;
        *modulus.last_mut().unwrap() = last;
        PublicNumbers::rsa(&modulus, exponent, weak).err().map(|error| error.code())
    }

    #[test]
    fn rsa_is_held_to_its_sizes() {
        let f4 = &[1, 0, 1];
        assert_eq!(rsa_refusal(2047, 0xff, f4, false), Some(Code::KeyRsaTooShort));
        assert_eq!(rsa_refusal(2048, 0xff, f4, false), None);
        assert_eq!(rsa_refusal(1023, 0xff, f4, true), Some(Code::KeyRsaTooShort));
        assert_eq!(rsa_refusal(1024, 0xff, f4, true), None);
        assert_eq!(rsa_refusal(8192, 0xff, f4, false), None);
        assert_eq!(rsa_refusal(8193, 0xff, f4, false), Some(Code::KeyRsaModulus));
        assert_eq!(rsa_refusal(2048, 0xfe, f4, false), Some(Code::KeyRsaModulus));
        assert_eq!(rsa_refusal(2048, 0xff, &[3], false), None);
        assert_eq!(rsa_refusal(2048, 0xff, &[1, 0, 0, 0, 1], false), None);
        for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1]] {
            assert_eq!(rsa_refusal(2048, 0xff, exponent, true), Some(Code::KeyRsaExponent), "{exponent:?}");
        }
    }

    #[test]
    fn secret_is_bound_by_its_length() {
        let bound = |length: usize, own, weak| {
            PublicNumbers::secret(&vec![1; length])?.bound_to(own, weak).map(|set| set.iter().count())
        };
        let short = Err(Error::new(Code::KeySecretTooShort));
        assert_eq!(bound(31, None, false), short);
        assert_eq!(bound(32, None, false), Ok(1));
        assert_eq!(bound(48, None, false), Ok(2));
        assert_eq!(bound(64, None, false), Ok(3));
        assert_eq!(bound(63, Some(Alg::HS512), false), short);
        assert_eq!(bound(1, None, true), Ok(3));
        assert_eq!(bound(0, None, true), short);
        assert_eq!(bound(64, Some(Alg::RS256), true), Err(Error::new(Code::KeyAlgMismatch)));
    }

    #[test]
    fn no_variant_leaves_room_for_a_piece_of_a_secret() {
        // That of a point is a vector and two tags.
        assert!(size_of::<PublicNumbers>() < size_of::<Vec<u8>>() + 2 + 16);
    }
}
