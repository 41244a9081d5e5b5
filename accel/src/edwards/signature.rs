//! From a signature to the two scalars.

use aws_lc_rs::digest::{Context, SHA512};

use crate::field::{Ed25519Order, Residue, from_little_endian};

type Scalar = Residue<Ed25519Order, 4>;

/// R and s of a signature, s less than the order.
pub(super) struct Signature {
    pub(super) r: [u64; 4],
    encoded_r: [u8; 32],
    pub(super) s: Scalar,
}

impl Signature {
    /// Reads R followed by s, 32 bytes each.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (encoded_r, s) = bytes.split_first_chunk::<32>()?;
        let s = Scalar::new(&from_little_endian(s)?)?;
        Some(Self { r: from_little_endian(encoded_r)?, encoded_r: *encoded_r, s })
    }

    /// Returns k: the hash of R, the key's encoding and the message (RFC 8032 §5.1.7 step 2).
    pub(super) fn k(&self, encoded_key: &[u8; 32], message: &[u8]) -> Option<Scalar> {
        let mut context = Context::new(&SHA512);
        for part in [&self.encoded_r, encoded_key, message] {
            context.update(part);
        }
        let hash = context.finish();
        let (low, high) = hash.as_ref().split_at_checked(32)?;
        Some(Scalar::of_wide(&from_little_endian(low)?, &from_little_endian(high)?))
    }
}
