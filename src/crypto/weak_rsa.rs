//! Signs with RSA keys below 2048 bits, which aws-lc supports and aws-lc-rs does not.

#![expect(unsafe_code, reason = "aws-lc's functions are for C")]

use std::ptr::NonNull;

use aws_lc_rs::digest::{self, SHA256, SHA512};
use aws_lc_sys::{NID_sha256, NID_sha512, RSA};
use pkcs1::{RsaPrivateKey, UintRef};
use pkcs8::PrivateKeyInfo;
use spki::der::asn1::AnyRef;
use spki::der::{self, Encode};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier};
use zeroize::Zeroizing;

use super::part::RsaNumbers;
use crate::alg::Alg;
use crate::error::Code;

/// A private key for RS256 or RS512, the algorithms that verify with such keys.
pub(super) struct WeakRsa {
    key: NonNull<RSA>,
    alg: Alg,
    /// An `RSAPublicKey`.
    public: Vec<u8>,
    /// An `RSAPrivateKey`.
    private: Zeroizing<Vec<u8>>,
}

// SAFETY: nothing in the key is tied to a thread.
unsafe impl Send for WeakRsa {}

// SAFETY: signing "may be used concurrently" (openssl/rsa.h), and nothing else is done with
// a key that is shared.
unsafe impl Sync for WeakRsa {}

impl WeakRsa {
    /// Parses the numbers, which must agree.
    ///
    /// # Errors
    /// [`Code::KeyRsaTooShort`] for other algorithms; [`Code::KeyInvalid`] if the
    /// numbers are not a key.
    pub(super) fn new(alg: Alg, numbers: RsaNumbers<'_>) -> Result<Self, Code> {
        if !matches!(alg, Alg::RS256 | Alg::RS512) {
            return Err(Code::KeyRsaTooShort);
        }
        let (public, private) = written(numbers).map_err(|_| Code::KeyInvalid)?;
        // SAFETY: the pointer and the length are those of a slice.
        let key = unsafe { aws_lc_sys::RSA_private_key_from_bytes(private.as_ptr(), private.len()) };
        let key = NonNull::new(key).ok_or(Code::KeyInvalid)?;
        Ok(Self { key, alg, public, private })
    }

    /// Returns the `RSAPublicKey` in DER.
    pub(super) fn public_bytes(&self) -> &[u8] {
        &self.public
    }

    /// Returns the key as a `PrivateKeyInfo`.
    pub(super) fn to_pkcs8(&self) -> Result<Vec<u8>, Code> {
        let oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
        let algorithm = AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::NULL) };
        PrivateKeyInfo::new(algorithm, &self.private).to_der().map_err(|_| Code::Internal)
    }

    /// Returns the length of a signature in bytes.
    pub(super) fn signature_bytes(&self) -> usize {
        // SAFETY: the key is aws-lc's.
        unsafe { aws_lc_sys::RSA_size(self.key.as_ptr()) as usize }
    }

    /// Writes the signature of `message` to the first bytes of `room`.
    ///
    /// # Errors
    /// [`Code::Internal`], also if `room` is shorter than a signature.
    pub(super) fn sign(&self, message: &[u8], room: &mut [u8]) -> Result<(), Code> {
        let (hash, nid) = match self.alg {
            Alg::RS512 => (&SHA512, NID_sha512),
            _ => (&SHA256, NID_sha256),
        };
        if room.len() < self.signature_bytes() {
            return Err(Code::Internal);
        }
        let digest = digest::digest(hash, message);
        let (digest, room) = (digest.as_ref(), room.as_mut_ptr());
        let mut length = 0;
        // SAFETY: the digest's pointer and length are those of a slice, and there is room for as
        // many bytes as the key has.
        let done = unsafe {
            aws_lc_sys::RSA_sign(nid, digest.as_ptr(), digest.len(), room, &raw mut length, self.key.as_ptr())
        };
        if done == 1 { Ok(()) } else { Err(Code::Internal) }
    }
}

impl Drop for WeakRsa {
    fn drop(&mut self) {
        // SAFETY: the key is aws-lc's and not used afterwards.
        unsafe { aws_lc_sys::RSA_free(self.key.as_ptr()) };
    }
}

/// Writes the public and the private key (RFC 8017 A.1).
fn written(numbers: RsaNumbers<'_>) -> der::Result<(Vec<u8>, Zeroizing<Vec<u8>>)> {
    let key = RsaPrivateKey {
        modulus: UintRef::new(numbers.n)?,
        public_exponent: UintRef::new(numbers.e)?,
        private_exponent: UintRef::new(numbers.d)?,
        prime1: UintRef::new(numbers.p)?,
        prime2: UintRef::new(numbers.q)?,
        exponent1: UintRef::new(numbers.dp)?,
        exponent2: UintRef::new(numbers.dq)?,
        coefficient: UintRef::new(numbers.qi)?,
        other_prime_infos: None,
    };
    Ok((key.public_key().to_der()?, Zeroizing::new(key.to_der()?)))
}
