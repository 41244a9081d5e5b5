//! The private members of a JWK.

use super::Jwk;
use crate::alg::{Alg, KeyType};
use crate::crypto::{KeyPair, PrivatePart, RsaNumbers};
use crate::error::{Code, Error};
use crate::key::numbers::{PublicNumbers, coordinate_bytes};

impl Jwk<'_> {
    /// Reads the private members of a key of this type. Returns an error if the public
    /// members do not belong to them.
    pub(in crate::key) fn private(&self, alg: Alg, weak: bool) -> Result<KeyPair, Error> {
        let key_type = alg.key_type();
        let public = self.public_of(key_type, weak)?;
        let private = if key_type.is_ml_dsa() { "priv" } else { "d" };
        //= rfc7518#section-6.2.2
        //# the following member MUST be present to represent Elliptic Curve private keys.
        //= rfc7518#section-6.3.2
        //# The parameter "d" is REQUIRED for RSA private keys.
        if key_type != KeyType::Oct && self.object.member(private).is_none() {
            return Err(Error::of_member(Code::KeyNotPrivate, private));
        }
        let pair = match &public {
            PublicNumbers::Secret(secret) => KeyPair::new(alg, PrivatePart::Secret(secret)),
            PublicNumbers::Rsa { modulus, exponent, .. } => self.rsa_private(alg, modulus, exponent)?,
            PublicNumbers::Ec { curve, point } => {
                //= rfc7518#section-6.2.2.1
                //# The length of this octet string MUST be ceiling(log-base-2(n)/8) octets
                let scalar = self.sized("d", coordinate_bytes(*curve))?;
                KeyPair::new(alg, PrivatePart::Ec { scalar: &scalar, point })
            }
            //= rfc8037#section-2
            //# The parameter "d" MUST be present for private keys and contain the private key
            PublicNumbers::Ed25519(public) => {
                KeyPair::new(alg, PrivatePart::Ed25519 { seed: &self.sized("d", 32)?, public })
            }
            PublicNumbers::MlDsa { key, .. } => {
                //= rfc9964#section-4
                //# the priv parameter MUST be the seed and MUST have a length of 32 bytes.
                //= rfc9964#section-7.3
                //# all algorithm-related key parameters MUST be validated.
                KeyPair::new(alg, PrivatePart::MlDsa { seed: &self.sized("priv", 32)? }).and_then(|pair| {
                    if pair.public_bytes() == key { Ok(pair) } else { Err(Code::KeyInvalid) }
                })
            }
        };
        pair.map_err(Error::new)
    }

    /// Reads the public members of a private key, which has them all.
    fn public_of(&self, key_type: KeyType, weak: bool) -> Result<PublicNumbers, Error> {
        let public = self.numbers(key_type, weak)?;
        if let Some(der) = self.x5c()? {
            self.public(Some(&der), weak)?;
        }
        Ok(public)
    }

    fn rsa_private(&self, alg: Alg, n: &[u8], e: &[u8]) -> Result<Result<KeyPair, Code>, Error> {
        //= rfc7518#section-6.3.2.7
        //# then it MUST NOT use the key.
        if self.object.member("oth").is_some() {
            // Keys of more than two primes (RFC 7518 §6.3.2.7) are not supported.
            return Err(Error::of_member(Code::KeyMemberInvalid, "oth"));
        }
        let d = self.bytes("d")?;
        //= rfc7518#section-6.3.2
        //# If the producer includes any of the other private key parameters, then all of the others
        //# MUST be present
        // Either all of them are present or none (RFC 7518 §6.3.2).
        if ["p", "q", "dp", "dq", "qi"].iter().all(|name| self.object.member(name).is_none()) {
            return Ok(KeyPair::new(alg, PrivatePart::RsaExponents { n, e, d: &d }));
        }
        let numbers = RsaNumbers {
            n,
            e,
            d: &d,
            p: &self.bytes("p")?,
            q: &self.bytes("q")?,
            dp: &self.bytes("dp")?,
            dq: &self.bytes("dq")?,
            qi: &self.bytes("qi")?,
        };
        Ok(KeyPair::new(alg, PrivatePart::Rsa(numbers)))
    }
}
